"""The letters this room sends. The tenant signs them; the reader is addressed as in official letters.

Who has no address of mail is written to by short message.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import get_locale
from flask_babel import gettext as _

from core.kernel.sms import send_sms
from core.kernel.text import without_marks
from core.letters.post import Reader, bound_tenant, send_letter, site_address
from core.people.models import Account
from core.people.phones import is_phone
from core.people.services.codes import CODE_LIFE, INVITATION_LIFE
from core.tenancy.profile import text_of


def sender() -> str:
    """The short name of the bound tenant, in the language of the page."""
    return text_of(bound_tenant().profile.get("short_name")).in_(_here())


def send_code(
    account: Account, code: str, *, what: str, name: str, now: datetime, to: str | None = None
) -> None:
    """Send a one-time code; `what` says what it is for ("xác nhận tài khoản"), `to` is another address than its own.

    It goes out in the page's language.
    """
    target = to or reached_at(account)
    if is_phone(target):
        words = _(
            "%(code)s là mã %(what)s tại %(sender)s, dùng trong 15 phút. Không đưa mã này cho ai.",
            code=code,
            what=what,
            sender=sender(),
        )
        send_sms(to=target, text=without_marks(words), now=now)
        return
    values = {"ma": code, "viec": what, "dia_chi": site_address()}
    send_letter("account-code", Reader(target, name, _here()), values, life=CODE_LIFE, now=now)


def send_known(account: Account, *, now: datetime, to: str | None = None) -> None:
    """Tell the owner of an address that somebody signed up with it again: the page itself does not say so."""
    target = to or reached_at(account)
    if is_phone(target):
        words = _(
            "Số này đã có tài khoản tại %(sender)s. Nếu bạn vừa đăng ký, hãy mở trang Đăng nhập và nhận mã.",
            sender=sender(),
        )
        send_sms(to=target, text=without_marks(words), now=now)
        return
    values = {"dia_chi": f"{site_address()}/tai-khoan/dang-nhap"}
    send_letter("account-known", Reader(target, account.name, account.language or _here()), values, now=now)


def send_invitation(account: Account, code: str, *, role: str, site: str, now: datetime) -> None:
    """Invite a person the committee named; `site` is the address of the tenant's pages."""
    values = {"ma": code, "vai_tro": role, "dia_chi": f"{site}/tai-khoan/dang-nhap/ma"}
    to = Reader(reached_at(account), account.name, _here())
    send_letter("account-invitation", to, values, life=INVITATION_LIFE, now=now)


def send_recovery_code_used(account: Account, *, left: int, now: datetime) -> None:
    """Tell the owner that one of the recovery codes opened the account."""
    send_notice(
        account,
        subject=_("Đã đăng nhập bằng mã dự phòng"),
        text=_(
            "Vừa có người đăng nhập tài khoản của Quý vị bằng một mã dự phòng; còn %(left)s mã chưa dùng.\n"
            "Nếu không phải Quý vị: xin đổi mật khẩu ngay và tạo bộ mã dự phòng mới.",
            left=left,
        ),
        now=now,
    )


def send_notice(account: Account, *, subject: str, text: str, now: datetime, to: str | None = None) -> None:
    """Tell the owner what was changed about the account; `to` is another address than the present one."""
    values = {"tieu_de": subject, "noi_dung": text, "dia_chi": f"{site_address()}/tai-khoan/"}
    send_letter("account-notice", Reader(to or reached_at(account), account.name, _here()), values, now=now)


def reached_at(account: Account) -> str:
    """Where letters to the account go: its address of mail, else its telephone number (E.164)."""
    return account.email or account.phone or ""


def _here() -> str:
    """The language of the page that asked for the letter."""
    language = get_locale()
    return "vi" if language is None else str(language.language)
