"""Signed-in devices: begun with a token, ended one by one or all at once."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.ids import token as new_token
from core.people.models import Account, SignIn
from core.people.sessions import SIGN_IN_LIFE, token_digest

_BROWSERS = (
    (r"Zalo", "Zalo"),
    (r"FBAN|FBAV", "Facebook"),
    (r"coc_coc", "Cốc Cốc"),
    (r"Edg", "Edge"),
    (r"OPR|Opera", "Opera"),
    (r"SamsungBrowser", "Samsung Internet"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"Chrome|CriOS", "Chrome"),
    (r"Safari", "Safari"),
)
_SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS", "Mac"),
    (r"Linux", "Linux"),
)


def start_sign_in(account: Account, *, device: str, address: str | None, now: datetime) -> str:
    """Begin a sign-in of `account` for 30 days; returns the token whose digest is stored. Always a new one."""
    token = new_token()
    session().add(
        SignIn(
            account_id=account.id,
            digest=token_digest(token),
            device=device[:200],
            address=address,
            created_at=now,
            expires_at=now + SIGN_IN_LIFE,
            proved_at=now,
        )
    )
    session().flush()
    return token


def sign_out(sign_in_id: UUID, *, actor: Actor, now: datetime) -> None:
    """End one sign-in of the actor's own account. Ending it twice changes nothing."""
    row = access_sign_in(actor, sign_in_id)
    if row.ended_at is None:
        row.ended_at = now
        session().flush()
        audit.append("account.signed_out", str(row.account_id), {"device": row.device}, actor=actor, now=now)


def sign_out_others(this_sign_in: UUID, *, actor: Actor, now: datetime) -> None:
    """End every sign-in of the actor's own account but this one."""
    row = access_sign_in(actor, this_sign_in)
    end_all_sign_ins(row.account_id, now=now, besides=row.id)
    audit.append("account.signed_out_others", str(row.account_id), {}, actor=actor, now=now)


def end_all_sign_ins(account_id: UUID, *, now: datetime, besides: UUID | None = None) -> None:
    """End every sign-in of an account, `besides` one: after a new password."""
    statement = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    if besides is not None:
        statement = statement.where(SignIn.id != besides)
    session().execute(statement.values(ended_at=now))


def access_sign_in(actor: Actor, sign_in_id: UUID) -> SignIn:
    """The actor's own sign-in with this id; NotFound for anybody else's."""
    ask = select(SignIn).where(SignIn.id == sign_in_id, SignIn.account_id == actor.id)
    row = session().scalars(ask).one_or_none()
    if row is None:
        raise NotFound
    return row


def device_name(user_agent: str) -> str:
    """A device as its owner knows it, from the browser's own words: "Chrome, Android"."""
    found = (
        next((name for pattern, name in names if re.search(pattern, user_agent)), None)
        for names in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(name for name in found if name) or _("Thiết bị khác")
