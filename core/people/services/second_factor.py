"""The second factor: an authenticator application (TOTP, RFC 6238) and ten recovery codes.

Optional for everybody; once on, no way in goes around it. A code is good for its own 30 seconds and the step before
and after (clocks differ), and never twice (RFC 6238 section 5.2).
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import DomainError, Invalid
from core.kernel.ids import CODE_ALPHABET, spoken_code
from core.kernel.security import keyed_digest
from core.people.models import Account, RecoveryCode, SecondFactor
from core.people.services.accounts import own_account
from core.people.services.devices import end_all_sign_ins
from core.people.services.tries import Place, count_wrong_try, forget_wrong_tries, require_may_try

STEP = 30
RECOVERY_CODES = 10
SETUP_LIFE = timedelta(minutes=30)


class SecondFactorIsOn(DomainError):
    """It is on already: a new application is set up after turning this one off."""

    status = 409
    kind = "second-factor-is-on"


def second_factor_of(account_id: UUID) -> SecondFactor | None:
    """The account's second factor when it is on. One query."""
    ask = select(SecondFactor).where(
        SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None)
    )
    return session().scalars(ask).one_or_none()


def waiting_secret(account_id: UUID, *, now: datetime) -> str | None:
    """The secret that waits for its first code; None when nothing was begun within half an hour."""
    ask = select(SecondFactor.secret).where(
        SecondFactor.account_id == account_id,
        SecondFactor.confirmed_at.is_(None),
        SecondFactor.started_at > now - SETUP_LIFE,
    )
    return session().scalars(ask).one_or_none()


def begin_second_factor(*, actor: Actor, now: datetime) -> None:
    """Make a new secret that waits for its first code; beginning again makes another. Raises SecondFactorIsOn."""
    account = own_account(actor)
    held = _locked(account.id)
    if held is not None and held.confirmed_at is not None:
        raise _is_on()
    secret = base64.b32encode(secrets.token_bytes(20)).decode()  # 160 bits, RFC 4226 section 4
    if held is None:
        session().add(SecondFactor(account_id=account.id, secret=secret, started_at=now))
    else:
        held.secret, held.started_at, held.last_step = secret, now, 0
    session().flush()


def confirm_second_factor(code: str, *, this_sign_in: UUID | None, actor: Actor, now: datetime) -> list[str]:
    """Turn the second factor on by its first code; other devices are signed out. Returns the ten recovery codes.

    They are shown this once. Raises Invalid at `code`, SecondFactorIsOn.
    """
    account = own_account(actor)
    held = _locked(account.id)
    if held is not None and held.confirmed_at is not None:
        raise _is_on()
    if held is None or held.started_at <= now - SETUP_LIFE:
        raise Invalid.one("code", _("Việc thiết lập đã quá 30 phút. Bạn hãy bắt đầu lại để có mã QR mới."))
    if not _accept(held, code, now=now):
        raise Invalid.one(
            "code",
            _(
                "Mã chưa khớp. Bạn hãy nhập 6 chữ số đang hiện trong ứng dụng, và xem giờ của điện thoại có đúng không."
            ),
        )
    held.confirmed_at = now
    codes = _new_recovery_codes(account.id, now=now)
    end_all_sign_ins(account.id, now=now, besides=this_sign_in)
    audit.append("account.second_factor_on", str(account.id), {}, actor=actor, now=now)
    return codes


def renew_recovery_codes(*, actor: Actor, now: datetime) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more. Raises Invalid when the factor is off."""
    account = own_account(actor)
    held = _locked(account.id)
    if held is None or held.confirmed_at is None:
        raise Invalid.one("", _("Bước xác thực thứ hai đang tắt nên chưa có mã dự phòng."))
    codes = _new_recovery_codes(account.id, now=now)
    audit.append("account.recovery_codes_renewed", str(account.id), {}, actor=actor, now=now)
    return codes


def end_second_factor(*, actor: Actor, now: datetime) -> None:
    """Turn the second factor off; turning it off twice changes nothing."""
    account = own_account(actor)
    if take_second_factor(account.id):
        audit.append("account.second_factor_off", str(account.id), {}, actor=actor, now=now)


def take_second_factor(account_id: UUID) -> bool:
    """Delete the account's application and recovery codes; returns whether the factor was on."""
    held = _locked(account_id)
    if held is None:
        return False
    was_on = held.confirmed_at is not None
    session().delete(held)
    session().execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session().flush()
    return was_on


