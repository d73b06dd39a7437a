"""How much of the difference between two entries may be chance. Pure and exact.

A total is taken as a level of the entry, a level of the judge (strict or generous) and a rest: the two-way additive
model, fitted by least squares to whatever judges have scored, each of them all entries or some (S. R. Searle, Linear
Models, 1971, chapters 7 and 10). The rest is what judges disagree by; how strict a judge is is no noise between two
entries that he scored both, and is between entries of different judges (relative error in R. L. Brennan,
Generalizability Theory, 2001, chapters 3 and 7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

JudgeAndEntry = tuple[str, str]
Cells = Mapping[str, Mapping[str, Fraction]]
"""One of the two → the other of the two → the total."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Two variances in squared points: of the `rest` of one sheet, and of the judges' `severity`."""

    rest: Fraction
    severity: Fraction

    def between(self, first: AbstractSet[str], second: AbstractSet[str]) -> Fraction:
        """The variance of the difference of two entries' means, by the judges of each: the rest of all their sheets,
        and the severity of those whose weight in the two means differs."""
        one, other, both = len(first), len(second), len(first & second)
        apart = Fraction(1, one) + Fraction(1, other) - Fraction(2 * both, one * other)
        return self.rest * (Fraction(1, one) + Fraction(1, other)) + self.severity * apart

    def around(self, judges: AbstractSet[str], shares: Mapping[str, Fraction]) -> Fraction:
        """The variance of an entry's mean beside what all judges, each by his share of the sheets, would give."""
        apart = (
            Fraction(1, len(judges))
            - 2 * sum((shares[one] for one in judges), Fraction(0)) / len(judges)
            + sum((share**2 for share in shares.values()), Fraction(0))
        )
        return self.rest / len(judges) + self.severity * apart

    def alone(self, sheets: int) -> Fraction:
        """The variance of an entry's mean beside a fixed number of points: severity does not cancel there."""
        return (self.rest + self.severity) / sheets


def noise_of(totals: Mapping[JudgeAndEntry, Decimal]) -> Noise | None:
    """The noise of a round from its totals; None while no sheet is left to tell it by.

    Sheets tell it that go beyond one for each entry and each judge, less one for each group of entries and judges that
    have nothing in common with the others. Severity is by the fitting of constants (Henderson's method 3), 0 where
    that is below.
    """
    by_entry, by_judge = _cells(totals)
    tied = _components(totals)
    freedom = len(totals) - len(by_entry) - len(by_judge) + tied
    if freedom < 1:
        return None
    within = _within(by_entry)
    fewer, more = (by_judge, by_entry) if len(by_judge) <= len(by_entry) else (by_entry, by_judge)
    left = _within(more) - _explained(fewer, more)
    rest = left / freedom
    severity = (within - left - (len(by_judge) - tied) * rest) / (len(totals) - len(by_entry))
    return Noise(rest, max(severity, Fraction(0)))


def _cells(
    totals: Mapping[JudgeAndEntry, Decimal],
) -> tuple[dict[str, dict[str, Fraction]], dict[str, dict[str, Fraction]]]:
    by_entry: dict[str, dict[str, Fraction]] = defaultdict(dict)
    by_judge: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for (judge, entry), total in totals.items():
        by_entry[entry][judge] = by_judge[judge][entry] = Fraction(total)
    return by_entry, by_judge


def _components(pairs: Iterable[JudgeAndEntry]) -> int:
    """How many groups of judges and entries have nothing in common with one another."""
    above: dict[tuple[str, str], tuple[str, str]] = {}

    def top(one: tuple[str, str]) -> tuple[str, str]:
        while above.setdefault(one, one) != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    for judge, entry in pairs:
        above[top(("judge", judge))] = top(("entry", entry))
    return sum(1 for one, other in above.items() if one == other)


def _within(cells: Cells) -> Fraction:
    """The squares around the mean of each row, added up."""
    found = Fraction(0)
    for row in cells.values():
        total = sum(row.values(), Fraction(0))
        found += sum((one**2 for one in row.values()), Fraction(0)) - total**2 / len(row)
    return found


def _explained(levels: Cells, rows: Cells) -> Fraction:
    """What of the squares within `rows` the `levels` account for: q′C⁻q of the reduced normal equations C·b = q, where
    C = diag(sheets of a level) − N′·diag(1 ÷ sheets of a row)·N and q = each level's totals less the means of their
    rows. In whole numbers: C and q are multiplied by what clears their denominators.
    """
    clear = lcm(*(len(row) for row in rows.values()))
    unit = lcm(*(one.denominator for row in rows.values() for one in row.values()))
    place = {one: number for number, one in enumerate(sorted(levels))}
    matrix = [[0] * len(place) for _one in place]
    right = [0] * len(place)
    for row in rows.values():
        share = clear // len(row)
        mean = int(sum(row.values(), Fraction(0)) * unit) * share
        for level, total in row.items():
            at = place[level]
            matrix[at][at] += clear
            right[at] += int(total * unit) * clear - mean
            for other in row:
                matrix[at][place[other]] -= share
    return _quadratic(matrix, right) * clear / (clear * unit) ** 2


def _quadratic(matrix: list[list[int]], right: list[int]) -> Fraction:
    """q′C⁻q for the symmetric C of whole numbers, which both are used up: each step's q² ÷ pivot, added up.

    The elimination stays within whole numbers (E. H. Bareiss, Mathematics of Computation 22, 1968). A pivot of 0 is
    the last level of a component: it follows from the others, and nothing is left in its row.
    """
    found, before = Fraction(0), 1
    for at, row in enumerate(matrix):
        pivot, own = row[at], right[at]
        if not pivot:
            continue
        found += Fraction(own**2, before * pivot)
        for lower in range(at + 1, len(matrix)):
            factor, target = row[lower], matrix[lower]
            right[lower] = (right[lower] * pivot - factor * own) // before
            for column in range(lower, len(matrix)):
                target[column] = (target[column] * pivot - factor * row[column]) // before
        before = pivot
    return found
