"""Rounds, criteria, locked sheets, and the scores that come out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from core.plugin_api.exact import exact_sum
from core.plugin_api.values.words import Step, Text


@dataclass(frozen=True, slots=True)
class Anchor:
    """What points from `least` to `most` mean on a criterion."""

    least: Decimal
    most: Decimal
    text: Text


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the score sheet: 0 to `maximum` in steps of `step`.

    `official` is False when the points are not from a document of the contest: shown with "minh họa".
    """

    key: str
    name: Text
    maximum: Decimal
    step: Decimal = Decimal("0.5")
    description: Text | None = None
    clause: str | None = None
    official: bool = True
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """One round of judging; exactly one round of an edition is `deciding`: its sheets make the jury part.

    `threshold` is the jury part an entry needs in this round to go on to the next; None lets all go on.
    `blind`: a document says that judges read dossiers of this round without names; elsewhere the committee chooses.

    .. versionchanged:: 1.2
       `blind`.
    """

    key: str
    name: Text
    criteria: tuple[Criterion, ...]
    deciding: bool = True
    clause: str | None = None
    threshold: Decimal | None = None
    official: bool = True
    blind: bool = False

    @property
    def maximum(self) -> Decimal:
        """The most points a sheet of this round can hold."""
        return exact_sum(criterion.maximum for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One judge's locked sheet for one entry in one round: a score for every criterion of the round."""

    round: str
    judge: str
    entry: str
    scores: Mapping[str, Decimal] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What the locked sheets of one round add up to; an entry without a sheet does not appear.

    `totals` are rounded once, as the edition's settings say. `exact` and `criteria` are unrounded means, so
    that a tie-break on a criterion (`criteria[criterion][entry]`) sees no difference that rounding made or
    hid. `sheets` counts the sheets behind each entry.
    """

    round: str
    totals: Mapping[str, Decimal] = field(hash=False)
    exact: Mapping[str, Fraction] = field(hash=False)
    criteria: Mapping[str, Mapping[str, Fraction]] = field(hash=False)
    sheets: Mapping[str, int] = field(hash=False)
    steps: tuple[Step, ...] = field(default=(), hash=False)


@dataclass(frozen=True, slots=True)
class ComponentScores:
    """One rounded part of the total ("jury", "vote") of every entry that is ranked; the total is the sum of
    the parts.
    """

    key: str
    name: Text
    maximum: Decimal
    scores: Mapping[str, Decimal] = field(hash=False)
    clause: str | None = None
    steps: tuple[Step, ...] = field(default=(), hash=False)

    def __post_init__(self) -> None:
        """Refuse what is not an exact decimal: a float here would make the result differ between machines."""
        scores: Mapping[str, object] = self.scores
        for entry, score in scores.items():
            if not isinstance(score, Decimal):
                kind = type(score).__name__
                raise TypeError(f"{self.key}: điểm của {entry} phải là Decimal, nhận được {kind}")


@dataclass(frozen=True, slots=True)
class TieBreak:
    """One comparison for entries with equal totals, higher first: a component's score or a criterion's exact mean."""

    key: str
    name: Text
    component: str | None = None
    criterion: str | None = None

    def __post_init__(self) -> None:
        """Refuse a tie-break that names both or neither."""
        if (self.component is None) == (self.criterion is None):
            raise ValueError(f"{self.key}: tiêu chí phụ phải nêu đúng một thành phần điểm hoặc một tiêu chí")
