"""How a council scored, for its chair: severity, spread, drift, what other ways of adding up would give, and how sure
a rank is. Pure; nothing here is a result.

All is exact (`Fraction`) but what needs a root, which is a `Decimal` of 28 digits, rounded for showing by who shows
it. The formulas are the usual ones of rater studies; each is with its function.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal
from fractions import Fraction

from core.judging.noise import Noise, noise_of

# Two-sided 95 %: the noise of a mean within which a difference says nothing.
SURE = Fraction(196, 100)
# Sheets begun closer together than this were not read one after the other: they say nothing of earlier and later.
APART = timedelta(minutes=1)
# Roots and quotients come out alike whatever the caller's decimal context is.
_DIGITS = Context(prec=28)


@dataclass(frozen=True, slots=True)
class Mark:
    """One locked sheet, as statistics take it: judge, entry, total, and when its first points were given.

    `begun_at` is None where that is not known, as of a sheet that was keyed in from paper.
    """

    judge: str
    entry: str
    total: Decimal
    begun_at: datetime | None


@dataclass(frozen=True, slots=True)
class JudgeFigures:
    """How one judge scored.

    `severity`: the mean difference from what the others gave the same entries; negative is stricter; None without
    entries in common, and `doubt` its standard error. `spread`: the standard deviation of the judge's totals; None
    below two. `drift`: how much the later half of the judge's sheets, in the order in which he began them, lies above
    the earlier one, measured against the others on the same entries; None where a half has nothing in common with
    anybody, or where the sheets in the middle were begun at one time, so that there is no earlier and later.
    """

    judge: str
    sheets: int
    mean: Fraction
    severity: Fraction | None
    doubt: Decimal | None
    spread: Decimal | None
    drift: Fraction | None


@dataclass(frozen=True, slots=True)
class EntryFigures:
    """One entry by several ways of adding up; `ranks` has the place by each (1 is best; equal values share one).

    `mean` and `median` of the totals, `standard`: the mean of each judge's z-score, which takes severity and spread of
    a judge out; None where every judge of the entry gave all entries the same. `noise` is the standard error of the
    mean beside what the whole council would give (`Noise.around`); None while nothing tells it.
    """

    entry: str
    judges: frozenset[str]
    mean: Fraction
    median: Fraction
    standard: Decimal | None
    noise: Decimal | None
    ranks: Mapping[str, int]

    @property
    def sheets(self) -> int:
        """How many judges scored it."""
        return len(self.judges)


@dataclass(frozen=True, slots=True)
class Band:
    """Entries, best first, that the judges' noise does not tell apart from the first of them."""

    entries: tuple[str, ...]


def judge_figures(marks: Sequence[Mark], noise: Noise | None) -> list[JudgeFigures]:
    """The figures of each judge, the strictest first, those without a severity last. `noise` is that of the marks."""
    beside = _beside(marks)
    by_judge: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_judge[mark.judge].append(mark)
    found = [_of_judge(judge, own, beside, noise) for judge, own in by_judge.items()]
    return sorted(found, key=lambda one: (one.severity is None, one.severity or Fraction(0), one.judge))


def entry_figures(marks: Sequence[Mark], noise: Noise | None) -> list[EntryFigures]:
    """The figures of each entry, the highest mean first, then by code. `noise` is that of the marks."""
    by_entry = _by_entry(marks)
    scores = _standard_scores(marks)
    judges = {entry: frozenset(one.judge for one in own) for entry, own in by_entry.items()}
    errors = _errors(set(judges.values()), marks, noise)
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
            judges=judges[entry],
            mean=means[entry],
            median=medians[entry],
            standard=standards.get(entry),
            noise=errors.get(judges[entry]),
            ranks={way: found[entry] for way, found in ranks.items() if entry in found},
        )
        for entry in by_entry
    ]
    return sorted(made, key=lambda one: (-one.mean, one.entry))


