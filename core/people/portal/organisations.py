"""Pages of organisations: the own ones, their officers, invitations, handing over."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.kernel.clock import real_now
from core.kernel.errors import Invalid, NotFound
from core.kernel.limits import limiter
from core.kernel.text import clean_line
from core.kernel.web import Access, allows, current_actor
from core.people import services
from core.people.organisations import (
    access_organisation,
    invitations_of,
    invitations_to,
    members_of,
    organisations_of,
)
from core.people.portal.shared import SELDOM, Answer, blueprint
from core.people.reauth import require_fresh_proof
from core.people.schemas import EmailForm, load

LONGEST_NAME = 300


@blueprint.get("/tai-khoan/to-chuc")
@allows(Access.ACCOUNT)
def organisations() -> Answer:
    """The own organisations, invitations that wait, and the form for a new one."""
    return _list()


@blueprint.post("/tai-khoan/to-chuc")
@allows(Access.ACCOUNT)
@limiter.limit(SELDOM)
def organisation_make() -> Answer:
    """Make an organisation."""
    name = clean_line(request.form.get("name", ""))[:LONGEST_NAME]
    try:
        made = services.make_organisation(name, actor=current_actor(), now=real_now())
    except Invalid as error:
        return _list(error)
    flash(_("Đã lập tổ chức. Bạn hãy mời các cán bộ cùng làm hồ sơ."), "success")
    return redirect(url_for("people.organisation", organisation_id=made))


@blueprint.post("/tai-khoan/to-chuc/nhan-loi")
@allows(Access.ACCOUNT)
def invitation_accept() -> Answer:
    """Become an officer of the organisation that invited."""
    if not request.form.get("invitation"):
        return redirect(url_for("people.organisations"))
    made = services.accept_invitation(_id("invitation"), actor=current_actor(), now=real_now())
    flash(_("Bạn đã là cán bộ của tổ chức."), "success")
    return redirect(url_for("people.organisation", organisation_id=made))


@blueprint.get("/tai-khoan/to-chuc/<uuid:organisation_id>")
@allows(Access.ACCOUNT)
def organisation(organisation_id: UUID) -> Answer:
    """An organisation with its officers."""
    return _show(organisation_id)


@blueprint.post("/tai-khoan/to-chuc/<uuid:organisation_id>/moi")
@allows(Access.ACCOUNT)
@limiter.limit(SELDOM)
def officer_invite(organisation_id: UUID) -> Answer:
    """Invite an officer by mail."""
    access_organisation(current_actor(), organisation_id)
    try:
        form = load(EmailForm(), request.form)
        services.invite_officer(
            organisation_id,
            form["email"],
            site=request.host_url.rstrip("/"),
            actor=current_actor(),
            now=real_now(),
        )
    except Invalid as error:
        return _show(organisation_id, error)
    flash(_("Đã gửi lời mời đến %(email)s.", email=form["email"]), "success")
    return redirect(url_for("people.organisation", organisation_id=organisation_id))


@blueprint.post("/tai-khoan/to-chuc/<uuid:organisation_id>/ban-giao")
@allows(Access.ACCOUNT)
@require_fresh_proof
def officer_hand_over(organisation_id: UUID) -> Answer:
    """Leave, or as a steward take an officer out; the successor takes over."""
    access_organisation(current_actor(), organisation_id)
    leaver = _id("leaver") if request.form.get("leaver") else None
    try:
        services.hand_over(
            organisation_id, _successor(), leaver_id=leaver, actor=current_actor(), now=real_now()
        )
    except Invalid as error:
        return _show(organisation_id, error)
    if leaver is None or leaver == g.account.id:
        flash(_("Đã bàn giao. Bạn không còn là cán bộ của tổ chức."), "success")
        return redirect(url_for("people.organisations"))
    flash(_("Đã bàn giao hồ sơ và đưa cán bộ đó ra khỏi tổ chức."), "success")
    return redirect(url_for("people.organisation", organisation_id=organisation_id))


def _list(error: Invalid | None = None) -> tuple[str, int]:
    body = render_template(
        "people/organisations.html",
        organisations=organisations_of(g.account.id),
        invitations=invitations_to(g.account.email),
        name=clean_line(request.form.get("name", "")),
        errors={} if error is None else error.errors,
    )
    return body, 200 if error is None else error.status


def _show(organisation_id: UUID, error: Invalid | None = None) -> tuple[str, int]:
    found = access_organisation(current_actor(), organisation_id)
    members = members_of(organisation_id)
    body = render_template(
        "people/organisation.html",
        organisation=found,
        members=members,
        others=[(str(one.account_id), one.name) for one in members if one.account_id != g.account.id],
        own_id=g.account.id,
        invitations=invitations_of(organisation_id),
        form=request.form,
        errors={} if error is None else error.errors,
    )
    return body, 200 if error is None else error.status


def _successor() -> UUID:
    try:
        return UUID(request.form.get("successor", ""))
    except ValueError:
        raise Invalid.one("successor", _("Bạn hãy chọn cán bộ nhận bàn giao.")) from None


def _id(field: str) -> UUID:
    try:
        return UUID(request.form.get(field, ""))
    except ValueError:
        raise NotFound from None
