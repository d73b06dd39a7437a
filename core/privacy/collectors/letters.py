"""The copy: letters and short messages to the person, and what a mail server said of their address."""

from __future__ import annotations

from sqlalchemy import select

from core.kernel.db import session
from core.kernel.formats import datetime_
from core.kernel.mail import Mail
from core.kernel.sms import Sms
from core.kernel.suppression import SuppressedAddress
from core.letters.catalogue import letter_kind
from core.people.models import Account
from core.privacy.collectors.registry import Part, collects
from core.privacy.collectors.wording import at

AT_ONCE = 500


@collects(
    "thu",
    "Thư hệ thống đã gửi cho bạn, trừ thư đã được xóa lời theo thời gian lưu giữ",
    "mail: recipient recipient_name subject body kind about state error",
)
def _letters(account: Account) -> Part:
    ask = select(Mail).where(Mail.recipient == account.email).order_by(Mail.id)
    found = session().scalars(ask.execution_options(yield_per=AT_ONCE))
    return Part(
        [
            {
                "lúc": datetime_(one.at),
                "gửi đến": one.recipient,
                "tên người nhận": one.recipient_name,
                "loại": _kind(one.kind),
                "hồ sơ": one.about,
                "tiêu đề": one.subject,
                "nội dung": one.body,
                "trạng thái": one.state,
                "gửi lúc": at(one.sent_at),
                "trả về lúc": at(one.bounced_at),
                "máy chủ thư trả lời": one.error,
            }
            for one in found
        ]
    )


@collects("tin-nhan", "Tin nhắn hệ thống đã gửi đến số điện thoại của bạn", "sms: recipient text state")
def _messages(account: Account) -> Part:
    if not account.phone:
        return Part([])
    ask = select(Sms).order_by(Sms.id).execution_options(yield_per=AT_ONCE)
    return Part(
        [
            {
                "lúc": datetime_(one.at),
                "nội dung": one.text,
                "trạng thái": one.state,
                "gửi lúc": at(one.sent_at),
            }
            for one in session().scalars(ask)
            if one.recipient == account.phone  # encrypted, so that no query finds it
        ]
    )


@collects(
    "dia-chi-hong",
    "Điều máy chủ thư báo về địa chỉ của bạn khi thư không đến nơi",
    "suppressed_address: address words",
)
def _suppressed(account: Account) -> Part:
    if not account.email:
        return Part([])
    ask = select(SuppressedAddress).where(SuppressedAddress.address == account.email.lower())
    return Part(
        [
            {"từ lúc": datetime_(one.since), "lời báo": one.words, "dùng lại từ": at(one.lifted_at)}
            for one in session().scalars(ask)
        ]
    )


def _kind(key: str) -> str:
    kind = letter_kind(key)
    return key if kind is None else kind.name.vi
