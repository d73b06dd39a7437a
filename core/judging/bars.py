"""Which judge may not be given which entry, and why. Rooms and modules that know a reason register it here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from core.entries.models import Entry
from core.judging.assigning import standing_conflicts, under_conflict, whole_council
from core.judging.models import Assignment, Judge, RoundEntry, Sheet
from core.judging.states import SheetState
from core.kernel.db import session

JudgeAndEntry = tuple[UUID, UUID]
Conflicts = Callable[[UUID], Iterable[JudgeAndEntry]]

_conflicts: list[Conflicts] = []


class Bar(StrEnum):
    """Why a judge may not be given an entry; where there are several reasons, the first."""

    OWN = "own"  # he handed it in
    CONFLICT = "conflict"
    ABSTAINED = "abstained"
    GROUP = "group"  # it belongs to another group of the council


def tells_conflicts(function: Conflicts) -> Conflicts:
    """Register a function that gives the (judge, entry) pairs of an edition that are in conflict."""
    if function not in _conflicts:
        _conflicts.append(function)
    return function


@tells_conflicts
def ended_for_conflict(edition_id: UUID) -> Iterable[JudgeAndEntry]:
    """Assignments that ended for a conflict, in whichever round: the conflict is one of persons. One query."""
    ask = select(Assignment.judge_id, Assignment.entry_id)
    rows = session().execute(ask.where(Assignment.edition_id == edition_id, under_conflict()))
    return [(row.judge_id, row.entry_id) for row in rows]


@tells_conflicts
def standing(edition_id: UUID) -> Iterable[JudgeAndEntry]:
    """Conflicts that are confirmed, or declared and not decided on, of judges of the edition. One query."""
    return standing_conflicts(edition_id)


def barred_pairs(edition_id: UUID, round_key: str) -> dict[JudgeAndEntry, Bar]:
    """Every pair of an active judge and an entry of the round that may not be, with the reason.

    A fixed number of queries: eight, and what those who registered ask.
    """
    judges = session().scalars(
        select(Judge.id).where(Judge.edition_id == edition_id, Judge.is_active.is_(True))
    )
    in_round = select(RoundEntry.entry_id).where(
        RoundEntry.edition_id == edition_id, RoundEntry.round == round_key
    )
    entries = list(session().scalars(in_round))
    together = set(whole_council(edition_id, round_key))
    barred: dict[JudgeAndEntry, Bar] = {
        (judge, entry): Bar.GROUP for judge in judges for entry in entries if (judge, entry) not in together
    }
    barred |= dict.fromkeys(_abstained(edition_id, round_key), Bar.ABSTAINED)
    return barred | conflicts_of(edition_id)


def conflicts_of(edition_id: UUID) -> dict[JudgeAndEntry, Bar]:
    """The pairs of an edition that are in conflict, in whichever round: one's own entry, or what is told of."""
    barred: dict[JudgeAndEntry, Bar] = {}
    for told in _conflicts:
        barred |= dict.fromkeys(told(edition_id), Bar.CONFLICT)
    return barred | dict.fromkeys(_own(edition_id), Bar.OWN)


def _abstained(edition_id: UUID, round_key: str) -> list[JudgeAndEntry]:
    ask = select(Sheet.judge_id, Sheet.entry_id).where(
        Sheet.edition_id == edition_id, Sheet.round == round_key, Sheet.state == SheetState.ABSTAINED
    )
    return [(row.judge_id, row.entry_id) for row in session().execute(ask)]


def _own(edition_id: UUID) -> list[JudgeAndEntry]:
    ask = (
        select(Judge.id, Entry.id)
        .join(Entry, Entry.owner_id == Judge.account_id)
        .where(Judge.edition_id == edition_id, Entry.edition_id == edition_id)
    )
    return [(row[0], row[1]) for row in session().execute(ask)]
