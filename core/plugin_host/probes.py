"""Made-up entries that draw out what the rules would say, for a clause's list of uses and for the lint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from core.plugin_api import (
    Aggregate,
    Author,
    AuthorRole,
    ComponentScores,
    Edition,
    Entry,
    FieldKind,
    FormColumn,
    FormField,
    Proposal,
    Ranked,
    Sheet,
    exact_sum,
)
from core.plugin_host.rules import Rules

_MANY = 9
_CROWD = 500
_AGES = (5, 12, 19, 30, 60, 120)


def probe_dossiers(rules: Rules) -> tuple[Entry, ...]:
    """A blank dossier, a full one, and the full one with one answer changed at a time.

    Each check that looks at one answer beside sound others shows its finding on one of them.
    """
    asked = [one for section in rules.dossier_form() for one in section.fields]
    fields = [one.key for one in rules.entry_fields()]
    year = _first_year(rules.edition)
    sound = {one.key: _sound(one, year) for one in asked}
    chief = Author("a0", AuthorRole.CHIEF, year - 35)
    full = Entry("", fields[0] if fields else None, "Bài mẫu", authors=(chief,), facts=sound)
    variants = [
        Entry("", None, ""),
        full,
        _changed(full, field="khong_co"),
        _changed(full, authors=()),
        _changed(full, authors=tuple(Author(f"a{n}", AuthorRole.CHIEF, year - 35) for n in range(_MANY))),
        _changed(full, authors=(Author("a0", AuthorRole.CHIEF, None),)),
        *(_changed(full, authors=(Author("a0", AuthorRole.CHIEF, year - age),)) for age in _AGES),
        *(_changed(full, facts={**sound, one.key: value}) for one in asked for value in _answers(one, year)),
    ]
    return tuple(_changed(one, code=f"MAU-{number:04}") for number, one in enumerate(variants, start=1))


@dataclass(frozen=True, slots=True)
class ScoreProbe:
    """What the rules make of one entry with every point, one with none, and one between them.

    `with_votes` and `without` are the parts of the total with votes for the first alone and with no vote at all.
    `ranking` is by total; `proposals` are those of tiers and specials together.
    """

    top: str
    aggregate: Aggregate
    with_votes: tuple[ComponentScores, ...]
    without: tuple[ComponentScores, ...]
    ranking: tuple[Ranked, ...]
    answers: tuple[object, ...]

    @property
    def total(self) -> Decimal:
        """The most points an entry can have: the maxima of all parts."""
        return exact_sum(one.maximum for one in self.with_votes)


def probe_scores(rules: Rules) -> ScoreProbe:
    """Three entries with all, half and no points of the deciding round, ranked and proposed for prizes."""
    deciding = rules.deciding_round()
    year = _first_year(rules.edition)
    fields = [one.key for one in rules.entry_fields()]
    entries = tuple(
        Entry(
            f"MAU-{number}",
            fields[0] if fields else None,
            f"Bài mẫu {number}",
            authors=(Author(f"a{number}", AuthorRole.CHIEF, year - 20 - 10 * number),),
        )
        for number in range(1, 4)
    )
    shares = dict(zip((one.code for one in entries), (Fraction(1), Fraction(1, 2), Fraction(0)), strict=True))
    sheets = [
        Sheet(
            deciding.key,
            "J1",
            code,
            {
                one.key: _on_step(one.maximum * share.numerator / share.denominator, one.step)
                for one in deciding.criteria
            },
        )
        for code, share in shares.items()
    ]
    aggregate = rules.aggregate_sheets(deciding, sheets)
    top = entries[0].code
    with_votes = rules.score_components(entries, aggregate, {top: 1000})
    ranking = _ranked(entries, with_votes)
    allocation = rules.allocate(rules.award_scheme(), ranking)
    proposals: tuple[Proposal, ...] = allocation.proposals
    special = rules.special_awards(entries, ranking, proposals)
    crowded = rules.allocate(rules.award_scheme(), _crowd(rules, ranking[0].total))
    return ScoreProbe(
        top=top,
        aggregate=aggregate,
        with_votes=with_votes,
        without=rules.score_components(entries, aggregate, {}),
        ranking=ranking,
        answers=(aggregate, with_votes, allocation, special, crowded),
    )


def _on_step(points: Decimal, step: Decimal) -> Decimal:
    return points // step * step


def _ranked(entries: tuple[Entry, ...], components: tuple[ComponentScores, ...]) -> tuple[Ranked, ...]:
    totals = {one.code: exact_sum(part.scores[one.code] for part in components) for one in entries}
    fields = {one.code: one.field for one in entries}
    return tuple(
        Ranked(1 + sum(other > totals[code] for other in totals.values()), code, totals[code], fields[code])
        for code in sorted(totals, key=lambda code: (-totals[code], code))
    )


def _crowd(rules: Rules, total: Decimal) -> tuple[Ranked, ...]:
    """More equal entries than there are prizes, so that the rule for ties that do not fit shows itself."""
    places = sum(max(tier.quota or 0, 0) for tier in rules.award_scheme().tiers)
    codes = tuple(f"MAU-{number:04}" for number in range(min(places, _CROWD) + 1))
    return tuple(Ranked(1, code, total, tied_with=codes) for code in codes)


def _first_year(edition: Edition) -> int:
    return edition.years[0] if edition.years else 2025


def _changed(entry: Entry, **values: object) -> Entry:
    return replace(entry, **values)  # type: ignore[arg-type]


def _sound(asked: FormField, year: int) -> object:
    """An answer that a usual check has nothing against."""
    answers: Mapping[FieldKind, object] = {
        FieldKind.TEXT: "mẫu",
        FieldKind.LONG_TEXT: "mẫu",
        FieldKind.CHOICE: asked.choices[0].key if asked.choices else "",
        FieldKind.NUMBER: Decimal(1),
        FieldKind.MONEY: 1_000_000,
        FieldKind.DATE: f"{year - 1}-06-15",
        FieldKind.MONTH: f"{year - 1}-06",
        FieldKind.CHECK: True,
        FieldKind.FILES: ["mau.pdf"],
        FieldKind.TABLE: [{one.key: _cell(one) for one in asked.columns}],
    }
    return answers[asked.kind]


def _cell(column: FormColumn) -> object:
    """A sound cell of a table."""
    cells: Mapping[FieldKind, object] = {FieldKind.MONEY: 1_000_000, FieldKind.NUMBER: "1"}
    return cells.get(column.kind, "mẫu")


def _answers(asked: FormField, year: int) -> Iterator[object]:
    """Answers at the ends of what can be given, and none."""
    ends: Mapping[FieldKind, tuple[object, ...]] = {
        FieldKind.TEXT: ("",),
        FieldKind.LONG_TEXT: ("", "x" * 20_001),
        FieldKind.CHOICE: ("", *(one.key for one in asked.choices)),
        FieldKind.NUMBER: (None, Decimal(0), Decimal(1_000_000)),
        FieldKind.MONEY: (None, 0, 10**12),
        FieldKind.DATE: ("", "1900-01-01", f"{year + 50}-12-31"),
        FieldKind.MONTH: ("", "1900-01", f"{year + 50}-12"),
        FieldKind.CHECK: (False,),
        FieldKind.FILES: ([],),
        FieldKind.TABLE: ([], [{}], [{one.key: _cell(one) for one in asked.columns}] * 2),
    }
    yield from ends[asked.kind]
