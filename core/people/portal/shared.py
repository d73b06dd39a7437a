"""What the pages of an account share: the blueprint, where a reader wanted to go, how a sign-in begins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.errors import Invalid
from core.kernel.ids import token as new_token
from core.kernel.sms import sms_is_configured
from core.kernel.web import safe_next
from core.people import services
from core.people.devices import remember_device, send_device_cookie, this_place
from core.people.oidc import providers
from core.people.phones import is_phone, spoken_phone
from core.people.services import Asker, HalfWay
from core.people.sessions import account_of_token, begin_session
from core.people.strength import Strength, strength_of

blueprint = Blueprint("people", __name__)
blueprint.after_request(send_device_cookie)

# Generous: a school or an agency of 200 people comes from one address. Guessing is stopped in the database.
OFTEN = "900 per 15 minutes"
SELDOM = "400 per 15 minutes"
HOMES = ((Role.COMMITTEE, "/btc/"), (Role.JUDGE, "/cham-thi/"), (Role.UNIT, "/don-vi/"))
COMING_IN = ("/tai-khoan/dang-", "/tai-khoan/xac-nhan", "/tai-khoan/quen-", "/tai-khoan/gui-ma")
Answer = Response | str | tuple[str, int]


def page(name: str, error: Invalid | None = None, **values: Any) -> tuple[str, int]:
    """A page of coming in, with what was typed before (never a password)."""
    typed = {key: request.form.get(key, "") for key in ("email", "name")}
    login = cookie.get("who", "")
    typed["email"] = typed["email"] or spoken_phone(login)
    errors = {} if error is None else error.errors
    body = render_template(
        f"people/{name}.html",
        errors=errors,
        typed=typed,
        form=request.form,
        next=wanted(),
        meter=posted_strength(typed["email"], typed["name"]),
        sms=sms_is_configured(),
        providers=providers(),
        passkeys=services.passkeys_are_possible(),
        by_phone=is_phone(login),
        **values,
    )
    return body, 200 if error is None else error.status


def posted_strength(email: str, name: str) -> Strength | None:
    """How hard the new password just posted is to guess, for the meter of a page without JavaScript."""
    password = request.form.get("password", "")
    return strength_of(password, (email, name)) if password else None


def wanted() -> str | None:
    """Where the reader wanted to go: kept through every step, only ever a path of this host.

    The home page and the pages of coming in are no wish: from there a reader goes to their own desk.
    """
    path = safe_next(request.values.get("next"), "/")
    return None if path.partition("?")[0] == "/" or path.startswith(COMING_IN) else path


def away() -> Response | None:
    """Who is signed in already goes where they wanted."""
    return None if g.account is None else redirect(safe_next(wanted(), url_for("people.me")))


def come_in(first_step: Callable[[], str]) -> Response:
    """Do the first step of coming in: then the session begins, or the second step is asked for.

    What the browser holds in between is signed, short-lived, and opens nothing.
    """
    try:
        token = first_step()
    except services.SecondStepNeeded as needed:
        half = needed.half
        cookie["half"] = [half.account_id.hex, half.way, half.at.isoformat(), half.mark]
        return redirect(url_for("people.second_step", next=wanted()))
    return enter(token)


def half_way() -> HalfWay | None:
    """The sign-in of this browser whose first step is done."""
    held = cookie.get("half")
    if held is None:
        return None
    account_id, way, at, mark = held
    return HalfWay(UUID(account_id), way, datetime.fromisoformat(at), mark)


def enter(token: str) -> Response:
    """Begin the session of a sign-in just made, and go where the reader wanted, else to their own desk.

    Whose second factor was taken by a rescue is told to set it up again, and led there.
    """
    begin(token)
    home = next((href for role, href in HOMES if g.actor.is_(role)), "/")
    if services.should_set_up_again(g.account.id, now=real_now()):
        flash(
            _("Bước xác thực thứ hai đã được gỡ theo đề nghị tại Ban Tổ chức. Bạn hãy thiết lập lại."),
            "warning",
        )
        home = url_for("people.second_factor")
    return redirect(safe_next(wanted(), home))


def begin(token: str) -> None:
    """Give this browser the cookie of a sign-in just made.

    Messages that wait to be shown are kept, and so is an identity that waits to be linked.
    """
    kept = {key: cookie[key] for key in ("_flashes", "oidc_who") if key in cookie}
    account = account_of_token(token)
    if account is None:
        raise RuntimeError("a sign-in just begun is not found")
    begin_session(account)
    remember_device(account.id)
    cookie.update(kept)


def asker() -> Asker:
    """This browser as it asks for a code: its ticket is made when it has none yet."""
    if "ticket" not in cookie:
        cookie["ticket"] = new_token()
    return Asker(cookie["ticket"], this_place())
