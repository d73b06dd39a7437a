"""Whom a leader may choose to go on a site visit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.contests.values import EditionView
from core.judging.council_models import Seat
from core.judging.meeting.apart import kept_people
from core.judging.models import Judge
from core.judging.seating import council_of
from core.judging.seats import SeatState
from core.kernel.db import session
from core.people.models import Account


@dataclass(frozen=True, slots=True)
class Goer:
    """Somebody of the council who may go; `role` is the part of the seat, "" without a council."""

    account_id: UUID
    name: str
    role: str


def goers(edition: EditionView, round_key: str, entry_id: UUID | None = None) -> list[Goer]:
    """Who may go: accepted seats of the round's council (without one, active judges), without those who have a
    conflict with the entry or hold it. Four queries at most."""
    council = council_of(edition.id, round_key)
    if council is not None:
        ask = (
            select(Account.id, Account.name, Seat.role)
            .join(Seat, Seat.account_id == Account.id)
            .where(Seat.council_id == council.id, Seat.state == SeatState.ACCEPTED)
            .order_by(Seat.position)
        )
        found = [Goer(row.id, row.name, row.role) for row in session().execute(ask)]
    else:
        judges = (
            select(Account.id, Account.name)
            .join(Judge, Judge.account_id == Account.id)
            .where(Judge.edition_id == edition.id, Judge.is_active.is_(True))
            .order_by(Judge.number)
        )
        found = [Goer(row.id, row.name, "") for row in session().execute(judges)]
    if entry_id is None:
        return found
    kept = kept_people(entry_id)
    return [one for one in found if one.account_id not in kept]
