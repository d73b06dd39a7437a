"""What this room tells the later ones through `core.kernel.events`, in the unit of work of the deed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """An account took back a consent that it had given."""

    account_id: UUID
    purpose: str
    at: datetime
