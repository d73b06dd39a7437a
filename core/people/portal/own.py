"""The own account: profile, devices, consents."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.errors import Invalid
from core.kernel.sms import sms_is_configured
from core.kernel.text import clean_line
from core.kernel.web import Access, allows, current_actor
from core.people import queries, services
from core.people.oidc import providers
from core.people.portal.shared import Answer, blueprint
from core.people.rescue_queries import open_rescue_of
from core.people.schemas import ProfileForm, load
from core.people.sessions import end_session


@blueprint.get("/tai-khoan/")
@allows(Access.ACCOUNT)
def me() -> Answer:
    """The own account: profile, devices, consents."""
    return _me()


@blueprint.post("/tai-khoan/")
@allows(Access.ACCOUNT)
def me_send() -> Answer:
    """Change the own profile."""
    try:
        form = load(ProfileForm(), request.form)
        services.change_profile(**form, actor=current_actor(), now=real_now())
    except Invalid as error:
        return _me(error)
    flash(_("Đã lưu thông tin của bạn."), "success")
    return redirect(url_for("people.me"))


@blueprint.post("/tai-khoan/thiet-bi/<uuid:sign_in_id>/dang-xuat")
@allows(Access.ACCOUNT)
def end_device(sign_in_id: UUID) -> Answer:
    """End the sign-in of one of the own devices."""
    services.sign_out(sign_in_id, actor=current_actor(), now=real_now())
    if sign_in_id == g.account.sign_in_id:
        end_session()
        return redirect("/")
    flash(_("Đã đăng xuất thiết bị đó."), "success")
    return redirect(url_for("people.me"))


@blueprint.post("/tai-khoan/thiet-bi/dang-xuat-het")
@allows(Access.ACCOUNT)
def end_other_devices() -> Answer:
    """End every sign-in of the own account but this one."""
    services.sign_out_others(g.account.sign_in_id, actor=current_actor(), now=real_now())
    flash(_("Đã đăng xuất mọi thiết bị khác."), "success")
    return redirect(url_for("people.me"))


@blueprint.post("/tai-khoan/dong-y/<purpose>")
@allows(Access.ACCOUNT)
def consent(purpose: str) -> Answer:
    """Give or withdraw a consent."""
    if request.form.get("give") == "1":
        services.agree(purpose, actor=current_actor(), now=real_now())
        flash(_("Đã ghi nhận sự đồng ý của bạn."), "success")
    else:
        services.withdraw_consent(purpose, actor=current_actor(), now=real_now())
        flash(_("Đã ghi nhận việc rút lại sự đồng ý."), "success")
    return redirect(url_for("people.me"))


def _me(error: Invalid | None = None) -> tuple[str, int]:
    actor = current_actor()
    profile = queries.profile_of(g.account.id)
    values = {"name": profile.name, "phone": profile.phone or ""}
    if error is not None:
        values = {key: clean_line(request.form.get(key, "")) for key in values}
    page = render_template(
        "people/me.html",
        profile=profile,
        sms=sms_is_configured(),
        providers=providers(),
        passkeys=services.passkeys_are_possible(),
        identities=queries.identities_of(g.account.id),
        values=values,
        roles=[services.role_word(role) for role in sorted(actor.roles)],
        is_of_council=actor.is_(Role.COMMITTEE) or actor.is_(Role.JUDGE),
        devices=queries.devices_of(g.account.id),
        this_device=g.account.sign_in_id,
        consents=queries.consents_of(g.account.id),
        rescue=open_rescue_of(g.account.id, real_now()),
        set_up_again=services.should_set_up_again(g.account.id, now=real_now()),
        errors={} if error is None else error.errors,
    )
    return page, 200 if error is None else error.status