def use_second_factor(account: Account, typed: str, *, place: Place, now: datetime) -> bool:
    """Accept `typed`: the application's code, or a recovery code, which is used up (then True is returned).

    Raises Invalid at `code`, TooManyTries.
    """
    subject = f"second:{account.id}"
    require_may_try(subject, account, place, now=now)
    held = _locked(account.id)
    word = "".join(typed.split()).replace("-", "").upper()
    if held is not None and held.confirmed_at is not None:
        if word.isdigit() and len(word) == 6 and _accept(held, word, now=now):
            forget_wrong_tries(subject, account, place, now=now)
            return False
        if _use_recovery_code(account.id, word, now=now):
            forget_wrong_tries(subject, account, place, now=now)
            return True
    count_wrong_try(subject, account, place, now=now)
    raise Invalid.one(
        "code",
        _(
            "Mã chưa đúng hoặc đã dùng. Bạn hãy đợi ứng dụng hiện mã mới rồi nhập lại, hoặc dùng một mã dự phòng."
        ),
    )


def recovery_codes_left(account_id: UUID) -> int:
    """How many recovery codes the account has not used yet. One query."""
    ask = select(func.count()).select_from(RecoveryCode)
    return (
        session()
        .scalars(ask.where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)))
        .one()
    )


def setup_address(secret: str, *, account: str, issuer: str) -> str:
    """What the QR code tells the application (the "Key URI Format" that all of them read)."""
    label = quote(f"{issuer}:{account}", safe="")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer, safe='')}"


def secret_in_words(secret: str) -> str:
    """The secret in groups of four, to be typed where no camera is."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _accept(held: SecondFactor, code: str, *, now: datetime) -> bool:
    from pyotp import HOTP

    step, generator = int(now.timestamp()) // STEP, HOTP(held.secret)
    for candidate in (step - 1, step, step + 1):
        if candidate > held.last_step and hmac.compare_digest(generator.at(candidate), code):
            held.last_step = candidate
            session().flush()
            return True
    return False


def _new_recovery_codes(account_id: UUID, *, now: datetime) -> list[str]:
    session().execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [spoken_code() for _number in range(RECOVERY_CODES)]
    for code in codes:
        session().add(RecoveryCode(account_id=account_id, digest=_digest(account_id, code), made_at=now))
    session().flush()
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _use_recovery_code(account_id: UUID, code: str, *, now: datetime) -> bool:
    if len(code) != 10 or set(code) - set(CODE_ALPHABET):
        return False
    ask = select(RecoveryCode).where(
        RecoveryCode.account_id == account_id,
        RecoveryCode.digest == _digest(account_id, code),
        RecoveryCode.used_at.is_(None),
    )
    row = session().scalars(ask.with_for_update()).one_or_none()
    if row is None:
        return False
    row.used_at = now
    session().flush()
    return True


def _locked(account_id: UUID) -> SecondFactor | None:
    ask = select(SecondFactor).where(SecondFactor.account_id == account_id)
    return session().scalars(ask.with_for_update()).one_or_none()


def _digest(account_id: UUID, code: str) -> str:
    return keyed_digest(f"{account_id}:{code}", "recovery-code")


def _is_on() -> SecondFactorIsOn:
    return SecondFactorIsOn(_("Bước xác thực thứ hai đã bật. Muốn đổi ứng dụng, bạn hãy tắt rồi bật lại."))
