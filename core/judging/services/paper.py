"""Writes of paper score sheets: printing, keying in, checking by a second person, locking, the judge's objection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, select

from core.contests.policies import require_open
from core.contests.values import EditionView, PhaseKind
from core.entries.barring import is_barred, is_barred_for
from core.entries.errors import FileRefused
from core.entries.models import Entry
from core.entries.sniff import sniff
from core.entries.states import State
from core.judging.assigning import is_running, of_sheet
from core.judging.blind import approved_title, blind_by_rules, reads_blind, title_shown
from core.judging.council_room import access_council_room, require_leader
from core.judging.errors import PledgeOwed, SheetAbstained, SheetIncomplete, SheetLocked
from core.judging.models import Assignment, Judge, Sheet
from core.judging.own_sheets import unfinished
from core.judging.paper_letters import send_paper_locked
from core.judging.paper_models import PaperKeying, PaperSheet
from core.judging.points import points_text, require_fitting
from core.judging.queries.papers import Paper, paper_by_code
from core.judging.schemas import REMARK_CHARS
from core.judging.seating import owes_pledge
from core.judging.services.sheets import lock_from_paper
from core.judging.states import SheetState
from core.judging.values import JudgeView, SheetPlace
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import lock_row, session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.files import digest_of, file_key, file_store
from core.kernel.i18n import locale
from core.kernel.ids import spoken_code
from core.kernel.prepared import insert_once
from core.kernel.text import clean
from core.plugin_api import FieldKind, FormField, Round, Text

OBJECTION_CHARS = 2000
AT_ONCE = 100
"""How many sheets one print holds: more would keep the press too long."""
SCAN_FIELD = FormField(
    "scan", Text("Bản quét", "Scan"), FieldKind.FILES, accept=(".pdf", ".jpg", ".jpeg", ".png")
)


def print_sheets(
    edition: EditionView,
    judging_round: Round,
    number: str,
    *,
    most: int = AT_ONCE,
    actor: Actor,
    now: datetime,
) -> list[tuple[PaperSheet, SheetPlace]]:
    """A code for each sheet that the judge has not locked or abstained from; printed again, it is the same.

    At most `most` at once, those never printed first, then by entry. Left out is what the actor has to do with, and
    what the judge reads blind and nobody has approved yet (`waiting_for_blind`). Raises Forbidden, PledgeOwed, NotFound
    for a judge who has nothing left in the round.
    """
    require_leader(access_council_room(edition, actor, judging_round.key))
    judge = _active_judge(edition, number)
    require_signed(edition, judging_round.key, judge)
    is_printed = and_(
        PaperSheet.judge_id == Assignment.judge_id,
        PaperSheet.entry_id == Assignment.entry_id,
        PaperSheet.round == Assignment.round,
    )
    ask = (
        _to_print(
            judge,
            judging_round,
            actor,
            Entry.id,
            Entry.code,
            title_shown(edition, judging_round.key, judge.id),
        )
        .outerjoin(PaperSheet, is_printed)
        .where(~_is_waiting(edition, judging_round, judge))
        .order_by(PaperSheet.id.is_not(None), Entry.code)
        .limit(most)
    )
    rows = session().execute(ask).all()
    if not rows:
        if waiting_for_blind(edition, judging_round, number, actor=actor):
            raise NotFound(
                _("Chưa in được phiếu nào: Ban Tổ chức chưa duyệt bản ẩn danh của hồ sơ giám khảo này chấm.")
            )
        raise NotFound(_("Giám khảo này không còn phiếu nào để in ở vòng này."))
    made = []
    for entry_id, code, title in rows:
        values = {
            "edition_id": edition.id,
            "judge_id": judge.id,
            "entry_id": entry_id,
            "round": judging_round.key,
            "code": spoken_code(),
            "printed_at": now,
            "scan_name": "",
            "scan_type": "",
            "scan_size": 0,
            "objection": "",
        }
        insert_once(PaperSheet, ("judge_id", "entry_id", "round"), values)
        found = select(PaperSheet).where(
            PaperSheet.judge_id == judge.id,
            PaperSheet.entry_id == entry_id,
            PaperSheet.round == judging_round.key,
        )
        paper = session().scalars(found).one()
        made.append((paper, _place(judge, entry_id, code or "", title, judging_round)))
    line = {"round": judging_round.key, "sheets": len(made)}
    audit.append("paper.printed", number, line, actor=actor, now=now)
    return made


def waiting_for_blind(edition: EditionView, judging_round: Round, number: str, *, actor: Actor) -> list[str]:
    """Codes of what a print for the judge leaves out, since he reads it blind and nobody has approved it. Two queries.

    Raises NotFound for who is no active judge.
    """
    judge = _active_judge(edition, number)
    ask = _to_print(judge, judging_round, actor, Entry.code).where(_is_waiting(edition, judging_round, judge))
    return [code or "" for code in session().scalars(ask.order_by(Entry.code))]


def _active_judge(edition: EditionView, number: str) -> Judge:
    ask = select(Judge).where(
        Judge.edition_id == edition.id, Judge.number == number, Judge.is_active.is_(True)
    )
    found = session().scalars(ask).one_or_none()
    if found is None:
        raise NotFound(_("Không có giám khảo này ở vòng này."))
    return found


def _to_print(judge: Judge, judging_round: Round, actor: Actor, *shown: Any) -> Select[Any]:
    """What a judge has still to lock in a round, but for what the actor has to do with."""
    return (
        select(*shown)
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(Sheet, of_sheet())
        .where(Assignment.judge_id == judge.id, Assignment.round == judging_round.key, is_running())
        .where(Entry.state == State.ACCEPTED, ~is_barred_for(actor.id))
        .where((Sheet.id.is_(None)) | (Sheet.state == SheetState.DRAFT))
    )


def _is_waiting(edition: EditionView, judging_round: Round, judge: Judge) -> ColumnElement[bool]:
    is_blind = reads_blind([judge.id], blind_by_rules(edition), judging_round.key)
    return and_(is_blind, approved_title(judging_round.key).is_(None))


def require_signed(edition: EditionView, round_key: str, judge: Judge | JudgeView) -> None:
    """Raise PledgeOwed while the judge has not signed what the round's council asks for. One query."""
    if owes_pledge(edition.id, round_key, judge.account_id):
        raise PledgeOwed(
            _(
                "Giám khảo %(number)s chưa ký cam kết của vòng này nên phiếu giấy chưa in và chưa khóa được. Giám khảo "
                "ký ở bàn chấm của mình.",
                number=judge.number,
            )
        )


