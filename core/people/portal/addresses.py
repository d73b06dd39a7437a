"""Where the own account is reached: changing the address of mail and the telephone number."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from core.kernel.clock import real_now
from core.kernel.errors import Invalid, NotFound
from core.kernel.limits import limiter
from core.kernel.sms import sms_is_configured
from core.kernel.web import Access, allows, current_actor
from core.people import queries, services
from core.people.phones import spoken_phone
from core.people.portal import shared
from core.people.portal.shared import OFTEN, SELDOM, Answer, blueprint
from core.people.reauth import require_fresh_proof
from core.people.schemas import AppCodeForm, EmailForm, PhoneForm, load


@blueprint.get("/tai-khoan/dia-chi-thu")
@allows(Access.ACCOUNT)
@require_fresh_proof
def email() -> Answer:
    """The form for another address of mail."""
    return _email("email")


@blueprint.post("/tai-khoan/dia-chi-thu")
@allows(Access.ACCOUNT)
@require_fresh_proof
@limiter.limit(SELDOM)
def email_send() -> Answer:
    """Send a code to the new address; then the form for the code."""
    try:
        form = load(EmailForm(), request.form)
        services.ask_for_email(form["email"], actor=current_actor(), now=real_now(), asker=shared.asker())
    except Invalid as error:
        return _email("email", error)
    cookie["new_email"] = form["email"]
    return redirect(url_for("people.email_code"))


@blueprint.get("/tai-khoan/dia-chi-thu/ma")
@allows(Access.ACCOUNT)
def email_code() -> Answer:
    """The form for the code that went to the new address."""
    return _email("email_code") if "new_email" in cookie else redirect(url_for("people.email"))


@blueprint.post("/tai-khoan/dia-chi-thu/ma")
@allows(Access.ACCOUNT)
@require_fresh_proof
@limiter.limit(OFTEN)
def email_code_send() -> Answer:
    """Use the code: the new address holds."""
    try:
        form = load(AppCodeForm(), request.form)
        services.change_email(
            form["code"],
            this_sign_in=g.account.sign_in_id,
            actor=current_actor(),
            now=real_now(),
            ticket=cookie.get("ticket"),
        )
    except Invalid as error:
        return _email("email_code", error)
    cookie.pop("new_email", None)
    flash(_("Đã đổi địa chỉ thư. Các thiết bị khác đã được đăng xuất."), "success")
    return redirect(url_for("people.me"))


def _email(name: str, error: Invalid | None = None) -> tuple[str, int]:
    body = render_template(
        f"people/{name}.html",
        profile=queries.profile_of(g.account.id),
        typed={"email": request.values.get("email", "")[:254]},
        new_email=cookie.get("new_email", ""),
        errors={} if error is None else error.errors,
    )
    return body, 200 if error is None else error.status


@blueprint.get("/tai-khoan/dien-thoai")
@allows(Access.ACCOUNT)
@require_fresh_proof
def phone() -> Answer:
    """The form for a telephone number to come in by."""
    _require_gateway()
    return _phone("phone")


@blueprint.post("/tai-khoan/dien-thoai")
@allows(Access.ACCOUNT)
@require_fresh_proof
@limiter.limit(SELDOM)
def phone_send() -> Answer:
    """Send a code to the new number; then the form for the code."""
    _require_gateway()
    try:
        form = load(PhoneForm(), request.form)
        services.ask_for_phone(form["phone"], actor=current_actor(), now=real_now(), asker=shared.asker())
    except Invalid as error:
        return _phone("phone", error)
    cookie["new_phone"] = form["phone"]
    return redirect(url_for("people.phone_code"))


@blueprint.get("/tai-khoan/dien-thoai/ma")
@allows(Access.ACCOUNT)
def phone_code() -> Answer:
    """The form for the code that went to the new number."""
    return _phone("phone_code") if "new_phone" in cookie else redirect(url_for("people.phone"))


@blueprint.post("/tai-khoan/dien-thoai/ma")
@allows(Access.ACCOUNT)
@require_fresh_proof
@limiter.limit(OFTEN)
def phone_code_send() -> Answer:
    """Use the code: the new number holds."""
    try:
        form = load(AppCodeForm(), request.form)
        services.change_phone(
            form["code"],
            this_sign_in=g.account.sign_in_id,
            actor=current_actor(),
            now=real_now(),
            ticket=cookie.get("ticket"),
        )
    except Invalid as error:
        return _phone("phone_code", error)
    cookie.pop("new_phone", None)
    flash(_("Số điện thoại này đã dùng được để đăng nhập. Các thiết bị khác đã được đăng xuất."), "success")
    return redirect(url_for("people.me"))


@blueprint.post("/tai-khoan/dien-thoai/bo")
@allows(Access.ACCOUNT)
@require_fresh_proof
def phone_drop() -> Answer:
    """Take the number away."""
    try:
        services.drop_phone(actor=current_actor(), now=real_now())
    except Invalid as error:
        return _phone("phone", error)
    flash(_("Đã bỏ số điện thoại khỏi tài khoản."), "success")
    return redirect(url_for("people.me"))


def _require_gateway() -> None:
    """Where no short message can be sent, there is no such page."""
    if not sms_is_configured():
        raise NotFound


def _phone(name: str, error: Invalid | None = None) -> tuple[str, int]:
    body = render_template(
        f"people/{name}.html",
        profile=queries.profile_of(g.account.id),
        typed={"phone": request.form.get("phone", "")},
        new_phone=spoken_phone(cookie.get("new_phone", "")),
        errors={} if error is None else error.errors,
    )
    return body, 200 if error is None else error.status
