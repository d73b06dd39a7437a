"""Letters about requests: that something happened and where to read it, never what was asked or answered.

What a person writes about their data lies encrypted; a letter would carry it through open mail.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from core.kernel.db import session
from core.kernel.formats import deadline
from core.letters.post import Reader, bound_tenant, language_for, send_letter, site_address
from core.people.models import Account
from core.people.services.mails import reached_at
from core.privacy.models import DataRequest
from core.privacy.states import State
from core.privacy.words import kind_name


def send_step(request: DataRequest, *, now: datetime) -> None:
    """Tell the person how their request stands now."""
    account = _account(request)
    if account.verified_at is None:
        return  # erased: there is no address any more
    language = _language(account)
    with force_locale(language):
        standing, told = _said(request, language)
        values = {
            "ma_yeu_cau": request.code,
            "yeu_cau": kind_name(request.kind),
            "tinh_trang": standing,
            "noi_dung": told,
            "dia_chi": f"{site_address()}/tai-khoan/du-lieu/yeu-cau/{request.code}",
        }
    send_letter("data-request", _reader(account), values, now=now)


def send_erased(request: DataRequest, *, kept: list[str], now: datetime) -> None:
    """The last letter to an account, before its address is forgotten: what is kept, and why."""
    account = _account(request)
    values = {
        "ma_yeu_cau": request.code,
        "giu_lai": "\n".join(f"- {line}" for line in kept),
    }
    send_letter("data-erased", _reader(account), values, now=now)


def _said(request: DataRequest, language: str) -> tuple[str, str]:
    """How the request stands, as a subject says it, and the sentence that goes with it."""
    until = deadline(request.due_at, language)
    words = {
        State.RECEIVED: (_("đã nhận"), _("Quý vị sẽ nhận được trả lời chậm nhất %(until)s.", until=until)),
        State.ACKNOWLEDGED: (
            _("đang được xử lý"),
            _("Ban Tổ chức đang xử lý. Hạn trả lời: %(until)s.", until=until),
        ),
        State.EXTENDED: (
            _("được gia hạn"),
            _("Hạn trả lời mới: %(until)s. Lý do gia hạn có trên trang.", until=until),
        ),
        State.DONE: (_("đã được thực hiện"), _("Trả lời của Ban Tổ chức có trên trang.")),
        State.REFUSED: (
            _("không được thực hiện, xin đọc lý do"),
            _("Lý do có trên trang. Không đồng ý, Quý vị có quyền khiếu nại."),
        ),
        State.TAKEN_BACK: (_("đã được rút"), _("Ban Tổ chức không xử lý yêu cầu này nữa.")),
    }
    return words[State(request.state)]


def _reader(account: Account) -> Reader:
    return Reader(reached_at(account), account.name, account.language)


def _language(account: Account) -> str:
    return language_for(account.language, bound_tenant().profile)


def _account(request: DataRequest) -> Account:
    return session().get_one(Account, (session().tenant_id, request.account_id))
