"""Who is to judge what: the assignments of a round, as everything else in this room reads and writes them.

An assignment says that a judge is to judge an entry in a round. The judge's queue, what he may open, how far a round
is and what is still awaited all follow from it. It ends when the judge leaves, has a conflict or is replaced; it is
kept, with the reason, since the log and the minutes name it. Locked sheets of who left count, those under a conflict
do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import aliased

from core.entries.barring import bars
from core.entries.models import Entry
from core.judging.conflict_models import Conflict
from core.judging.conflict_values import ConflictState, How
from core.judging.models import Assignment, Judge, RoundEntry, Sheet
from core.judging.seating import council_of, pledge_missing, seated_pairs
from core.judging.stale import touch_locked
from core.judging.states import SheetState
from core.kernel.db import session


class Way(StrEnum):
    """How an assignment came about."""

    WHOLE = "whole"  # the whole council judges every entry of the round
    PLAN = "plan"  # a proposal that was issued
    HAND = "hand"  # the committee, one by one
    RESERVE = "reserve"  # in the place of somebody who left


class Ending(StrEnum):
    """Why an assignment ended."""

    LEFT = "left"
    CONFLICT = "conflict"
    MOVED = "moved"


def is_running() -> ColumnElement[bool]:
    """The criterion of assignments that have not ended."""
    return Assignment.ended_at.is_(None)


def under_conflict() -> ColumnElement[bool]:
    """The criterion of assignments that ended for a conflict: a sheet under them counts for nothing."""
    return and_(Assignment.ended_at.is_not(None), Assignment.why == Ending.CONFLICT)


def of_sheet() -> ColumnElement[bool]:
    """For joining: the assignment of a sheet."""
    return and_(
        Sheet.judge_id == Assignment.judge_id,
        Sheet.entry_id == Assignment.entry_id,
        Sheet.round == Assignment.round,
    )


def assign(
    edition_id: UUID, round_key: str, pairs: Iterable[tuple[UUID, UUID]], way: Way, *, now: datetime
) -> int:
    """Assign each (judge, entry) that is not assigned yet; one that ended because somebody left or was moved runs
    again, one under a conflict does not. Gives how many run that did not before. Three queries and the writing.

    Of a judge with a conflict the assignment is kept as ended, so that it runs when the conflict is dismissed.
    The caller holds the edition, so that nobody assigns at the same time.
    """
    wanted = set(pairs)
    stored = session().scalars(
        select(Assignment).where(Assignment.edition_id == edition_id, Assignment.round == round_key)
    )
    known = {(one.judge_id, one.entry_id): one for one in stored}
    closed = standing_conflicts(edition_id)
    ended = {
        pair: one
        for pair, one in known.items()
        if pair in wanted and one.ended_at is not None and one.why != Ending.CONFLICT
    }
    again = [one for pair, one in ended.items() if pair not in closed]
    for one in again:
        one.ended_at, one.why, one.way, one.at = None, "", way.value, now
    for pair in ended.keys() & closed:
        ended[pair].why = Ending.CONFLICT.value
    new = sorted(wanted - known.keys())
    session().add_all(
        Assignment(
            edition_id=edition_id,
            judge_id=judge_id,
            entry_id=entry_id,
            round=round_key,
            way=way.value,
            at=now,
            ended_at=now if (judge_id, entry_id) in closed else None,
            why=Ending.CONFLICT.value if (judge_id, entry_id) in closed else "",
        )
        for judge_id, entry_id in new
    )
    session().flush()
    return len(set(new) - closed) + len(again)


def stands(of: type[Conflict] = Conflict) -> ColumnElement[bool]:
    """The criterion of conflicts that keep a person from a dossier: confirmed, or declared and not decided on yet."""
    return or_(
        of.state == ConflictState.CONFIRMED,
        and_(of.how == How.DECLARED, of.state == ConflictState.OPEN),
    )


@bars
def conflicted(account_id: ColumnElement[UUID], tenant_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """The condition on `Entry` that the account has a conflict with it."""
    own = aliased(Conflict)  # another than the one of a query over conflicts
    has_it = select(own.entry_id).where(own.tenant_id == tenant_id, own.account_id == account_id, stands(own))
    return Entry.id.in_(has_it)


def standing_conflicts(edition_id: UUID) -> set[tuple[UUID, UUID]]:
    """(judge, entry) of the conflicts that stand in an edition. One query."""
    ask = (
        select(Judge.id, Conflict.entry_id)
        .join(Conflict, and_(Conflict.tenant_id == Judge.tenant_id, Conflict.account_id == Judge.account_id))
        .where(Judge.edition_id == edition_id, Conflict.edition_id == edition_id, stands())
    )
    return {(row[0], row[1]) for row in session().execute(ask)}


def end(
    why: Ending,
    *,
    now: datetime,
    judge_id: UUID | None = None,
    entry_id: UUID | None = None,
    round_key: str | None = None,
) -> int:
    """End the running assignments of a judge, of an entry, or of both; in one round or in all. Gives how many.

    For `LEFT` and `MOVED` those whose sheet is locked or abstained from run on: that work is done and stands.
    """
    if judge_id is None and entry_id is None:
        raise ValueError("an ending names a judge or an entry")
    statement = update(Assignment).where(is_running())
    if judge_id is not None:
        statement = statement.where(Assignment.judge_id == judge_id)
    if entry_id is not None:
        statement = statement.where(Assignment.entry_id == entry_id)
    if round_key is not None:
        statement = statement.where(Assignment.round == round_key)
    if why is not Ending.CONFLICT:
        done = select(Sheet.id).where(of_sheet(), Sheet.state != SheetState.DRAFT)
        statement = statement.where(~done.exists())
    ended = session().execute(
        statement.values(ended_at=now, why=why.value), execution_options={"synchronize_session": False}
    )
    session().expire_all()
    if why is Ending.CONFLICT:
        touch_locked(judge_id, entry_id, round_key)
    return int(ended.rowcount)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What a judge took over: how many assignments he has now, and the entries that he may not judge himself."""

    count: int
    refused: tuple[UUID, ...]


