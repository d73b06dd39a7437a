"""Reads of conflicts for the office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, and_, case, cast, func, or_, select

from core.contests.models import Unit
from core.contests.values import EditionView
from core.entries.content import authors_of
from core.entries.models import Entry, EntryAuthor
from core.judging.conflict_models import Conflict
from core.judging.conflict_policies import may_be_seen_by
from core.judging.conflict_values import ConflictRow, ConflictState, How
from core.judging.council_models import Council, Seat
from core.judging.models import Judge
from core.judging.seats import ON_COUNCIL, SeatRole
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.text import fold
from core.people.models import Account

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Narrow:
    """What the office looks for among conflicts: a person, words of a dossier, a kind or an evidence by its code."""

    person: UUID | None = None
    search: str = ""
    why: str = ""

    @property
    def is_given(self) -> bool:
        """Whether anything is looked for."""
        return self != Narrow()


EVERYTHING = Narrow()


def conflict_counts(
    edition: EditionView, actor: Actor, narrow: Narrow = EVERYTHING
) -> dict[ConflictState, int]:
    """How many conflicts the actor may see stand in each state. One query."""
    ask = _narrowed(_seen(edition, actor, Conflict.state, func.count()), narrow).group_by(Conflict.state)
    found = {row[0]: int(row[1]) for row in session().execute(ask)}
    return {state: found.get(state, 0) for state in ConflictState}


def conflict_page(
    edition: EditionView,
    actor: Actor,
    *,
    state: ConflictState | None = None,
    page: int = 1,
    narrow: Narrow = EVERYTHING,
) -> list[ConflictRow]:
    """One page of the conflicts that the actor may see: open ones first, declared before suspected. Three
    queries."""
    open_first = case((Conflict.state == ConflictState.OPEN, 0), else_=1)
    declared_first = case((Conflict.how == How.DECLARED, 0), else_=1)
    ask = (
        _seen(edition, actor, Conflict, Entry, Account.name, Account.email, Judge.number, Unit.name)
        .join(Account, Account.id == Conflict.account_id)
        .outerjoin(
            Judge,
            and_(Judge.account_id == Conflict.account_id, Judge.edition_id == Conflict.edition_id),
        )
        .outerjoin(Unit, Unit.id == Entry.unit_id)
        .order_by(open_first, declared_first, Conflict.at, Conflict.id)
    )
    ask = _narrowed(ask, narrow)
    if state is not None:
        ask = ask.where(Conflict.state == state)
    rows = session().execute(ask.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    authors = authors_of([row[1].id for row in rows])
    seats = _seats_of(edition, {row[0].account_id for row in rows})
    return [_row(row, authors[row[1].id], seats.get(row[0].account_id, set())) for row in rows]


def conflict_people(edition: EditionView, actor: Actor) -> list[tuple[str, str]]:
    """Id and name of everybody of whom the actor may see a conflict, as choices of a form. One query."""
    ask = _seen(edition, actor, Account.id, Account.name, Account.name_key)
    ask = (
        ask.join(Account, Account.id == Conflict.account_id).distinct().order_by(Account.name_key, Account.id)
    )
    return [(str(row[0]), row[1]) for row in session().execute(ask)]


def _narrowed(ask: Select[Any], narrow: Narrow) -> Select[Any]:
    if narrow.person is not None:
        ask = ask.where(Conflict.account_id == narrow.person)
    for word in fold(narrow.search).split():
        ask = ask.where(Entry.folded.contains(word, autoescape=True))
    if narrow.why:
        code = f'"{narrow.why}"'
        told = (cast(Conflict.evidence, String), cast(Conflict.declared, String))
        ask = ask.where(or_(*(one.contains(code, autoescape=True) for one in told)))
    return ask


def _seen(edition: EditionView, actor: Actor, *shown: Any) -> Select[Any]:
    return (
        select(*shown)
        .select_from(Conflict)
        .join(Entry, Entry.id == Conflict.entry_id)
        .where(Conflict.edition_id == edition.id, may_be_seen_by(actor))
    )


def _seats_of(edition: EditionView, accounts: Collection[UUID]) -> dict[UUID, set[SeatRole]]:
    """The parts of each in councils of the edition."""
    ask = (
        select(Seat.account_id, Seat.role)
        .join(Council, Council.id == Seat.council_id)
        .where(Council.edition_id == edition.id, Seat.account_id.in_(accounts), Seat.state.in_(ON_COUNCIL))
    )
    found: dict[UUID, set[SeatRole]] = defaultdict(set)
    for account_id, role in session().execute(ask):
        found[account_id].add(SeatRole(role))
    return found


def _row(row: Any, authors: Sequence[EntryAuthor], seats: Collection[SeatRole]) -> ConflictRow:
    one, entry, name, email, number, unit = row
    return ConflictRow(
        id=one.id,
        person=name,
        person_note=email or "",
        number=number,
        seats=tuple(one for one in SeatRole if one in seats),
        entry_code=entry.code or entry.ref,
        entry_title=entry.title,
        authors=tuple(one.name for one in authors),
        unit=unit or "",
        how=How(one.how),
        declared=tuple(one.declared),
        evidence=tuple((each["code"], each["what"]) for each in one.evidence),
        new=_new_in(one),
        words=one.words,
        state=ConflictState(one.state),
        at=one.at,
        reason=one.reason,
        decided_name=one.decided_name,
        decided_at=one.decided_at,
        uncounted=one.uncounted,
        revision=one.revision,
    )


def _new_in(one: Conflict) -> frozenset[str]:
    """What of the evidence was found after a dismissal, where there was one."""
    if not one.covered and one.decided_by is None:
        return frozenset()
    return frozenset(each["code"] for each in one.evidence if each not in one.covered)
