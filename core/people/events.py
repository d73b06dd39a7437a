"""What this room tells the later ones through `core.kernel.events`, in the unit of work of the deed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """An account took back a consent that it had given."""

    account_id: UUID
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OfficerJoined:
    """An account became an officer of an organisation."""

    organisation_id: UUID
    account_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class OfficerLeft:
    """An officer left an organisation; what they had in hand for it is the successor's now."""

    organisation_id: UUID
    account_id: UUID
    successor_id: UUID
    actor: Actor
    now: datetime
