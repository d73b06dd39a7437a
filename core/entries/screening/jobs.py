"""What screening has done after a request: likenesses and warnings of what was handed in, reminders of returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.contests.queries import editions
from core.contests.values import EditionView
from core.entries.events import EntrySubmitted
from core.entries.models import Entry
from core.entries.screening.due import send_reminders, tenants_with_due
from core.entries.screening.likeness import find_similar
from core.entries.screening.models import ScreeningDigest
from core.entries.services import check
from core.kernel.clock import real_now
from core.kernel.db import ALL_TENANTS, session, tenant_scope
from core.kernel.events import listens_to
from core.kernel.ids import uuid7
from core.kernel.jobs import enqueue, handler, periodic
from core.kernel.prepared import insert_once
from core.kernel.uow import unit_of_work
from core.plugin_api import Severity
from core.tenancy.models import Tenant

PREPARE = "entries.prepare_screening"
REMIND = "entries.remind_of_returns"


@listens_to(EntrySubmitted)
def prepare_when_handed_in(event: EntrySubmitted) -> None:
    """Ask for likenesses and warnings of the version that was handed in."""
    enqueue(PREPARE, {"entry": str(event.entry_id)}, dedupe=f"{event.entry_id.hex}:{event.number}")


def prepare_all(edition: EditionView) -> int:
    """Ask for likenesses and warnings of every dossier of the edition that was handed in; how many that are."""
    ask = select(Entry.id).where(Entry.edition_id == edition.id, Entry.version > 0)
    ids = list(session().scalars(ask))
    for entry_id in ids:
        enqueue(PREPARE, {"entry": str(entry_id)}, dedupe=f"{entry_id.hex}:{uuid7().hex}")
    return len(ids)


@handler(PREPARE)
def prepare(payload: Mapping[str, Any]) -> None:
    """Find what reads like a dossier, and count what the rules warn of; doing it twice changes nothing."""
    entry = session().scalars(select(Entry).where(Entry.id == UUID(payload["entry"]))).one_or_none()
    if entry is None or entry.version == 0:
        return
    find_similar(entry, now=real_now())
    slug = session().scalars(
        select(Tenant.slug).where(Tenant.id == session().tenant_id), execution_options=ALL_TENANTS
    )
    edition = next(one for one in editions(slug.one()) if one.id == entry.edition_id)
    warnings = sum(1 for one in check(entry, edition) if one.severity is Severity.WARN)
    at = real_now()
    values = {"version": entry.version, "warnings": warnings, "at": at}
    kept = {"edition_id": entry.edition_id, "entry_id": entry.id, **values}
    if not insert_once(ScreeningDigest, ("entry_id",), kept):
        ask = select(ScreeningDigest).where(ScreeningDigest.entry_id == entry.id).with_for_update()
        digest = session().scalars(ask).one()
        digest.version, digest.warnings, digest.at = entry.version, warnings, at


@handler(REMIND)
def remind(payload: Mapping[str, Any]) -> None:
    """Send the reminders that are due in this tenant."""
    send_reminders()


@periodic
def ask_for_reminders(now: datetime) -> None:
    """Once an hour, for each tenant with a returned dossier of which not all reminders are out."""
    for tenant_id in tenants_with_due():
        with tenant_scope(tenant_id), unit_of_work():
            enqueue(REMIND, {}, dedupe=f"{now:%Y%m%d%H}")
