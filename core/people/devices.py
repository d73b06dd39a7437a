"""The browser of a request as accounts know it: a sealed cookie says which accounts came in by it before.

It signs nobody in. It only tells the owner's own browser from a stranger's when wrong passwords are counted
(`services.tries`), so that nobody can keep an owner out by guessing from elsewhere.
"""

from __future__ import annotations

import json
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from flask import Response, current_app, g, request

from core.kernel.ids import token as new_token
from core.kernel.security import cipher
from core.people.services.devices import device_name
from core.people.services.tries import Place

COOKIE = "bv_may"
LIFE = 400 * 24 * 3600  # as long as browsers keep a cookie at most
MOST_ACCOUNTS = 8  # a family's telephone, an office's counter


def this_place() -> Place:
    """Where this request comes from."""
    agent = request.headers.get("User-Agent", "")[:500]
    device_id, accounts = _read()
    return Place(device_name(agent), request.remote_addr, device_id, frozenset(accounts))


def remember_device(account_id: UUID) -> None:
    """Note in this browser that the account came in by it; the cookie goes out with the answer."""
    device_id, accounts = _read()
    kept = [account_id, *(one for one in accounts if one != account_id)][:MOST_ACCOUNTS]
    words = {"d": device_id or new_token()[:22], "a": [one.hex for one in kept]}
    g.device_cookie = _cipher().encrypt(json.dumps(words).encode()).decode()


def send_device_cookie(response: Response) -> Response:
    """Set the cookie that `remember_device` made."""
    value = g.pop("device_cookie", None)
    if value is not None and response.status_code < 400:
        response.set_cookie(
            COOKIE,
            value,
            max_age=LIFE,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _read() -> tuple[str | None, list[UUID]]:
    held = request.cookies.get(COOKIE, "")
    if not held:
        return None, []
    try:
        read = json.loads(_cipher().decrypt(held.encode(), ttl=LIFE))
        return str(read["d"]), [UUID(one) for one in read["a"]]
    except (InvalidToken, KeyError, TypeError, ValueError):
        return None, []


def _cipher() -> Fernet:
    # One a tenant: a cookie carried over to another host says nothing there.
    return cipher(f"device:{g.tenant.id}")
