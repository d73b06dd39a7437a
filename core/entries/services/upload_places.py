"""Where a file that comes in pieces lands: a dossier's form here; a later room may have places of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Protocol
from uuid import UUID

from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.examine import Examined, file_field
from core.entries.models import Attachment, Entry
from core.entries.services.drafts import require_editable
from core.entries.services.files import files_in, keep, require_room
from core.entries.services.moves import fresh
from core.kernel.actor import Actor
from core.kernel.db import session
from core.plugin_api import FormField

DOSSIER = "dossier"


class Place(Protocol):
    """A place of one dossier that its actor was let into; it holds no row, so that it outlives a transaction."""

    @property
    def key(self) -> str:
        """Names the place among those of the dossier, at most 40 characters; an upload keeps it."""

    @property
    def entry_id(self) -> UUID:
        """Whose files they are."""

    def form_field(self, key: str) -> FormField:
        """What is asked for under `key`; raises FileRefused where nothing takes files."""

    def require_open(self, *, actor: Actor, now: datetime, begun_at: datetime) -> None:
        """Return when a file whose sending began at `begun_at` may come in at `now`; raises what says why not."""

    def require_room(self, field: FormField, name: str, size: int) -> None:
        """Return when one more file of `size` bytes fits; raises FileRefused."""

    def keep(
        self, examined: Examined, stream: IO[bytes], *, actor: Actor, now: datetime, begun_at: datetime
    ) -> str:
        """Put a whole file in; returns its SHA-256. The same content once more changes nothing.

        Raises FileRefused, NoRoom, and what `require_open` raises; nothing is stored then.
        """

    def held(self, field: str, sha256: str) -> UUID | None:
        """The file that landed with this content, unless it was taken out again."""


@dataclass(frozen=True, slots=True)
class DossierPlace:
    """The form of a dossier, as long as it may be edited."""

    entry_id: UUID
    edition: EditionView

    @property
    def key(self) -> str:
        return DOSSIER

    def form_field(self, key: str) -> FormField:
        return file_field(self.edition, key)

    def require_open(self, *, actor: Actor, now: datetime, begun_at: datetime) -> None:
        require_editable(self._entry(), actor)

    def require_room(self, field: FormField, name: str, size: int) -> None:
        require_room(self.edition, field, name, size, files_in(self._entry()))

    def keep(
        self, examined: Examined, stream: IO[bytes], *, actor: Actor, now: datetime, begun_at: datetime
    ) -> str:
        entry = fresh(self._entry())
        require_editable(entry, actor)
        return keep(entry, self.edition, examined, stream, actor=actor, now=now, begun_at=begun_at).sha256

    def held(self, field: str, sha256: str) -> UUID | None:
        ask = select(Attachment.id).where(
            Attachment.entry_id == self.entry_id, Attachment.field == field, Attachment.sha256 == sha256
        )
        return session().scalars(ask).one_or_none()

    def _entry(self) -> Entry:
        return session().get_one(Entry, (session().tenant_id, self.entry_id))
