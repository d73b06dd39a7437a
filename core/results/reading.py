"""The result as pages read it: honours by tier, the table, departures, and what it takes to check it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.contests.models import Unit
from core.contests.values import EditionView
from core.entries.models import Entry, EntryAuthor
from core.kernel import audit
from core.kernel.db import session
from core.plugin_api import AwardScheme, Clause, SpecialAward, Text, Tier
from core.results.arithmetic import Line, sums_of
from core.results.decisions import TIER, DecidedItem
from core.results.keys import public_key
from core.results.models import Computation, Decision, Publication
from core.results.queries import (
    computation_of,
    decided_items,
    decision_of,
    inputs_of,
    outputs_of,
    publication_of,
)

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Work:
    """An entry as result pages name it; `is_public` says that it has a page in the gallery."""

    code: str
    title: str
    names: tuple[str, ...]
    unit: str | None
    is_public: bool


@dataclass(frozen=True, slots=True)
class HonourTier:
    """One tier or special award of the board with the entries that got it, best first."""

    key: str
    name: Text
    official: bool
    works: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row of the table: points as exact decimals, awards as decided, and the arithmetic."""

    rank: int
    work: Work
    field: str | None
    total: Decimal
    parts: tuple[tuple[str, Decimal], ...]
    tied_with: tuple[str, ...]
    awards: tuple[Text, ...]
    departures: tuple[Departure, ...]
    arithmetic: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the committee decided otherwise than proposed, and why."""

    work: Work
    award: str
    proposed: Text | None
    decided: Text | None
    reason: str


@dataclass(frozen=True, slots=True)
class ResultView:
    """A published result: one page of its table and all that stands around it."""

    computation: Computation
    decision: Decision
    publication: Publication
    tiers: tuple[HonourTier, ...]
    podium: tuple[ResultRow, ...]
    rows: tuple[ResultRow, ...]
    ranked: int
    page: int
    pages: int
    departures: tuple[Departure, ...]
    not_ranked: tuple[tuple[str, str, str, Clause | None], ...]
    steps: tuple[tuple[int, Line], ...]
    award_clauses: tuple[Clause, ...]
    part_names: tuple[str, ...]
    illustration: bool
    public_key: str | None
    log: Mapping[str, Any]


def published_result(edition: EditionView, page: int = 1) -> ResultView | None:
    """The published result of an edition with one page of its table; None before publication.

    A fixed number of queries, however many entries there are.
    """
    publication, decision = publication_of(edition.id), decision_of(edition.id)
    if publication is None or decision is None:
        return None
    computation = computation_of(publication.computation_id)
    inputs, outputs = inputs_of(computation), outputs_of(computation)
    items = decided_items(decision.id)
    scheme = edition.rules.award_scheme()
    clauses = {clause.key: clause for clause in edition.rules.clauses()}
    ranking = outputs["ranking"]
    pages = max(1, -(-len(ranking) // PER_PAGE))
    page = min(max(page, 1), pages)
    shown = ranking[(page - 1) * PER_PAGE : page * PER_PAGE]
    podium = [row for row in ranking if row["rank"] <= 3][:3]
    works = works_of(
        edition,
        {row["entry"] for row in (*shown, *podium, *outputs["not_ranked"])} | {item.entry for item in items},
    )
    departures = departures_of(items, works, scheme)
    sums = sums_of(inputs, outputs, edition.rules.deciding_round(), clauses)
    build = _Rows(works, awards_of(items, scheme), departures)
    return ResultView(
        computation=computation,
        decision=decision,
        publication=publication,
        tiers=honours_of(items, works, scheme, [row["entry"] for row in ranking]),
        podium=tuple(build.row(row, ()) for row in podium),
        rows=tuple(build.row(row, sums.of(row)) for row in shown),
        ranked=len(ranking),
        page=page,
        pages=pages,
        departures=departures,
        not_ranked=tuple(
            (row["entry"], works[row["entry"]].title, row["reason"], clauses.get(row["clause"] or ""))
            for row in outputs["not_ranked"]
            if row["entry"] in works
        ),
        steps=steps_of(outputs, clauses),
        award_clauses=award_clauses(edition),
        part_names=tuple(part["name"] for part in sums.parts.values()),
        illustration=is_illustrative(edition),
        public_key=public_key(),
        log=_head_of(edition),
    )


def honours(edition: EditionView) -> tuple[HonourTier, ...]:
    """The honours board of a published edition, from the highest tier; empty before publication."""
    publication, decision = publication_of(edition.id), decision_of(edition.id)
    if publication is None or decision is None:
        return ()
    items = decided_items(decision.id)
    ranking = outputs_of(computation_of(publication.computation_id))["ranking"]
    works = works_of(edition, {item.entry for item in items if item.tier is not None})
    return honours_of(items, works, edition.rules.award_scheme(), [row["entry"] for row in ranking])


def award_clauses(edition: EditionView) -> tuple[Clause, ...]:
    """Where the prizes stand in the rules: the clauses of scheme, tiers and special awards, each once."""
    scheme = edition.rules.award_scheme()
    awards: tuple[Tier | SpecialAward, ...] = (*scheme.tiers, *scheme.specials)
    cited = {scheme.clause, *(one.clause for one in awards)}
    return tuple(one for one in edition.rules.clauses() if one.key in cited)


def is_illustrative(edition: EditionView) -> bool:
    """Whether points or quotas behind the result are not from a document of the contest."""
    scheme, deciding = edition.rules.award_scheme(), edition.rules.deciding_round()
    official = scheme.official and deciding.official and all(one.official for one in deciding.criteria)
    return not official


def steps_of(outputs: Mapping[str, Any], clauses: Mapping[str, Clause]) -> tuple[tuple[int, Line], ...]:
    """The steps of a computation with their clauses."""
    return tuple(
        (step["n"], Line(step["what"], clauses.get(step["clause"]) if step["clause"] else None))
        for step in outputs["steps"]
    )


def works_of(edition: EditionView, codes: Iterable[str]) -> dict[str, Work]:
    """Code → entry with its authors' names in their order. Two queries."""
    wanted = sorted(set(codes))
    ask = select(Entry.id, Entry.code, Entry.title, Entry.published_at, Unit.name)
    ask = ask.outerjoin(Unit, Unit.id == Entry.unit_id)
    rows = session().execute(ask.where(Entry.edition_id == edition.id, Entry.code.in_(wanted))).all()
    names: dict[Any, list[str]] = {row.id: [] for row in rows}
    authors = select(EntryAuthor.entry_id, EntryAuthor.name).order_by(
        EntryAuthor.entry_id, EntryAuthor.position
    )
    for entry_id, name in session().execute(authors.where(EntryAuthor.entry_id.in_(list(names)))):
        names[entry_id].append(name)
    return {
        row.code: Work(row.code, row.title, tuple(names[row.id]), row.name, row.published_at is not None)
        for row in rows
    }


