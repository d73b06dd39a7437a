"""What the pages of an account share: the blueprint, where a reader wanted to go, how a sign-in begins."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from core.kernel.actor import Role
from core.kernel.errors import Invalid
from core.kernel.web import safe_next
from core.people import services
from core.people.services import Place
from core.people.sessions import account_of_token, begin_session
from core.people.strength import Strength, strength_of

blueprint = Blueprint("people", __name__)

# Generous: a school or an agency of 200 people comes from one address. Guessing is stopped in the database.
OFTEN = "900 per 15 minutes"
SELDOM = "400 per 15 minutes"
HOMES = ((Role.COMMITTEE, "/btc/"), (Role.JUDGE, "/cham-thi/"), (Role.UNIT, "/don-vi/"))
COMING_IN = ("/tai-khoan/dang-", "/tai-khoan/xac-nhan", "/tai-khoan/quen-", "/tai-khoan/gui-ma")
Answer = Response | str | tuple[str, int]


def page(name: str, error: Invalid | None = None, **values: Any) -> tuple[str, int]:
    """A page of coming in, with what was typed before (never a password)."""
    typed = {key: request.form.get(key, "") for key in ("email", "name")}
    typed["email"] = typed["email"] or cookie.get("who", "")
    errors = {} if error is None else error.errors
    body = render_template(
        f"people/{name}.html",
        errors=errors,
        typed=typed,
        form=request.form,
        next=wanted(),
        meter=posted_strength(typed["email"], typed["name"]),
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


def enter(token: str) -> Response:
    """Begin the session of a sign-in just made, and go where the reader wanted, else to their own desk."""
    begin(token)
    home = next((href for role, href in HOMES if g.actor.is_(role)), "/")
    return redirect(safe_next(wanted(), home))


def begin(token: str) -> None:
    """Give this browser the cookie of a sign-in just made; messages that wait to be shown are kept."""
    kept = cookie.get("_flashes")
    account = account_of_token(token)
    if account is None:
        raise RuntimeError("a sign-in just begun is not found")
    begin_session(account)
    if kept:
        cookie["_flashes"] = kept


def place() -> Place:
    """Where this request comes from."""
    agent = request.headers.get("User-Agent", "")[:500]
    return Place(services.device_name(agent), request.remote_addr)
