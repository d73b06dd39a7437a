"""Who may do what to a dossier, and the only ways from a name in an address to a dossier or a file.

What the actor may not see does not exist: NotFound, never Forbidden.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, or_, select

from core.entries.barring import is_barred, is_barred_for
from core.entries.errors import FileLocked
from core.entries.events import DossierOpened
from core.entries.models import Attachment, AuthorInvitation, Entry, EntryAuthor, EntryRight
from core.entries.organisation_rights import STEWARD, is_filed_with, reads_for_organisation
from core.entries.rights import Right
from core.entries.states import EDITABLE, By, Scan, State
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.events import emit
from core.kernel.i18n import N_
from core.kernel.security import keyed_digest

NO_ENTRY = N_("Không tìm thấy hồ sơ này.")
NO_FILE = N_("Không tìm thấy tệp này.")

Reader = Callable[[Actor, Entry], bool]
_readers: list[Reader] = []


def also_readable_by(reader: Reader) -> Reader:
    """Register a predicate of a later room (judging): who else may read a submitted dossier's files."""
    if reader not in _readers:
        _readers.append(reader)
    return reader


def is_owner(actor: Actor, entry: Entry) -> bool:
    """Whether the dossier is the actor's own."""
    return actor.id is not None and actor.id == entry.owner_id


def right_of(actor: Actor, entry: Entry) -> Right | None:
    """The right to the dossier that its owner gave the actor; None without one. One query, none for the owner.

    Read afresh each time: a right may be taken between two requests.
    """
    if actor.id is None or is_owner(actor, entry):
        return None
    ask = select(EntryRight.level).where(EntryRight.entry_id == entry.id, EntryRight.account_id == actor.id)
    level = session().scalars(ask).one_or_none()
    return None if level is None else Right(level)


def has_right(actor: Actor, entry: Entry, wanted: Right) -> bool:
    """Whether the actor owns the dossier or holds a right that covers `wanted`."""
    if is_owner(actor, entry):
        return True
    held = right_of(actor, entry)
    return held is not None and held.covers(wanted)


def side_of(actor: Actor, entry: Entry) -> By | None:
    """As what the actor stands to the entry: its owner, a co-author, its committee, or nothing.

    Who has a stake acts by it: an officer who is an author, holds a right, or works for the organisation that files
    it, is no committee to this dossier.
    """
    if actor.id is None:
        return None
    if is_owner(actor, entry):
        return By.OWNER
    if _has_stake(actor, entry):
        return By.CO_AUTHOR
    return By.COMMITTEE if actor.is_(Role.COMMITTEE) else None


def may_edit(actor: Actor, entry: Entry) -> bool:
    """Whether the actor may change the dossier's content now; the deadline stops handing in, not writing."""
    return State(entry.state) in EDITABLE and has_right(actor, entry, Right.EDIT)


def may_submit(actor: Actor, entry: Entry) -> bool:
    """Whether the actor may hand the dossier in; state and phase are looked at elsewhere."""
    return has_right(actor, entry, Right.SUBMIT)


def may_invite(actor: Actor, entry: Entry) -> bool:
    """Whether the actor may ask the authors to confirm: who writes the dossier, as long as it takes part."""
    return State(entry.state) not in (State.REFUSED, State.WITHDRAWN) and has_right(actor, entry, Right.EDIT)


def why_not_edit(actor: Actor, entry: Entry) -> str:
    """Why `may_edit` says no, in words for who may see the dossier."""
    if State(entry.state) in EDITABLE:
        return str(_("Bạn được xem hồ sơ này; muốn sửa, bạn hãy nhờ chủ hồ sơ trao quyền sửa."))
    return str(_("Hồ sơ đã nộp hoặc đã khép lại nên không sửa được nữa."))


def may_read_file(actor: Actor, entry: Entry) -> bool:
    """Whether the actor may read the dossier's files.

    Its owner, who holds a right and a steward of its organisation may; once it is submitted also committee and judges
    who have no conflict with it.
    """
    if has_right(actor, entry, Right.VIEW):
        return True
    if entry.version and (actor.is_(Role.COMMITTEE) or any(reader(actor, entry) for reader in _readers)):
        return not is_barred(actor, entry.id)
    return reads_for_organisation(actor, entry)


def is_shared_with(account_id: UUID | None) -> ColumnElement[bool]:
    """The condition on `Entry` that its owner gave the account a right to it."""
    return exists().where(
        EntryRight.tenant_id == Entry.tenant_id,
        EntryRight.entry_id == Entry.id,
        EntryRight.account_id == account_id,
    )


def access_entry(actor: Actor, ref: str) -> Entry:
    """The dossier named `ref` that the actor owns or has a right to; raises NotFound. One query.

    What the actor may do with it is asked by the predicates above.
    """
    if actor.id is None:
        raise NotFound(_(NO_ENTRY))
    ask = select(Entry).where(Entry.ref == ref, or_(Entry.owner_id == actor.id, is_shared_with(actor.id)))
    entry = session().scalars(ask).one_or_none()
    if entry is None:
        raise NotFound(_(NO_ENTRY))
    return entry


