"""How a round is assigned: the committee's choices, read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ScalarSelect, case, func, select
from sqlalchemy.orm import aliased

from core.entries.models import Entry
from core.judging.assigning import Ending
from core.judging.models import Assignment, Sheet
from core.judging.plan import Weights
from core.judging.plan_models import RoundSetup
from core.judging.states import SheetState
from core.kernel.db import session


class Assigned(StrEnum):
    """To whom a round is given."""

    WHOLE = "whole"  # every entry to the whole council
    PLAN = "plan"  # every entry to k judges, by a proposal that is issued


class NextBy(StrEnum):
    """Which entry the desk gives a judge next."""

    CODE = "code"
    LEAST = "least"  # that with the fewest finished sheets


@dataclass(frozen=True, slots=True)
class Setup:
    """The choices for a round; what stands here is so where the committee has chosen nothing."""

    way: Assigned = Assigned.WHOLE
    k: int = 3
    least: int = 0
    most: int | None = None
    seed: int = 1
    weights: Weights = field(default_factory=Weights)
    next_by: NextBy = NextBy.CODE


def setup_of(edition_id: UUID, round_key: str) -> Setup:
    """The choices for a round. One query."""
    found = stored_setup(edition_id, round_key)
    if found is None:
        return Setup()
    return Setup(
        way=Assigned(found.way),
        k=found.k,
        least=found.least,
        most=found.most,
        seed=found.seed,
        weights=Weights(near=found.near, none=found.none, load=found.load, spread=found.spread),
        next_by=NextBy(found.next_by),
    )


def stored_setup(edition_id: UUID, round_key: str) -> RoundSetup | None:
    """The row of a round's choices. One query."""
    ask = select(RoundSetup).where(RoundSetup.edition_id == edition_id, RoundSetup.round == round_key)
    return session().scalars(ask).one_or_none()


def is_planned(edition_id: UUID, round_key: str) -> bool:
    """Whether the round is assigned by a plan, and so nobody gets its entries by themselves. One query."""
    return setup_of(edition_id, round_key).way is Assigned.PLAN


def finished_sheets(round_key: str) -> ScalarSelect[int | None]:
    """How many sheets of an entry are locked in a round and count, as a column of a query over `Entry`; null where the
    round is not set to give out what the fewest have finished."""
    other, task = aliased(Sheet), aliased(Assignment)
    is_void = (
        select(task.id)
        .where(task.judge_id == other.judge_id, task.entry_id == other.entry_id, task.round == other.round)
        .where(task.ended_at.is_not(None), task.why == Ending.CONFLICT)
        .correlate(other)
    )
    is_asked = select(RoundSetup.id).where(
        RoundSetup.edition_id == Entry.edition_id,
        RoundSetup.round == round_key,
        RoundSetup.next_by == NextBy.LEAST,
    )
    return (
        select(case((is_asked.correlate(Entry).exists(), func.count(other.id)), else_=None))
        .where(other.entry_id == Entry.id, other.round == round_key, other.state == SheetState.LOCKED)
        .where(~is_void.exists())
        .correlate(Entry)
        .scalar_subquery()
    )
