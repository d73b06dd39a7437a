"""Files of a dossier: looked into first, then stored by content, then named in the dossier."""

from __future__ import annotations

from datetime import datetime
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.errors import FileRefused
from core.entries.models import Attachment, Entry
from core.entries.policies import NO_FILE
from core.entries.services.drafts import require_editable
from core.entries.services.moves import fresh
from core.entries.sniff import MAX_FILES, sniff
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.files import digest_of, file_key, file_store
from core.kernel.prepared import insert_once
from core.plugin_api import FieldKind, FormField


def attach(
    entry: Entry,
    edition: EditionView,
    field_key: str,
    filename: str,
    stream: IO[bytes],
    *,
    actor: Actor,
    now: datetime,
) -> Attachment:
    """Add a file to the form field `field_key`; the same content in the same field is there once.

    Raises FileRefused (wrong kind, empty, too large, locked by a password, one too many) before anything is stored.
    """
    require_editable(fresh(entry), actor)
    field = file_field(edition, field_key)
    digest, size = digest_of(stream)
    sniffed = sniff(field, filename, stream, size)
    held = _attachments(entry, field_key)
    same = next((one for one in held if one.sha256 == digest), None)
    if same is not None:
        return same
    limit = field.max_files or MAX_FILES
    if len(held) >= limit:
        raise FileRefused(
            field_key,
            _(
                "Mục này nhận tối đa %(limit)s tệp. Bạn hãy bỏ bớt một tệp rồi tải “%(name)s” lên.",
                limit=limit,
                name=sniffed.name,
            ),
        )
    file_store().put(file_key(session().tenant_id, digest), stream)
    values = {
        "entry_id": entry.id,
        "field": field_key,
        "sha256": digest,
        "name": sniffed.name,
        "media_type": sniffed.media_type,
        "size": size,
        "is_public": field.public,
        "added_at": now,
    }
    insert_once(Attachment, ("entry_id", "field", "sha256"), values)
    entry.updated_at = now
    data = {"field": field_key, "sha256": digest, "size": size}
    audit.append("entry.file_added", entry.code or entry.ref, data, actor=actor, now=now)
    ask = select(Attachment).where(
        Attachment.entry_id == entry.id, Attachment.field == field_key, Attachment.sha256 == digest
    )
    return session().scalars(ask).one()


def detach(entry: Entry, attachment_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a file out of the dossier. Its content stays stored: an earlier version may name it."""
    require_editable(fresh(entry), actor)
    ask = select(Attachment).where(Attachment.entry_id == entry.id, Attachment.id == attachment_id)
    attachment = session().scalars(ask).one_or_none()
    if attachment is None:
        raise NotFound(NO_FILE)
    data = {"field": attachment.field, "sha256": attachment.sha256}
    session().delete(attachment)
    entry.updated_at = now
    session().flush()
    audit.append("entry.file_removed", entry.code or entry.ref, data, actor=actor, now=now)


def file_field(edition: EditionView, key: str) -> FormField:
    """The form field `key` that takes files; raises FileRefused when there is none."""
    field = edition.rules.form_field(key)
    if field is None or field.kind is not FieldKind.FILES:
        raise FileRefused(key, _("Mục này không nhận tệp."))
    return field


def _attachments(entry: Entry, field_key: str) -> list[Attachment]:
    ask = select(Attachment).where(Attachment.entry_id == entry.id, Attachment.field == field_key)
    return list(session().scalars(ask))
