"""One-time codes: made, sent, tried, used."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
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

CODE_LIFE = timedelta(minutes=15)
INVITATION_LIFE = timedelta(days=7)
RESEND_AFTER = timedelta(seconds=60)
MOST_AN_HOUR = 10
MOST_TRIES = 5


class Purpose(StrEnum):
    """What a code is for; one made for one thing opens no other. KNOWN only counts letters that carry no code."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    RESET = "reset"
    KNOWN = "known"


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
) -> str | None:
    """A new code of six digits, its digest stored; None when one was sent a moment ago or too many this hour."""
    recent = _sent_since(account.id, purpose, now - timedelta(hours=1))
    if len(recent) >= MOST_AN_HOUR or any(abs(now - sent) < RESEND_AFTER for sent in recent):
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
            pending=pending,
        )
    )
    session().flush()
    return code


def use_code(account: Account | None, purpose: Purpose, typed: str, *, now: datetime) -> Used:
    """The code `typed` if it is the newest of its purpose, in time and unused; it is used from now on.

    A wrong try counts, also though the answer is a refusal. Raises Invalid at the field `code`, with one sentence
    for every reason: which one it was would tell a stranger whether the account exists.
    """
    if account is None:
        raise _wrong()
    held = newest_code(account.id, purpose)
    if held is None or held.expires_at <= now or held.tries_left <= 0:
        raise _wrong()
    if not hmac.compare_digest(held.digest, _digest(held.account_id, purpose, typed)):
        held.tries_left -= 1
        session().flush()
        uow.keep_on_error()
        raise _wrong()
    held.used_at = now
    session().flush()
    return Used(account, held.pending or {}, held.sent_at)


def newest_code(account_id: UUID, purpose: Purpose) -> OneTimeCode | None:
    """The newest unused code of an account for a purpose, locked until the transaction ends."""
    ask = (
        select(OneTimeCode)
        .where(OneTimeCode.account_id == account_id, OneTimeCode.purpose == purpose)
        .where(OneTimeCode.used_at.is_(None))
        .order_by(OneTimeCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    return session().scalars(ask).one_or_none()


def _sent_since(account_id: UUID, purpose: Purpose, since: datetime) -> list[datetime]:
    ask = (
        select(OneTimeCode.sent_at)
        .where(OneTimeCode.account_id == account_id, OneTimeCode.purpose == purpose)
        .where(OneTimeCode.sent_at > since)
    )
    return list(session().scalars(ask))


def _digest(account_id: UUID, purpose: str, code: str) -> str:
    return keyed_digest(f"{account_id}:{purpose}:{code}", "one-time-code")


def _wrong() -> Invalid:
    return Invalid.one(
        "code",
        _(
            "Mã chưa đúng hoặc đã hết hạn. Mỗi mã dùng một lần, trong 15 phút, nhập sai tối đa %(most)s lần; "
            "bạn có thể yêu cầu mã mới.",
            most=MOST_TRIES,
        ),
    )
