"""Which entries their judges see so differently that the council should talk about them. Pure.

The family's practice (the youth contest of Bình Định, 2021): where the scores of the judges diverge, the whole group
discusses the entry and scores it again. No document says from how much on; the limit is a setting of the edition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.judging.values import LockedSheet
from core.plugin_api import Round, exact_sum


@dataclass(frozen=True, slots=True)
class Spread:
    """How far apart the judges are on one thing: the lowest and the highest points, out of `maximum`."""

    lowest: Decimal
    highest: Decimal
    maximum: Decimal

    @property
    def points(self) -> Decimal:
        """Highest minus lowest."""
        return self.highest - self.lowest

    def exceeds(self, percent: int) -> bool:
        """Whether the difference is more than `percent` of the maximum."""
        return self.points * 100 > self.maximum * percent


@dataclass(frozen=True, slots=True)
class Divergence:
    """One entry with two or more locked sheets: the spread of the totals, and of each criterion by its key."""

    entry: str
    sheets: int
    total: Spread
    criteria: Mapping[str, Spread]

    def over(self, percent: int) -> tuple[str, ...]:
        """The criteria whose spread exceeds `percent` of their maximum, in the order of the sheet."""
        return tuple(key for key, spread in self.criteria.items() if spread.exceeds(percent))


def divergences(judging_round: Round, sheets: Iterable[LockedSheet]) -> list[Divergence]:
    """Every entry of the round with two locked sheets or more, the widest spread of totals first, then by code.

    Whose total diverges and on which criterion does not follow from one another: judges may agree on the sum and
    differ in all its parts.
    """
    by_entry: dict[str, list[LockedSheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.round == judging_round.key:
            by_entry[sheet.entry].append(sheet)
    found = [_divergence(judging_round, entry, own) for entry, own in by_entry.items() if len(own) > 1]
    return sorted(found, key=lambda one: (-one.total.points, one.entry))


def to_deliberate(found: Iterable[Divergence], percent: int) -> list[Divergence]:
    """Those whose totals, or whose points on a criterion, are further apart than `percent` of the maximum."""
    return [one for one in found if one.total.exceeds(percent) or one.over(percent)]


def _divergence(judging_round: Round, entry: str, sheets: Sequence[LockedSheet]) -> Divergence:
    totals = [exact_sum(sheet.scores.values()) for sheet in sheets]
    criteria = {
        one.key: _spread([sheet.scores[one.key] for sheet in sheets], one.maximum)
        for one in judging_round.criteria
    }
    return Divergence(entry, len(sheets), _spread(totals, judging_round.maximum), criteria)


def _spread(points: Sequence[Decimal], maximum: Decimal) -> Spread:
    return Spread(min(points), max(points), maximum)
