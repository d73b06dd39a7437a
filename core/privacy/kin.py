"""Tells who acts for the young authors of a dossier."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from core.entries.kin import Kin, tells_kin
from core.kernel.db import session
from core.privacy.models import Guardian


@tells_kin
def guardians(entry_ids: Collection[UUID]) -> list[Kin]:
    """The guardians whose consent stands. One query."""
    ask = select(Guardian.entry_id, Guardian.name, Guardian.contact)
    ask = ask.where(Guardian.entry_id.in_(entry_ids), Guardian.withdrawn_at.is_(None))
    return [Kin(*row) for row in session().execute(ask)]