def access_entry_office(actor: Actor, name: str) -> Entry:
    """A dossier that has been handed in, by its code or its ref, for the committee; raises NotFound.

    What an entrant has never handed in is nobody else's business; what an officer has a conflict with is not his.
    """
    if not actor.is_(Role.COMMITTEE):
        raise NotFound(_(NO_ENTRY))
    ask = select(Entry).where(or_(Entry.code == name, Entry.ref == name), Entry.version > 0)
    entry = session().scalars(ask.where(~is_barred_for(actor.id))).one_or_none()
    if entry is None:
        raise NotFound(_(NO_ENTRY))
    emit(DossierOpened(entry.id, entry.owner_id, actor.id, opener_role(actor), "dossier"))
    return entry


def access_entry_to_extend(actor: Actor, name: str) -> Entry:
    """A dossier by its code or its ref, for the committee to give it more time; raises NotFound.

    A draft too: its entrant reads its ref to the office. Only who began it may be told, not what is in it.
    """
    if not actor.is_(Role.COMMITTEE):
        raise NotFound(_(NO_ENTRY))
    ask = select(Entry).where(or_(Entry.code == name, Entry.ref == name), ~is_barred_for(actor.id))
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
    require_scanned(attachment)
    role = opener_role(actor) or (STEWARD if reads_for_organisation(actor, entry) else "")
    emit(DossierOpened(entry.id, entry.owner_id, actor.id, role, "file"))
    return entry, attachment


def opener_role(actor: Actor) -> str:
    """As what somebody opens a dossier. Who judges is told as a judge first: a judge's name is nobody's to see."""
    return str(next((role for role in (Role.JUDGE, Role.COMMITTEE, Role.UNIT) if actor.is_(role)), ""))


def require_scanned(attachment: Attachment) -> None:
    """Return when a file may be opened by those who may read it; else FileLocked. Nobody is an exception."""
    if attachment.scan == Scan.WAITING:
        raise FileLocked(
            _(
                "Hiện chưa kiểm tra được tệp “%(name)s” có an toàn không, nên tệp chưa mở được. Tệp vẫn được giữ; hệ "
                "thống sẽ tự kiểm tra lại sau ít phút.",
                name=attachment.name,
            )
        )
    if attachment.scan == Scan.INFECTED:
        raise FileLocked(
            _(
                "Tệp “%(name)s” có mã độc nên đã bị khóa. Cần bỏ tệp này và tải tệp khác lên.",
                name=attachment.name,
            )
        )


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
    if attachment is None or attachment.scan != Scan.CLEAN:
        raise NotFound(_(NO_FILE))
    return entry, attachment


def access_author(entry: Entry, author_id: UUID) -> EntryAuthor:
    """The author with this id in the dossier's list; raises NotFound. One query."""
    ask = select(EntryAuthor).where(EntryAuthor.entry_id == entry.id, EntryAuthor.id == author_id)
    author = session().scalars(ask.execution_options(populate_existing=True)).one_or_none()
    if author is None:
        raise NotFound(_("Không còn tác giả này trong danh sách."))
    return author


def access_invitation(token: str) -> tuple[Entry, EntryAuthor, AuthorInvitation]:
    """What an invitation's link leads to, for who holds the link; raises NotFound for a link that never was, was taken
    back, or was replaced by a newer one. Whether it still stands, and for whom, is looked at by the service.
    """
    ask = (
        select(Entry, EntryAuthor, AuthorInvitation)
        .join(
            EntryAuthor,
            and_(EntryAuthor.tenant_id == Entry.tenant_id, EntryAuthor.entry_id == Entry.id),
        )
        .join(
            AuthorInvitation,
            and_(
                AuthorInvitation.tenant_id == EntryAuthor.tenant_id,
                AuthorInvitation.author_id == EntryAuthor.id,
            ),
        )
        .where(AuthorInvitation.digest == token_digest(token[:200]))
    )
    row = session().execute(ask).one_or_none()
    if row is None:
        raise NotFound(
            _(
                "Liên kết mời này không còn dùng được: lời mời đã thu hồi, hoặc đã có thư mời mới hơn. "
                "Bạn hãy mở thư mới nhất, hoặc nhờ người gửi mời lại."
            )
        )
    return row[0], row[1], row[2]


def token_digest(token: str) -> str:
    """What the database keeps of an invitation's token."""
    return keyed_digest(token, "author-invitation")


def email_digest(email: str) -> str:
    """What the database keeps of an author's address beside its encrypted text, to find it again."""
    return keyed_digest(email.strip().lower(), "author-email")


def _has_stake(actor: Actor, entry: Entry) -> bool:
    is_author = exists().where(
        EntryAuthor.tenant_id == Entry.tenant_id,
        EntryAuthor.entry_id == Entry.id,
        EntryAuthor.account_id == actor.id,
    )
    stakes = or_(is_author, is_shared_with(actor.id), is_filed_with(actor.id))
    ask = select(Entry.id).where(Entry.id == entry.id, stakes)
    return session().scalars(ask).one_or_none() is not None