def access_paper(edition: EditionView, actor: Actor, round_key: str, code: str) -> Paper:
    """The paper sheet of that code for who leads the round.

    NotFound for any other code, for an entry that the actor has to do with, and for who has a sheet of his own for
    that entry still to lock: others' points are not for him yet. Forbidden for the sheet's own judge.
    """
    attendee = access_council_room(edition, actor, round_key)
    require_leader(attendee)
    found = paper_by_code(edition, round_key, code)
    if found is None or is_barred(actor, found.stored.entry_id):
        raise NotFound(_("Không có phiếu giấy mang mã này ở vòng này."))
    if found.judge.account_id == actor.id:
        raise Forbidden(_("Bạn không tự nhập phiếu giấy của chính mình."))
    if attendee.judge is not None and _owes_sheet(attendee.judge.id, found.stored.entry_id, round_key):
        raise NotFound(_("Bạn còn phải khóa phiếu của mình, hoặc thôi hẳn, cho hồ sơ này trước."))
    return found


def key_in(
    edition: EditionView,
    found: Paper,
    judging_round: Round,
    scores: Mapping[str, Decimal | None],
    remark: str,
    *,
    is_done: bool,
    actor: Actor,
    now: datetime,
) -> Paper:
    """Keep what the actor keys in; done, it counts as one of the two readings, and two that agree lock the sheet.

    The first person's reading is turn 1, anybody else's turn 2; each may correct his own until the sheet is locked.
    Raises Invalid (`score_<key>`, `remark`, `scan` where there is none), SheetIncomplete, Forbidden for a third person,
    SheetLocked, SheetAbstained, NotFound when the entry has left, PhaseClosed where it is done after the end,
    PledgeOwed where the judge has not signed.
    """
    if actor.id is None:
        raise Forbidden(_("Cần đăng nhập để nhập phiếu."))
    held = lock_row(PaperSheet, PaperSheet.id == found.stored.id)
    found = paper_by_code(edition, judging_round.key, held.code) or found
    require_usable(found)
    turn = found.turn_of(actor.id)
    own = found.keying(turn)
    if own is not None and own.account_id != actor.id:
        raise Forbidden(_("Phiếu này đã có hai người nhập. Cần thì nhập thay một người trước."))
    require_fitting(judging_round, scores)
    remark = clean(remark)
    if len(remark) > REMARK_CHARS:
        raise Invalid.one("remark", _("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=REMARK_CHARS))
    kept = {key: points for key, points in scores.items() if points is not None}
    missing = tuple(one for one in judging_round.criteria if one.key not in kept)
    if is_done and missing:
        names = ", ".join(one.name.in_(locale()) for one in missing)
        raise SheetIncomplete(
            _("Phiếu còn thiếu điểm: %(names)s.", names=names), tuple(one.key for one in missing)
        )
    if is_done and held.scan_sha256 is None:
        raise Invalid.one("scan", _("Cần đính bản quét hoặc ảnh chụp của phiếu trước khi xác nhận."))
    if is_done:
        require_open(edition, PhaseKind.JUDGING, now)
        require_signed(edition, judging_round.key, found.judge)
    _keep(found, turn, actor.id, kept, remark, is_done=is_done, now=now)
    again = paper_by_code(edition, judging_round.key, held.code) or found
    if is_done:
        line = {"round": judging_round.key, "paper": held.code, "turn": turn, "account": str(actor.id)}
        audit.append("paper.keyed", found.entry_code, line, actor=actor, now=now)
        if all(one.is_done for one in again.keyings) and len(again.keyings) == 2 and not again.differing:
            _lock(edition, again, judging_round, actor=actor, now=now)
    return again


def add_scan(found: Paper, filename: str, stream: IO[bytes], *, actor: Actor, now: datetime) -> None:
    """Keep the scan of a paper sheet; another takes its place until the sheet is locked. Raises Invalid at `scan`."""
    if found.stored.locked_at is not None:
        raise SheetLocked(_("Phiếu đã khóa nên không đổi bản quét được nữa."))
    digest, size = digest_of(stream)
    try:
        sniffed = sniff(SCAN_FIELD, filename, stream, size)
    except FileRefused as refused:
        raise Invalid.one("scan", refused.message) from refused
    file_store().put(file_key(session().tenant_id, digest), stream)
    stored = found.stored
    stored.scan_sha256, stored.scan_size = digest, size
    stored.scan_name, stored.scan_type = sniffed.name, sniffed.media_type
    session().flush()
    line = {"round": stored.round, "paper": stored.code, "sha256": digest, "size": size}
    audit.append("paper.scanned", found.entry_code, line, actor=actor, now=now)


def access_own_paper(edition: EditionView, actor: Actor, round_key: str, code: str) -> Paper:
    """The paper sheet that was locked in the actor's name; NotFound for any other."""
    found = paper_by_code(edition, round_key, code)
    if found is None or found.judge.account_id != actor.id or found.stored.locked_at is None:
        raise NotFound(_("Không có phiếu giấy mang mã này."))
    if is_barred(actor, found.stored.entry_id):
        raise NotFound(_("Không có phiếu giấy mang mã này."))
    return found


def object_to(edition: EditionView, found: Paper, words: str, *, actor: Actor, now: datetime) -> None:
    """The judge says that what was locked in his name is not what he wrote. Again, it replaces his words.

    Raises Invalid at `words`, PhaseClosed after the judging phase.
    """
    words = clean(words)
    if not words:
        raise Invalid.one("words", _("Bạn hãy ghi điểm nào không đúng với phiếu giấy của bạn."))
    if len(words) > OBJECTION_CHARS:
        raise Invalid.one("words", _("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=OBJECTION_CHARS))
    require_open(edition, PhaseKind.JUDGING, now)
    found.stored.objected_at, found.stored.objection, found.stored.settled_at = now, words, None
    session().flush()
    line = {"round": found.stored.round, "paper": found.stored.code}
    audit.append("paper.objected", found.entry_code, line, actor=actor, now=now)


def _lock(edition: EditionView, found: Paper, judging_round: Round, *, actor: Actor, now: datetime) -> None:
    first, second = found.keyings
    stored = found.stored
    place = SheetPlace(found.judge, stored.entry_id, found.entry_code, found.entry_title, judging_round)
    view = lock_from_paper(edition, place, first.scores, first.remark, actor=actor, now=now)
    stored.locked_at = now
    session().flush()
    line = {
        "round": judging_round.key,
        "paper": stored.code,
        "keyed_by": str(first.account_id),
        "checked_by": str(second.account_id),
        "commitment": view.commitment or "",
    }
    audit.append("paper.checked", found.entry_code, line, actor=actor, now=now)
    send_paper_locked(edition, found, judging_round, now=now)


def _keep(
    found: Paper,
    turn: int,
    account_id: UUID,
    scores: Mapping[str, Decimal],
    remark: str,
    *,
    is_done: bool,
    now: datetime,
) -> None:
    ask = select(PaperKeying).where(PaperKeying.paper_id == found.stored.id, PaperKeying.turn == turn)
    row = session().scalars(ask).one_or_none()
    if row is None:
        row = PaperKeying(paper_id=found.stored.id, turn=turn, account_id=account_id)
        session().add(row)
    row.scores = {key: points_text(points) for key, points in sorted(scores.items())}
    row.remark, row.is_done, row.at = remark, is_done, now
    session().flush()


def require_usable(found: Paper) -> None:
    """Raise unless the sheet may still be locked from paper."""
    stored = found.stored
    if stored.locked_at is not None:
        raise SheetLocked(_("Phiếu giấy này đã được nhập và khóa."))
    ask = (
        select(Assignment.id, Entry.state, Sheet.state)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(Sheet, of_sheet())
        .where(Assignment.judge_id == stored.judge_id, Assignment.entry_id == stored.entry_id)
        .where(Assignment.round == stored.round, is_running())
    )
    row = session().execute(ask).one_or_none()
    if row is None or row[1] != State.ACCEPTED:
        raise NotFound(
            _("Hồ sơ này không còn do giám khảo đó chấm, hoặc đã rời cuộc thi; phiếu giấy không dùng nữa.")
        )
    if row[2] == SheetState.LOCKED:
        raise SheetLocked(_("Giám khảo đã tự khóa phiếu này trên hệ thống; không nhập phiếu giấy nữa."))
    if row[2] == SheetState.ABSTAINED:
        raise SheetAbstained(_("Giám khảo đã từ chối chấm hồ sơ này."))


def _owes_sheet(judge_id: UUID, entry_id: UUID, round_key: str) -> bool:
    ask = (
        select(Assignment.id)
        .outerjoin(Sheet, of_sheet())
        .where(Assignment.judge_id == judge_id, Assignment.entry_id == entry_id)
        .where(Assignment.round == round_key, is_running(), unfinished())
    )
    return session().scalars(ask.limit(1)).first() is not None


def _place(judge: Judge, entry_id: UUID, code: str, title: str, judging_round: Round) -> SheetPlace:
    view = JudgeView(judge.id, judge.account_id, judge.number, judge.is_active)
    return SheetPlace(view, entry_id, code, title, judging_round)
