"""The copy: what the person did here: votes, judging, the office's work, and their lines of the log."""

from __future__ import annotations

from sqlalchemy import select

from core.contests.models import Unit
from core.contests.queries import editions
from core.entries.models import Entry
from core.entries.screening.models import SavedView, ScreeningClaim
from core.judging.conflict_models import Affiliation, Conflict
from core.judging.conflict_values import ConflictState, How, Kind
from core.judging.council_models import Council, Pledge, Seat
from core.judging.deliberation_models import ScoreChange
from core.judging.models import Judge
from core.judging.plan_models import JudgeField
from core.judging.seats import SeatRole, SeatState, role_words, state_words
from core.kernel.audit import AuditRecord
from core.kernel.db import session
from core.kernel.formats import datetime_
from core.people.models import Account
from core.privacy.collectors.registry import Part, collects
from core.privacy.collectors.wording import at, bound_slug
from core.privacy.models import DossierOpening
from core.privacy.words import opener_word
from core.voting.models import Vote


@collects("binh-chon", "Các lượt bình chọn của bạn", "vote: account_id receipt cancel_reason")
def _votes(account: Account) -> Part:
    ask = (
        select(Vote, Entry.code, Entry.title)
        .join(Entry, Entry.id == Vote.entry_id)
        .where(Vote.account_id == account.id)
        .order_by(Vote.cast_at)
    )
    return Part(
        [
            {
                "bài": f"{code} {title}",
                "bình chọn lúc": datetime_(vote.cast_at),
                "mã biên nhận": vote.receipt,
                "hủy lúc": at(vote.cancelled_at),
                "lý do hủy": vote.cancel_reason,
            }
            for vote, code, title in session().execute(ask)
        ]
    )


@collects("cham-thi", "Phân công chấm thi của bạn", "judge: account_id number; judge_field: field fit")
def _judging(account: Account) -> Part:
    names = {one.id: one.name.vi for one in editions(bound_slug())}
    ask = select(Judge).where(Judge.account_id == account.id).order_by(Judge.id)
    known = (
        select(JudgeField)
        .join(Judge, Judge.id == JudgeField.judge_id)
        .where(Judge.account_id == account.id)
        .order_by(JudgeField.field)
    )
    fields = list(session().scalars(known))
    words = {"match": "đúng chuyên môn", "near": "gần chuyên môn"}
    return Part(
        [
            {
                "kỳ": names[one.edition_id],
                "số hiệu": one.number,
                "đang tham gia": one.is_active,
                "lĩnh vực": {row.field: words[row.fit] for row in fields if row.judge_id == one.id},
            }
            for one in session().scalars(ask)
        ]
    )


@collects("sua-diem", "Điểm bạn đã sửa khi hội đồng thảo luận", "score_change: reason")
def _changes(account: Account) -> Part:
    ask = (
        select(ScoreChange, Entry.code)
        .join(Judge, Judge.id == ScoreChange.judge_id)
        .join(Entry, Entry.id == ScoreChange.entry_id)
        .where(Judge.account_id == account.id)
        .order_by(ScoreChange.at)
    )
    return Part(
        [
            {"hồ sơ": code, "sửa lúc": datetime_(one.at), "lý do": one.reason}
            for one, code in session().execute(ask)
        ]
    )


@collects(
    "xung-dot",
    "Xung đột lợi ích của bạn khi chấm hoặc xét hồ sơ",
    "conflict: account_id how declared state words",
)
def _conflicts(account: Account) -> Part:
    ask = (
        select(Conflict, Entry.code)
        .join(Entry, Entry.id == Conflict.entry_id)
        .where(Conflict.account_id == account.id)
        .order_by(Conflict.at)
    )
    return Part(
        [
            {
                "hồ sơ": code,
                "do": "bạn khai" if one.how == How.DECLARED else "hệ thống tìm ra",
                "bạn khai": [_DECLARED[Kind(code)] for code in one.declared],
                "lời khai": one.words,
                "lúc": datetime_(one.at),
                "tình trạng": _STANDING[ConflictState(one.state)],
            }
            for one, code in session().execute(ask)
        ]
    )


@collects(
    "noi-lam-viec",
    "Đơn vị và nơi làm việc bạn khai để tìm xung đột lợi ích",
    "affiliation: account_id workplace",
)
def _affiliation(account: Account) -> Part:
    ask = (
        select(Affiliation, Unit.name)
        .outerjoin(Unit, Unit.id == Affiliation.unit_id)
        .where(Affiliation.account_id == account.id)
    )
    return Part(
        [
            {"đơn vị": unit or "", "nơi làm việc": one.workplace, "lúc": datetime_(one.at)}
            for one, unit in session().execute(ask)
        ]
    )


