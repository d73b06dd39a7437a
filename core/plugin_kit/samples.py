"""Contests made from a plugin's own rounds, fields and form: fixed ones, and hypothesis strategies for any number.

Ties are provoked: scores come from a handful of sheets. Nobody judged, nobody voted, one entry and none occur too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from hypothesis import strategies as st

from core.plugin_api import (
    Author,
    AwardScheme,
    Criterion,
    Entry,
    FieldKind,
    FormColumn,
    FormField,
    Ranked,
    Round,
    Sheet,
    Tier,
)
from core.plugin_host import Rules
from core.plugin_kit.play import Contest

JUDGES = ("J1", "J2", "J3")
_MOST_ROWS = 60
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Ground:
    """What contests are made from: rounds, keys of the fields, questions of the form, whether there is a vote."""

    rounds: tuple[Round, ...]
    fields: tuple[str, ...]
    questions: tuple[FormField, ...]
    voting: bool
    year: int

    @classmethod
    def of(cls, rules: Rules) -> Ground:
        """The ground of the edition of `rules`; raises PluginFailed."""
        return cls(
            rules.rounds(),
            tuple(one.key for one in rules.entry_fields()),
            tuple(one for section in rules.dossier_form() for one in section.fields),
            rules.vote_policy().enabled,
            rules.edition.years[0] if rules.edition.years else 2025,
        )


# -- fixed contests ------------------------------------------------------------------------------------------------


def fixed_contests(ground: Ground) -> tuple[Contest, ...]:
    """The same contests every time: eight entries, two pairs of ties, all equal, nobody voted, one entry, none."""
    apart = range(8)
    paired = [number // 2 for number in apart]
    return (
        made(ground, apart),
        made(ground, paired),
        made(ground, [1] * 5),
        made(ground, apart, voted=False),
        made(ground, [0]),
        made(ground, []),
    )


def made(
    ground: Ground, offsets: Sequence[int], *, voted: bool = True, judges: Sequence[str] = JUDGES
) -> Contest:
    """One entry for each offset; entries of equal offset get equal sheets and votes. Each call gives the same."""
    codes = [f"MAU-{number:05}" for number in range(1, len(offsets) + 1)]
    entries = tuple(_entry(ground, code, number) for number, code in enumerate(codes))
    sheets = tuple(
        Sheet(one.key, judge, code, _scores(one.criteria, offset + seat))
        for one in ground.rounds
        for seat, judge in enumerate(judges)
        for code, offset in zip(codes, offsets, strict=True)
    )
    counts = {code: 7 * offset * offset for code, offset in zip(codes, offsets, strict=True)}
    return Contest(entries, sheets, counts if voted and ground.voting else {})


def _entry(ground: Ground, code: str, number: int) -> Entry:
    field = ground.fields[number % len(ground.fields)] if ground.fields else None
    author = Author(f"a{number}", "chief", ground.year - 30 - number % 50)
    facts = {one.key: _answers(one)[-1] for one in ground.questions} if number % 2 else {}
    return Entry(code, field, f"Bài {number + 1}", authors=(author,), facts=facts)


def _scores(criteria: Sequence[Criterion], offset: int) -> Mapping[str, Decimal]:
    """Scores on the steps of each criterion."""
    scores = {}
    for number, criterion in enumerate(criteria):
        steps = int(criterion.maximum / criterion.step)
        scores[criterion.key] = criterion.step * ((offset * 5 + number * 3) % (steps + 1))
    return scores


def _cell(column: FormColumn) -> object:
    """A cell of a table as `Entry.facts` holds it."""
    return {FieldKind.MONEY: 15_000_000, FieldKind.NUMBER: "12.5"}.get(column.kind, "Một dòng.")


def _answers(question: FormField) -> list[object]:
    """A few answers to a question of the form, the plainest first, a full one last."""
    words = ["", "Một dòng."]
    answers: dict[str, list[object]] = {
        FieldKind.TEXT: [*words],
        FieldKind.LONG_TEXT: [*words],
        FieldKind.CHOICE: [one.key for one in question.choices] or [""],
        FieldKind.NUMBER: ["0", "12.5"],
        FieldKind.MONEY: [0, 15_000_000],
        FieldKind.DATE: ["2019-02-28", "2025-01-31"],
        FieldKind.MONTH: ["2019-02", "2025-01"],
        FieldKind.CHECK: [False, True],
        FieldKind.FILES: [[], [f"tep{next(iter(question.accept), '.pdf')}"]],
        FieldKind.TABLE: [[], [{one.key: _cell(one) for one in question.columns}]],
    }
    return answers.get(question.kind, [*words])


# -- generated contests --------------------------------------------------------------------------------------------


@st.composite
def contests(draw: st.DrawFn, ground: Ground) -> Contest:
    """Up to six entries with up to three judges; equal sheets are frequent."""
    count = draw(st.integers(0, 6))
    judges = JUDGES[: draw(st.integers(1, 3))]
    codes = [f"BT-{number:02}" for number in range(1, count + 1)]
    facts = draw(st.lists(_facts(ground), min_size=1, max_size=2))
    entries = tuple(_drawn_entry(draw, ground, code, facts) for code in codes)
    sheets = []
    for judging in ground.rounds:
        pool = draw(st.lists(_sheet_scores(judging), min_size=1, max_size=3))
        picks = st.integers(-1, len(pool) - 1)
        for code in codes:
            for judge in judges:
                pick = draw(picks)
                if pick >= 0:
                    sheets.append(Sheet(judging.key, judge, code, pool[pick]))
    votes = draw(st.dictionaries(st.sampled_from(codes), st.sampled_from([0, 1, 3, 999]))) if codes else {}
    return Contest(entries, tuple(sheets), votes if ground.voting else {})


def _drawn_entry(draw: st.DrawFn, ground: Ground, code: str, facts: Sequence[Mapping[str, object]]) -> Entry:
    field = draw(st.sampled_from(ground.fields)) if ground.fields else None
    born = draw(st.sampled_from([None, ground.year - 30, ground.year - 60]))
    answers = draw(st.sampled_from(facts))
    return Entry(code, field, f"Bài {code}", authors=(Author(f"tg-{code}", "chief", born),), facts=answers)


def _facts(ground: Ground) -> st.SearchStrategy[Mapping[str, object]]:
    answers = {one.key: st.sampled_from(_answers(one)) for one in ground.questions}
    return st.fixed_dictionaries({}, optional=answers)


def _sheet_scores(judging: Round) -> st.SearchStrategy[Mapping[str, Decimal]]:
    return st.fixed_dictionaries({one.key: _points(one) for one in judging.criteria})


def _points(criterion: Criterion) -> st.SearchStrategy[Decimal]:
    steps = int(criterion.maximum / criterion.step)
    return st.integers(0, steps).map(lambda number: criterion.step * number)


# -- generated rankings --------------------------------------------------------------------------------------------


def rankings(scheme: AwardScheme, maximum: Decimal) -> st.SearchStrategy[tuple[Ranked, ...]]:
    """Rankings that fill and overfill the tiers of `scheme`: totals at, below and above each minimum, with ties."""
    places = sum(tier.quota or 0 for tier in scheme.tiers)
    most = min(places + 4, _MOST_ROWS)
    few = st.lists(st.sampled_from(_totals(scheme.tiers, maximum)), max_size=8)
    ladder = st.integers(0, most).map(
        lambda count: [maximum - number * _HUNDREDTH for number in range(count)]
    )
    level = st.integers(0, most).map(lambda count: [maximum] * count)
    steps = st.lists(st.integers(1, 4), max_size=8).map(
        lambda sizes: [maximum - step * _HUNDREDTH for step, size in enumerate(sizes) for _ in range(size)]
    )
    return st.one_of(few, ladder, steps, level).map(ranked)


def fixed_rankings(scheme: AwardScheme, maximum: Decimal) -> tuple[tuple[Ranked, ...], ...]:
    """The same rankings every time: none, one, all apart, all equal, pairs, and around each minimum."""
    count = min(sum(tier.quota or 0 for tier in scheme.tiers) + 2, _MOST_ROWS)
    return (
        (),
        ranked([maximum]),
        ranked([maximum - number * _HUNDREDTH for number in range(count)]),
        ranked([maximum] * count),
        ranked([maximum - (number // 2) * _HUNDREDTH for number in range(count)]),
        ranked(_totals(scheme.tiers, maximum)),
    )


def ranked(totals: Sequence[Decimal]) -> tuple[Ranked, ...]:
    """A ranking of these totals in which equal totals share a rank."""
    ordered = sorted(enumerate(totals, start=1), key=lambda row: (-row[1], row[0]))
    rows: list[Ranked] = []
    for total, group in groupby(ordered, key=lambda row: row[1]):
        codes = [f"BT-{number:02}" for number, _ in group]
        rank = len(rows) + 1
        rows.extend(
            Ranked(rank, code, total, None, {"jury": total}, tuple(other for other in codes if other != code))
            for code in codes
        )
    return tuple(rows)


def _totals(tiers: Sequence[Tier], maximum: Decimal) -> list[Decimal]:
    """Totals worth trying: zero, the highest, and each minimum with its neighbours."""
    around = [
        total
        for tier in tiers
        if tier.minimum is not None
        for total in (tier.minimum, tier.minimum - _HUNDREDTH, tier.minimum + _HUNDREDTH)
    ]
    return sorted({Decimal(0), maximum, maximum / 2, *(one for one in around if 0 <= one <= maximum)})
