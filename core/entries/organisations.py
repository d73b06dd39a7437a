"""Dossiers of organisations: given to one, taken over by another of its officers, handed over when one leaves.

A dossier has one officer in charge, its owner, so that everything else about owners holds. All officers of the
organisation see it listed, and each may take it over; every change of hands is in the log. A steward also reads each
without taking it over, and whoever is in charge is told of it as of any other opening.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, select

from core.contests.values import EditionView
from core.entries.events import DossierOpened, StakeTaken
from core.entries.models import Entry
from core.entries.organisation_models import EntryOrganisation
from core.entries.organisation_rights import STEWARD
from core.entries.policies import access_entry
from core.entries.services import start_draft
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.events import emit, listens_to
from core.kernel.prepared import insert_once
from core.people.events import OfficerLeft
from core.people.models import Account
from core.people.organisations import access_organisation


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """A dossier of an organisation, and the officer in charge."""

    ref: str
    code: str | None
    title: str
    state: str
    officer_id: UUID
    officer: str
    updated_at: datetime


def entries_of_organisation(organisation_id: UUID) -> list[OrganisationEntry]:
    """The dossiers of an organisation over all editions, newest first. One query."""
    ask = (
        select(Entry.ref, Entry.code, Entry.title, Entry.state, Account.id, Account.name, Entry.updated_at)
        .join(EntryOrganisation, EntryOrganisation.entry_id == Entry.id)
        .join(Account, Account.id == Entry.owner_id)
        .where(EntryOrganisation.organisation_id == organisation_id)
        .order_by(Entry.created_at.desc(), Entry.id.desc())
    )
    return [OrganisationEntry(*row) for row in session().execute(ask)]


def entries_of_nobody_else(account_id: UUID) -> list[tuple[str, str]]:
    """Ref and title of the account's dossiers that are no organisation's, newest first. One query."""
    taken = select(EntryOrganisation.entry_id)
    ask = select(Entry.ref, Entry.title).where(Entry.owner_id == account_id, Entry.id.not_in(taken))
    return [(row.ref, row.title) for row in session().execute(ask.order_by(Entry.created_at.desc()))]


def start_for_organisation(
    edition: EditionView,
    organisation_id: UUID,
    *,
    owner: Account,
    form_token: str,
    unit_code: str | None = None,
    actor: Actor,
    now: datetime,
) -> Entry:
    """A new dossier of the organisation, `owner` (the actor) in charge; the same `form_token` gives the same dossier.

    Raises NotFound for who is no officer of it now, and what `start_draft` raises.
    """
    found = access_organisation(actor, organisation_id)
    entry = start_draft(
        edition, owner=owner, form_token=form_token, unit_code=unit_code, actor=actor, now=now
    )
    _file_for(entry, found.id, actor=actor, now=now)
    return entry


def access_entry_as_steward(actor: Actor, organisation_id: UUID, ref: str) -> Entry:
    """A dossier of the organisation for one of its stewards to read, noted as opened; raises NotFound. Two queries."""
    found = access_organisation(actor, organisation_id)
    if not found.is_steward:
        raise NotFound
    entry = session().scalars(_filed(found.id, ref)).one_or_none()
    if entry is None:
        raise NotFound
    emit(DossierOpened(entry.id, entry.owner_id, actor.id, STEWARD, "dossier"))
    return entry


def give_to_organisation(ref: str, organisation_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Make the actor's own dossier one of the organisation's; doing it twice changes nothing. Raises NotFound."""
    found = access_organisation(actor, organisation_id)
    entry = access_entry(actor, ref)
    _require_owner(entry, actor)
    _file_for(entry, found.id, actor=actor, now=now)


def take_from_organisation(ref: str, organisation_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Make a dossier that the actor is in charge of their own again. Raises NotFound."""
    found = access_organisation(actor, organisation_id)
    entry = _entry_of(found.id, ref)
    _require_owner(entry, actor)
    session().execute(delete(EntryOrganisation).where(EntryOrganisation.entry_id == entry.id))
    audit.append(
        "entry.taken_from_organisation", entry.ref, {"organisation": str(found.id)}, actor=actor, now=now
    )


def take_over(ref: str, organisation_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Put the actor, an officer of the organisation, in charge of one of its dossiers. Raises NotFound."""
    found = access_organisation(actor, organisation_id)
    entry = _entry_of(found.id, ref)
    if actor.id is None or entry.owner_id == actor.id:
        return
    _change_hands(entry, actor.id, actor=actor, now=now)


@listens_to(OfficerLeft)
def _hand_over(left: OfficerLeft) -> None:
    """What an officer who leaves was in charge of for the organisation is the successor's."""
    ask = (
        select(Entry)
        .join(EntryOrganisation, EntryOrganisation.entry_id == Entry.id)
        .where(EntryOrganisation.organisation_id == left.organisation_id, Entry.owner_id == left.account_id)
        .order_by(Entry.id)
    )
    for entry in session().scalars(ask.with_for_update()):
        _change_hands(entry, left.successor_id, actor=left.actor, now=left.now)


def _file_for(entry: Entry, organisation_id: UUID, *, actor: Actor, now: datetime) -> None:
    values = {"entry_id": entry.id, "organisation_id": organisation_id, "since": now}
    if insert_once(EntryOrganisation, ("entry_id",), values):
        data = {"organisation": str(organisation_id)}
        audit.append("entry.given_to_organisation", entry.ref, data, actor=actor, now=now)
        emit(StakeTaken(entry.edition_id, entry.id, None, now))


def _change_hands(entry: Entry, account_id: UUID, *, actor: Actor, now: datetime) -> None:
    data = {"from": str(entry.owner_id), "to": str(account_id)}
    entry.owner_id = account_id
    session().flush()
    audit.append("entry.handed_over", entry.ref, data, actor=actor, now=now)
    emit(StakeTaken(entry.edition_id, entry.id, account_id, now))


def _entry_of(organisation_id: UUID, ref: str) -> Entry:
    entry = session().scalars(_filed(organisation_id, ref).with_for_update()).one_or_none()
    if entry is None:
        raise NotFound
    return entry


def _filed(organisation_id: UUID, ref: str) -> Select[Entry]:
    return (
        select(Entry)
        .join(EntryOrganisation, EntryOrganisation.entry_id == Entry.id)
        .where(EntryOrganisation.organisation_id == organisation_id, Entry.ref == ref)
    )


def _require_owner(entry: Entry, actor: Actor) -> None:
    if entry.owner_id != actor.id:
        raise NotFound
