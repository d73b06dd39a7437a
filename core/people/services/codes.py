"""One-time codes: made, sent, tried, used.

A code belongs to the browser that asked for it (its ticket): that browser has tries of its own, and everybody else
together a few. So whoever is told the code elsewhere may type it there, and a stranger who guesses uses up nothing
that the owner needs. Codes asked for from one place do not keep another from asking.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.kernel import uow
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.ids import digits
from core.kernel.security import keyed_digest
from core.people.models import Account, OneTimeCode
from core.people.services.tries import Place

CODE_LIFE = timedelta(minutes=15)
INVITATION_LIFE = timedelta(days=7)
RESEND_AFTER = timedelta(seconds=60)
MOST_AN_HOUR = 10
MOST_AN_HOUR_FROM_STRANGERS = 20
MOST_TRIES = 5
MOST_TRIES_ELSEWHERE = 3


class Purpose(StrEnum):
    """What a code is for; one made for one thing opens no other. KNOWN only counts letters that carry no code."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    RESET = "reset"
    PROOF = "proof"
    EMAIL = "email"
    PHONE = "phone"
    RESCUE = "rescue"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Asker:
    """The browser that asks for a code: its ticket, and where it is."""

    ticket: str | None = None
    place: Place = field(default_factory=lambda: Place("", None))


NOBODY = Asker()


@dataclass(frozen=True, slots=True)
class Used:
    """A code just used: whose it was, what waited with it, when it was sent."""

    account: Account
    pending: dict[str, Any]
    sent_at: datetime


def make_code(
    account: Account,
    purpose: Purpose,
    *,
    now: datetime,
    pending: dict[str, Any] | None = None,
    life: timedelta = CODE_LIFE,
    asker: Asker = NOBODY,
) -> str | None:
    """A new code of six digits, its digest stored; None when one was sent a moment ago or too many this hour."""
    asked_from = asker.place.key_for(account.id)
    recent = _sent_since(account.id, purpose, now - timedelta(hours=1))
    own = [sent for sent, place in recent if place == asked_from]
    if len(own) >= MOST_AN_HOUR or any(abs(now - sent) < RESEND_AFTER for sent in own):
        return None
    strange = [sent for sent, place in recent if not place.startswith("d")]
    if not asker.place.is_known_to(account.id) and len(strange) >= MOST_AN_HOUR_FROM_STRANGERS:
        return None
    code = digits()
    session().add(
        OneTimeCode(
            account_id=account.id,
            purpose=purpose,
            digest=_digest(account.id, purpose, code),
            sent_at=now,
            expires_at=now + life,
            tries_left=MOST_TRIES,
            tries_elsewhere=MOST_TRIES_ELSEWHERE,
            asked_by=_ticket_digest(asker.ticket),
            asked_from=asked_from,
            pending=pending,
        )
    )
    session().flush()
    return code


def use_code(
    account: Account | None, purpose: Purpose, typed: str, *, now: datetime, ticket: str | None = None
) -> Used:
    """The code `typed` if it is the newest of its purpose (or of this browser), in time and unused; it is used up.

    A wrong try counts, also though the answer is a refusal. Raises Invalid at the field `code`, with one sentence
    for every reason: which one it was would tell a stranger whether the account exists.
    """
    if account is None:
        raise _wrong()
    own_ticket = _ticket_digest(ticket)
    held = [one for one in _open_codes(account.id, purpose, own_ticket) if one.expires_at > now]
    expected = _digest(account.id, purpose, typed)
    for code in held:
        if _tries(code, own_ticket) > 0 and hmac.compare_digest(code.digest, expected):
            code.used_at = now
            session().flush()
            return Used(account, code.pending or {}, code.sent_at)
    for code in held:
        if _is_own(code, own_ticket):
            code.tries_left = max(0, code.tries_left - 1)
        else:
            code.tries_elsewhere = max(0, code.tries_elsewhere - 1)
    session().flush()
    uow.keep_on_error()
    raise _wrong()


def newest_code(account_id: UUID, purpose: Purpose) -> OneTimeCode | None:
    """The newest unused code of an account for a purpose, locked until the transaction ends."""
    found = _open_codes(account_id, purpose, None)
    return found[0] if found else None


def _open_codes(account_id: UUID, purpose: Purpose, ticket: str | None) -> Sequence[OneTimeCode]:
    """The newest unused code, and the newest that this browser or nobody's browser asked for; locked."""
    ask = (
        select(OneTimeCode)
        .where(OneTimeCode.account_id == account_id, OneTimeCode.purpose == purpose)
        .where(OneTimeCode.used_at.is_(None))
        .order_by(OneTimeCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    own = OneTimeCode.asked_by == ticket if ticket else OneTimeCode.asked_by.is_(None)
    found = {code.id: code for one in (ask, ask.where(own)) for code in session().scalars(one)}
    return sorted(found.values(), key=lambda code: code.id, reverse=True)


def _is_own(code: OneTimeCode, ticket: str | None) -> bool:
    return code.asked_by is None or (ticket is not None and hmac.compare_digest(code.asked_by, ticket))


def _tries(code: OneTimeCode, ticket: str | None) -> int:
    return code.tries_left if _is_own(code, ticket) else code.tries_elsewhere


def _sent_since(account_id: UUID, purpose: Purpose, since: datetime) -> list[tuple[datetime, str]]:
    ask = (
        select(OneTimeCode.sent_at, OneTimeCode.asked_from)
        .where(OneTimeCode.account_id == account_id, OneTimeCode.purpose == purpose)
        .where(OneTimeCode.sent_at > since)
    )
    return [(sent, place) for sent, place in session().execute(ask)]


def _digest(account_id: UUID, purpose: str, code: str) -> str:
    return keyed_digest(f"{account_id}:{purpose}:{code}", "one-time-code")


def _ticket_digest(ticket: str | None) -> str | None:
    return keyed_digest(ticket, "code-ticket") if ticket else None


def _wrong() -> Invalid:
    return Invalid.one(
        "code",
        _(
            "Mã chưa đúng hoặc đã hết hạn. Mỗi mã dùng một lần, trong 15 phút, nhập sai tối đa %(most)s lần; "
            "bạn có thể yêu cầu mã mới.",
            most=MOST_TRIES,
        ),
    )
