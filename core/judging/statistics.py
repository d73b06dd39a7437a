"""How a council scored, for its chair: severity, spread, drift, what other ways of adding up would give, and how sure
a rank is. Pure; nothing here is a result.

All is exact (`Fraction`) but what needs a root, which is a `Decimal` of 28 digits, rounded for showing by who shows
it. The formulas are the usual ones of rater studies; each is with its function.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal
from fractions import Fraction

# Two-sided 95 %: the noise of a mean within which a difference says nothing.
SURE = Fraction(196, 100)
# Roots and quotients come out alike whatever the caller's decimal context is.
_DIGITS = Context(prec=28)


@dataclass(frozen=True, slots=True)
class Mark:
    """One locked sheet, as statistics take it: judge, entry, total, and when it was locked."""

    judge: str
    entry: str
    total: Decimal
    locked_at: datetime


@dataclass(frozen=True, slots=True)
class JudgeFigures:
    """How one judge scored.

    `severity`: the mean difference from what the others gave the same entries; negative is stricter; None without
    entries in common. `spread`: the standard deviation of the judge's totals; None below two. `drift`: how much the
    later half of the judge's sheets, in the order of locking, lies above the earlier one, measured against the others
    on the same entries; None where a half has nothing in common with anybody.
    """

    judge: str
    sheets: int
    mean: Fraction
    severity: Fraction | None
    spread: Decimal | None
    drift: Fraction | None


@dataclass(frozen=True, slots=True)
class EntryFigures:
    """One entry by several ways of adding up; `ranks` has the place by each (1 is best; equal values share one).

    `mean` and `median` of the totals, `standard`: the mean of each judge's z-score, which takes severity and spread of
    a judge out; None where every judge of the entry gave all entries the same. `noise` is the standard error of the
    mean from the spread that judges show on one and the same entry over the whole round.
    """

    entry: str
    sheets: int
    mean: Fraction
    median: Fraction
    standard: Decimal | None
    noise: Decimal | None
    ranks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Band:
    """Entries, best first, that the judges' noise does not tell apart from the first of them."""

    entries: tuple[str, ...]


def judge_figures(marks: Sequence[Mark]) -> list[JudgeFigures]:
    """The figures of each judge, the strictest first, those without a severity last."""
    beside = _beside(marks)
    by_judge: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_judge[mark.judge].append(mark)
    found = [_of_judge(judge, own, beside) for judge, own in by_judge.items()]
    return sorted(found, key=lambda one: (one.severity is None, one.severity or Fraction(0), one.judge))


def entry_figures(marks: Sequence[Mark]) -> list[EntryFigures]:
    """The figures of each entry, the highest mean first, then by code."""
    by_entry = _by_entry(marks)
    scores = _standard_scores(marks)
    variance = noise_of_a_sheet(marks)
    means = {entry: _mean(one.total for one in own) for entry, own in by_entry.items()}
    medians = {entry: _median([one.total for one in own]) for entry, own in by_entry.items()}
    standards = {
        entry: _mean_of(found)
        for entry, own in by_entry.items()
        if (found := [scores[mark.judge, entry] for mark in own if (mark.judge, entry) in scores])
    }
    ranks = {
        "mean": _ranks(means),
        "median": _ranks(medians),
        "standard": _ranks({entry: Fraction(value) for entry, value in standards.items()}),
    }
    made = [
        EntryFigures(
            entry=entry,
            sheets=len(own),
            mean=means[entry],
            median=medians[entry],
            standard=standards.get(entry),
            noise=None if variance is None else _root(variance / len(own)),
            ranks={way: found[entry] for way, found in ranks.items() if entry in found},
        )
        for entry, own in by_entry.items()
    ]
    return sorted(made, key=lambda one: (-one.mean, one.entry))


def noise_of_a_sheet(marks: Iterable[Mark]) -> Fraction | None:
    """The variance of one judge's total around an entry's mean, pooled over the entries (one-way analysis of variance:
    the sum of squares within entries ÷ the sheets beyond one an entry). None without an entry of two sheets.
    """
    squares, freedom = Fraction(0), 0
    for own in _by_entry(marks).values():
        middle = _mean(one.total for one in own)
        squares += sum(((Fraction(one.total) - middle) ** 2 for one in own), Fraction(0))
        freedom += len(own) - 1
    return squares / freedom if freedom else None


def bands(figures: Sequence[EntryFigures]) -> list[Band]:
    """The entries in bands from the best down: a band ends where the mean lies below that of the band's first entry by
    more than the noise of the difference, 1.96 × √(noise² + noise²). Without noise every mean is a band of its own.
    """
    found: list[list[EntryFigures]] = []
    for one in sorted(figures, key=lambda each: (-each.mean, each.entry)):
        if found and _is_within_noise(found[-1][0], one):
            found[-1].append(one)
        else:
            found.append([one])
    return [Band(tuple(one.entry for one in band)) for band in found]


