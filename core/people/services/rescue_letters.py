"""Letters and short messages about a rescue: to every address of the account at once, each with the way to stop it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.kernel.formats import datetime_
from core.kernel.sms import send_sms, sms_is_configured
from core.kernel.text import without_marks
from core.letters.post import Reader, bound_tenant, language_for, send_letter, site_address
from core.people.models import Account
from core.people.phones import is_phone
from core.plugin_api import Text
from core.tenancy.profile import text_of

WHAT = {
    "second_factor": Text(
        "gỡ bước xác thực thứ hai trong tài khoản", "the second step of your account is removed"
    ),
    "address": Text("đổi địa chỉ đăng nhập vào tài khoản", "the address of your account is changed"),
}
NEXT = {
    "second_factor": Text(
        "Xin đăng nhập bằng mật khẩu hoặc mã gửi qua thư, rồi thiết lập lại bước xác thực thứ hai. Nếu điện thoại đã "
        "mất có khóa đăng nhập (passkey), xin xóa khóa đó ở trang tài khoản.",
        "Please sign in with your password or a code by mail, and set the second step up again. If the lost telephone "
        "held a passkey, remove that passkey on your account's page.",
    ),
    "address": Text(
        "Từ nay xin đăng nhập bằng địa chỉ mới; các địa chỉ và số điện thoại cũ không còn mở được tài khoản.",
        "From now on please sign in with the new address; the old addresses and numbers no longer open the account.",
    ),
}


def addresses_of(account: Account) -> list[str]:
    """Every address that the account's owner proved: of mail, and the number that short messages go to."""
    number = account.phone if account.phone_digest else None
    return [one for one in (account.email, number) if one]


def send_asked(account: Account, kind: str, *, hours: int, link: str, now: datetime) -> None:
    """Tell the owner that a rescue was asked for, and that it holds `hours` after a second officer confirmed."""
    when = Text(
        f"Người đó đã xuất trình giấy tờ tùy thân. Nếu một cán bộ thứ hai xác nhận, việc này có hiệu lực sau đó "
        f"{hours} giờ; Quý vị sẽ được báo lần nữa.",
        f"They showed identity papers. If a second officer confirms it, it takes effect {hours} hours later; you "
        "will be told again.",
    )
    _announce(account, kind, when, link, now=now)


def send_confirmed(
    account: Account, kind: str, *, holds_from: datetime, by_officer: bool, link: str, now: datetime
) -> None:
    """Tell the owner from when on the rescue holds; `by_officer`: else the operator began it."""
    by = Text("Người vận hành hệ thống đã nhận làm việc này.", "The operator of the system has taken it on.")
    if by_officer:
        by = Text("Cán bộ thứ hai đã xác nhận.", "A second officer has confirmed it.")
    when = Text(
        f"{by.vi} Việc này có hiệu lực lúc {datetime_(holds_from, 'vi')}.",
        f"{by.en} It takes effect at {datetime_(holds_from, 'en')}.",
    )
    _announce(account, kind, when, link, now=now)


def send_done(account: Account, kind: str, old: Sequence[str], *, now: datetime) -> None:
    """Tell the owner, at the addresses of before and of now, that the rescue took effect."""
    language = language_for(account.language, bound_tenant().profile)
    values = {
        "viec": WHAT[kind].in_(language),
        "viec_tiep": NEXT[kind].in_(language),
        "dia_chi": f"{site_address()}/tai-khoan/dang-nhap",
    }
    for address in dict.fromkeys([*old, *addresses_of(account)]):
        send_letter("account-rescued", Reader(address, account.name, language), values, now=now)


def _announce(account: Account, kind: str, when: Text, link: str, *, now: datetime) -> None:
    tenant = bound_tenant()
    language = language_for(account.language, tenant.profile)
    what, page = WHAT[kind].in_(language), f"{site_address()}{link}"
    values = {"viec": what, "khi_nao": when.in_(language), "dia_chi": page}
    for address in addresses_of(account):
        if not is_phone(address):
            send_letter("account-rescue", Reader(address, account.name, language), values, now=now)
        elif sms_is_configured():
            sender = text_of(tenant.profile.get("short_name")).in_(language)
            said = Text(
                f"{sender}: có đề nghị {what}. Không phải Quý vị thì dừng lại tại {page}",
                f"{sender}: it was asked that {what}. Not you? Stop it at {page}",
            )
            send_sms(to=address, text=without_marks(said.in_(language)), now=now)
