"""What happens in this room that others may want to follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.contests.values import EditionView
from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class AssignmentsFreed:
    """Assignments of a judge have ended because the judge left or has a conflict; in one round, or in all (None)."""

    edition: EditionView
    judge_id: UUID
    round_key: str | None
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class PointsMayChange:
    """Points of locked sheets are about to be changed, or to be opened for it: a later room may refuse by raising."""

    edition_id: UUID


@dataclass(frozen=True, slots=True)
class MaterialSent:
    """New material of an entry is another than before: something came, was changed or was taken out."""

    edition_id: UUID
    entry_id: UUID
