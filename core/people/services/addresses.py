"""The address of mail and the telephone number of an account, changed by its owner.

A code goes to the new one, a notice to the old one; other devices are signed out.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.security import cipher
from core.people.models import Account, folded_of
from core.people.phones import is_phone, phone_digest
from core.people.services import mails
from core.people.services.accounts import own_account
from core.people.services.codes import NOBODY, Asker, Purpose, make_code, use_code
from core.people.services.devices import end_all_sign_ins
from core.people.services.sign_up import account_with


def ask_for_email(email: str, *, actor: Actor, now: datetime, asker: Asker = NOBODY) -> None:
    """Send a code to `email`, which becomes the account's address when the code is used.

    Where the address has an account already, its owner is told and the page says nothing of it. Raises Invalid at
    `email` for the present address, or when a code was sent a moment ago.
    """
    account = own_account(actor)
    if account.email == email:
        raise Invalid.one("email", _("Đây đang là địa chỉ thư của tài khoản."))
    code = make_code(account, Purpose.EMAIL, now=now, pending={"email": email}, asker=asker)
    if code is None:
        raise Invalid.one("email", _("Mã vừa được gửi. Bạn hãy đợi một phút rồi yêu cầu lại."))
    holder = account_with(email)
    if holder is not None and holder.verified_at is not None:
        mails.send_known(holder, now=now, to=email)
        return
    mails.send_code(account, code, what=_("đổi địa chỉ thư"), name=account.name, now=now, to=email)


def change_email(
    code: str, *, this_sign_in: UUID | None, actor: Actor, now: datetime, ticket: str | None = None
) -> None:
    """Take over the address that `code` was sent to; the old one is told, other devices are signed out.

    Raises Invalid at `code`.
    """
    account = own_account(actor)
    used = use_code(account, Purpose.EMAIL, code, now=now, ticket=ticket)
    email, old = str(used.pending["email"]), account.email
    free_way_in(email, account)
    account.email = email
    account.folded = folded_of(account.name, email)
    session().flush()
    end_all_sign_ins(account.id, now=now, besides=this_sign_in)
    if old:
        mails.send_notice(
            account,
            to=old,
            subject=_("Địa chỉ thư của tài khoản đã đổi"),
            text=_(
                "Tài khoản của Quý vị từ nay dùng địa chỉ thư khác; địa chỉ này không còn mở được tài khoản.\n"
                "Nếu không phải Quý vị đổi: xin báo ngay cho Ban Tổ chức."
            ),
            now=now,
        )
    audit.append("account.email_changed", str(account.id), {}, actor=actor, now=now)


def ask_for_phone(number: str, *, actor: Actor, now: datetime, asker: Asker = NOBODY) -> None:
    """Send a code to `number` (E.164), by which the account can be opened when the code is used.

    As with an address of mail, nothing tells whether the number has an account. Raises Invalid at `phone`.
    """
    account = own_account(actor)
    digest = phone_digest(number)
    if account.phone_digest == digest:
        raise Invalid.one("phone", _("Đây đang là số điện thoại đăng nhập của tài khoản."))
    code = make_code(account, Purpose.PHONE, now=now, pending={"sealed": _seal(number)}, asker=asker)
    if code is None:
        raise Invalid.one("phone", _("Mã vừa được gửi. Bạn hãy đợi một phút rồi yêu cầu lại."))
    holder = account_with(number)
    if holder is not None and holder.verified_at is not None:
        mails.send_known(holder, now=now, to=number)
        return
    mails.send_code(account, code, what=_("thêm số điện thoại"), name=account.name, now=now, to=number)


def change_phone(
    code: str, *, this_sign_in: UUID | None, actor: Actor, now: datetime, ticket: str | None = None
) -> None:
    """Take over the number that `code` was sent to. Raises Invalid at `code`."""
    account = own_account(actor)
    used = use_code(account, Purpose.PHONE, code, now=now, ticket=ticket)
    number = _unseal(str(used.pending["sealed"]))
    old = account.phone if account.phone_digest else None
    free_way_in(number, account)
    account.phone, account.phone_digest = number, phone_digest(number)
    session().flush()
    end_all_sign_ins(account.id, now=now, besides=this_sign_in)
    _tell_of_phone(account, old, _("Số điện thoại đăng nhập của tài khoản đã đổi"), now=now)
    audit.append("account.phone_changed", str(account.id), {}, actor=actor, now=now)


def drop_phone(*, actor: Actor, now: datetime) -> None:
    """Take the number away; dropping it twice changes nothing. Raises Invalid at `phone` when nothing else is left."""
    account = own_account(actor)
    if account.phone_digest is None:
        return
    if account.email is None:
        raise Invalid.one(
            "phone",
            _("Đây là cách vào duy nhất của tài khoản. Bạn hãy thêm địa chỉ thư trước khi bỏ số này."),
        )
    old = account.phone
    account.phone = account.phone_digest = None
    session().flush()
    _tell_of_phone(account, old, _("Số điện thoại đã bỏ khỏi tài khoản"), now=now)
    audit.append("account.phone_dropped", str(account.id), {}, actor=actor, now=now)


def _tell_of_phone(account: Account, old: str | None, subject: str, *, now: datetime) -> None:
    text = _(
        "Cách đăng nhập bằng số điện thoại của tài khoản vừa thay đổi.\n"
        "Nếu không phải Quý vị đổi: xin đổi mật khẩu và báo ngay cho Ban Tổ chức."
    )
    for target in {account.email, old} - {None}:
        mails.send_notice(account, to=target, subject=subject, text=text, now=now)


def _seal(number: str) -> str:
    return cipher("pending-phone").encrypt(number.encode()).decode()


def _unseal(sealed: str) -> str:
    return cipher("pending-phone").decrypt(sealed.encode()).decode()


def free_way_in(login: str, account: Account) -> None:
    """Take the way in from a sign-up that never proved it; Invalid at `code` when it is proved for another account."""
    holder = account_with(login)
    if holder is None or holder.id == account.id:
        return
    if holder.verified_at is not None:
        if is_phone(login):
            raise Invalid.one("code", _("Số này vừa được xác nhận cho một tài khoản khác."))
        raise Invalid.one("code", _("Địa chỉ này vừa được xác nhận cho một tài khoản khác."))
    if is_phone(login):
        holder.phone = holder.phone_digest = None
    else:
        holder.email = None
    session().flush()
