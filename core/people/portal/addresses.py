"""Where the own account is reached: changing the address of mail and the telephone number.

Both go the same way: a form, a code to the new address or number, a form for the code. What differs stands in `_Way`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema

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
from core.people.schemas import LONGEST_EMAIL, AppCodeForm, EmailForm, PhoneForm, load


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to be reached. `name` is that of the field, of the templates and of the views; `said` when it holds."""

    name: str
    form: type[Schema]
    ask: Callable[..., None]
    change: Callable[..., None]
    said: Any
    is_here: Callable[[], bool] = lambda: True

    @property
    def waits(self) -> str:
        """Where the browser keeps what the code went to."""
        return f"new_{self.name}"


_EMAIL = _Way(
    "email",
    EmailForm,
    services.ask_for_email,
    services.change_email,
    _l("Đã đổi địa chỉ thư. Các thiết bị khác đã được đăng xuất."),
)
_PHONE = _Way(
    "phone",
    PhoneForm,
    services.ask_for_phone,
    services.change_phone,
    _l("Số điện thoại này đã dùng được để đăng nhập. Các thiết bị khác đã được đăng xuất."),
    sms_is_configured,
)


@blueprint.get("/tai-khoan/dia-chi-thu")
@allows(Access.ACCOUNT)
@require_fresh_proof
def email() -> Answer:
    """The form for another address of mail."""
    return _form(_EMAIL)


@blueprint.post("/tai-khoan/dia-chi-thu")
@allows(Access.ACCOUNT)
@require_fresh_proof
@limiter.limit(SELDOM)
def email_send() -> Answer:
    """Send a code to the new address; then the form for the code."""
    return _send(_EMAIL)


@blueprint.get("/tai-khoan/dia-chi-thu/ma")
@allows(Access.ACCOUNT)
def email_code() -> Answer:
    """The form for the code that went to the new address."""
    return _code(_EMAIL)


@blueprint.post("/tai-khoan/dia-chi-thu/ma")
@allows(Access.ACCOUNT)
@require_fresh_proof
@limiter.limit(OFTEN)
def email_code_send() -> Answer:
    """Use the code: the new address holds."""
    return _change(_EMAIL)


@blueprint.get("/tai-khoan/dien-thoai")
@allows(Access.ACCOUNT)
@require_fresh_proof
def phone() -> Answer:
    """The form for a telephone number to come in by."""
    return _form(_PHONE)


@blueprint.post("/tai-khoan/dien-thoai")
@allows(Access.ACCOUNT)
@require_fresh_proof
@limiter.limit(SELDOM)
def phone_send() -> Answer:
    """Send a code to the new number; then the form for the code."""
    return _send(_PHONE)


@blueprint.get("/tai-khoan/dien-thoai/ma")
@allows(Access.ACCOUNT)
def phone_code() -> Answer:
    """The form for the code that went to the new number."""
    return _code(_PHONE)


@blueprint.post("/tai-khoan/dien-thoai/ma")
@allows(Access.ACCOUNT)
@require_fresh_proof
@limiter.limit(OFTEN)
def phone_code_send() -> Answer:
    """Use the code: the new number holds."""
    return _change(_PHONE)


@blueprint.post("/tai-khoan/dien-thoai/bo")
@allows(Access.ACCOUNT)
@require_fresh_proof
def phone_drop() -> Answer:
    """Take the number away."""
    try:
        services.drop_phone(actor=current_actor(), now=real_now())
    except Invalid as error:
        return _page(_PHONE, "phone", error)
    flash(_("Đã bỏ số điện thoại khỏi tài khoản."), "success")
    return redirect(url_for("people.me"))


def _form(way: _Way) -> Answer:
    """Where no short message can be sent, there is no page for a number."""
    if not way.is_here():
        raise NotFound
    return _page(way, way.name)


def _send(way: _Way) -> Answer:
    if not way.is_here():
        raise NotFound
    try:
        wanted = load(way.form(), request.form)[way.name]
        way.ask(wanted, actor=current_actor(), now=real_now(), asker=shared.asker())
    except Invalid as error:
        return _page(way, way.name, error)
    cookie[way.waits] = wanted
    return redirect(url_for(f"people.{way.name}_code"))


def _code(way: _Way) -> Answer:
    if way.waits not in cookie:
        return redirect(url_for(f"people.{way.name}"))
    return _page(way, f"{way.name}_code")


def _change(way: _Way) -> Answer:
    try:
        form = load(AppCodeForm(), request.form)
        way.change(
            form["code"],
            this_sign_in=g.account.sign_in_id,
            actor=current_actor(),
            now=real_now(),
            ticket=cookie.get("ticket"),
        )
    except Invalid as error:
        return _page(way, f"{way.name}_code", error)
    cookie.pop(way.waits, None)
    flash(str(way.said), "success")
    return redirect(url_for("people.me"))


def _page(way: _Way, template: str, error: Invalid | None = None) -> tuple[str, int]:
    body = render_template(
        f"people/{template}.html",
        profile=queries.profile_of(g.account.id),
        typed={way.name: request.values.get(way.name, "")[:LONGEST_EMAIL]},
        errors={} if error is None else error.errors,
        **{way.waits: spoken_phone(cookie.get(way.waits, ""))},
    )
    return body, 200 if error is None else error.status
