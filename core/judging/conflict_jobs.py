"""Looking for conflicts after a request: of a dossier handed in or accepted, and each night of all that changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.contests.models import Edition
from core.entries.events import EntryAccepted, EntrySubmitted
from core.judging.models import Judge
from core.judging.services.conflicts import suspect
from core.kernel.clock import real_now
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.events import listens_to
from core.kernel.jobs import enqueue, handler, periodic
from core.kernel.uow import unit_of_work

LOOK = "judging.look_for_conflicts"


@listens_to(EntrySubmitted)
def look_when_handed_in(event: EntrySubmitted) -> None:
    """Compare the dossier with everybody who judges or works in the office."""
    _ask(event.edition_id, event.entry_id, f"{event.number}")


@listens_to(EntryAccepted)
def look_when_accepted(event: EntryAccepted) -> None:
    """Compare it again: authors may have confirmed since."""
    _ask(event.edition_id, event.entry_id, f"{event.at:%Y%m%d%H%M%S}")


@handler(LOOK)
def look(payload: Mapping[str, Any]) -> None:
    """Look for conflicts of one dossier, or of a whole edition; doing it twice changes nothing."""
    entry = payload.get("entry")
    edition_id = UUID(payload["edition"])
    stored = session().scalars(select(Edition).where(Edition.id == edition_id)).one_or_none()
    if stored is not None:
        suspect(edition_id, entry_id=UUID(entry) if entry else None, now=real_now())


@periodic
def look_each_night(now: datetime) -> None:
    """Once a day, for each edition with a council: units, authors and addresses of people change."""
    if now.hour != 19:  # two in the morning in Việt Nam
        return
    ask = select(Judge.tenant_id, Judge.edition_id).where(Judge.is_active.is_(True)).distinct()
    with platform_scope() as current:
        found = [(row[0], row[1]) for row in current.execute(ask, execution_options=ALL_TENANTS)]
    for tenant_id, edition_id in sorted(found):
        with tenant_scope(tenant_id), unit_of_work():
            enqueue(LOOK, {"edition": str(edition_id)}, dedupe=f"{edition_id.hex}:{now:%Y%m%d}")


def _ask(edition_id: UUID, entry_id: UUID, mark: str) -> None:
    payload = {"edition": str(edition_id), "entry": str(entry_id)}
    enqueue(LOOK, payload, dedupe=f"{entry_id.hex}:{mark}")
