"""Reserves: who takes over what a judge leaves unfinished. What was locked stays with who locked it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import Ending, Way, assign, is_running, stands
from core.judging.conflict_models import Conflict
from core.judging.council_letters import send_stand_in
from core.judging.council_models import Council, Seat, StandIn
from core.judging.errors import CouncilRefused
from core.judging.events import AssignmentsFreed
from core.judging.models import Assignment, Judge
from core.judging.policies import require_manager, round_of
from core.judging.seating import council_of
from core.judging.seats import SeatRole, SeatState
from core.judging.services.council import held_edition, make_judge
from core.judging.services.seats import access_council, access_seat, is_closed
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.events import listens_to
from core.people.models import Account


@dataclass(frozen=True, slots=True)
class FreedWork:
    """A judge whose entries in a round wait for somebody else: how many."""

    judge_id: UUID
    number: str
    name: str
    entries: int


def freed_work(edition: EditionView, round_key: str) -> list[FreedWork]:
    """What waits for a reserve in a round, by judge. One query."""
    found: dict[UUID, tuple[str, str, int]] = {}
    ask = _freed(edition.id, round_key).add_columns(Judge.number, Account.name)
    ask = ask.join(Account, Account.id == Judge.account_id)
    for judge_id, _entry, _code, number, name in session().execute(ask):
        found[judge_id] = (number, name, found.get(judge_id, ("", "", 0))[2] + 1)
    rows = [FreedWork(key, *rest) for key, rest in found.items()]
    return sorted(rows, key=lambda row: int(row.number[1:]))


def step_in(
    edition: EditionView, round_key: str, number: str, seat_id: UUID, *, actor: Actor, now: datetime
) -> int:
    """Let the reserve of a seat take over exactly what the judge `number` left unfinished; gives how many entries.

    An entry that the reserve judges already, or may not judge for a conflict, is left for another. Raises Forbidden,
    NotFound, CouncilRefused when the seat is no accepted reserve's, the round is closed, or nothing is left.
    """
    require_manager(actor)
    held_edition(edition.id)
    council, seat = access_seat(edition, round_key, seat_id)
    ask = select(Judge.id).where(Judge.edition_id == edition.id, Judge.number == number)
    judge_id = session().scalars(ask).one_or_none()
    if judge_id is None:
        raise NotFound(_("Không có giám khảo này."))
    if seat.role != SeatRole.RESERVE or seat.state != SeatState.ACCEPTED:
        raise CouncilRefused(_("Chỉ người dự khuyết đã nhận lời mới thay được."))
    if is_closed(edition, round_key, now):
        raise CouncilRefused(_("Vòng này đã chấm xong nên không thay người được nữa."))
    taken = _take_over(edition, council, judge_id, seat, actor=actor, now=now)
    if not taken:
        raise CouncilRefused(
            _("Không còn hồ sơ nào của %(number)s mà người này nhận thay được.", number=number)
        )
    return taken


@listens_to(AssignmentsFreed)
def let_reserves_step_in(event: AssignmentsFreed) -> None:
    """Where the committee set it so, the first reserve who is free takes over at once; what he may not judge for a
    conflict of his own goes to the next, and so on.
    """
    keys = [event.round_key] if event.round_key else [one.key for one in event.edition.rules.rounds()]
    for key in keys:
        council = council_of(event.edition.id, key)
        if council is None or not council.reserves_step_in or is_closed(event.edition, key, event.now):
            continue
        for seat in _in_turn(council, event.judge_id):
            _take_over(event.edition, council, event.judge_id, seat, actor=event.actor, now=event.now)


def reserves_of(edition: EditionView, round_key: str) -> list[Seat]:
    """Seats of reserves who accepted, in the order of the council. Two queries."""
    council = access_council(edition, round_key)
    return list(session().scalars(_reserves(council)))


def _take_over(
    edition: EditionView, council: Council, judge_id: UUID, seat: Seat, *, actor: Actor, now: datetime
) -> int:
    freed = {
        entry_id: code
        for _judge, entry_id, code in session().execute(
            _freed(edition.id, council.round).where(Assignment.judge_id == judge_id)
        )
    }
    closed = select(Conflict.entry_id).where(Conflict.account_id == seat.account_id, stands())
    open_to_him = set(freed) - set(session().scalars(closed))
    if not open_to_him:
        return 0
    reserve = make_judge(edition, seat.account_id, actor=actor, now=now)
    if reserve.id == judge_id:
        return 0
    before = _running(reserve.id, council.round)
    wanted = sorted(open_to_him - before)
    assign(edition.id, council.round, [(reserve.id, one) for one in wanted], Way.RESERVE, now=now)
    taken = sorted((_running(reserve.id, council.round) - before) & set(wanted))
    session().add_all(
        StandIn(
            edition_id=edition.id,
            judge_id=judge_id,
            entry_id=one,
            round=council.round,
            reserve_id=reserve.id,
            at=now,
        )
        for one in taken
    )
    session().flush()
    if not taken:
        return 0
    left = session().get_one(Judge, (session().tenant_id, judge_id))
    line = {
        "for": left.number,
        "reserve": reserve.number,
        "entries": sorted(freed[one] or "" for one in taken),
    }
    audit.append("council.stood_in", f"{edition.key}/{council.round}", line, actor=actor, now=now)
    judging_round = round_of(edition, council.round)
    send_stand_in(edition, council, seat, judging_round, len(taken), now=now)
    return len(taken)


def _freed(edition_id: UUID, round_key: str) -> Select[UUID, UUID, str | None]:
    """Judge, entry and code of assignments that ended unfinished and that nobody took over."""
    taken = select(StandIn.id).where(
        StandIn.judge_id == Assignment.judge_id,
        StandIn.entry_id == Assignment.entry_id,
        StandIn.round == Assignment.round,
    )
    return (
        select(Assignment.judge_id, Assignment.entry_id, Entry.code)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(Assignment.edition_id == edition_id, Assignment.round == round_key)
        .where(Assignment.ended_at.is_not(None), Assignment.why.in_((Ending.LEFT, Ending.CONFLICT)))
        .where(Entry.state == State.ACCEPTED, ~taken.exists())
    )


def _running(judge_id: UUID, round_key: str) -> set[UUID]:
    ask = select(Assignment.entry_id).where(
        Assignment.judge_id == judge_id, Assignment.round == round_key, is_running()
    )
    return set(session().scalars(ask))


def _in_turn(council: Council, but: UUID) -> list[Seat]:
    """The reserves in the order in which they are asked: who stands in for nobody yet before who does."""
    seats = list(session().scalars(_reserves(council)))
    ask = (
        select(Judge.account_id)
        .join(StandIn, StandIn.reserve_id == Judge.id)
        .where(StandIn.edition_id == council.edition_id, StandIn.round == council.round)
    )
    busy = set(session().scalars(ask))
    gone = session().scalars(select(Judge.account_id).where(Judge.id == but)).one()
    able = [seat for seat in seats if seat.account_id != gone]
    return sorted(able, key=lambda seat: seat.account_id in busy)


def _reserves(council: Council) -> Select[Seat]:
    return (
        select(Seat)
        .where(Seat.council_id == council.id, Seat.role == SeatRole.RESERVE)
        .where(Seat.state == SeatState.ACCEPTED)
        .order_by(Seat.position)
    )
