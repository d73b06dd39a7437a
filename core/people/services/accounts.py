"""What an account changes about itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.events import emit
from core.people import passwords
from core.people.consents import consent_text
from core.people.events import ConsentWithdrawn
from core.people.models import Account, Consent
from core.people.schemas import phone_digits
from core.people.services import mails
from core.people.services.devices import end_all_sign_ins
from core.people.services.sign_up import give_consent, set_name


def own_account(actor: Actor) -> Account:
    """The actor's account, locked until the transaction ends."""
    ask = select(Account).where(Account.id == actor.id).with_for_update()
    account = session().scalars(ask).one_or_none()
    if account is None:
        raise NotFound
    return account


def change_profile(*, name: str, phone: str, actor: Actor, now: datetime) -> None:
    """Change the actor's own name and telephone number. Raises Invalid at `phone`."""
    account = own_account(actor)
    # A number that opens the account is changed where it is proved (`addresses.change_phone`).
    number = account.phone if account.phone_digest else phone_digits(phone)
    changed = [
        key
        for key, old, new in (("name", account.name, name), ("phone", account.phone, number))
        if old != new
    ]
    if not changed:
        return
    set_name(account, name)
    account.phone = number
    session().flush()
    audit.append("account.changed", str(account.id), {"fields": changed}, actor=actor, now=now)


def change_password(
    *,
    current: str,
    password: str,
    this_sign_in: UUID | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Set the actor's own password; other devices are signed out. Raises Invalid at `current` or `password`.

    `current` is asked only of an account that has a password already; of others the page wants a fresh proof.
    """
    account = own_account(actor)
    if account.password_hash is not None and not passwords.matches(account.password_hash, current):
        raise Invalid.one("current", _("Mật khẩu hiện nay chưa đúng."))
    wrong = passwords.faults(password, email=account.email or "", name=account.name)
    if wrong:
        raise Invalid({"password": wrong})
    account.password_hash = passwords.hash_password(password)
    end_all_sign_ins(account.id, now=now, besides=this_sign_in)
    session().flush()
    mails.send_notice(
        account,
        subject=_("Mật khẩu của tài khoản đã đổi"),
        text=_(
            "Mật khẩu tài khoản của Quý vị vừa được đặt mới; các thiết bị khác đã được đăng xuất.\n"
            "Nếu không phải Quý vị: xin mở trang Đăng nhập, chọn “Quên mật khẩu” để lấy lại tài khoản."
        ),
        now=now,
    )
    audit.append("account.password_changed", str(account.id), {}, actor=actor, now=now)


def agree(purpose: str, *, actor: Actor, now: datetime) -> None:
    """Give the actor's consent to the present text of `purpose`. Raises NotFound for an unknown purpose."""
    text = consent_text(purpose)
    if text is None:
        raise NotFound
    account = own_account(actor)
    give_consent(account, purpose, now=now)
    session().flush()
    data = {"purpose": purpose, "version": text.version}
    audit.append("consent.given", str(account.id), data, actor=actor, now=now)


def withdraw_consent(purpose: str, *, actor: Actor, now: datetime) -> None:
    """Withdraw the actor's consent for `purpose`; withdrawing twice changes nothing. Raises NotFound, Forbidden."""
    text = consent_text(purpose)
    if text is None:
        raise NotFound
    if text.required:
        raise Forbidden(
            _(
                "Không có sự đồng ý này thì không giữ được tài khoản. "
                "Muốn xóa tài khoản, bạn hãy gửi yêu cầu xóa ở mục “Dữ liệu cá nhân”."
            )
        )
    statement = update(Consent).where(
        Consent.account_id == actor.id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)
    )
    withdrawn = session().execute(statement.values(withdrawn_at=now)).rowcount  # type: ignore[attr-defined]
    audit.append("consent.withdrawn", str(actor.id), {"purpose": purpose}, actor=actor, now=now)
    if withdrawn and actor.id is not None:
        emit(ConsentWithdrawn(actor.id, purpose, now))
