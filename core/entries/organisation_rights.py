"""What being an officer of an organisation means for its dossiers, asked afresh each time."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select

from core.entries.models import Entry
from core.entries.organisation_models import EntryOrganisation
from core.kernel.actor import Actor
from core.kernel.db import session
from core.people.models import Membership

STEWARD = "steward"
"""As what a steward opens a dossier of the organisation, in the list of who opened it."""


def is_filed_with(account_id: UUID | None) -> ColumnElement[bool]:
    """The condition on `Entry` that it is filed for an organisation of which the account is an officer now."""
    return _filed_for(Membership.account_id == account_id)


def reads_for_organisation(actor: Actor, entry: Entry) -> bool:
    """Whether the actor is a steward of the organisation that the dossier is filed for: they read it. One query."""
    if actor.id is None:
        return False
    is_steward = and_(Membership.account_id == actor.id, Membership.is_steward.is_(True))
    ask = select(Entry.id).where(Entry.id == entry.id, _filed_for(is_steward))
    return session().scalars(ask).one_or_none() is not None


def _filed_for(who: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        EntryOrganisation.tenant_id == Entry.tenant_id,
        EntryOrganisation.entry_id == Entry.id,
        Membership.tenant_id == EntryOrganisation.tenant_id,
        Membership.organisation_id == EntryOrganisation.organisation_id,
        Membership.left_at.is_(None),
        who,
    )
