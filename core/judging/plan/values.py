"""What a plan is made from and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Pair = tuple[str, str]
"""Code of an entry, number of a judge."""


class Fit(StrEnum):
    """How well a judge knows a field. Who has said nothing of a field does not know it."""

    MATCH = "match"
    NEAR = "near"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much, in whole penalty points: no document says, so they are settings ("minh họa").

    `near` and `none`: a judge who knows the field somewhat, or not. `load`: a judge with n entries costs load × n².
    `spread`: a judge with m entries of one field costs spread × m², so that no field hangs on one pair of eyes.
    """

    near: int = 20
    none: int = 100
    load: int = 2
    spread: int = 1

    def of(self, fit: Fit) -> int:
        """The penalty of one assignment."""
        return {Fit.MATCH: 0, Fit.NEAR: self.near, Fit.NONE: self.none}[fit]


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """An entry by its code; one without a field suits everybody.

    `done`: how many who are no longer in the council have scored it; they count towards k.
    """

    code: str
    field: str | None = None
    done: int = 0


@dataclass(frozen=True, slots=True)
class PlanJudge:
    """A judge by number, with the fields that he knows or is near to."""

    number: str
    knows: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()

    def fit(self, field: str | None) -> Fit:
        """How well he knows a field."""
        if field is None or field in self.knows:
            return Fit.MATCH
        return Fit.NEAR if field in self.near else Fit.NONE


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan follows from.

    `barred` pairs are never assigned (a conflict, another group's field). `kept` pairs have a sheet already and stay.
    `k` judges for each entry; each judge has at least `least` and at most `most` entries, kept ones among them.
    `seed` decides between plans of the same cost: entries and judges are taken in the order of SHA-256(seed, name).
    """

    entries: tuple[PlanEntry, ...]
    judges: tuple[PlanJudge, ...]
    k: int
    barred: frozenset[Pair] = frozenset()
    kept: frozenset[Pair] = frozenset()
    least: int = 0
    most: int | None = None
    weights: Weights = Weights()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Lack:
    """An entry that gets `missing` judges too few; `free` are how many may judge it at all."""

    code: str
    missing: int
    free: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The pairs of a plan in order, kept ones among them, and the entries that lack judges."""

    pairs: tuple[Pair, ...]
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """What a plan costs, the weightier first: `missing` (triangular numbers of lacking judges: two at one entry are
    worse than one at each of two), `short` (entries that judges lack to their least load), then `points`."""

    missing: int
    short: int
    points: int


@dataclass(frozen=True, slots=True)
class Quality:
    """The figures of a plan. `loads` by judge in order, `fits` how many pairs of each kind, `forbidden` always 0."""

    cost: Cost
    loads: tuple[tuple[str, int], ...]
    fits: tuple[tuple[Fit, int], ...]
    lacks: tuple[Lack, ...]
    forbidden: int
    over: tuple[str, ...]
    short: tuple[str, ...]

    @property
    def pairs(self) -> int:
        """How many assignments there are."""
        return sum(load for _judge, load in self.loads)

    @property
    def least(self) -> int:
        """The smallest load."""
        return min((load for _judge, load in self.loads), default=0)

    @property
    def most(self) -> int:
        """The largest load."""
        return max((load for _judge, load in self.loads), default=0)

    @property
    def mean(self) -> Fraction:
        """The mean load, exactly."""
        return Fraction(self.pairs, len(self.loads)) if self.loads else Fraction(0)
