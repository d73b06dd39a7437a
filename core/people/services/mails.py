"""The letters this room sends. The tenant signs them; the reader is addressed as in official letters."""

from __future__ import annotations

from datetime import datetime

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from core.kernel.db import ALL_TENANTS, session
from core.kernel.mail import send_mail
from core.people.models import Account
from core.plugin_api import Text
from core.tenancy.models import Tenant


def sender() -> str:
    """The short name of the bound tenant, in the language of the letter."""
    ask = select(Tenant.profile).where(Tenant.id == session().tenant_id)
    words = session().execute(ask, execution_options=ALL_TENANTS).scalar_one().get("short_name") or {"vi": ""}
    language = get_locale()
    return Text(words["vi"], words.get("en", "")).in_("vi" if language is None else language.language)


def send_code(account: Account, code: str, *, what: str, name: str, now: datetime) -> None:
    """Send a one-time code; `what` says what it is for ("xác nhận tài khoản")."""
    own = sender()
    body = _(
        "Kính gửi %(name)s,\n\n"
        "Mã %(what)s của Quý vị là:\n\n    %(code)s\n\n"
        "Mã dùng được một lần, trong 15 phút. Không ai được hỏi Quý vị mã này.\n"
        "Nếu Quý vị không yêu cầu, xin bỏ qua thư này; không có gì thay đổi.\n\n"
        "%(sender)s\n",
        name=name,
        what=what,
        code=code,
        sender=own,
    )
    subject = _("%(code)s là mã %(what)s", code=code, what=what)
    send_mail(to=account.email, name=name, sender=own, subject=subject, body=body, now=now)


def send_known(account: Account, *, now: datetime) -> None:
    """Tell the owner of an address that somebody signed up with it again: the page itself does not say so."""
    own = sender()
    body = _(
        "Kính gửi %(name)s,\n\n"
        "Vừa có người đăng ký tài khoản bằng địa chỉ thư này, nhưng Quý vị đã có tài khoản từ trước.\n"
        "Nếu đó là Quý vị: hãy mở trang Đăng nhập; nếu không nhớ mật khẩu, chọn “Đăng nhập bằng mã gửi qua thư” "
        "hoặc “Quên mật khẩu”.\n"
        "Nếu không phải Quý vị: xin bỏ qua thư này; tài khoản không có gì thay đổi.\n\n"
        "%(sender)s\n",
        name=account.name,
        sender=own,
    )
    send_mail(
        to=account.email,
        name=account.name,
        sender=own,
        subject=_("Quý vị đã có tài khoản"),
        body=body,
        now=now,
    )


def send_invitation(account: Account, code: str, *, role: str, site: str, now: datetime) -> None:
    """Invite a person the committee named; `site` is the address of the tenant's pages."""
    own = sender()
    body = _(
        "Kính gửi %(name)s,\n\n"
        "Ban Tổ chức mời Quý vị dùng tài khoản với vai trò: %(role)s.\n\n"
        "Cách vào: mở %(site)s/tai-khoan/dang-nhap/ma, nhập địa chỉ thư này và mã:\n\n    %(code)s\n\n"
        "Mã dùng được trong 7 ngày. Quá hạn, Quý vị bấm “Gửi mã” trên chính trang đó để nhận mã mới.\n\n"
        "%(sender)s\n",
        name=account.name,
        role=role,
        site=site,
        code=code,
        sender=own,
    )
    subject = _("Lời mời tham gia: %(role)s", role=role)
    send_mail(to=account.email, name=account.name, sender=own, subject=subject, body=body, now=now)
