"""Pages of passkeys: adding and removing them, coming in by one. They need JavaScript; every other way does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from core.kernel.clock import real_now
from core.kernel.errors import Invalid, NotFound
from core.kernel.limits import limiter
from core.kernel.text import clean_line
from core.kernel.web import Access, allows, current_actor
from core.people import services
from core.people.devices import this_place
from core.people.portal import shared
from core.people.portal.shared import OFTEN, Answer, blueprint
from core.people.reauth import require_fresh_proof
from core.people.services import Site
from core.people.services.mails import sender

CHALLENGE_LIFE = timedelta(minutes=15)


@blueprint.get("/tai-khoan/khoa")
@allows(Access.ACCOUNT)
@require_fresh_proof
def passkeys() -> Answer:
    """The own passkeys, and the button that makes another."""
    options = None
    if services.passkeys_are_possible():
        name = g.account.email or g.account.name
        options, challenge = services.creation_options(g.account.id, name, _site())
        cookie["passkey"] = [challenge, real_now().isoformat()]
    held = services.passkeys_of(g.account.id)
    return render_template("people/passkeys.html", passkeys=held, options=options)


@blueprint.post("/tai-khoan/khoa")
@allows(Access.ACCOUNT)
@require_fresh_proof
def passkey_add() -> Answer:
    """Keep the passkey that the browser made."""
    try:
        services.add_passkey(
            request.form.get("credential", ""),
            clean_line(request.form.get("name", "")),
            challenge=_challenge(),
            site=_site(),
            actor=current_actor(),
            now=real_now(),
        )
    except Invalid as error:
        flash(error.errors[""][0], "warning")
        return redirect(url_for("people.passkeys"))
    flash(_("Đã thêm khóa. Từ nay bạn đăng nhập được bằng khóa này."), "success")
    return redirect(url_for("people.passkeys"))


@blueprint.post("/tai-khoan/khoa/xoa")
@allows(Access.ACCOUNT)
@require_fresh_proof
def passkey_remove() -> Answer:
    """Remove one of the own passkeys."""
    if not request.form.get("passkey"):
        return redirect(url_for("people.passkeys"))
    try:
        passkey_id = UUID(request.form.get("passkey", ""))
    except ValueError:
        raise NotFound from None
    services.remove_passkey(passkey_id, actor=current_actor(), now=real_now())
    flash(_("Đã xóa khóa. Bạn hãy xóa cả khóa này trong máy đã tạo ra nó."), "success")
    return redirect(url_for("people.passkeys"))


@blueprint.get("/tai-khoan/dang-nhap/khoa")
@allows(Access.PUBLIC)
def passkey_sign_in() -> Answer:
    """The page that asks the browser for a passkey."""
    if not services.passkeys_are_possible():
        return redirect(url_for("people.sign_in", next=shared.wanted()))
    options, challenge = services.request_options(_site())
    cookie["passkey"] = [challenge, real_now().isoformat()]
    return shared.away() or shared.page("sign_in_passkey", options=options)


@blueprint.post("/tai-khoan/dang-nhap/khoa")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def passkey_sign_in_send() -> Answer:
    """Come in by a passkey."""
    credential = request.form.get("credential", "")
    try:
        return shared.come_in(
            lambda: services.enter_by_passkey(
                credential, challenge=_challenge(), site=_site(), place=this_place(), now=real_now()
            )
        )
    except Invalid as error:
        flash(error.errors[""][0], "warning")
        return redirect(url_for("people.passkey_sign_in", next=shared.wanted()))


def _challenge() -> str:
    """The challenge of this browser's page, good once and for a quarter of an hour; "" when there is none."""
    challenge, at = cookie.pop("passkey", ("", "2000-01-01T00:00:00+00:00"))
    return str(challenge) if real_now() - datetime.fromisoformat(at) < CHALLENGE_LIFE else ""


def _site() -> Site:
    return Site(request.host.partition(":")[0], sender(), request.host_url.rstrip("/"))
