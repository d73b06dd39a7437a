"""Until when a returned dossier is to be completed, and the reminders before that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, or_, select

from core.contests.queries import editions
from core.contests.values import EditionView
from core.entries import letters
from core.entries.models import Entry, Screening
from core.entries.states import Move, State
from core.kernel.clock import end_of, local
from core.kernel.db import ALL_TENANTS, platform_scope, session
from core.plugin_host.core_settings import NAME as CORE
from core.tenancy.models import Tenant

# How long before the due date each reminder goes out, the first one first.
REMINDERS = (timedelta(days=3), timedelta(days=1))


def default_due(edition: EditionView, now: datetime) -> datetime:
    """The end (exclusive) of the day that the setting `completion_days` gives for a return at `now`."""
    days = edition.values.setting_as(CORE, "completion_days", int)
    return end_of(local(now).date() + timedelta(days=days))


def due_of(entry: Entry) -> datetime | None:
    """Until when the returned dossier is to be completed (exclusive); None when that was not said. One query."""
    if entry.state != State.RETURNED:
        return None
    return dues_of([entry.id]).get(entry.id)


def dues_of(ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """The due date of the last return of each dossier that has one. One query."""
    ask = select(Screening.entry_id, Screening.due_at).where(
        Screening.entry_id.in_(list(ids)), Screening.outcome == str(Move.RETURN)
    )
    rows = session().execute(ask.order_by(Screening.at, Screening.id))
    found = {entry_id: due for entry_id, due in rows}  # noqa: C416 - rows are tuples of a result, and the last one counts
    return {entry_id: due for entry_id, due in found.items() if due is not None}


def reminders_sent_by(now: datetime, due: datetime) -> int:
    """How many of REMINDERS lie behind at `now`."""
    return sum(1 for before in REMINDERS if now >= due - before)


def tenants_with_due(limit: int = 1000) -> list[UUID]:
    """The tenants with a return whose reminders are not all out; outside any tenant. One query."""
    ask = (
        select(Screening.tenant_id)
        .where(Screening.due_at.is_not(None), Screening.reminded < len(REMINDERS))
        .group_by(Screening.tenant_id)
        .limit(limit)
    )
    with platform_scope() as current:
        return list(current.scalars(ask, execution_options=ALL_TENANTS))


def send_reminders() -> int:
    """Remind the entrants of the bound tenant whose returned dossier is due soon, on each edition's own clock.

    Each reminder goes out once; what was handed in again, decided or is past due is not reminded of. Returns how many
    letters went into the outbox.
    """
    slug = session().execute(_slug(), execution_options=ALL_TENANTS).scalar_one()
    by_id = {one.id: one for one in editions(slug)}
    sent = 0
    for screening, entry in session().execute(_waiting()).all():
        edition = by_id[entry.edition_id]
        now = edition.now()
        due = cast(datetime, screening.due_at)
        is_over = entry.state != State.RETURNED or now >= due or screening.id != _last_return(entry.id)
        stage = len(REMINDERS) if is_over else reminders_sent_by(now, due)
        if not is_over and stage > screening.reminded:
            letters.send_completion_reminder(entry, edition, screening.reason, due, now=now)
            sent += 1
        screening.reminded = max(screening.reminded, stage)
    session().flush()
    return sent


def _waiting() -> Select[Screening, Entry]:
    return (
        select(Screening, Entry)
        .join(Entry, Entry.id == Screening.entry_id)
        .where(Screening.due_at.is_not(None), Screening.reminded < len(REMINDERS))
        .order_by(Screening.at)
        .with_for_update(of=Screening)
    )


def _last_return(entry_id: UUID) -> UUID | None:
    ask = select(Screening.id).where(Screening.entry_id == entry_id, Screening.outcome == str(Move.RETURN))
    return session().scalars(ask.order_by(Screening.at.desc(), Screening.id.desc()).limit(1)).first()


def _slug() -> Select[str]:
    return select(Tenant.slug).where(Tenant.id == session().tenant_id)


@dataclass(frozen=True, slots=True)
class Overdue:
    """The returned dossiers of an edition whose due date is past: how many, and the first of those dates."""

    count: int
    since: datetime | None


def overdue(edition: EditionView, now: datetime) -> Overdue:
    """How many dossiers were to be completed before `now` and did not come again. One query."""
    dues = last_dues().subquery()
    ask = (
        select(func.count(), func.min(dues.c.due_at))
        .select_from(Entry)
        .join(dues, dues.c.entry_id == Entry.id)
        .where(Entry.edition_id == edition.id, Entry.version > 0, is_overdue(dues, now))
    )
    return Overdue(*session().execute(ask).one())


def is_overdue(dues: FromClause, now: datetime) -> ColumnElement[bool]:
    """The condition on `Entry` joined to `last_dues`: returned, past its due date and past an extension of its own."""
    is_over = or_(Entry.extended_until.is_(None), Entry.extended_until <= now)
    return and_(Entry.state == State.RETURNED, dues.c.due_at <= now, is_over)


def counts_until(due: datetime | None, extended_until: datetime | None) -> datetime | None:
    """The due date as an extension of the dossier's own moves it; None where none was given."""
    return max(due, extended_until) if due is not None and extended_until is not None else due


def last_dues() -> Select[UUID, datetime | None]:
    """For joining: entry and the due date of its last return."""
    place = func.row_number().over(
        partition_by=Screening.entry_id, order_by=(Screening.at.desc(), Screening.id.desc())
    )
    returns = select(Screening.entry_id, Screening.due_at, place.label("place"))
    last = returns.where(Screening.outcome == str(Move.RETURN)).subquery()
    return select(last.c.entry_id, last.c.due_at).where(last.c.place == 1)
