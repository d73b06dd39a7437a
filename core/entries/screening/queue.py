"""The committee's list of dossiers: what waits first, filtered, page by page; saved views. Fixed numbers of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, and_, case, delete, exists, func, or_, select
from sqlalchemy.orm import defer

from core.contests.queries import UnitRow
from core.contests.values import EditionView
from core.entries.content import authors_of, units_of
from core.entries.listing import clamp, count_of, holding
from core.entries.models import Entry
from core.entries.screening.claims import ClaimView, claims_of
from core.entries.screening.due import counts_until, dues_of, is_overdue, last_dues
from core.entries.screening.likeness import reads_alike, similar_counts
from core.entries.screening.models import SavedView, ScreeningClaim, ScreeningDigest, SimilarPair
from core.entries.states import State
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.prepared import insert_once
from core.kernel.text import clean_line

QUEUE_SIZE = 50
MOST_VIEWS = 20
# A list shows no answers, and a dossier may hold a hundred thousand characters of them.
_HEAVY = (defer(Entry.facts), defer(Entry.folded))
CLAIMED_BY = ("mine", "others", "nobody")


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """What the list shows: a state (or all that were handed in), a field, a unit, words, and the marks of screening.

    `claimed` is one of CLAIMED_BY; `overdue` those returned whose due date is past; `warned` those the rules warn of;
    `similar` those that read like another one.
    """

    state: State | None = None
    field: str | None = None
    unit_id: UUID | None = None
    words: str = ""
    claimed: str | None = None
    overdue: bool = False
    warned: bool = False
    similar: bool = False


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A dossier as the list shows it; `waiting_since` is its last handing in, `due_at` for a returned one."""

    id: UUID
    ref: str
    code: str
    title: str
    field: str | None
    authors: tuple[str, ...]
    unit: UnitRow | None
    state: State
    version: int
    waiting_since: datetime | None
    is_published: bool
    is_demonstration: bool
    due_at: datetime | None
    claim: ClaimView | None
    warnings: int
    similar: int


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the list."""

    rows: tuple[QueueRow, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the list, and when: claims and due dates are read at that instant."""

    actor: Actor
    now: datetime


def queue_page(edition: EditionView, filters: QueueFilters, reader: Reader, page: int = 1) -> QueuePage:
    """The dossiers that `filters` let through, what waits longest first. Eight queries."""
    ask = queue_statement(edition, filters, reader)
    total = count_of(ask)
    page, pages = clamp(page, total, QUEUE_SIZE)
    found = session().scalars(ask.limit(QUEUE_SIZE).offset((page - 1) * QUEUE_SIZE))
    return QueuePage(queue_rows(list(found), edition, reader), page, pages, total)


def queue_all(edition: EditionView, filters: QueueFilters, reader: Reader) -> tuple[QueueRow, ...]:
    """All rows that `filters` let through, for the export of exactly what is seen. Seven queries."""
    found = session().scalars(queue_statement(edition, filters, reader))
    return queue_rows(list(found), edition, reader)


def queue_names(edition: EditionView, filters: QueueFilters, reader: Reader, limit: int) -> list[str]:
    """The codes of the first `limit` dossiers that `filters` let through. One query."""
    ask = queue_statement(edition, filters, reader).with_only_columns(Entry.code).limit(limit)
    return [code for code in session().scalars(ask) if code is not None]


def next_waiting(edition: EditionView, besides: Entry, reader: Reader) -> str | None:
    """The code of the dossier that waits longest and that nobody else has in hand, other than `besides`. One query."""
    ask = select(Entry.code).where(Entry.edition_id == edition.id, Entry.state == State.SUBMITTED)
    ask = ask.where(Entry.id != besides.id, Entry.owner_id != reader.actor.id, ~_claimed_by(reader, "others"))
    return session().scalars(ask.order_by(Entry.submitted_at, Entry.code).limit(1)).first()


def queue_statement(edition: EditionView, filters: QueueFilters, reader: Reader) -> Select[Any]:
    """The dossiers that were handed in, filtered: what waits for screening, then what was returned by its due date."""
    dues = last_dues().subquery()
    ask = (
        select(Entry)
        .options(*_HEAVY)
        .outerjoin(dues, dues.c.entry_id == Entry.id)
        .where(Entry.edition_id == edition.id, Entry.version > 0)
    )
    if filters.state is not None:
        ask = ask.where(Entry.state == filters.state)
    if filters.field is not None:
        ask = ask.where(Entry.field == filters.field)
    if filters.unit_id is not None:
        ask = ask.where(Entry.unit_id == filters.unit_id)
    if filters.overdue:
        ask = ask.where(is_overdue(dues, reader.now))
    for condition in _marks(edition, filters, reader):
        ask = ask.where(condition)
    kind = case((Entry.state == State.SUBMITTED, 0), (Entry.state == State.RETURNED, 1), else_=2)
    due = case(
        (Entry.state == State.RETURNED, func.coalesce(dues.c.due_at, Entry.submitted_at)),
        else_=Entry.submitted_at,
    )
    return holding(ask, filters.words).order_by(kind, due, Entry.submitted_at, Entry.code)


