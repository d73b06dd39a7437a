"""The own password, and the meter beside a new one."""

from __future__ import annotations

import unicodedata

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.kernel.clock import real_now
from core.kernel.errors import Invalid
from core.kernel.limits import limiter
from core.kernel.web import Access, allows, current_actor, safe_next
from core.people import passwords, queries, services
from core.people.portal import shared
from core.people.portal.shared import OFTEN, Answer, blueprint
from core.people.reauth import is_fresh
from core.people.schemas import LONGEST_PASSWORD, PasswordForm, load
from core.people.strength import strength_of


@blueprint.get("/tai-khoan/mat-khau")
@allows(Access.ACCOUNT)
def password() -> Answer:
    """The form for the own password; a first one is set only by who proved a moment ago who they are."""
    return _to_proof() or _password()


@blueprint.post("/tai-khoan/mat-khau")
@allows(Access.ACCOUNT)
@limiter.limit(OFTEN)
def password_send() -> Answer:
    """Set the own password. The present one is the proof; where there is none, a fresh proof is wanted."""
    elsewhere = _to_proof()
    if elsewhere is not None:
        return elsewhere
    try:
        form = load(PasswordForm(), request.form)
        services.change_password(
            **form, this_sign_in=g.account.sign_in_id, actor=current_actor(), now=real_now()
        )
    except Invalid as error:
        return _password(error)
    flash(_("Đã lưu mật khẩu. Các thiết bị khác đã được đăng xuất."), "success")
    return redirect(safe_next(shared.wanted(), url_for("people.me")))


@blueprint.post("/tai-khoan/do-manh-mat-khau")
@allows(Access.PUBLIC)
@limiter.limit("6000 per 15 minutes")
def meter() -> Answer:
    """The meter beside a new password that is being typed: what the server says of it. Nothing is kept."""
    password = unicodedata.normalize("NFC", request.form.get("password", ""))[:LONGEST_PASSWORD]
    email, name = request.form.get("email", "")[:254], request.form.get("name", "")[:200]
    if g.account is not None:
        email, name = g.account.email or "", g.account.name
    return render_template(
        "people/_meter.html",
        meter=strength_of(password, (email, name)) if password else None,
        sentences=passwords.faults(password, email=email, name=name) if password else [],
    )


def _to_proof() -> Response | None:
    """The way to the proof for an account without a password, None for everybody else."""
    if queries.profile_of(g.account.id).has_password or is_fresh():
        return None
    return redirect(url_for("people.proof", next=url_for("people.password", next=shared.wanted())))


def _password(error: Invalid | None = None) -> tuple[str, int]:
    page = render_template(
        "people/password.html",
        profile=queries.profile_of(g.account.id),
        next=shared.wanted(),
        meter=shared.posted_strength(g.account.email or "", g.account.name),
        errors={} if error is None else error.errors,
    )
    return page, 200 if error is None else error.status
