"""The order of a round's entries as the sheets locked so far give it: read from the kept totals, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging import stale
from core.judging.blind import title_shown
from core.judging.council_models import Council, Group, GroupField
from core.judging.totals import Total, looks_across, settle, tally_of, whole_round
from core.judging.totals_models import RoundTotal
from core.kernel.db import session
from core.plugin_api import Round

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class RankRow:
    """One entry in its place; equal totals share a place. Points are of sheets: `mean` unrounded, least and most."""

    place: int
    code: str
    title: str
    field: str | None
    sheets: int
    total: Decimal
    mean: Fraction
    least: Decimal
    most: Decimal

    @property
    def spread(self) -> Decimal:
        """How far the judges are apart."""
        return self.most - self.least


@dataclass(frozen=True, slots=True)
class Ranking:
    """One page of the order. Places are those among what is shown: what a reader may not see takes none.

    `is_kept` False: computed from the whole round for this page alone. `is_refused`: the rules look at several entries
    at once and some are hidden from the reader, so that any figure would be wrong.
    """

    rows: tuple[RankRow, ...]
    entries: int
    page: int
    is_kept: bool = True
    is_refused: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.entries // PER_PAGE))


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A judging group of the round's council, with the fields that it merges."""

    id: UUID
    name: str
    fields: frozenset[str]


def ranking(
    edition: EditionView,
    judging_round: Round,
    *,
    fields: Collection[str] | None = None,
    page: int = 1,
    hides: bool = False,
    per_page: int | None = PER_PAGE,
) -> Ranking:
    """A page of the round's order, best first; all of it where `per_page` is None.

    `fields` keeps the entries of these fields alone. `hides` says that the session leaves out entries for the reader.
    Four queries at most, whatever the number of entries, while totals are kept.
    """
    if stale.is_stale(session()):
        settle()
    tally = tally_of(edition.id, judging_round.key)
    if tally is None or not tally.is_kept:
        if hides and (tally is not None or looks_across(edition.rules, judging_round)):
            return Ranking((), 0, 1, is_kept=False, is_refused=True)
        return _computed(edition, judging_round, fields, page, per_page)
    if fields is None and not hides:
        entries = tally.entries
    else:
        entries = session().scalars(_kept(edition.id, judging_round.key, fields, func.count())).one()
    if per_page is None:
        page, per_page = 1, max(entries, 1)
    page = min(page, max(1, -(-entries // per_page)))
    ask = (
        _kept(
            edition.id,
            judging_round.key,
            fields,
            RoundTotal,
            Entry.code,
            title_shown(edition, judging_round.key),
            Entry.field,
            joined=True,
        )
        .order_by(RoundTotal.total.desc(), RoundTotal.entry_id.desc())
        .limit(per_page)
        .offset((page - 1) * per_page)
    )
    found = list(session().execute(ask))
    before = 0
    if found and page > 1:
        above = _kept(edition.id, judging_round.key, fields, func.count())
        before = session().scalars(above.where(RoundTotal.total > found[0][0].total)).one()
    rows: list[RankRow] = []
    for number, (one, code, title, field) in enumerate(found, start=(page - 1) * per_page + 1):
        if not rows:
            place = before + 1 if page > 1 else 1
        else:
            place = rows[-1].place if rows[-1].total == one.total else number
        total = Total(one.sheets, one.total, one.sum, one.least, one.most)
        rows.append(_row(place, code or "", title, field, total))
    return Ranking(tuple(rows), entries, page)


def group_choices(edition_id: UUID, round_key: str) -> list[GroupChoice]:
    """The judging groups of the round's council, by name. One query."""
    ask = (
        select(Group.id, Group.name, GroupField.field)
        .join(Council, Council.id == Group.council_id)
        .join(GroupField, GroupField.group_id == Group.id)
        .where(Council.edition_id == edition_id, Council.round == round_key)
        .order_by(Group.name, GroupField.field)
    )
    names: dict[UUID, str] = {}
    fields: dict[UUID, set[str]] = {}
    for key, name, field in session().execute(ask):
        names[key] = name
        fields.setdefault(key, set()).add(field)
    return [GroupChoice(key, name, frozenset(fields[key])) for key, name in names.items()]


def _kept(
    edition_id: UUID, round_key: str, fields: Collection[str] | None, *shown: Any, joined: bool = False
) -> Select[Any]:
    ask = select(*shown).select_from(RoundTotal)
    if joined or fields is not None:
        ask = ask.join(Entry, Entry.id == RoundTotal.entry_id)
    if fields is not None:
        ask = ask.where(Entry.field.in_(fields))
    return ask.where(RoundTotal.edition_id == edition_id, RoundTotal.round == round_key)


def _computed(
    edition: EditionView,
    judging_round: Round,
    fields: Collection[str] | None,
    page: int,
    per_page: int | None,
) -> Ranking:
    totals = whole_round(edition, judging_round)
    ask = select(
        Entry.id, Entry.code, title_shown(edition, judging_round.key).label("title"), Entry.field
    ).where(Entry.edition_id == edition.id, Entry.state == State.ACCEPTED)
    known = {row.id: row for row in session().execute(ask)}
    ordered = sorted(
        (
            (total, known[entry])
            for entry, total in totals.items()
            if entry in known and (fields is None or known[entry].field in fields)
        ),
        key=lambda pair: (pair[0].total, pair[1].id),
        reverse=True,
    )
    rows: list[RankRow] = []
    for number, (total, entry) in enumerate(ordered, start=1):
        place = rows[-1].place if rows and rows[-1].total == total.total else number
        rows.append(_row(place, entry.code or "", entry.title, entry.field, total))
    if per_page is None:
        return Ranking(tuple(rows), len(rows), 1, is_kept=False)
    page = min(page, max(1, -(-len(rows) // per_page)))
    return Ranking(tuple(rows[(page - 1) * per_page : page * per_page]), len(rows), page, is_kept=False)


def _row(place: int, code: str, title: str, field: str | None, total: Total) -> RankRow:
    return RankRow(
        place=place,
        code=code,
        title=title,
        field=field,
        sheets=total.sheets,
        total=total.total,
        mean=Fraction(total.sum) / total.sheets,
        least=total.least,
        most=total.most,
    )
