"""Coming in: by password, by a code sent by mail, and with a new password.

Wrong passwords slow down the place they come from (`tries`). An account is never locked: its owner comes in from a
device or place known to the account, or by a code, however often a stranger guesses. Where the second factor is on,
every way leads to it first: what is raised then is no refusal but the next step.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import DomainError, Invalid
from core.kernel.security import keyed_digest
from core.people import passwords
from core.people.models import Account
from core.people.phones import is_phone
from core.people.services import mails
from core.people.services.codes import NOBODY, Asker, Purpose, make_code, use_code
from core.people.services.devices import end_all_sign_ins, start_sign_in
from core.people.services.rescue_ends import stop_rescues
from core.people.services.second_factor import recovery_codes_left, second_factor_of, use_second_factor
from core.people.services.sign_up import account_seen, account_with, resend_sign_up_code
from core.people.services.tries import Place, count_wrong_try, forget_wrong_tries, require_may_try

HALF_WAY_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class HalfWay:
    """A sign-in whose first step is done: whose, by which way, when. It opens nothing; `mark` ends it when the
    password changes meanwhile."""

    account_id: UUID
    way: str
    at: datetime
    mark: str


class SecondStepNeeded(DomainError):
    """The first step is done, and the account wants its second factor: `half` is what the browser brings back."""

    status = 401
    kind = "second-step"

    def __init__(self, half: HalfWay) -> None:
        super().__init__(_("Tài khoản này cần thêm mã của ứng dụng xác thực."))
        self.half = half


def sign_in(email: str, password: str, *, place: Place, now: datetime) -> str:
    """The token of a new sign-in.

    Raises Invalid at `password` (also for an unknown address), TooManyTries, SecondStepNeeded.
    """
    account = account_seen(email)
    if account is not None and account.verified_at is None:
        account = None
    require_may_try(email, account, place, now=now)
    if not passwords.matches(account.password_hash if account else None, password) or account is None:
        count_wrong_try(email, account, place, now=now)
        raise Invalid.one("password", _wrong_pair(email))
    if account.password_hash and passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    forget_wrong_tries(email, account, place, now=now)
    return enter(account, "password", place=place, now=now)


def sign_in_by_code(email: str, code: str, *, place: Place, now: datetime, ticket: str | None = None) -> str:
    """The token of a new sign-in; a first one also verifies the address. Raises Invalid at `code`, SecondStepNeeded."""
    account = use_code(account_with(email), Purpose.SIGN_IN, code, now=now, ticket=ticket).account
    if account.verified_at is None:
        account.verified_at = now
        session().flush()
    return enter(account, "code", place=place, now=now)


def request_code(email: str, purpose: Purpose, *, now: datetime, asker: Asker = NOBODY) -> None:
    """Send a code for `purpose` to the address when it has an account; silent in every case."""
    if purpose is Purpose.SIGN_UP:
        resend_sign_up_code(email, now=now, asker=asker)
        return
    account = account_with(email)
    if account is None:
        return
    if account.verified_at is None and purpose is Purpose.RESET:
        return
    code = make_code(account, purpose, now=now, asker=asker)
    if code is not None:
        what = _("đặt lại mật khẩu") if purpose is Purpose.RESET else _("đăng nhập")
        mails.send_code(account, code, what=what, name=account.name, now=now, to=email)


def reset_password(
    email: str, code: str, password: str, *, place: Place, now: datetime, ticket: str | None = None
) -> str:
    """Set a new password by a code sent by mail; every device is signed out, this one comes in.

    Raises Invalid, and SecondStepNeeded when the password is set and the second factor is still to come.
    """
    wrong = passwords.faults(password, email=email)
    if wrong:
        raise Invalid({"password": wrong})
    account = use_code(account_with(email), Purpose.RESET, code, now=now, ticket=ticket).account
    account.password_hash = passwords.hash_password(password)
    end_all_sign_ins(account.id, now=now)
    actor = Actor(id=account.id, name=account.name, address=place.address)
    audit.append("account.password_reset", str(account.id), {}, actor=actor, now=now)
    return enter(account, "reset", place=place, now=now)


def enter_verified(account: Account, *, place: Place, now: datetime) -> str:
    """The token of the sign-in that follows a verification."""
    return enter(account, "verified", place=place, now=now)


def finish_sign_in(half: HalfWay, typed: str, *, place: Place, now: datetime) -> str:
    """The token of a sign-in whose second step is `typed`. Raises Invalid at `code` or "", TooManyTries.

    Field "" means that the first step has to be done again.
    """
    account = account_by_key(half.account_id)
    if (
        account is None
        or half.at + HALF_WAY_LIFE <= now
        or not hmac.compare_digest(half.mark, _mark(account))
    ):
        raise Invalid.one("", _("Bước đăng nhập này đã quá 10 phút. Bạn hãy đăng nhập lại từ đầu."))
    is_recovery = use_second_factor(account, typed, place=place, now=now)
    if is_recovery:
        mails.send_recovery_code_used(account, left=recovery_codes_left(account.id), now=now)
    return begin_sign_in(account, f"{half.way}+{'recovery' if is_recovery else 'totp'}", place=place, now=now)


def account_by_key(account_id: UUID) -> Account | None:
    """The verified account with this id, locked until the transaction ends."""
    ask = select(Account).where(Account.id == account_id, Account.verified_at.is_not(None))
    return session().scalars(ask.with_for_update()).one_or_none()


def enter(account: Account, way: str, *, place: Place, now: datetime) -> str:
    """The token of a new sign-in of `account`, whose first step was done by `way`. Raises SecondStepNeeded."""
    if second_factor_of(account.id) is not None:
        raise SecondStepNeeded(HalfWay(account.id, way, now, _mark(account)))
    return begin_sign_in(account, way, place=place, now=now)


def begin_sign_in(account: Account, way: str, *, place: Place, now: datetime) -> str:
    """The token of a new sign-in of `account`, whose every step is done."""
    token = start_sign_in(account, device=place.device, address=place.address, now=now)
    actor = Actor(id=account.id, name=account.name, address=place.address)
    data = {"way": way, "device": place.device}
    audit.append("account.signed_in", str(account.id), data, actor=actor, now=now)
    stop_rescues(account.id, "sign_in", actor=actor, now=now)
    return token


def _wrong_pair(login: str) -> str:
    by_mail = _(
        "Địa chỉ thư hoặc mật khẩu chưa đúng. Nếu vừa đăng ký, bạn hãy nhập mã xác nhận trong thư trước."
    )
    by_phone = _(
        "Số điện thoại hoặc mật khẩu chưa đúng. Nếu vừa đăng ký, bạn hãy nhập mã trong tin nhắn trước."
    )
    return str(by_phone if is_phone(login) else by_mail)


def _mark(account: Account) -> str:
    return keyed_digest(account.password_hash or "", "half-way")[:16]
