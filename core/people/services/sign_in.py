"""Coming in: by password, by a code sent by mail, and with a new password.

Wrong passwords slow down the place they come from. An account is never locked: its owner comes in from a place known
to the account, or by a code, however often a stranger guesses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, or_, select

from core.kernel import audit, uow
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import DomainError, Invalid
from core.kernel.security import keyed_digest
from core.people import passwords
from core.people.models import Account, FailedTry, SignIn
from core.people.services import mails
from core.people.services.codes import Purpose, make_code, use_code
from core.people.services.devices import end_all_sign_ins, start_sign_in
from core.people.services.sign_up import account_with, resend_sign_up_code

WINDOW = timedelta(minutes=15)
FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
MOST_FROM_STRANGE_PLACES = 20
MOST_FROM_ONE_PLACE = 100
_KEPT = timedelta(days=1)


class TooManyTries(DomainError):
    """Too many wrong passwords from this place; the sentence says how long to wait and which way is open now."""

    status = 429
    kind = "too-many-tries"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sign-in comes from: the name of the device and the address of the net."""

    device: str
    address: str | None


def sign_in(email: str, password: str, *, place: Place, now: datetime) -> str:
    """The token of a new sign-in. Raises Invalid at `password` (also for an unknown address), or TooManyTries."""
    ask = select(Account).where(Account.email == email, Account.verified_at.is_not(None))
    account = session().scalars(ask).one_or_none()
    require_may_try(email, account, place, now=now)
    if not passwords.matches(account.password_hash if account else None, password) or account is None:
        session().add(FailedTry(account_digest=_mail(email), address_digest=_place(place.address), at=now))
        session().flush()
        uow.keep_on_error()
        raise Invalid.one(
            "password",
            _(
                "Địa chỉ thư hoặc mật khẩu chưa đúng. Nếu vừa đăng ký, bạn hãy nhập mã xác nhận trong thư trước."
            ),
        )
    if account.password_hash and passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    own = (FailedTry.account_digest == _mail(email)) & (FailedTry.address_digest == _place(place.address))
    session().execute(delete(FailedTry).where(or_(own, FailedTry.at < now - _KEPT)))
    return _enter(account, "password", place=place, now=now)


def sign_in_by_code(email: str, code: str, *, place: Place, now: datetime) -> str:
    """The token of a new sign-in; a first one also verifies the address. Raises Invalid at `code`."""
    account = use_code(account_with(email), Purpose.SIGN_IN, code, now=now).account
    if account.verified_at is None:
        account.verified_at = now
        session().flush()
    return _enter(account, "code", place=place, now=now)


def request_code(email: str, purpose: Purpose, *, now: datetime) -> None:
    """Send a code for `purpose` to the address when it has an account; silent in every case."""
    if purpose is Purpose.SIGN_UP:
        resend_sign_up_code(email, now=now)
        return
    account = account_with(email)
    if account is None:
        return
    if account.verified_at is None and purpose is Purpose.RESET:
        return
    code = make_code(account, purpose, now=now)
    if code is not None:
        what = _("đặt lại mật khẩu") if purpose is Purpose.RESET else _("đăng nhập")
        mails.send_code(account, code, what=what, name=account.name, now=now)


def reset_password(email: str, code: str, password: str, *, place: Place, now: datetime) -> str:
    """Set a new password by a code sent by mail; every device is signed out, this one comes in. Raises Invalid."""
    wrong = passwords.faults(password, email=email)
    if wrong:
        raise Invalid({"password": wrong})
    account = use_code(account_with(email), Purpose.RESET, code, now=now).account
    account.password_hash = passwords.hash_password(password)
    end_all_sign_ins(account.id, now=now)
    actor = Actor(id=account.id, name=account.name, address=place.address)
    audit.append("account.password_reset", str(account.id), {}, actor=actor, now=now)
    return _enter(account, "reset", place=place, now=now)


def enter_verified(account: Account, *, place: Place, now: datetime) -> str:
    """The token of the sign-in that follows a verification."""
    return _enter(account, "verified", place=place, now=now)


def require_may_try(email: str, account: Account | None, place: Place, *, now: datetime) -> None:
    """Raise TooManyTries when this place has guessed too often: at this address of mail, or at many."""
    ask = select(FailedTry.account_digest, FailedTry.address_digest, FailedTry.at).where(
        FailedTry.at > now - WINDOW,
        or_(FailedTry.account_digest == _mail(email), FailedTry.address_digest == _place(place.address)),
    )
    tries = session().execute(ask.order_by(FailedTry.at.desc()).limit(500)).all()
    here = [row for row in tries if row.address_digest == _place(place.address)]
    both = [row for row in here if row.account_digest == _mail(email)]
    if len(both) >= FREE_TRIES:
        wait = min(FIRST_WAIT * 2 ** (len(both) - FREE_TRIES), WINDOW)
        if both[0].at + wait > now:
            raise _too_many(both[0].at + wait - now)
    if len(here) >= MOST_FROM_ONE_PLACE:
        raise _too_many(here[-1].at + WINDOW - now)
    strange = [row for row in tries if row.address_digest != _place(place.address)]
    if len(strange) >= MOST_FROM_STRANGE_PLACES and not _is_known_place(account, place):
        raise _too_many(strange[-1].at + WINDOW - now)


def _is_known_place(account: Account | None, place: Place) -> bool:
    if account is None:
        return False
    ask = select(SignIn.id).where(SignIn.account_id == account.id, SignIn.address == place.address).limit(1)
    return session().scalars(ask).first() is not None


def _enter(account: Account, way: str, *, place: Place, now: datetime) -> str:
    token = start_sign_in(account, device=place.device, address=place.address, now=now)
    actor = Actor(id=account.id, name=account.name, address=place.address)
    data = {"way": way, "device": place.device}
    audit.append("account.signed_in", str(account.id), data, actor=actor, now=now)
    return token


def _too_many(wait: timedelta) -> TooManyTries:
    seconds = max(1, int(wait.total_seconds()))
    left = (
        _("%(seconds)s giây", seconds=seconds)
        if seconds < 90
        else _("%(minutes)s phút", minutes=-(-seconds // 60))
    )
    return TooManyTries(
        _(
            "Đã nhập sai mật khẩu nhiều lần. Bạn hãy thử lại sau %(left)s, hoặc đăng nhập ngay bằng mã gửi qua thư.",
            left=left,
        )
    )


def _mail(email: str) -> str:
    return keyed_digest(email, "failed-try")


def _place(address: str | None) -> str:
    return keyed_digest(address or "?", "failed-try")