_DECLARED = {
    Kind.FAMILY: "người thân trong gia đình với tác giả",
    Kind.UNIT: "cùng đơn vị với tác giả",
    Kind.TEACHER: "thầy cô, người hướng dẫn hoặc cấp trên của tác giả",
    Kind.CO_AUTHOR: "cùng làm công trình với tác giả",
    Kind.BUSINESS: "có quan hệ kinh doanh, tài chính với tác giả hoặc đơn vị",
    Kind.OTHER: "mối liên quan khác",
}
_STANDING = {
    ConflictState.OPEN: "chờ xem",
    ConflictState.CONFIRMED: "đã xác nhận",
    ConflictState.DISMISSED: "đã bác",
}


@collects(
    "hoi-dong",
    "Các hội đồng bạn được mời, câu trả lời và cam kết bạn đã ký",
    "council_seat: account_id role state reason; council_pledge: version text text_sha256 device",
)
def _councils(account: Account) -> Part:
    names = {one.id: one.name.vi for one in editions(bound_slug())}
    ask = (
        select(Seat, Council, Pledge)
        .join(Council, Council.id == Seat.council_id)
        .outerjoin(Pledge, Pledge.seat_id == Seat.id)
        .where(Seat.account_id == account.id)
        .order_by(Seat.invited_at)
    )
    return Part(
        [
            {
                "kỳ": names[council.edition_id],
                "vòng": council.round,
                "hội đồng": council.name,
                "nhiệm vụ": role_words(SeatRole(seat.role)),
                "tình trạng": state_words(SeatState(seat.state))[1],
                "mời lúc": datetime_(seat.invited_at),
                "trả lời lúc": at(seat.answered_at),
                "lý do": seat.reason,
                "cam kết đã ký": _signed(pledge),
            }
            for seat, council, pledge in session().execute(ask)
        ]
    )


def _signed(pledge: Pledge | None) -> dict[str, object] | None:
    if pledge is None:
        return None
    return {
        "bản": pledge.version,
        "nội dung": pledge.text,
        "SHA-256": pledge.text_sha256,
        "ký lúc": datetime_(pledge.signed_at),
        "thiết bị": pledge.device,
    }


@collects(
    "viec-van-phong",
    "Việc của bạn khi xét hồ sơ: bộ lọc đã lưu, hồ sơ đang giữ, hồ sơ của người khác bạn đã mở",
    "saved_view: account_id name query; screening_claim: officer_id officer_name;"
    "dossier_opening: account_id role what",
)
def _office_work(account: Account) -> Part:
    views = select(SavedView).where(SavedView.account_id == account.id).order_by(SavedView.at)
    claims = (
        select(ScreeningClaim.since, ScreeningClaim.until, ScreeningClaim.officer_name, Entry.code)
        .join(Entry, Entry.id == ScreeningClaim.entry_id)
        .where(ScreeningClaim.officer_id == account.id)
        .order_by(ScreeningClaim.since)
    )
    openings = (
        select(DossierOpening.at, DossierOpening.role, DossierOpening.what, Entry.code)
        .join(Entry, Entry.id == DossierOpening.entry_id)
        .where(DossierOpening.account_id == account.id)
        .order_by(DossierOpening.at)
    )
    return Part(
        {
            "bộ lọc đã lưu": [
                {"tên": one.name, "bộ lọc": one.query, "lưu lúc": datetime_(one.at)}
                for one in session().scalars(views)
            ],
            "hồ sơ đang giữ": [
                {"hồ sơ": code, "tên ghi": name, "từ": datetime_(since), "đến": datetime_(until)}
                for since, until, name, code in session().execute(claims)
            ],
            "hồ sơ đã mở": [
                {
                    "lúc": datetime_(when),
                    "hồ sơ": code,
                    "vai trò": opener_word(role),
                    "xem": "tệp" if what == "file" else "hồ sơ",
                }
                for when, role, what, code in session().execute(openings)
            ],
        }
    )


@collects(
    "nhat-ky",
    "Dòng nhật ký về việc bạn đã làm (tên thao tác như trong nhật ký)",
    "audit_record: actor_id actor_name action address",
)
def _log(account: Account) -> Part:
    ask = select(AuditRecord.at, AuditRecord.action, AuditRecord.actor_name, AuditRecord.address)
    ask = ask.where(AuditRecord.actor_id == account.id).order_by(AuditRecord.seq)
    return Part(
        [
            {"lúc": datetime_(when), "thao tác": action, "tên ghi": name, "địa chỉ mạng": address}
            for when, action, name, address in session().execute(ask)
        ]
    )
