"""One entry from one judge to another, by hand: what it would cost, and what it would do that the bounds forbid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.judging.plan.quality import quality_of
from core.judging.plan.values import Cost, Fit, Pair, Problem


@dataclass(frozen=True, slots=True)
class Move:
    """The entry `code` from the judge `leaves` (None: nobody gives it up, it lacks one) to the judge `comes`."""

    code: str
    leaves: str | None
    comes: str


class Doubt(StrEnum):
    """What a move does that a plan would not: it is said, and asked about, before it is done."""

    OVER = "over"  # the judge who gets it has more than the most
    SHORT = "short"  # the judge who gives it up has fewer than the least
    STRANGE = "strange"  # who gets it does not know the field, and who gives it up knows it better
    MORE = "more"  # the entry has more judges than k


class Fault(StrEnum):
    """Why a move cannot be done at all."""

    UNKNOWN = "unknown"  # no such entry or judge, or who gives it up does not have it
    BARRED = "barred"
    THERE = "there"  # who should get it has it already
    SCORED = "scored"  # who should give it up has a sheet for it


@dataclass(frozen=True, slots=True)
class Effect:
    """The plan after a move, its cost before and after, and the doubts about it."""

    pairs: tuple[Pair, ...]
    before: Cost
    after: Cost
    doubts: tuple[Doubt, ...]

    @property
    def points(self) -> int:
        """By how many points the move makes the plan dearer; negative when cheaper."""
        return self.after.points - self.before.points


def fault_of(problem: Problem, pairs: Iterable[Pair], move: Move) -> Fault | None:
    """Why the move cannot be done, or None."""
    held = set(pairs)
    codes, numbers = {one.code for one in problem.entries}, {one.number for one in problem.judges}
    leaving = None if move.leaves is None else (move.code, move.leaves)
    if move.code not in codes or move.comes not in numbers or (leaving is not None and leaving not in held):
        return Fault.UNKNOWN
    if leaving in problem.kept:
        return Fault.SCORED
    if (move.code, move.comes) in held:
        return Fault.THERE
    return Fault.BARRED if (move.code, move.comes) in problem.barred else None


def effect_of(problem: Problem, pairs: Iterable[Pair], move: Move) -> Effect:
    """What the move does. It must be without fault."""
    held = set(pairs)
    after = (held - {(move.code, move.leaves or "")}) | {(move.code, move.comes)}
    return Effect(
        pairs=tuple(sorted(after)),
        before=quality_of(problem, held).cost,
        after=quality_of(problem, after).cost,
        doubts=tuple(_doubts(problem, after, move)),
    )


def _doubts(problem: Problem, after: set[Pair], move: Move) -> Iterable[Doubt]:
    loads = Counter(number for _code, number in after)
    entry = next(one for one in problem.entries if one.code == move.code)
    judges = {one.number: one for one in problem.judges}
    if problem.most is not None and loads[move.comes] > problem.most:
        yield Doubt.OVER
    if move.leaves is not None and loads[move.leaves] < problem.least:
        yield Doubt.SHORT
    knew = move.leaves is not None and judges[move.leaves].fit(entry.field) is not Fit.NONE
    if judges[move.comes].fit(entry.field) is Fit.NONE and (knew or move.leaves is None):
        yield Doubt.STRANGE
    if sum(code == move.code for code, _number in after) + entry.done > problem.k:
        yield Doubt.MORE
