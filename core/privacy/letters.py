"""Letters about requests: that something happened and where to read it, never what was asked or answered.

What a person writes about their data lies encrypted; a letter would carry it through open mail.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from core.entries.letters import site_address
from core.kernel.db import session
from core.kernel.formats import deadline
from core.kernel.mail import send_mail
from core.people.models import Account
from core.people.services.mails import sender
from core.privacy.models import DataRequest
from core.privacy.states import State
from core.privacy.words import kind_name


def send_step(request: DataRequest, *, now: datetime) -> None:
    """Tell the person how their request stands now."""
    subjects = {
        State.RECEIVED: _("Đã nhận yêu cầu %(code)s về dữ liệu cá nhân", code=request.code),
        State.ACKNOWLEDGED: _("Đang xử lý yêu cầu %(code)s về dữ liệu cá nhân", code=request.code),
        State.EXTENDED: _("Yêu cầu %(code)s được gia hạn", code=request.code),
        State.DONE: _("Yêu cầu %(code)s đã được thực hiện", code=request.code),
        State.REFUSED: _("Yêu cầu %(code)s không được thực hiện: xin đọc lý do", code=request.code),
        State.TAKEN_BACK: _("Quý vị đã rút yêu cầu %(code)s", code=request.code),
    }
    until = deadline(request.due_at)
    told = {
        State.RECEIVED: _("Quý vị sẽ nhận được trả lời chậm nhất %(until)s.", until=until),
        State.ACKNOWLEDGED: _("Ban Tổ chức đang xử lý. Hạn trả lời: %(until)s.", until=until),
        State.EXTENDED: _("Hạn trả lời mới: %(until)s. Lý do gia hạn có trên trang.", until=until),
        State.DONE: _("Trả lời của Ban Tổ chức có trên trang."),
        State.REFUSED: _("Lý do có trên trang. Không đồng ý, Quý vị có quyền khiếu nại."),
        State.TAKEN_BACK: _("Ban Tổ chức không xử lý yêu cầu này nữa."),
    }
    state = State(request.state)
    body = _(
        "Kính gửi %(name)s,\n\nYêu cầu %(code)s: %(kind)s.\n%(told)s\n\n%(address)s\n\n%(sender)s\n",
        name=_account(request).name,
        code=request.code,
        kind=kind_name(request.kind),
        told=told[state],
        address=f"{site_address()}/tai-khoan/du-lieu/yeu-cau/{request.code}",
        sender=sender(),
    )
    _send(request, subjects[state], body, now)


def send_erased(request: DataRequest, *, kept: list[str], now: datetime) -> None:
    """The last letter to an account, before its address is forgotten: what is kept, and why."""
    lines = "\n".join(f"- {line}" for line in kept)
    body = _(
        "Kính gửi %(name)s,\n\nTheo yêu cầu %(code)s, dữ liệu cá nhân của Quý vị đã được xóa và tài khoản không "
        "đăng nhập được nữa.\n\nNhững gì còn được giữ, và vì sao:\n%(lines)s\n\n"
        "Thư này là thư cuối; địa chỉ thư của Quý vị cũng được xóa khỏi hệ thống.\n\n%(sender)s\n",
        name=_account(request).name,
        code=request.code,
        lines=lines,
        sender=sender(),
    )
    _send(request, _("Dữ liệu của Quý vị đã được xóa"), body, now)


def _send(request: DataRequest, subject: str, body: str, now: datetime) -> None:
    account = _account(request)
    if account.verified_at is None:
        return  # erased: there is no address any more
    send_mail(to=account.email, name=account.name, sender=sender(), subject=subject, body=body, now=now)


def _account(request: DataRequest) -> Account:
    return session().get_one(Account, (session().tenant_id, request.account_id))
