"""What the screens of a deliberation follow, and who may follow: asked anew for many listeners at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from core.entries.barring import is_barred_of
from core.entries.models import Entry
from core.judging.assigning import is_running, of_sheet
from core.judging.council_models import Council, Seat
from core.judging.council_room import LEADING
from core.judging.deliberation_models import Deliberation
from core.judging.deliberation_values import DeliberationState
from core.judging.models import Assignment, Judge, Sheet
from core.judging.own_sheets import own_state
from core.judging.seats import SeatRole, SeatState
from core.judging.states import SheetState
from core.kernel.actor import Role
from core.kernel.db import session
from core.kernel.streams import Hub
from core.people.models import Account, SignIn


@dataclass(frozen=True, slots=True)
class Follower:
    """A screen: whose, under which sign-in, and the deliberation that it shows."""

    tenant_id: UUID
    edition_id: UUID
    round: str
    entry_id: UUID
    topic: UUID
    who: UUID
    sign_in_id: UUID


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read about all followers at once."""

    leads: frozenset[UUID]
    signed_in: frozenset[UUID]
    numbers: Mapping[UUID, str]
    own: Mapping[tuple[UUID, UUID], SheetState]
    barred: frozenset[tuple[UUID, UUID]]

    def may(self, follower: Follower, talk: Deliberation) -> bool:
        """The same that `deliberation_policies` ask of a request."""
        own = self.own.get((follower.who, talk.entry_id))
        takes_part = (
            follower.who in self.leads
            or own is not None
            or self.numbers.get(follower.who) in talk.participants
        )
        is_barred = (follower.who, talk.entry_id) in self.barred
        is_in = follower.sign_in_id in self.signed_in
        return is_in and takes_part and not is_barred and own is not SheetState.DRAFT


class Screens:
    """The source of the streams: deliberations by their version."""

    def heads(self, topics: Collection[UUID]) -> Mapping[UUID, int]:
        """The version of each deliberation. One query."""
        ask = select(Deliberation.id, Deliberation.version).where(Deliberation.id.in_(topics))
        return {row.id: row.version for row in session().execute(ask)}

    def told(self, listeners: Sequence[Follower]) -> Mapping[Follower, tuple[int, str] | None]:
        """What each screen shows now; None for who may not see it (any more). Seven queries at most, whatever their
        number."""
        rooms = _rooms(listeners)
        nexts = _next_rooms(rooms)
        found: dict[Follower, tuple[int, str] | None] = {}
        by_round: dict[tuple[UUID, str], list[Follower]] = {}
        for one in listeners:
            by_round.setdefault((one.edition_id, one.round), []).append(one)
        for own in by_round.values():
            entries = {one.entry_id for one in own} | {talk.entry_id for talk, _code in nexts.values()}
            known = _known(own, entries)
            for one in own:
                talk = rooms.get(one.topic)
                if talk is None or not known.may(one, talk):
                    found[one] = None
                    continue
                found[one] = (talk.version, _shown(one, talk, nexts.get(one.topic), known))
        return found


SCREENS = Screens()
HUB = Hub(SCREENS)


def _shown(
    follower: Follower, talk: Deliberation, further: tuple[Deliberation, str] | None, known: _Known
) -> str:
    """The event's data. Where the room went to a dossier that this person may not see, he is told nothing of it."""
    goes = further is not None and known.may(follower, further[0])
    return json.dumps(
        {
            "version": talk.version,
            "criterion": talk.criterion,
            "go": further[1] if further is not None and goes else "",
            "open": talk.state == DeliberationState.OPEN,
        }
    )


def _rooms(listeners: Sequence[Follower]) -> dict[UUID, Deliberation]:
    ask = select(Deliberation).where(Deliberation.id.in_({one.topic for one in listeners}))
    return {one.id: one for one in session().scalars(ask.execution_options(populate_existing=True))}


def _next_rooms(rooms: Mapping[UUID, Deliberation]) -> dict[UUID, tuple[Deliberation, str]]:
    """Where the leader of each room went, if that deliberation is open: the deliberation there, the entry's code."""
    wanted = {one.next_entry_id for one in rooms.values() if one.next_entry_id is not None}
    if not wanted:
        return {}
    ask = (
        select(Deliberation, Entry.code)
        .join(Entry, Entry.id == Deliberation.entry_id)
        .where(Deliberation.entry_id.in_(wanted), Deliberation.state == DeliberationState.OPEN)
    )
    there = {(talk.round, talk.entry_id): (talk, code or "") for talk, code in session().execute(ask)}
    return {
        one.id: there[one.round, one.next_entry_id]
        for one in rooms.values()
        if one.next_entry_id is not None and (one.round, one.next_entry_id) in there
    }


def _known(followers: Sequence[Follower], entries: Collection[UUID]) -> _Known:
    """About followers of one round. Five queries."""
    people = sorted({one.who for one in followers})
    edition_id, round_key = followers[0].edition_id, followers[0].round
    present = (
        select(SignIn.id, SignIn.account_id, Account.roles)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.id.in_({one.sign_in_id for one in followers}), SignIn.ended_at.is_(None))
    )
    signed_in, leads = set(), set()
    for sign_in_id, account_id, roles in session().execute(present):
        signed_in.add(sign_in_id)
        if Role.COMMITTEE in roles:
            leads.add(account_id)
    seats = (
        select(Seat.account_id, Seat.role)
        .join(Council, Council.id == Seat.council_id)
        .where(Council.edition_id == edition_id, Council.round == round_key)
        .where(Seat.account_id.in_(people), Seat.state == SeatState.ACCEPTED)
    )
    leads |= {account for account, role in session().execute(seats) if SeatRole(role) in LEADING}
    judges = select(Judge.account_id, Judge.number).where(
        Judge.edition_id == edition_id, Judge.account_id.in_(people), Judge.is_active.is_(True)
    )
    numbers = {account: number for account, number in session().execute(judges)}  # noqa: C416
    assigned = (
        select(Judge.account_id, Assignment.entry_id, own_state())
        .select_from(Assignment)
        .join(Judge, and_(Judge.id == Assignment.judge_id, Judge.is_active.is_(True)))
        .outerjoin(Sheet, of_sheet())
        .where(Judge.account_id.in_(people), Assignment.entry_id.in_(entries))
        .where(Assignment.round == round_key, is_running())
    )
    own = {(account, entry): SheetState(state) for account, entry, state in session().execute(assigned)}
    return _Known(frozenset(leads), frozenset(signed_in), numbers, own, _barred(people, entries))


def _barred(people: Sequence[UUID], entries: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """(account, entry) of those kept from a dossier. One query, put together at once however many they are: it is
    asked every two seconds, and while it is put together no request of the worker runs.
    """
    account_id: Any = Account.id
    ask = (
        select(Account.id, Entry.id)
        .join(Entry, Entry.tenant_id == Account.tenant_id)
        .where(Account.id.in_(people), Entry.id.in_(entries), is_barred_of(account_id))
    )
    return frozenset((row[0], row[1]) for row in session().execute(ask))
