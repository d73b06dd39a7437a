"""Until when a returned dossier is to be completed, and the reminders before that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Select, func, select

from core.contests.queries import editions
from core.contests.values import EditionView
from core.entries import letters
from core.entries.models import Entry, Screening
from core.entries.states import Move, State
from core.kernel.clock import end_of, local
from core.kernel.db import ALL_TENANTS, platform_scope, session
from core.plugin_host.defaults import NAME as CORE
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


def last_dues() -> Select[UUID, datetime | None]:
    """For joining: entry and the latest due date of its returns."""
    return (
        select(Screening.entry_id, func.max(Screening.due_at).label("due_at"))
        .where(Screening.outcome == str(Move.RETURN))
        .group_by(Screening.entry_id)
    )
