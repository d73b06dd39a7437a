"""Looking for conflicts after a request: of a dossier handed in or accepted, and each night of all that changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.contests.models import Edition
from core.entries.events import EntryAccepted, EntrySubmitted, StakeTaken
from core.entries.models import Entry
from core.entries.organisation_models import EntryOrganisation
from core.judging.conflict_facts import is_looked_at
from core.judging.conflict_values import LOOK
from core.judging.council_models import Council
from core.judging.models import Judge
from core.judging.services.conflict_search import suspect
from core.kernel.clock import real_now
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.events import listens_to
from core.kernel.jobs import enqueue, handler, periodic
from core.kernel.uow import unit_of_work
from core.people.events import OfficerJoined, OfficerLeft
from core.people.models import Account


@listens_to(EntrySubmitted)
def look_when_handed_in(event: EntrySubmitted) -> None:
    """Compare the dossier with everybody who judges or works in the office."""
    _ask(event.edition_id, event.entry_id, f"{event.number}")


@listens_to(EntryAccepted)
def look_when_accepted(event: EntryAccepted) -> None:
    """Compare it again: authors may have confirmed since."""
    _ask(event.edition_id, event.entry_id, f"{event.at:%Y%m%d%H%M%S}")


@listens_to(StakeTaken)
def look_at_once(event: StakeTaken) -> None:
    """Who may read a dossier as an entrant must not judge it meanwhile: where it is one of the council or the office,
    what ties him to it is found in the same deed."""
    if _concerns_council(event.edition_id, event.account_id):
        suspect(event.edition_id, entry_id=event.entry_id, account_id=event.account_id, now=event.at)


@listens_to(OfficerJoined)
def look_at_the_new_officer(event: OfficerJoined) -> None:
    """The dossiers of the organisation are open to him from now on."""
    _look_at_officer(event.organisation_id, event.account_id, event.now)


@listens_to(OfficerLeft)
def look_at_the_successor(event: OfficerLeft) -> None:
    """The successor may be its steward from now on."""
    _look_at_officer(event.organisation_id, event.successor_id, event.now)


@handler(LOOK)
def look(payload: Mapping[str, Any]) -> None:
    """Look for conflicts of one dossier, of one person, or of a whole edition; doing it twice changes nothing."""
    entry, account = payload.get("entry"), payload.get("account")
    edition_id = UUID(payload["edition"])
    stored = session().scalars(select(Edition).where(Edition.id == edition_id)).one_or_none()
    if stored is not None:
        suspect(
            edition_id,
            entry_id=UUID(entry) if entry else None,
            account_id=UUID(account) if account else None,
            now=real_now(),
        )


@periodic
def look_each_night(now: datetime) -> None:
    """Once a day, for each edition with judges or a council: units, authors and addresses of people change."""
    if now.hour != 19:  # two in the morning in Việt Nam
        return
    judges = select(Judge.tenant_id, Judge.edition_id).where(Judge.is_active.is_(True))
    councils = select(Council.tenant_id, Council.edition_id)
    with platform_scope() as current:
        found = {
            (row[0], row[1])
            for ask in (judges, councils)
            for row in current.execute(ask.distinct(), execution_options=ALL_TENANTS)
        }
    for tenant_id, edition_id in sorted(found):
        with tenant_scope(tenant_id), unit_of_work():
            enqueue(LOOK, {"edition": str(edition_id)}, dedupe=f"{edition_id.hex}:{now:%Y%m%d}")


def _look_at_officer(organisation_id: UUID, account_id: UUID, now: datetime) -> None:
    ask = (
        select(Entry.edition_id)
        .join(EntryOrganisation, EntryOrganisation.entry_id == Entry.id)
        .where(EntryOrganisation.organisation_id == organisation_id, Entry.version > 0)
        .distinct()
    )
    for edition_id in sorted(session().scalars(ask)):
        if _concerns_council(edition_id, account_id):
            suspect(edition_id, account_id=account_id, now=now)


def _concerns_council(edition_id: UUID, account_id: UUID | None) -> bool:
    """Whether the account is one that is compared in the edition; of everybody (None) some always are."""
    if account_id is None:
        return True
    ask = select(Account.id).where(Account.id == account_id, is_looked_at(edition_id))
    return session().scalars(ask).one_or_none() is not None


def _ask(edition_id: UUID, entry_id: UUID, mark: str) -> None:
    payload = {"edition": str(edition_id), "entry": str(entry_id)}
    enqueue(LOOK, payload, dedupe=f"{entry_id.hex}:{mark}")
