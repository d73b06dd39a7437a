"""The copy: what the person asked about their data, and the copies made before."""

from __future__ import annotations

from sqlalchemy import select

from core.kernel.db import session
from core.kernel.formats import datetime_
from core.people.models import Account
from core.privacy.collectors.registry import Part, collects
from core.privacy.collectors.wording import at
from core.privacy.models import DataRequest, Erasure, PersonalExport
from core.privacy.words import kind_name, state_badge


@collects(
    "yeu-cau",
    "Yêu cầu của bạn về dữ liệu cá nhân",
    "data_request: account_id code kind purpose text state extended_why answer; erasure: account_id",
)
def _requests(account: Account) -> Part:
    ask = select(DataRequest).where(DataRequest.account_id == account.id).order_by(DataRequest.received_at)
    proposed: dict[object, list[dict[str, str | None]]] = {}
    erasures = select(Erasure).where(Erasure.account_id == account.id).order_by(Erasure.proposed_at)
    for erasure in session().scalars(erasures):
        step = {"đề nghị lúc": at(erasure.proposed_at), "rút lại lúc": at(erasure.withdrawn_at)}
        proposed.setdefault(erasure.request_id, []).append(step)
    return Part(
        [
            {
                "mã": one.code,
                "yêu cầu": kind_name(one.kind),
                "sự đồng ý đã rút": one.purpose,
                "bạn viết": one.text,
                "trạng thái": state_badge(one.state).label,
                "gửi lúc": datetime_(one.received_at),
                "gia hạn vì": one.extended_why,
                "khép lại lúc": at(one.closed_at),
                "trả lời": one.answer,
                "đề nghị xóa": proposed.get(one.id, []),
            }
            for one in session().scalars(ask)
        ]
    )


@collects("ban-sao", "Các bản sao dữ liệu bạn đã lấy", "personal_export: account_id state sha256")
def _copies(account: Account) -> Part:
    ask = select(PersonalExport).where(PersonalExport.account_id == account.id)
    return Part(
        [
            {
                "yêu cầu lúc": datetime_(one.asked_at),
                "lập xong lúc": at(one.ready_at),
                "hết hạn lúc": at(one.expires_at),
                "trạng thái": one.state,
                "SHA-256": one.sha256,
            }
            for one in session().scalars(ask.order_by(PersonalExport.asked_at))
        ]
    )
