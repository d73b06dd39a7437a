"""Opening, leading and closing the deliberation of an entry. Leaders of the council and the committee's officers do it.

What is shown on the screens (`lead`) leaves no line in the log: it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from core.contests.models import Edition
from core.contests.values import EditionView
from core.entries.events import EntryWithdrawn
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import is_running, of_sheet, standing_conflicts, whole_council
from core.judging.council_room import require_leader
from core.judging.deliberation_models import Deliberation, ScoreChange
from core.judging.deliberation_policies import newest
from core.judging.deliberation_values import DeliberationState, RoomPlace, Scope, as_text, in_order
from core.judging.errors import DeliberationClosed, DeliberationRefused, RoundNotOpen
from core.judging.events import PointsMayChange
from core.judging.models import Assignment, Judge, Sheet
from core.judging.queries.deliberations import points_of_entry
from core.judging.queries.sheets import is_later_round_open
from core.judging.states import SheetState
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor
from core.kernel.db import lock_row, session
from core.kernel.errors import Invalid, NotFound
from core.kernel.events import emit, listens_to
from core.kernel.i18n import locale
from core.kernel.text import clean

REASON_CHARS = 1000
OUTCOME_CHARS = 4000
FEWEST_SHEETS = 2


def open_deliberation(
    edition: EditionView, place: RoomPlace, scope: str, reason: str, *, actor: Actor, now: datetime
) -> Deliberation:
    """Open the deliberation of an entry, or open it again; one that is open already is given back.

    `reason` is needed where a judge has not finished, and where it was closed before. Raises Invalid (`scope`,
    `reason`), DeliberationRefused with fewer than two locked sheets or when the entry has just left the contest,
    RoundNotOpen, AlreadyPublished.
    """
    require_leader(place.attendee)
    chosen = _scope(scope)
    reason = fitting("reason", reason, REASON_CHARS)
    lock_row(Edition, Edition.id == edition.id)
    emit(PointsMayChange(edition.id))
    require_current(edition, place)
    _hold_entry(place.entry_id)
    earlier = newest(place.round.key, place.entry_id)
    if earlier is not None and earlier.state == DeliberationState.OPEN:
        return earlier
    points = points_of_entry(edition.id, place.round.key, place.entry_id)
    if len(points) < FEWEST_SHEETS:
        raise DeliberationRefused(_("Cần ít nhất hai phiếu đã khóa mới thảo luận được: hồ sơ này chưa đủ."))
    awaited = awaited_judges(place)
    if earlier is not None and not reason:
        raise Invalid.one("reason", _("Hồ sơ này đã thảo luận xong: bạn hãy ghi lý do mở lại."))
    if awaited and not reason:
        told = ngettext(
            "Còn %(num)s giám khảo chưa khóa phiếu: bạn hãy ghi lý do thảo luận sớm.",
            "Còn %(num)s giám khảo chưa khóa phiếu: bạn hãy ghi lý do thảo luận sớm.",
            awaited,
        )
        raise Invalid.one("reason", told)
    made = Deliberation(
        edition_id=edition.id,
        round=place.round.key,
        entry_id=place.entry_id,
        number=1 if earlier is None else earlier.number + 1,
        scope=chosen.value,
        participants=_participants(edition, place, chosen),
        reason=reason,
        state=DeliberationState.OPEN.value,
        before={judge: as_text(own) for judge, own in points.items()},
        opened_at=now,
        opened_by=actor.id,
        leader_id=actor.id,
    )
    session().add(made)
    session().flush()
    line = {
        "round": place.round.key,
        "number": made.number,
        "scope": chosen.value,
        "judges": len(made.participants),
        "awaited": awaited,
    }
    audit.append("deliberation.opened", place.entry_code, line, actor=actor, now=now)
    return made


def lead(
    place: RoomPlace,
    deliberation_id: UUID,
    criterion: str,
    *,
    take: bool = False,
    to: UUID | None = None,
    actor: Actor,
) -> Deliberation:
    """Show a criterion ("" for none) on every screen of the deliberation, or with `to` go to another open one.

    One leads: another is refused until he takes the lead over (`take`). Raises NotFound for what the sheet has not,
    DeliberationClosed, DeliberationRefused.
    """
    require_leader(place.attendee)
    if criterion and criterion not in {one.key for one in place.round.criteria}:
        raise NotFound(_("Phiếu chấm không có tiêu chí này."))
    rooms = {one.id: one for one in _held({deliberation_id} | ({to} if to else set()))}
    here = rooms[deliberation_id]
    _require_open(rooms.values())
    if here.leader_id not in (None, actor.id) and not take:
        raise DeliberationRefused(
            _("Người khác đang điều khiển phần thảo luận này. Bạn hãy nhận điều khiển trước.")
        )
    here.leader_id = actor.id
    here.criterion = criterion
    here.next_entry_id = None
    here.version += 1
    if to is not None and to != here.id:
        there = rooms[to]
        here.next_entry_id = there.entry_id
        there.leader_id, there.next_entry_id = actor.id, None
        there.version += 1
    session().flush()
    return here


def close_deliberation(
    edition: EditionView,
    place: RoomPlace,
    deliberation_id: UUID,
    outcome: str,
    *,
    actor: Actor,
    now: datetime,
) -> Deliberation:
    """Close it with the outcome in words; the points of then are kept beside those of the opening.

    Closing again with the same words changes nothing. Raises Invalid (`outcome`), DeliberationClosed.
    """
    require_leader(place.attendee)
    outcome = fitting("outcome", outcome, OUTCOME_CHARS)
    if not outcome:
        raise Invalid.one("outcome", _("Cần ghi kết luận của phần thảo luận."))
    (held,) = _held({deliberation_id})
    if held.state == DeliberationState.CLOSED and held.outcome == outcome:
        return held
    _require_open([held])
    points = points_of_entry(edition.id, place.round.key, place.entry_id)
    held.state = DeliberationState.CLOSED.value
    held.outcome = outcome
    held.after = {judge: as_text(own) for judge, own in points.items()}
    held.closed_at, held.closed_by = now, actor.id
    held.leader_id = None
    held.version += 1
    session().flush()
    line = {"round": held.round, "number": held.number, "changes": _changes_in(held.id)}
    audit.append("deliberation.closed", place.entry_code, line, actor=actor, now=now)
    return held


@listens_to(EntryWithdrawn)
def end_deliberation(event: EntryWithdrawn) -> None:
    """Nobody comes into the room of an entry that left the contest, so what is open there ends with it.

    The entry is held by who withdraws it, as `open_deliberation` holds it: none can open meanwhile.
    """
    ask = select(Deliberation.id).where(
        Deliberation.entry_id == event.entry_id, Deliberation.state == DeliberationState.OPEN
    )
    for held in _held(set(session().scalars(ask))):
        if held.state != DeliberationState.OPEN:
            continue
        points = points_of_entry(held.edition_id, held.round, held.entry_id)
        held.state = DeliberationState.ENDED.value
        held.after = {judge: as_text(own) for judge, own in points.items()}
        held.closed_at, held.leader_id = event.at, None
        held.version += 1
        session().flush()
        line = {
            "round": held.round,
            "number": held.number,
            "changes": _changes_in(held.id),
            "why": "withdrawn",
        }
        audit.append("deliberation.closed", event.code or "", line, actor=SYSTEM, now=event.at)


def awaited_judges(place: RoomPlace) -> int:
    """How many judges of the entry have neither locked their sheet nor abstained. One query."""
    ask = (
        select(func.count())
        .select_from(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .outerjoin(Sheet, of_sheet())
        .where(Assignment.entry_id == place.entry_id, Assignment.round == place.round.key, is_running())
        .where(Judge.is_active.is_(True), func.coalesce(Sheet.state, SheetState.DRAFT) == SheetState.DRAFT)
    )
    return session().scalars(ask).one()


def require_current(edition: EditionView, place: RoomPlace) -> None:
    """Raise RoundNotOpen when a later round has been opened: what this one gave has been used."""
    if is_later_round_open(edition, place.round.key):
        raise RoundNotOpen(
            _("%(round)s đã kết thúc vì vòng sau đã mở.", round=place.round.name.in_(locale()))
        )


def held_open(deliberation_id: UUID) -> Deliberation:
    """The deliberation, held until the transaction ends; DeliberationClosed when it is not open."""
    (held,) = _held({deliberation_id})
    _require_open([held])
    return held


def fitting(field: str, text: str, most: int) -> str:
    """Words as they are kept; Invalid (`field`) when they are too long."""
    cleaned = clean(text)
    if len(cleaned) > most:
        raise Invalid.one(field, _("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=most))
    return cleaned


def _hold_entry(entry_id: UUID) -> None:
    """Hold the entry until the transaction ends. Raises DeliberationRefused when it has left the contest."""
    ask = select(Entry.state).where(Entry.id == entry_id).with_for_update(key_share=True)
    if session().scalars(ask).one() != State.ACCEPTED:
        raise DeliberationRefused(_("Hồ sơ này vừa rút khỏi kỳ thi nên không thảo luận nữa."))


def _held(ids: set[UUID]) -> list[Deliberation]:
    """In one order, so that two leaders who go to each other's dossier do not wait for one another.

    Their entries first, as who withdraws one does: a change of points points at its entry when it is stored.
    """
    entries = (
        select(Entry.id)
        .where(Entry.id.in_(select(Deliberation.entry_id).where(Deliberation.id.in_(ids))))
        .order_by(Entry.id)
        .with_for_update(read=True, key_share=True)
    )
    session().execute(entries)
    ask = (
        select(Deliberation)
        .where(Deliberation.id.in_(ids))
        .order_by(Deliberation.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(session().scalars(ask))


def _require_open(rooms: Iterable[Deliberation]) -> None:
    if any(one.state != DeliberationState.OPEN for one in rooms):
        raise DeliberationClosed(_("Phần thảo luận này đã kết thúc."))


def _scope(scope: str) -> Scope:
    try:
        return Scope(scope)
    except ValueError:
        raise Invalid.one("scope", _("Bạn hãy chọn những ai cùng thảo luận.")) from None


def _participants(edition: EditionView, place: RoomPlace, scope: Scope) -> list[str]:
    """The numbers of the judges who are asked. Those of the entry always are; who has a conflict with it never is."""
    in_round = select(Assignment.judge_id).where(
        Assignment.edition_id == edition.id, Assignment.round == place.round.key, is_running()
    )
    asked = set(session().scalars(in_round.where(Assignment.entry_id == place.entry_id)))
    if scope is Scope.GROUP:
        asked |= {
            judge for judge, entry in whole_council(edition.id, place.round.key) if entry == place.entry_id
        }
    if scope is Scope.COUNCIL:
        asked |= set(session().scalars(in_round.distinct()))
    asked -= {judge for judge, entry in standing_conflicts(edition.id) if entry == place.entry_id}
    ask = select(Judge.number).where(Judge.id.in_(asked), Judge.is_active.is_(True))
    return in_order(list(session().scalars(ask)))


def _changes_in(deliberation_id: UUID) -> int:
    ask = select(func.count()).where(ScoreChange.deliberation_id == deliberation_id)
    return session().scalars(ask).one()