def worth_another_judge(figures: Sequence[EntryFigures], places: int, *, most: int = 5) -> list[str]:
    """The entries for which one more judge would matter most when the best `places` are wanted: those that the noise
    does not tell apart from the other side of the line, the nearest first, fewer sheets before more. At most `most`.
    """
    ordered = sorted(figures, key=lambda one: (-one.mean, one.entry))
    if not 0 < places < len(ordered):
        return []
    last_in, first_out = ordered[places - 1], ordered[places]
    near = [
        (abs(one.mean - other.mean), one.sheets, one.entry)
        for one, other in [
            *((one, first_out) for one in ordered[:places]),
            *((one, last_in) for one in ordered[places:]),
        ]
        if _is_within_noise(*((one, other) if one.mean >= other.mean else (other, one)))
    ]
    return [entry for _gap, _sheets, entry in sorted(near)[:most]]


def _of_judge(judge: str, own: Sequence[Mark], beside: Mapping[tuple[str, str], Fraction]) -> JudgeFigures:
    ordered = sorted(own, key=lambda one: (one.locked_at, one.entry))
    half = len(ordered) // 2
    before, after = _severity(ordered[:half], beside), _severity(ordered[half:], beside)
    return JudgeFigures(
        judge=judge,
        sheets=len(own),
        mean=_mean(one.total for one in own),
        severity=_severity(own, beside),
        spread=_deviation([one.total for one in own]),
        drift=None if before is None or after is None else after - before,
    )


def _severity(own: Sequence[Mark], beside: Mapping[tuple[str, str], Fraction]) -> Fraction | None:
    apart = [
        Fraction(one.total) - beside[one.judge, one.entry] for one in own if (one.judge, one.entry) in beside
    ]
    return sum(apart, Fraction(0)) / len(apart) if apart else None


def _beside(marks: Iterable[Mark]) -> dict[tuple[str, str], Fraction]:
    """What the others gave: (judge, entry) → the mean of the other judges' totals on the entry."""
    found = {}
    for entry, own in _by_entry(marks).items():
        if len(own) > 1:
            whole = sum((Fraction(one.total) for one in own), Fraction(0))
            for one in own:
                found[one.judge, entry] = (whole - Fraction(one.total)) / (len(own) - 1)
    return found


def _standard_scores(marks: Iterable[Mark]) -> dict[tuple[str, str], Decimal]:
    """(judge, entry) → how many of the judge's own standard deviations the total lies above the judge's own mean."""
    by_judge: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_judge[mark.judge].append(mark)
    found = {}
    for judge, own in by_judge.items():
        middle, deviation = _mean(one.total for one in own), _deviation([one.total for one in own])
        if deviation:
            for one in own:
                found[judge, one.entry] = _DIGITS.divide(_decimal(Fraction(one.total) - middle), deviation)
    return found


def _is_within_noise(better: EntryFigures, worse: EntryFigures) -> bool:
    if better.noise is None or worse.noise is None:
        return better.mean == worse.mean
    gap = Fraction(better.mean - worse.mean)
    return gap**2 <= SURE**2 * (Fraction(better.noise) ** 2 + Fraction(worse.noise) ** 2)


def _by_entry(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        found[mark.entry].append(mark)
    return found


def _ranks(values: Mapping[str, Fraction]) -> dict[str, int]:
    first: dict[Fraction, int] = {}
    for place, value in enumerate(sorted(values.values(), reverse=True), start=1):
        first.setdefault(value, place)
    return {entry: first[value] for entry, value in values.items()}


def _mean(totals: Iterable[Decimal]) -> Fraction:
    listed = [Fraction(one) for one in totals]
    return sum(listed, Fraction(0)) / len(listed)


def _mean_of(values: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in sorted(values):  # in one order: the last digit depends on it
        total = _DIGITS.add(total, value)
    return _DIGITS.divide(total, Decimal(len(values)))


def _median(totals: Sequence[Decimal]) -> Fraction:
    ordered = sorted(Fraction(one) for one in totals)
    half, is_odd = divmod(len(ordered), 2)
    return ordered[half] if is_odd else (ordered[half - 1] + ordered[half]) / 2


def _deviation(totals: Sequence[Decimal]) -> Decimal | None:
    """The standard deviation of a sample (÷ n − 1); None below two."""
    if len(totals) < 2:
        return None
    middle = _mean(totals)
    squares = sum(((Fraction(one) - middle) ** 2 for one in totals), Fraction(0))
    return _root(squares / (len(totals) - 1))


def _root(value: Fraction) -> Decimal:
    return _decimal(value).sqrt(_DIGITS)


def _decimal(value: Fraction) -> Decimal:
    return _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))
