"""Who files a dossier, in words: its owner, and the organisation it is filed for."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.entries.models import Entry
from core.entries.organisation_models import EntryOrganisation
from core.kernel.db import session
from core.people.models import Account, Organisation


def organisations_by_entry(entry_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of the organisations that these dossiers are filed for, by entry. One query."""
    ask = (
        select(EntryOrganisation.entry_id, Organisation.name)
        .join(Organisation, Organisation.id == EntryOrganisation.organisation_id)
        .where(EntryOrganisation.entry_id.in_(entry_ids))
    )
    return {row.entry_id: row.name for row in session().execute(ask)}


def filed_by(entry: Entry) -> str:
    """Who files the dossier, in words: the name of its owner, and for which organisation. Two queries."""
    owner = session().get_one(Account, (session().tenant_id, entry.owner_id)).name
    organisation = organisations_by_entry([entry.id]).get(entry.id)
    if organisation is None:
        return owner
    return str(_("%(name)s, thay mặt %(organisation)s", name=owner, organisation=organisation))
