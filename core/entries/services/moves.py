"""The gate every move of a dossier passes: the table of states, the phase, the reason, the clause."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.deadlines import require_handing_in
from core.entries.errors import MoveRefused
from core.entries.models import Entry, Screening
from core.entries.policies import may_submit, side_of
from core.entries.screening.due import reminders_sent_by
from core.entries.states import By, Move, State, Transition, transition
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.i18n import N_

_WHERE = {
    State.DRAFT: N_("đang là bản nháp"),
    State.SUBMITTED: N_("đã nộp và đang chờ xét"),
    State.RETURNED: N_("đang được trả lại để bổ sung"),
    State.REVISING: N_("đang được người nộp sửa, bản đã nộp vẫn có hiệu lực"),
    State.ACCEPTED: N_("đã được chấp nhận"),
    State.REFUSED: N_("đã bị từ chối"),
    State.WITHDRAWN: N_("đã rút"),
}


def fresh(entry: Entry) -> Entry:
    """`entry` as it stands in the database, locked until the transaction ends."""
    session().refresh(entry, with_for_update=True)
    return entry


def require_move(
    entry: Entry,
    edition: EditionView,
    move: Move,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    clause: str | None = None,
) -> Transition:
    """The line of the table by which `actor` takes `move` now.

    Raises Forbidden for a stranger, MoveRefused from a wrong state, Invalid without a reason or clause that is
    needed, PhaseClosed for an entrant outside the phase; a committee may step outside it with a reason.
    """
    side = _acting_side(actor, entry, move)
    line = transition(entry.state, move, side)
    if line is None:
        raise MoveRefused(_why_not(entry, move, side, actor))
    if line.reason and not reason:
        raise Invalid.one("reason", _("Bạn hãy ghi lý do để người nộp hiểu và biết cần làm gì."))
    if line.clause and clause is None:
        raise Invalid.one("clause", _("Bạn hãy chọn điều khoản làm căn cứ từ chối."))
    if clause is not None and edition.rules.clause(clause) is None:
        raise Invalid.one("clause", _("Điều khoản này không có trong thể lệ."))
    if line.phases and side is By.OWNER:
        require_handing_in(entry, edition, now)
    elif line.phases and not any(edition.is_open(kind, now) for kind in line.phases) and not reason:
        raise Invalid.one("reason", _("Ngoài thời gian xét hồ sơ: bạn hãy ghi lý do để lưu vào nhật ký."))
    return line


def record(
    entry: Entry,
    outcome: str,
    reason: str,
    clause: str | None,
    *,
    actor: Actor,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Keep what was decided about the dossier, with the words for its entrant.

    Of the reminders before `due_at` those whose time is past already count as sent.
    """
    session().add(
        Screening(
            entry_id=entry.id,
            outcome=outcome,
            reason=reason,
            clause=clause,
            by_id=actor.id,
            by_name=actor.name,
            at=now,
            version=entry.version,
            due_at=due_at,
            reminded=0 if due_at is None else reminders_sent_by(now, due_at),
        )
    )


def _acting_side(actor: Actor, entry: Entry, move: Move) -> By:
    """As what the actor takes the move: a co-author with the right to hand in does so as the owner would."""
    side = side_of(actor, entry)
    if side is None:
        raise Forbidden(_("Bạn không có quyền với hồ sơ này."))
    if side is not By.CO_AUTHOR:
        return side
    if move is Move.SUBMIT and may_submit(actor, entry):
        return By.OWNER
    if move is Move.SUBMIT:
        raise Forbidden(
            _("Bạn chưa được trao quyền nộp hồ sơ này; bạn hãy nhờ chủ hồ sơ nộp hoặc trao quyền.")
        )
    if actor.is_(Role.COMMITTEE):
        raise MoveRefused(
            _(
                "Bạn là đồng tác giả, hoặc là cán bộ của tổ chức nộp hồ sơ này, nên không tự xét được; "
                "xin chuyển cho thành viên khác."
            )
        )
    raise Forbidden(_("Chỉ chủ hồ sơ rút được hồ sơ này."))


def _why_not(entry: Entry, move: Move, side: By, actor: Actor) -> str:
    where = _(_WHERE[State(entry.state)])
    is_screening = move in (Move.ACCEPT, Move.RETURN, Move.REFUSE, Move.REOPEN)
    if side is By.OWNER and is_screening and actor.is_(Role.COMMITTEE):
        return str(_("Bạn là người nộp hồ sơ này nên không tự xét được; xin chuyển cho thành viên khác."))
    return str(
        _(
            "Hồ sơ %(where)s nên không thực hiện được việc này. Bạn hãy tải lại trang để xem trạng thái mới nhất.",
            where=where,
        )
    )
