"""Who may do what to a dossier, and the only ways from a name in an address to a dossier or a file.

What the actor may not see does not exist: NotFound, never Forbidden.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select

from core.entries.models import Attachment, Entry
from core.entries.states import EDITABLE, By, State
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.i18n import N_

NO_ENTRY = N_("Không tìm thấy hồ sơ này.")
NO_FILE = N_("Không tìm thấy tệp này.")

Reader = Callable[[Actor, Entry], bool]
_readers: list[Reader] = []


def also_readable_by(reader: Reader) -> Reader:
    """Register a predicate of a later room (judging): who else may read a submitted dossier's files."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def side_of(actor: Actor, entry: Entry) -> By | None:
    """As what the actor stands to the entry: its owner, its committee, or nothing. Owners act as owners."""
    if actor.id is not None and actor.id == entry.owner_id:
        return By.OWNER
    return By.COMMITTEE if actor.is_(Role.COMMITTEE) else None


def may_edit(actor: Actor, entry: Entry) -> bool:
    """Whether the actor may change the dossier's content now; the deadline stops handing in, not writing."""
    return side_of(actor, entry) is By.OWNER and State(entry.state) in EDITABLE


def may_read_file(actor: Actor, entry: Entry) -> bool:
    """Whether the actor may read the dossier's files: its owner; once submitted also committee and judges."""
    if side_of(actor, entry) is By.OWNER:
        return True
    if entry.version == 0:
        return False
    return actor.is_(Role.COMMITTEE) or any(reader(actor, entry) for reader in _readers)


def access_entry(actor: Actor, ref: str) -> Entry:
    """The actor's own dossier named `ref`; raises NotFound."""
    ask = select(Entry).where(Entry.ref == ref, Entry.owner_id == actor.id)
    entry = session().scalars(ask).one_or_none()
    if entry is None:
        raise NotFound(_(NO_ENTRY))
    return entry


def access_entry_office(actor: Actor, name: str) -> Entry:
    """A dossier that has been handed in, by its code or its ref, for the committee; raises NotFound.

    What an entrant has never handed in is nobody else's business.
    """
    if not actor.is_(Role.COMMITTEE):
        raise NotFound(_(NO_ENTRY))
    ask = select(Entry).where(or_(Entry.code == name, Entry.ref == name), Entry.version > 0)
    entry = session().scalars(ask).one_or_none()
    if entry is None:
        raise NotFound(_(NO_ENTRY))
    return entry


def access_published(code: str) -> Entry:
    """The entry with this code, if it stands in the public gallery; raises NotFound."""
    ask = select(Entry).where(
        Entry.code == code, Entry.state == State.ACCEPTED, Entry.published_at.is_not(None)
    )
    entry = session().scalars(ask).one_or_none()
    if entry is None:
        raise NotFound(_("Không tìm thấy bài dự thi này."))
    return entry


def access_attachment(actor: Actor, attachment_id: UUID) -> tuple[Entry, Attachment]:
    """A file and its dossier for somebody who may read it; raises NotFound."""
    attachment = session().scalars(select(Attachment).where(Attachment.id == attachment_id)).one_or_none()
    if attachment is None:
        raise NotFound(_(NO_FILE))
    entry = session().get_one(Entry, (session().tenant_id, attachment.entry_id))
    if not may_read_file(actor, entry):
        raise NotFound(_(NO_FILE))
    return entry, attachment


def access_public_file(code: str, sha8: str) -> tuple[Entry, Attachment]:
    """A public file of a published entry by the first eight digits of its SHA-256; raises NotFound."""
    entry = access_published(code)
    ask = (
        select(Attachment)
        .where(Attachment.entry_id == entry.id, Attachment.is_public.is_(True))
        .where(Attachment.sha256.startswith(sha8, autoescape=True))
        .order_by(Attachment.id)
    )
    attachment = session().scalars(ask).first() if len(sha8) == 8 else None
    if attachment is None:
        raise NotFound(_(NO_FILE))
    return entry, attachment
