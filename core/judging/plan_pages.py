"""What the pages of a round's assignment show, computed once from the situation and the proposal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.judging.bars import Bar
from core.judging.plan import Effect, Fit, Lack, Move, Pair, Problem, Quality, effect_of, fault_of, quality_of
from core.judging.queries.planning import Situation

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Seat:
    """A judge at an entry: how well he knows its field, whether he has a sheet, whether by hand."""

    number: str
    name: str
    fit: Fit
    has_sheet: bool
    by_hand: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry of the plan with its judges, and what it lacks."""

    code: str
    title: str
    field: str | None
    seats: tuple[Seat, ...]
    lack: Lack | None

    @property
    def is_movable(self) -> bool:
        """Whether a judge could give it up: one without a sheet."""
        return not all(seat.has_sheet for seat in self.seats)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A judge who could get an entry: his load now, how well he knows the field, what the move would do.

    `bar`: why he cannot; then there is no effect.
    """

    number: str
    name: str
    load: int
    fit: Fit
    bar: Bar | None
    effect: Effect | None


def entry_rows(
    here: Situation, pairs: Iterable[Pair], by_hand: Iterable[Pair], quality: Quality
) -> list[EntryRow]:
    """Every entry with its judges, by code."""
    problem, hand = here.problem, set(by_hand)
    judges = {one.number: one for one in problem.judges}
    seats: dict[str, list[str]] = defaultdict(list)
    for code, number in pairs:
        if number in judges:
            seats[code].append(number)
    lacks = {one.code: one for one in quality.lacks}
    return [
        EntryRow(
            entry.code,
            here.titles[entry.code],
            entry.field,
            tuple(
                Seat(
                    number,
                    here.names[number],
                    judges[number].fit(entry.field),
                    has_sheet=(entry.code, number) in problem.kept,
                    by_hand=(entry.code, number) in hand,
                )
                for number in sorted(seats[entry.code], key=lambda number: int(number[1:]))
            ),
            lacks.get(entry.code),
        )
        for entry in problem.entries
    ]


def candidates(here: Situation, pairs: Iterable[Pair], code: str, leaves: str | None) -> list[Candidate]:
    """Everybody who does not have the entry: who may get it first, the cheapest before, then who may not."""
    problem, held = here.problem, set(pairs)
    loads = dict(quality_of(problem, held).loads)
    field = next(one.field for one in problem.entries if one.code == code)
    found = []
    for judge in problem.judges:
        if (code, judge.number) in held:
            continue
        move = Move(code, leaves, judge.number)
        fits = fault_of(problem, held, move) is None
        found.append(
            Candidate(
                judge.number,
                here.names[judge.number],
                loads[judge.number],
                judge.fit(field),
                here.bars.get((code, judge.number)),
                effect_of(problem, held, move) if fits else None,
            )
        )
    return sorted(found, key=_cheapest)


def _cheapest(one: Candidate) -> tuple[bool, int, int, int]:
    effect = one.effect
    doubts = 0 if effect is None else len(effect.doubts)
    return effect is None, doubts, 0 if effect is None else effect.points, int(one.number[1:])


def share_of(quality: Quality) -> Mapping[Fit, int]:
    """Percent of the assignments by fit, rounded down."""
    return {fit: count * 100 // max(quality.pairs, 1) for fit, count in quality.fits}


def is_told(problem: Problem) -> bool:
    """Whether anybody has said which fields he knows."""
    return any(one.knows or one.near for one in problem.judges)
