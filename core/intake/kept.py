"""Tells that who owns a dossier keyed in for a citizen only keeps it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from core.entries.kin import tells_kept
from core.intake.models import FiledFor
from core.kernel.db import session


@tells_kept
def keyed_in(entry_ids: Collection[UUID]) -> list[UUID]:
    """Which of the dossiers were keyed in for a citizen. One query."""
    ask = select(FiledFor.entry_id).where(FiledFor.entry_id.in_(entry_ids))
    return list(session().scalars(ask))