def award_names(scheme: AwardScheme) -> dict[str, Text]:
    """Key → name of every tier and special award."""
    return {tier.key: tier.name for tier in scheme.tiers} | {one.key: one.name for one in scheme.specials}


def awards_of(items: Iterable[DecidedItem], scheme: AwardScheme) -> dict[str, tuple[Text, ...]]:
    """Code → the awards decided for it, the tier first."""
    names = award_names(scheme)
    found: dict[str, tuple[Text, ...]] = {}
    for item in sorted(items, key=lambda one: one.award != TIER):
        if item.tier is not None:
            found[item.entry] = (*found.get(item.entry, ()), names.get(item.tier, Text(item.tier)))
    return found


def departures_of(
    items: Iterable[DecidedItem], works: Mapping[str, Work], scheme: AwardScheme
) -> tuple[Departure, ...]:
    """Where the decision is not the proposal."""
    names = award_names(scheme)

    def name(key: str | None) -> Text | None:
        return None if key is None else names.get(key, Text(key))

    return tuple(
        Departure(works[item.entry], item.award, name(item.proposed), name(item.tier), item.reason)
        for item in items
        if item.departs and item.entry in works
    )


def honours_of(
    items: Sequence[DecidedItem], works: Mapping[str, Work], scheme: AwardScheme, order: Sequence[str]
) -> tuple[HonourTier, ...]:
    """Tiers and special awards that were given, each entry by rank."""
    place = {code: number for number, code in enumerate(order)}
    tiers = []
    awards: tuple[Tier | SpecialAward, ...] = (*scheme.tiers, *scheme.specials)
    for award in awards:
        codes = sorted(
            (item.entry for item in items if item.tier == award.key and item.entry in works),
            key=place.__getitem__,
        )
        if codes:
            tiers.append(
                HonourTier(award.key, award.name, award.official, tuple(works[code] for code in codes))
            )
    return tuple(tiers)


@dataclass(frozen=True, slots=True)
class _Rows:
    works: Mapping[str, Work]
    awards: Mapping[str, tuple[Text, ...]]
    departures: tuple[Departure, ...]

    def row(self, row: Mapping[str, Any], lines: tuple[Line, ...]) -> ResultRow:
        code = row["entry"]
        return ResultRow(
            rank=row["rank"],
            work=self.works[code],
            field=row["field"],
            total=Decimal(row["total"]),
            parts=tuple((key, Decimal(value)) for key, value in row["components"].items()),
            tied_with=tuple(row["tied_with"]),
            awards=self.awards.get(code, ()),
            departures=tuple(one for one in self.departures if one.work.code == code),
            arithmetic=lines,
        )


def _head_of(edition: EditionView) -> Mapping[str, Any]:
    """Size and root of the audit log as the bundle holds it."""
    lines = audit.records(subject=edition.key, actions=("result.published",))
    return lines[-1].data["log"] if lines else {}