def take_over(
    from_judge: UUID,
    to_judge: UUID,
    *,
    now: datetime,
    round_key: str | None = None,
    entry_id: UUID | None = None,
) -> TakenOver:
    """Give what one judge has not finished to another of the same edition (`Way.RESERVE`); what is locked or abstained
    from stays with the first and counts.

    Taken are assignments that run, and those that ended because he left; with `entry_id`, that entry alone, and also
    where it ended for a conflict, since no sheet of his counts there. Done again, it does nothing. What the second may
    not judge for a conflict of his own stays where it is and is named. The caller holds the edition.
    """
    first, second = _judge(from_judge), _judge(to_judge)
    if first.edition_id != second.edition_id or first.id == second.id:
        raise ValueError("an assignment is taken over by another judge of the same edition")
    finished = select(Sheet.id).where(of_sheet(), Sheet.state != SheetState.DRAFT).exists()
    left = and_(Assignment.ended_at.is_not(None), Assignment.why == Ending.LEFT)
    takeable = and_(or_(is_running(), left), ~finished)
    if entry_id is not None:
        takeable = or_(takeable, under_conflict())
    ask = select(Assignment).where(Assignment.judge_id == first.id, takeable)
    if round_key is not None:
        ask = ask.where(Assignment.round == round_key)
    if entry_id is not None:
        ask = ask.where(Assignment.entry_id == entry_id)
    taken = list(session().scalars(ask))
    from core.judging.bars import conflicts_of  # what bars somebody stands on what is assigned

    barred = {entry for judge, entry in conflicts_of(second.edition_id) if judge == second.id}
    count = 0
    for key in sorted({one.round for one in taken}):
        pairs = [
            (second.id, one.entry_id) for one in taken if one.round == key and one.entry_id not in barred
        ]
        count += assign(second.edition_id, key, pairs, Way.RESERVE, now=now)
    for one in taken:
        if one.entry_id not in barred and one.why != Ending.CONFLICT:
            one.ended_at, one.why = one.ended_at or now, Ending.MOVED.value
    session().flush()
    return TakenOver(count, tuple(sorted({one.entry_id for one in taken} & barred)))


def _judge(judge_id: UUID) -> Judge:
    return session().scalars(select(Judge).where(Judge.id == judge_id)).one()


def resume(judge_id: UUID, entry_id: UUID, *, now: datetime) -> int:
    """Let the assignments that ended for a conflict run again: it was dismissed. Gives how many.

    Of a judge who left meanwhile only what he had finished stands again.
    """
    ended = session().execute(
        update(Assignment)
        .where(Assignment.judge_id == judge_id, Assignment.entry_id == entry_id, under_conflict())
        .values(ended_at=None, why=""),
        execution_options={"synchronize_session": False},
    )
    session().expire_all()
    touch_locked(judge_id, entry_id)
    if not session().scalars(select(Judge.is_active).where(Judge.id == judge_id)).one():
        end(Ending.LEFT, judge_id=judge_id, entry_id=entry_id, now=now)
    return int(ended.rowcount)  # type: ignore[attr-defined]


def whole_council(edition_id: UUID, round_key: str) -> list[tuple[UUID, UUID]]:
    """Each judge with each entry of the round that is his to judge: where the round has a council, those who sit in
    it, by their groups; else everybody who is active. Seven queries at most."""
    ask = (
        select(RoundEntry.entry_id, Entry.field)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .where(RoundEntry.edition_id == edition_id, RoundEntry.round == round_key)
    )
    entries = {row.entry_id: row.field for row in session().execute(ask)}
    council = council_of(edition_id, round_key)
    if council is not None:
        return seated_pairs(council, entries)
    judges = list(
        session().scalars(select(Judge.id).where(Judge.edition_id == edition_id, Judge.is_active.is_(True)))
    )
    return [(judge, entry) for judge in judges for entry in entries]


def is_assigned(account_id: UUID, entry: Entry) -> bool:
    """Whether the account is to judge the entry in any round and owes no pledge there. One query."""
    ask = (
        select(Assignment.id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(Judge.account_id == account_id, Judge.is_active.is_(True))
        .where(Assignment.entry_id == entry.id, is_running(), ~pledge_missing(account_id))
    )
    return session().scalars(ask.limit(1)).first() is not None


def counts_or_awaited() -> ColumnElement[bool]:
    """The criterion of sheets, joined to their assignment and judge, that stand for something: locked and not under a
    conflict, or of somebody who is still to finish."""
    return or_(
        and_(Sheet.state == SheetState.LOCKED, ~under_conflict()),
        and_(is_running(), Judge.is_active.is_(True)),
    )
