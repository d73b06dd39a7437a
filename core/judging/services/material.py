"""Taking in the new material that entrants of a round send with its form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.errors import FileRefused
from core.entries.examine import examine
from core.entries.models import Entry
from core.entries.policies import has_right
from core.entries.rights import Right
from core.entries.services.moves import fresh
from core.entries.sniff import clean_name
from core.judging.errors import NotScanned
from core.judging.material import Asked, Sent, field_of, name_of, sent_by
from core.judging.material_models import MaterialCall, MaterialReceipt, MaterialText
from core.judging.material_window import require_window
from core.judging.services.material_files import put_file, too_many
from core.judging.services.material_receipts import give_receipt, tell_newest
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.spool import NoRoom
from core.kernel.text import clean

TEXT_CHARS = 8000


@dataclass(frozen=True, slots=True)
class Delivery:
    """What an entrant sends: texts and files (name and content) by the name of their question, files taken out."""

    texts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Sequence[tuple[str, IO[bytes]]]] = field(default_factory=dict)
    removed: Collection[UUID] = ()


def send_material(
    entry: Entry,
    call: MaterialCall,
    edition: EditionView,
    given: Delivery,
    *,
    actor: Actor,
    now: datetime,
) -> MaterialReceipt | None:
    """Keep what an entrant sends.

    All or nothing; a receipt is given for what is there then, None when nothing changed. Either way the newest receipt
    goes out by letter, once. The dossier that was handed in stays as it is. Raises Forbidden, MaterialClosed outside
    the window, Invalid (with what each file was refused for).
    """
    proof = require_sending(fresh(entry), call, edition, actor=actor, now=now)
    wrong: dict[str, list[str]] = {}
    changed = False
    for one in sent_by(call, entry.id):
        if one.question.kind == Asked.TEXT:
            changed |= _keep_text(one, given.texts.get(name_of(one.question)), entry.id, wrong)
        else:
            changed |= _keep_files(one, given, entry.id, wrong, now)
    if wrong:
        raise Invalid(wrong)
    if changed:
        session().flush()
        give_receipt(entry, call, proof=proof, actor=actor, now=now)
    newest = tell_newest(entry, call, edition, now=now)
    return newest if changed else None


def require_sending(
    entry: Entry,
    call: MaterialCall,
    edition: EditionView,
    *,
    actor: Actor,
    now: datetime,
    begun_at: datetime | None = None,
) -> dict[str, str] | None:
    """Return when the actor may send something now; gives what proves it for the log when the end is past.

    `begun_at` is when the sending of a file that comes in pieces began. Raises Forbidden, MaterialClosed.
    """
    if not has_right(actor, entry, Right.EDIT):
        raise Forbidden(_("Bạn được xem hồ sơ này; muốn nộp thêm, bạn hãy nhờ chủ hồ sơ trao quyền sửa."))
    return require_window(call, edition, entry.id, now, begun_at=begun_at)


def _keep_text(sent: Sent, typed: str | None, entry_id: UUID, wrong: dict[str, list[str]]) -> bool:
    if typed is None:
        return False
    text = clean(typed)
    if len(text) > TEXT_CHARS:
        wrong[name_of(sent.question)] = [_("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=TEXT_CHARS)]
        return False
    if text == sent.text:
        return False
    ask = select(MaterialText).where(
        MaterialText.question_id == sent.question.id, MaterialText.entry_id == entry_id
    )
    stored = session().scalars(ask).one_or_none()
    stored = stored or MaterialText(question_id=sent.question.id, entry_id=entry_id)
    stored.text = text
    session().add(stored)
    return True


def _keep_files(
    sent: Sent,
    given: Delivery,
    entry_id: UUID,
    wrong: dict[str, list[str]],
    now: datetime,
) -> bool:
    asked, key = field_of(sent.question), name_of(sent.question)
    gone = [one for one in sent.files if one.id in given.removed]
    for one in gone:
        one.removed_at = now
    kept = [one for one in sent.files if one.id not in given.removed]
    added = False
    for number, (filename, stream) in enumerate(given.files.get(key, ())):
        try:
            if number >= sent.question.max_files:
                raise too_many(sent.question, key, clean_name(filename))
            examined = examine(asked, filename, stream)
            added |= put_file(sent.question, entry_id, kept, examined, stream, now=now)
        except (FileRefused, NotScanned) as refused:
            wrong.setdefault(key, []).append(refused.message)
        except NoRoom as full:
            told = _("Tệp “%(name)s”: %(why)s", name=examined.sniffed.name, why=full.message)
            raise Invalid.one(key, told) from full
    return bool(gone or added)