def noise_of_marks(marks: Iterable[Mark]) -> Noise | None:
    """The noise of these sheets; None while they do not tell it."""
    return noise_of({(one.judge, one.entry): one.total for one in marks})


def bands(figures: Sequence[EntryFigures], noise: Noise) -> list[Band]:
    """The entries in bands from the best down: a band ends where the mean lies below that of the band's first entry by
    more than 1.96 standard errors of that difference (`Noise.between`).
    """
    found: list[list[EntryFigures]] = []
    for one in sorted(figures, key=lambda each: (-each.mean, each.entry)):
        if found and is_within_noise(found[-1][0], one, noise):
            found[-1].append(one)
        else:
            found.append([one])
    return [Band(tuple(one.entry for one in band)) for band in found]


def is_within_noise(one: EntryFigures, other: EntryFigures, noise: Noise) -> bool:
    """Whether the means of two entries lie so near that the difference may be chance."""
    return (one.mean - other.mean) ** 2 <= SURE**2 * noise.between(one.judges, other.judges)


def _of_judge(
    judge: str, own: Sequence[Mark], beside: Mapping[tuple[str, str], _Beside], noise: Noise | None
) -> JudgeFigures:
    shared = [beside[one.judge, one.entry].others for one in own if (one.judge, one.entry) in beside]
    return JudgeFigures(
        judge=judge,
        sheets=len(own),
        mean=_mean(one.total for one in own),
        severity=_severity(own, beside),
        doubt=None
        if noise is None or not shared
        else root(noise.rest * sum(1 + Fraction(1, others) for others in shared) / len(shared) ** 2),
        spread=_deviation([one.total for one in own]),
        drift=_drift(own, beside),
    )


def _drift(own: Sequence[Mark], beside: Mapping[tuple[str, str], _Beside]) -> Fraction | None:
    timed = sorted((one.begun_at, one.entry, one) for one in own if one.begun_at is not None)
    half = len(timed) // 2
    if not half or timed[half][0] - timed[half - 1][0] < APART:
        return None
    before = _severity([one for _at, _entry, one in timed[:half]], beside)
    after = _severity([one for _at, _entry, one in timed[half:]], beside)
    return None if before is None or after is None else after - before


def _severity(own: Sequence[Mark], beside: Mapping[tuple[str, str], _Beside]) -> Fraction | None:
    apart = [
        Fraction(one.total) - beside[one.judge, one.entry].mean
        for one in own
        if (one.judge, one.entry) in beside
    ]
    return sum(apart, Fraction(0)) / len(apart) if apart else None


@dataclass(frozen=True, slots=True)
class _Beside:
    """What the others gave an entry: how many they are, and the mean of their totals."""

    others: int
    mean: Fraction


def _beside(marks: Iterable[Mark]) -> dict[tuple[str, str], _Beside]:
    """(judge, entry) → what the other judges gave the entry, where there are any."""
    found = {}
    for entry, own in _by_entry(marks).items():
        others = len(own) - 1
        if others:
            whole = sum((Fraction(one.total) for one in own), Fraction(0))
            for one in own:
                found[one.judge, entry] = _Beside(others, (whole - Fraction(one.total)) / others)
    return found


def _errors(
    sets: Iterable[frozenset[str]], marks: Sequence[Mark], noise: Noise | None
) -> dict[frozenset[str], Decimal]:
    """The standard error of an entry's mean by who judged it."""
    if noise is None:
        return {}
    counted = Counter(one.judge for one in marks)
    shares = {judge: Fraction(number, len(marks)) for judge, number in counted.items()}
    return {judges: root(noise.around(judges, shares)) for judges in sets}


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
    return root(squares / (len(totals) - 1))


def root(value: Fraction) -> Decimal:
    """The square root, to 28 digits."""
    return _decimal(value).sqrt(_DIGITS)


def _decimal(value: Fraction) -> Decimal:
    return _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))
