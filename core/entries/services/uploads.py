"""Files that come in pieces (tus 1.0.0): begun, received, finished into their place, cancelled, forgotten.

The bytes lie in the spool, what is acknowledged of them in the row. After a crash both are asked and the smaller
counts; the last byte is acknowledged only with the file in its place, so whoever asks how far it got will finish it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from core.entries.errors import FileRefused
from core.entries.examine import Examined, examine
from core.entries.models import Upload
from core.entries.services.upload_places import Place
from core.entries.sniff import named
from core.kernel.actor import Actor
from core.kernel.clock import real_now
from core.kernel.db import lock_row, session
from core.kernel.errors import NotFound
from core.kernel.i18n import N_
from core.kernel.jobs import handler
from core.kernel.spool import spool
from core.kernel.uow import after_commit
from core.plugin_api import FormField

KEPT_FOR = timedelta(hours=24)
MOST_OPEN = 30
CLEAR = "entries.clear_uploads"
NO_UPLOAD = N_("Lượt tải tệp này không còn. Bạn hãy chọn lại tệp.")


@dataclass(frozen=True, slots=True)
class Ticket:
    """What has to be known of an upload while no transaction is open."""

    id: UUID
    tenant_id: UUID
    field: FormField
    name: str
    length: int
    offset: int
    begun_at: datetime


def begin_upload(
    place: Place,
    field_key: str,
    filename: str,
    length: int,
    *,
    actor: Actor,
    now: datetime,
) -> Upload:
    """Make room for a file of `length` bytes that will come in pieces; `now` is when its sending began.

    Raises FileRefused for what would be refused at the end anyway: kind, size, one file too many, the whole too large;
    and what the place raises when it takes nothing now.
    """
    place.require_open(actor=actor, now=now, begun_at=now)
    field = place.form_field(field_key)
    name, _ending = named(field, filename, length)
    place.require_room(field, name, length)
    still_open = select(func.count()).select_from(Upload)
    still_open = still_open.where(Upload.entry_id == place.entry_id, Upload.done.is_(False))
    if session().scalars(still_open).one() >= MOST_OPEN:
        raise FileRefused(
            field_key, _("Hồ sơ đang có quá nhiều tệp tải dở. Bạn hãy đợi các tệp kia xong rồi tải tiếp.")
        )
    upload = Upload(
        entry_id=place.entry_id,
        account_id=actor.id,
        place=place.key,
        field=field_key,
        name=name,
        length=length,
        begun_at=now,
        expires_at=real_now() + KEPT_FOR,
    )
    session().add(upload)
    session().flush()
    return upload


def access_upload(actor: Actor, place: Place, upload_id: UUID) -> Upload:
    """The actor's own upload into `place`, as long as it is kept; raises NotFound."""
    ask = select(Upload).where(
        Upload.id == upload_id,
        Upload.entry_id == place.entry_id,
        Upload.place == place.key,
        Upload.account_id == actor.id,
    )
    upload = session().scalars(ask).one_or_none()
    if upload is None or upload.expires_at <= real_now():
        raise NotFound(_(NO_UPLOAD))
    return upload


def offset_of(upload: Upload) -> int:
    """How many bytes are safe: what the row and the file agree on, and all of them only when the file is in."""
    if upload.done:
        return upload.length
    written = spool().size(upload.tenant_id, upload.id)
    return min(upload.received, written, upload.length - 1)


def ticket_of(upload: Upload, place: Place) -> Ticket:
    """What the receiving of a piece has to know. Raises FileRefused when the place no longer asks for the file."""
    return Ticket(
        upload.id,
        upload.tenant_id,
        place.form_field(upload.field),
        upload.name,
        upload.length,
        offset_of(upload),
        upload.begun_at,
    )


def note_received(ticket: Ticket, offset: int) -> None:
    """Acknowledge the bytes up to `offset`, which lie safely in the spool; the upload is kept for another day."""
    statement = update(Upload).where(Upload.id == ticket.id, Upload.done.is_(False))
    statement = statement.values(received=offset, expires_at=real_now() + KEPT_FOR)
    session().execute(statement.execution_options(synchronize_session=False))


def examine_upload(ticket: Ticket) -> Examined:
    """Look into an upload that is whole; reads the spool and no database. Raises FileRefused, NotFound."""
    try:
        with spool().open(ticket.tenant_id, ticket.id) as stream:
            return examine(ticket.field, ticket.name, stream)
    except FileNotFoundError:
        raise NotFound(_(NO_UPLOAD)) from None


def finish_upload(ticket: Ticket, place: Place, examined: Examined, *, actor: Actor, now: datetime) -> str:
    """Put an upload that is whole into its place; returns the content's SHA-256. Finishing again changes nothing.

    Raises what `Place.keep` raises.
    """
    upload: Upload | None = lock_row(Upload, Upload.id == ticket.id)
    if upload is None:
        raise NotFound(_(NO_UPLOAD))
    if upload.done:
        return upload.sha256 or ""
    with spool().open(ticket.tenant_id, ticket.id) as stream:
        digest = place.keep(examined, stream, actor=actor, now=now, begun_at=ticket.begun_at)
    upload.done, upload.sha256, upload.received = True, digest, upload.length
    session().flush()
    _forget_later(ticket.tenant_id, ticket.id)
    return digest


def cancel_upload(tenant_id: UUID, upload_id: UUID) -> None:
    """Forget an upload and what was received of it; a file that is in the dossier stays there."""
    session().execute(delete(Upload).where(Upload.id == upload_id))
    _forget_later(tenant_id, upload_id)


@handler(CLEAR)
def clear_uploads(payload: Mapping[str, Any]) -> None:
    """Forget the tenant's uploads that nobody has gone on with for a day, and pieces that belong to none."""
    tenant_id = session().tenant_id
    session().execute(delete(Upload).where(Upload.expires_at <= real_now()))
    kept = set(session().scalars(select(Upload.id)))
    for upload_id in spool().uploads(tenant_id):
        if upload_id not in kept:
            _forget_later(tenant_id, upload_id)


def _forget_later(tenant_id: UUID, upload_id: UUID) -> None:
    here = spool()
    after_commit(lambda: here.forget(tenant_id, upload_id))
