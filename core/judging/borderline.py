"""Where one more judge would matter most: the entries that lie so near the line of a choice that chance decides. Pure.

The line is that of the choice which a round is for: so many places, from all entries or from each field, or a number
of points that must be reached (`core.judging.finalists`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.judging.noise import Noise
from core.judging.statistics import SURE, EntryFigures, is_within_noise


@dataclass(frozen=True, slots=True)
class Line:
    """Who is chosen: the best `places` among those who reach `threshold`; None of the two: that limit is not set.

    `by_field` says that there are so many places in each field.
    """

    places: int | None = None
    threshold: Decimal | None = None
    by_field: bool = False

    @property
    def is_drawn(self) -> bool:
        """Whether anybody can be left out at all."""
        return self.places is not None or self.threshold is not None


def worth_another_judge(
    figures: Sequence[EntryFigures],
    line: Line,
    noise: Noise,
    *,
    fields: Mapping[str, str | None] | None = None,
    most: int = 5,
) -> list[str]:
    """The entries that the noise does not tell apart from the other side of the line: the nearest first, fewer sheets
    before more. At most `most`. `fields` gives the field of each entry, where the line is one of fields.

    Where more reach the threshold than there are places, the line lies between the last who has one and the first who
    has none; else it is the threshold, and the noise that of a mean beside a fixed number.
    """
    groups: dict[str, list[EntryFigures]] = defaultdict(list)
    for one in sorted(figures, key=lambda each: (-each.mean, each.entry)):
        groups[((fields or {}).get(one.entry) or "") if line.by_field else ""].append(one)
    near = [found for group in groups.values() for found in _near(group, line, noise)]
    return [entry for _gap, _sheets, entry in sorted(near)[:most]]


def _near(ordered: Sequence[EntryFigures], line: Line, noise: Noise) -> Iterable[tuple[Fraction, int, str]]:
    least = line.threshold
    reached = sum(1 for one in ordered if least is None or one.mean >= least)
    if line.places is not None and 0 < line.places < reached:
        last_in, first_out = ordered[line.places - 1], ordered[line.places]
        for place, one in enumerate(ordered):
            other = first_out if place < line.places else last_in
            if is_within_noise(one, other, noise):
                yield abs(one.mean - other.mean), one.sheets, one.entry
    elif least is not None:
        for one in ordered:
            gap = abs(one.mean - Fraction(least))
            if gap**2 <= SURE**2 * noise.alone(one.sheets):
                yield gap, one.sheets, one.entry
