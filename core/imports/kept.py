"""Tells that who owns a dossier imported from paper only keeps it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from core.entries.kin import tells_kept
from core.entries.models import Entry
from core.imports.models import ImportRow, ImportRun
from core.imports.states import Owners
from core.kernel.db import session


@tells_kept
def from_paper(entry_ids: Collection[UUID]) -> list[UUID]:
    """Which of the dossiers came from a list of paper dossiers, and still are the importer's. One query."""
    ask = (
        select(Entry.id)
        .join(ImportRow, ImportRow.entry_ref == Entry.ref)
        .join(ImportRun, ImportRun.id == ImportRow.run_id)
        .where(Entry.id.in_(entry_ids), ImportRun.owners == Owners.PAPER, Entry.owner_id == ImportRun.by_id)
    )
    return list(session().scalars(ask))