def queue_rows(entries: Sequence[Entry], edition: EditionView, reader: Reader) -> tuple[QueueRow, ...]:
    """The rows of the list for `entries`, in the order given. Six queries."""
    ids = [entry.id for entry in entries]
    authors, units = authors_of(ids), units_of(entry.unit_id for entry in entries)
    claims, dues, similar = claims_of(ids, reader.now), dues_of(ids), similar_counts(ids, edition)
    asked = select(ScreeningDigest.entry_id, ScreeningDigest.warnings)
    warned = session().execute(asked.where(ScreeningDigest.entry_id.in_(ids)))
    warnings = {entry_id: count for entry_id, count in warned}  # noqa: C416 - rows, not pairs
    return tuple(
        QueueRow(
            id=entry.id,
            ref=entry.ref,
            code=entry.code or entry.ref,
            title=entry.title,
            field=entry.field,
            authors=tuple(one.name for one in authors[entry.id]),
            unit=units.get(entry.unit_id) if entry.unit_id else None,
            state=State(entry.state),
            version=entry.version,
            waiting_since=entry.submitted_at,
            is_published=entry.published_at is not None,
            is_demonstration=entry.is_demonstration,
            due_at=counts_until(dues.get(entry.id), entry.extended_until)
            if entry.state == State.RETURNED
            else None,
            claim=claims.get(entry.id),
            warnings=warnings.get(entry.id, 0),
            similar=similar.get(entry.id, 0),
        )
        for entry in entries
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """How many dossiers of the edition bear each mark of screening, and how many stand in each state."""

    by_state: dict[State, int]
    mine: int
    overdue: int
    warned: int
    similar: int


def marks_of(edition: EditionView, reader: Reader, chosen: State | None) -> Marks:
    """The counts beside the filters: overdue ones of all, the other marks within `chosen` (None: any). Two queries."""
    dues = last_dues().subquery()
    in_hand = Entry.version > 0 if chosen is None else Entry.state == chosen
    by_state = (
        select(Entry.state, func.count())
        .where(Entry.edition_id == edition.id, Entry.version > 0)
        .group_by(Entry.state)
    )
    states = {state: count for state, count in session().execute(by_state)}  # noqa: C416 - rows, not pairs
    counted = (
        select(
            _count_if(and_(in_hand, _claimed_by(reader, "mine"))),
            _count_if(is_overdue(dues, reader.now)),
            _count_if(and_(in_hand, _is_warned())),
            _count_if(and_(in_hand, _is_similar(edition))),
        )
        .select_from(Entry)
        .outerjoin(dues, dues.c.entry_id == Entry.id)
        .where(Entry.edition_id == edition.id, Entry.version > 0)
    )
    mine, overdue, warned, similar = session().execute(counted).one()
    return Marks(
        {state: states.get(state, 0) for state in State if state is not State.DRAFT},
        mine or 0,
        overdue or 0,
        warned or 0,
        similar or 0,
    )


def saved_views(actor: Actor) -> list[SavedView]:
    """The actor's saved views by name. One query."""
    ask = select(SavedView).where(SavedView.account_id == actor.id)
    return list(session().scalars(ask.order_by(SavedView.name)))


def save_view(name: str, query: str, *, actor: Actor, now: datetime) -> SavedView:
    """Keep filters under a name; the same name again takes the new filters. Raises Invalid at `name`."""
    words = clean_line(name)
    if not words:
        raise Invalid.one("name", _("Bạn hãy đặt tên cho bộ lọc."))
    if len(words) > 60:
        raise Invalid.one("name", _("Tên bộ lọc dài quá 60 ký tự."))
    if len(query) > 800:
        raise Invalid.one("name", _("Bộ lọc này quá dài để lưu."))
    held = {one.name: one for one in saved_views(actor)}
    if words not in held and len(held) >= MOST_VIEWS:
        raise Invalid.one("name", _("Đã có 20 bộ lọc. Bạn hãy xóa bớt một bộ lọc cũ."))
    values = {"account_id": actor.id, "name": words, "query": query, "at": now}
    if not insert_once(SavedView, ("account_id", "name"), values) and words in held:
        held[words].query, held[words].at = query, now
        session().flush()
    audit.append("screening.view_saved", str(actor.id), {}, actor=actor, now=now)
    ask = select(SavedView).where(SavedView.account_id == actor.id, SavedView.name == words)
    return session().scalars(ask).one()


def drop_view(name: str, *, actor: Actor, now: datetime) -> bool:
    """Forget a saved view of the actor; returns whether there was one."""
    gone = session().execute(
        delete(SavedView).where(SavedView.account_id == actor.id, SavedView.name == clean_line(name))
    )
    is_gone = bool(gone.rowcount)  # type: ignore[attr-defined]
    if is_gone:
        audit.append("screening.view_dropped", str(actor.id), {}, actor=actor, now=now)
    return is_gone


def _marks(edition: EditionView, filters: QueueFilters, reader: Reader) -> list[Any]:
    conditions = []
    if filters.claimed == "nobody":
        conditions.append(~_claimed_by(reader, "anybody"))
    elif filters.claimed in CLAIMED_BY:
        conditions.append(_claimed_by(reader, filters.claimed))
    if filters.warned:
        conditions.append(_is_warned())
    if filters.similar:
        conditions.append(_is_similar(edition))
    return conditions


def _claimed_by(reader: Reader, who: str) -> Any:
    claim = and_(
        ScreeningClaim.tenant_id == Entry.tenant_id,
        ScreeningClaim.entry_id == Entry.id,
        ScreeningClaim.until > reader.now,
    )
    if who == "mine":
        claim = and_(claim, ScreeningClaim.officer_id == reader.actor.id)
    if who == "others":
        claim = and_(claim, ScreeningClaim.officer_id != reader.actor.id)
    return exists().where(claim)


def _is_warned() -> Any:
    is_of = and_(ScreeningDigest.tenant_id == Entry.tenant_id, ScreeningDigest.entry_id == Entry.id)
    return exists().where(is_of, ScreeningDigest.warnings > 0)


def _is_similar(edition: EditionView) -> Any:
    is_in = or_(SimilarPair.first_id == Entry.id, SimilarPair.second_id == Entry.id)
    return exists().where(SimilarPair.tenant_id == Entry.tenant_id, is_in, reads_alike(edition))


def _count_if(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))
