"""Who sits on the council of a round and in which group, and so who is to judge what when the round is put before all.

A round without a council is judged by every active judge. With one, by those who accepted a judging seat; with groups,
each by those who sit in the group of the entry's field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, and_, select

from core.contests.values import EditionView
from core.judging.council_models import Council, Group, GroupField, GroupSeat, Pledge, Seat, StandIn
from core.judging.models import Assignment, Judge
from core.judging.seats import JUDGING, ON_COUNCIL, SeatRole, SeatState
from core.kernel.db import session
from core.people.models import Account


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat with its person; `number` is the judge's (J1), "" for who does not judge, `signed_at` of the pledge."""

    id: UUID
    account_id: UUID
    role: SeatRole
    state: SeatState
    name: str
    email: str
    reason: str
    invited_at: datetime
    reminded_at: datetime | None
    answered_at: datetime | None
    number: str
    signed_at: datetime | None

    @property
    def is_on(self) -> bool:
        """Whether the person is on the council or may still come."""
        return self.state in ON_COUNCIL

    @property
    def is_judging(self) -> bool:
        """Whether the person judges, or will once the invitation is accepted."""
        return self.is_on and self.role.judges


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A judging group: keys of its fields, its seats."""

    id: UUID
    name: str
    fields: tuple[str, ...]
    seats: frozenset[UUID]


def council_of(edition_id: UUID, round_key: str) -> Council | None:
    """The council of a round; None where nobody made one. One query."""
    ask = select(Council).where(Council.edition_id == edition_id, Council.round == round_key)
    return session().scalars(ask).one_or_none()


def seat_rows(council: Council) -> list[SeatRow]:
    """Everybody who is or was on a council: by part, then as they were put there. One query."""
    of_council = and_(Judge.account_id == Seat.account_id, Judge.edition_id == council.edition_id)
    ask = (
        select(Seat, Account.name, Account.email, Judge.number, Pledge.signed_at)
        .join(Account, Account.id == Seat.account_id)
        .outerjoin(Judge, of_council)
        .outerjoin(Pledge, Pledge.seat_id == Seat.id)
        .where(Seat.council_id == council.id)
        .order_by(Seat.position)
    )
    order = list(SeatRole)
    rows = [
        SeatRow(
            id=seat.id,
            account_id=seat.account_id,
            role=SeatRole(seat.role),
            state=SeatState(seat.state),
            name=name,
            email=email or "",
            reason=seat.reason,
            invited_at=seat.invited_at,
            reminded_at=seat.reminded_at,
            answered_at=seat.answered_at,
            number=number or "",
            signed_at=signed_at,
        )
        for seat, name, email, number, signed_at in session().execute(ask)
    ]
    return sorted(rows, key=lambda row: order.index(row.role))


def group_rows(council: Council) -> list[GroupRow]:
    """The groups of a council by name, with fields and seats. Three queries."""
    fields: dict[UUID, list[str]] = defaultdict(list)
    for group_id, key in session().execute(
        select(GroupField.group_id, GroupField.field).where(GroupField.council_id == council.id)
    ):
        fields[group_id].append(key)
    seats: dict[UUID, set[UUID]] = defaultdict(set)
    for group_id, seat_id in session().execute(
        select(GroupSeat.group_id, GroupSeat.seat_id)
        .join(Group, Group.id == GroupSeat.group_id)
        .where(Group.council_id == council.id)
    ):
        seats[group_id].add(seat_id)
    found = session().execute(
        select(Group.id, Group.name).where(Group.council_id == council.id).order_by(Group.name)
    )
    return [GroupRow(key, name, tuple(sorted(fields[key])), frozenset(seats[key])) for key, name in found]


def seated_pairs(council: Council, entries: Mapping[UUID, str | None]) -> list[tuple[UUID, UUID]]:
    """Each judge of the council with each entry (id → field) that is his to judge. Five queries at most.

    Left out is what a reserve took over: who comes back finds it in other hands.
    """
    judges = _seated_judges(council)
    groups = group_rows(council)
    taken = {
        (judge, entry)
        for judge, entry in session().execute(
            select(StandIn.judge_id, StandIn.entry_id).where(
                StandIn.edition_id == council.edition_id, StandIn.round == council.round
            )
        )
    }
    by_field = {key: group.seats for group in groups for key in group.fields}
    return [
        (judge, entry)
        for seat, judge in judges
        for entry, field in entries.items()
        if (not groups or seat in by_field.get(field or "", frozenset())) and (judge, entry) not in taken
    ]


def unjudged(council: Council, entries: Mapping[UUID, str | None]) -> set[UUID]:
    """Entries (id → field) that nobody of the council would judge."""
    return set(entries) - {entry for _judge, entry in seated_pairs(council, entries)}


def has_other_seat(edition_id: UUID, account_id: UUID, but: Council) -> bool:
    """Whether the person judges on another council of the edition. One query."""
    ask = (
        select(Seat.id)
        .join(Council, Council.id == Seat.council_id)
        .where(Council.edition_id == edition_id, Council.id != but.id, Seat.account_id == account_id)
        .where(Seat.state == SeatState.ACCEPTED, Seat.role != SeatRole.SECRETARY)
    )
    return session().scalars(ask.limit(1)).first() is not None


def has_councils(edition_id: UUID) -> bool:
    """Whether any round of the edition has a council. One query."""
    return session().scalars(select(Council.id).where(Council.edition_id == edition_id)).first() is not None


def pledge_missing(account_id: UUID) -> ColumnElement[bool]:
    """The criterion of assignments, in a statement that asks for them, whose round wants a pledge that the account has
    not signed."""
    wanted = unsigned(account_id).where(
        Council.edition_id == Assignment.edition_id, Council.round == Assignment.round
    )
    return wanted.correlate(Assignment).exists()


def owes_pledge(edition_id: UUID, round_key: str, account_id: UUID) -> bool:
    """Whether the account must sign before it opens a dossier of the round. One query."""
    ask = unsigned(account_id).where(Council.edition_id == edition_id, Council.round == round_key)
    return session().scalars(ask).first() is not None


def waiting_answers(edition: EditionView) -> dict[str, tuple[int, int]]:
    """Round → how many have not answered, and how many declined or left with nobody asked since and no reserve in
    their place. One query."""
    stood_in = (
        select(StandIn.id)
        .join(Judge, Judge.id == StandIn.judge_id)
        .where(Judge.account_id == Seat.account_id, StandIn.edition_id == Council.edition_id)
        .where(StandIn.round == Council.round, StandIn.at >= Seat.answered_at)
        .correlate(Seat, Council)
        .exists()
    )
    ask = (
        select(Council.round, Seat.state, Seat.invited_at, Seat.answered_at, stood_in.label("stood_in"))
        .join(Seat, Seat.council_id == Council.id)
        .where(Council.edition_id == edition.id)
    )
    rows = list(session().execute(ask))
    asked: dict[str, datetime] = {}
    for row in rows:
        if row.state in ON_COUNCIL:
            asked[row.round] = max(row.invited_at, asked.get(row.round, row.invited_at))
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        waiting, gone = found.get(row.round, (0, 0))
        since = asked.get(row.round)
        is_gone = (
            row.state not in ON_COUNCIL and not row.stood_in and (since is None or since <= row.answered_at)
        )
        found[row.round] = (waiting + (row.state == SeatState.INVITED), gone + is_gone)
    return {key: numbers for key, numbers in found.items() if numbers != (0, 0)}


def fields_without_group(groups: Iterable[GroupRow], fields: Iterable[str]) -> list[str]:
    """Keys of `fields` that no group takes."""
    taken = {key for group in groups for key in group.fields}
    return [key for key in fields if key not in taken]


def _seated_judges(council: Council) -> list[tuple[UUID, UUID]]:
    """Seat and judge of who accepted a judging seat and is active. One query."""
    ask = (
        select(Seat.id, Judge.id)
        .join(Judge, and_(Judge.account_id == Seat.account_id, Judge.edition_id == council.edition_id))
        .where(Seat.council_id == council.id, Seat.state == SeatState.ACCEPTED, Seat.role.in_(JUDGING))
        .where(Judge.is_active.is_(True))
    )
    return [(row[0], row[1]) for row in session().execute(ask)]


def unsigned(account_id: UUID | BindParameter[UUID]) -> Select[UUID]:
    """Councils that want a pledge which the account has not signed; who has no seat there has not."""
    signed = (
        select(Pledge.id)
        .join(Seat, Seat.id == Pledge.seat_id)
        .where(Seat.council_id == Council.id, Seat.account_id == account_id)
        .correlate(Council)
    )
    return select(Council.id).where(Council.pledge_required.is_(True), ~signed.exists())
