"""Files of a dossier: looked into first, then stored by content, then named in the dossier."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.errors import FileRefused
from core.entries.events import FilesLeaving
from core.entries.examine import Examined, examine, file_field
from core.entries.models import Attachment, Entry
from core.entries.policies import NO_FILE
from core.entries.previews import ask_for_preview
from core.entries.services.drafts import require_editable
from core.entries.services.moves import fresh
from core.entries.sniff import MAX_FILES
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.events import emit
from core.kernel.files import file_key, file_store
from core.kernel.formats import file_size
from core.kernel.i18n import locale
from core.kernel.prepared import insert_once
from core.kernel.spool import NoRoom, is_no_room
from core.plugin_api import FormField, FormSection
from core.plugin_host.core_settings import NAME as CORE

MEGABYTE = 1024 * 1024


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

    Raises FileRefused (wrong kind, empty, too large, locked by a password, one too many, no room on the disk) before
    anything is stored.
    """
    require_editable(fresh(entry), actor)
    examined = examine(file_field(edition, field_key), filename, stream)
    try:
        return keep(entry, edition, examined, stream, actor=actor, now=now, begun_at=now)
    except NoRoom as full:
        raise FileRefused(
            field_key, _("Tệp “%(name)s”: %(why)s", name=examined.sniffed.name, why=full.message)
        ) from full


def keep(
    entry: Entry,
    edition: EditionView,
    examined: Examined,
    stream: IO[bytes],
    *,
    actor: Actor,
    now: datetime,
    begun_at: datetime,
) -> Attachment:
    """Put a file that was looked into (`examine`) into the dossier; `begun_at` is when its sending began.

    The caller has locked the dossier. Raises FileRefused for one file or byte too many, NoRoom; nothing is stored then.
    """
    field, sniffed, digest = examined.field, examined.sniffed, examined.sha256
    held = files_in(entry)
    same = next((one for one in held if one.field == field.key and one.sha256 == digest), None)
    if same is not None:
        return same
    require_room(edition, field, sniffed.name, sniffed.size, held)
    try:
        file_store().put(file_key(session().tenant_id, digest), stream)
    except OSError as error:
        if is_no_room(error):
            raise NoRoom from error
        raise
    values = {
        "entry_id": entry.id,
        "field": field.key,
        "sha256": digest,
        "name": sniffed.name,
        "media_type": sniffed.media_type,
        "size": sniffed.size,
        "is_public": field.public,
        "added_at": now,
        "begun_at": begun_at,
        "scan": str(examined.scan),
        "pages": sniffed.pages,
    }
    insert_once(Attachment, ("entry_id", "field", "sha256"), values)
    entry.updated_at = now
    data = {"field": field.key, "sha256": digest, "size": sniffed.size}
    audit.append("entry.file_added", entry.code or entry.ref, data, actor=actor, now=now)
    ask = select(Attachment).where(
        Attachment.entry_id == entry.id, Attachment.field == field.key, Attachment.sha256 == digest
    )
    attachment = session().scalars(ask).one()
    ask_for_preview(attachment)
    return attachment


def detach(entry: Entry, attachment_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a file out of the dossier. Its content stays stored: an earlier version may name it."""
    require_editable(fresh(entry), actor)
    ask = select(Attachment).where(Attachment.entry_id == entry.id, Attachment.id == attachment_id)
    attachment = session().scalars(ask).one_or_none()
    if attachment is None:
        raise NotFound(_(NO_FILE))
    data = {"field": attachment.field, "sha256": attachment.sha256}
    emit(FilesLeaving((attachment.id,)))
    session().delete(attachment)
    entry.updated_at = now
    session().flush()
    audit.append("entry.file_removed", entry.code or entry.ref, data, actor=actor, now=now)


def files_in(entry: Entry) -> list[Attachment]:
    """The files of a dossier. One query."""
    return list(session().scalars(select(Attachment).where(Attachment.entry_id == entry.id)))


def require_room(
    edition: EditionView, field: FormField, name: str, size: int, held: Iterable[Attachment]
) -> None:
    """Return when one more file of `size` bytes fits beside those `held` in the dossier; else FileRefused.

    The field says how many files it takes; the settings of the edition say how much a section and a dossier may weigh.
    """
    held = list(held)
    most = field.max_files or MAX_FILES
    if sum(1 for one in held if one.field == field.key) >= most:
        raise FileRefused(
            field.key,
            _(
                "Mục này nhận tối đa %(limit)s tệp. Bạn hãy bỏ bớt một tệp rồi tải “%(name)s” lên.",
                limit=most,
                name=name,
            ),
        )
    section = _section_of(edition, field.key)
    keys = {one.key for one in section.fields}
    in_section = sum(one.size for one in held if one.field in keys)
    limit = edition.values.setting_as(CORE, "section_megabytes", int) * MEGABYTE
    if in_section + size > limit:
        raise FileRefused(
            field.key,
            _(
                "Tệp “%(name)s” làm phần “%(section)s” vượt %(limit)s tệp đính kèm. Bạn hãy giảm dung lượng hoặc "
                "bỏ bớt tệp.",
                name=name,
                section=section.title.in_(locale()),
                limit=file_size(limit, locale()),
            ),
        )
    limit = edition.values.setting_as(CORE, "dossier_megabytes", int) * MEGABYTE
    if sum(one.size for one in held) + size > limit:
        raise FileRefused(
            field.key,
            _(
                "Tệp “%(name)s” làm cả hồ sơ vượt %(limit)s tệp đính kèm. Bạn hãy giảm dung lượng hoặc bỏ bớt tệp.",
                name=name,
                limit=file_size(limit, locale()),
            ),
        )


def _section_of(edition: EditionView, key: str) -> FormSection:
    return next(one for one in edition.rules.dossier_form() if any(asked.key == key for asked in one.fields))
