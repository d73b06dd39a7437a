"""What slows guessing down, and locks nobody out.

Wrong tries are counted by what was guessed at and by the place they came from. A place is an address of the net, or a
device that the account knows: a browser that its owner came in by before holds a sealed cookie (OWASP, "Slow Down
Online Guessing Attacks with Device Cookies"). What strangers do from elsewhere never counts against a known device,
and a place only waits, ever longer; nothing is locked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, or_, select

from core.kernel import uow
from core.kernel.db import session
from core.kernel.errors import DomainError
from core.kernel.security import keyed_digest
from core.people.models import Account, FailedTry, SignIn

WINDOW = timedelta(minutes=15)
FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
MOST_FROM_STRANGE_PLACES = 20
MOST_FROM_ONE_PLACE = 100
_KEPT = timedelta(days=1)


class TooManyTries(DomainError):
    """Too many wrong tries from this place; the sentence says how long to wait and which way is open now."""

    status = 429
    kind = "too-many-tries"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request comes from: the name of the device, the address of the net, and what its sealed cookie says.

    `device_id` is a random name of the browser; `accounts` are those that came in by it before.
    """

    device: str
    address: str | None
    device_id: str | None = None
    accounts: frozenset[UUID] = frozenset()

    def is_known_to(self, account_id: UUID | None) -> bool:
        """Whether this browser holds the proof that the account came in by it before."""
        return self.device_id is not None and account_id in self.accounts

    def key_for(self, account_id: UUID | None) -> str:
        """The digest under which tries at the account from here are counted: `d` a known device, `a` an address."""
        if self.is_known_to(account_id):
            return "d" + keyed_digest(self.device_id or "", "failed-try-device")[:63]
        return "a" + keyed_digest(self.address or "?", "failed-try")[:63]


def require_may_try(subject: str, account: Account | None, place: Place, *, now: datetime) -> None:
    """Raise TooManyTries when this place has guessed too often at `subject`, or at many.

    `subject` is what is guessed at: an address of mail, or `second:<id>` and the like.
    """
    account_id = None if account is None else account.id
    here_key, what = place.key_for(account_id), _subject(subject)
    ask = select(FailedTry.account_digest, FailedTry.address_digest, FailedTry.at).where(
        FailedTry.at > now - WINDOW,
        or_(FailedTry.account_digest == what, FailedTry.address_digest == here_key),
    )
    here = FailedTry.address_digest == here_key
    # This place's own tries first: however many strangers make, they push none of these out of the reading.
    tries = session().execute(ask.order_by(here.desc(), FailedTry.at.desc()).limit(500)).all()
    own = [row for row in tries if row.address_digest == here_key]
    both = [row for row in own if row.account_digest == what]
    if len(both) >= FREE_TRIES:
        wait = min(FIRST_WAIT * 2 ** min(len(both) - FREE_TRIES, 10), WINDOW)
        if both[0].at + wait > now:
            raise _too_many(both[0].at + wait - now, subject)
    if place.is_known_to(account_id):
        return
    if len(own) >= MOST_FROM_ONE_PLACE:
        raise _too_many(own[-1].at + WINDOW - now, subject)
    strange = [row for row in tries if row.address_digest != here_key]
    if len(strange) >= MOST_FROM_STRANGE_PLACES and not _is_known_address(account, place):
        raise _too_many(strange[-1].at + WINDOW - now, subject)


def count_wrong_try(subject: str, account: Account | None, place: Place, *, now: datetime) -> None:
    """Count one wrong try, also though the answer is a refusal."""
    key = place.key_for(None if account is None else account.id)
    session().add(FailedTry(account_digest=_subject(subject), address_digest=key, at=now))
    session().flush()
    uow.keep_on_error()


def forget_wrong_tries(subject: str, account: Account, place: Place, *, now: datetime) -> None:
    """Forget this place's wrong tries at `subject` after a right one, and everybody's old ones."""
    own = (FailedTry.account_digest == _subject(subject)) & (
        FailedTry.address_digest == place.key_for(account.id)
    )
    session().execute(delete(FailedTry).where(or_(own, FailedTry.at < now - _KEPT)))


def _is_known_address(account: Account | None, place: Place) -> bool:
    if account is None or place.address is None:
        return False
    ask = select(SignIn.id).where(SignIn.account_id == account.id, SignIn.address == place.address).limit(1)
    return session().scalars(ask).first() is not None


def _too_many(wait: timedelta, subject: str) -> TooManyTries:
    seconds = max(1, int(wait.total_seconds()))
    left = (
        _("%(seconds)s giây", seconds=seconds)
        if seconds < 90
        else _("%(minutes)s phút", minutes=-(-seconds // 60))
    )
    if subject.startswith("second:"):
        return TooManyTries(_("Đã nhập sai nhiều lần. Bạn hãy thử lại sau %(left)s.", left=left))
    if subject.startswith("proof:"):
        return TooManyTries(
            _("Đã nhập sai nhiều lần. Bạn hãy thử lại sau %(left)s, hoặc xác nhận ngay bằng mã.", left=left)
        )
    return TooManyTries(
        _(
            "Đã nhập sai nhiều lần. Bạn hãy thử lại sau %(left)s, hoặc đăng nhập ngay bằng mã gửi qua thư.",
            left=left,
        )
    )


def _subject(subject: str) -> str:
    return keyed_digest(subject, "failed-try")
