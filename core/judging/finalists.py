"""Who goes on to the next round: a pure function over frozen values. Nothing is left to chance.

The rules' threshold comes first; where the committee has set how many go on, the best of each group do. Entries that
tie for the last place all go on, or wait until the committee decides on each with a reason. A decision of the
committee goes before everything else, and is told as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Ties(StrEnum):
    """What becomes of entries that tie for the last place."""

    ALL = "all"  # all of them go on
    DECIDE = "decide"  # the committee decides on each


class ByRules(StrEnum):
    """What the rules alone say of an entry."""

    PASSES = "passes"
    BORDER = "border"  # ties for the last place
    BEYOND = "beyond"  # reached the threshold, and others are better
    BELOW = "below"  # under the threshold
    UNJUDGED = "unjudged"  # no locked sheet


class Verdict(StrEnum):
    """What the committee says of an entry."""

    IN = "in"
    OUT = "out"
    RULES = "rules"  # as the rules say: takes a decision back


@dataclass(frozen=True, slots=True)
class Selection:
    """How many go on, from the whole round or from each field; None: all who reach the threshold.

    `sheets` is how many locked sheets an entry should have; `basis` names the document that says so.
    """

    most: int | None = None
    by_field: bool = False
    ties: Ties = Ties.ALL
    sheets: int = 1
    basis: str = ""
    revision: int = 0

    @property
    def is_official(self) -> bool:
        """Whether a document says so, or there is nothing to say."""
        return bool(self.basis) or self.most is None


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry after the earlier round: its jury part there, None without a locked sheet, and how many sheets."""

    code: str
    title: str
    field: str | None
    total: Decimal | None
    sheets: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What the committee decided on an entry, why, who and when."""

    verdict: Verdict
    reason: str
    by_name: str
    at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with its place in its group, what the rules say, and what becomes of it; `goes_on` None waits for the
    committee. `is_short`: fewer locked sheets than there should be."""

    judged: Judged
    place: int | None
    by_rules: ByRules
    choice: Choice | None
    goes_on: bool | None
    is_short: bool


def sort_out(
    rows: Iterable[Judged],
    selection: Selection,
    threshold: Decimal | None,
    choices: Mapping[str, Choice],
) -> tuple[Candidate, ...]:
    """Each entry with what becomes of it, best first; among equals by code."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for row in rows:
        groups[(row.field or "") if selection.by_field else ""].append(row)
    found = [one for group in groups.values() for one in _group(group, selection, threshold, choices)]
    return tuple(sorted(found, key=lambda one: (-_points(one.judged), one.judged.code)))


def _group(
    rows: list[Judged], selection: Selection, threshold: Decimal | None, choices: Mapping[str, Choice]
) -> Iterable[Candidate]:
    totals = [row.total for row in rows if row.total is not None]
    reached = sorted((one for one in totals if threshold is None or one >= threshold), reverse=True)
    last, is_tied = _border(reached, selection.most)
    for row in rows:
        by_rules = _by_rules(row.total, threshold, last, is_tied=is_tied)
        choice = choices.get(row.code)
        if choice is not None and choice.verdict is Verdict.RULES:
            choice = None
        yield Candidate(
            judged=row,
            place=None if row.total is None else 1 + sum(1 for one in totals if one > row.total),
            by_rules=by_rules,
            choice=choice,
            goes_on=_goes_on(by_rules, selection.ties) if choice is None else choice.verdict is Verdict.IN,
            is_short=row.sheets < selection.sheets,
        )


def _border(reached: list[Decimal], most: int | None) -> tuple[Decimal | None, bool]:
    """The points of the last place, None where there are places for all, and whether more tie for it than fit."""
    if most is None or len(reached) <= most:
        return None, False
    last = reached[most - 1]
    return last, reached[most] == last


def _by_rules(
    total: Decimal | None, threshold: Decimal | None, last: Decimal | None, *, is_tied: bool
) -> ByRules:
    if total is None:
        return ByRules.UNJUDGED
    if threshold is not None and total < threshold:
        return ByRules.BELOW
    if last is None or total > last:
        return ByRules.PASSES
    if total < last:
        return ByRules.BEYOND
    return ByRules.BORDER if is_tied else ByRules.PASSES


def _goes_on(by_rules: ByRules, ties: Ties) -> bool | None:
    if by_rules is ByRules.BORDER:
        return True if ties is Ties.ALL else None
    return by_rules is ByRules.PASSES


def _points(row: Judged) -> Decimal:
    return Decimal(-1) if row.total is None else row.total
