"""What this room tells the later ones (voting, judging, results, outreach) through `core.kernel.events`.

Each is emitted in the unit of work of the deed, after the entry itself was changed and flushed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.contests.values import EditionView
from core.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class EntrySubmitted:
    """A dossier was handed in; `number` is the version that was fixed (1 is the first)."""

    edition_id: UUID
    entry_id: UUID
    code: str
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class EntryAccepted:
    """The screening accepted the entry."""

    edition_id: UUID
    entry_id: UUID
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EntryPublished:
    """The entry stands in the public gallery from `at` on."""

    edition_id: UUID
    entry_id: UUID
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EntryUnpublished:
    """The entry was taken out of the public gallery; it stays accepted."""

    edition_id: UUID
    entry_id: UUID
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SubmissionProlonged:
    """Two officers let all dossiers of an edition be handed in until `until` instead of `ended`; `reason` is public."""

    edition: EditionView
    ended: datetime
    until: datetime
    reason: str
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class EntryWithdrawn:
    """The entry no longer takes part; `code` is None when it was never submitted."""

    edition_id: UUID
    entry_id: UUID
    code: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class StakeTaken:
    """Somebody has more to do with the entry than before: the account, or officers of an organisation (None)."""

    edition_id: UUID
    entry_id: UUID
    account_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DossierOpened:
    """Somebody is about to be shown a dossier, or a file of it (`what`: "dossier", "file"), as `role`."""

    entry_id: UUID
    owner_id: UUID
    account_id: UUID | None
    role: str
    what: str


@dataclass(frozen=True, slots=True)
class FilesLeaving:
    """Files are taken out of a dossier: what a later room keeps about them goes before they do."""

    ids: tuple[UUID, ...]
