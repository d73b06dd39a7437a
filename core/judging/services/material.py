"""Taking in the new material that entrants of a round send."""

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
from core.entries.states import Scan
from core.judging.errors import MaterialClosed
from core.judging.events import MaterialSent
from core.judging.material import Asked, Sent, field_of, name_of, receipts_of, sent_by
from core.judging.material_letters import tell_received
from core.judging.material_models import (
    MaterialCall,
    MaterialFile,
    MaterialReceipt,
    MaterialText,
)
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.canonical import sha256_of
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.events import emit
from core.kernel.files import file_key, file_store
from core.kernel.formats import deadline
from core.kernel.i18n import locale
from core.kernel.ids import spoken_code
from core.kernel.spool import NoRoom, is_no_room
from core.kernel.text import clean
from core.people.models import Account

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

    All or nothing; a receipt is given for what is there then, None when nothing changed. The dossier that was handed
    in stays as it is. Raises Forbidden, MaterialClosed outside the window, Invalid (with what each file was refused
    for).
    """
    if not has_right(actor, entry, Right.EDIT):
        raise Forbidden(_("Bạn được xem hồ sơ này; muốn nộp thêm, bạn hãy nhờ chủ hồ sơ trao quyền sửa."))
    fresh(entry)
    _require_open(call, now)
    held = sent_by(call, entry.id)
    wrong: dict[str, list[str]] = {}
    changed = False
    for one in held:
        name = name_of(one.question)
        if one.question.kind == Asked.TEXT:
            changed |= _keep_text(one, given.texts.get(name), entry.id, wrong)
        else:
            changed |= _keep_files(one, given, entry.id, wrong, now)
    if wrong:
        raise Invalid(wrong)
    if not changed:
        return None
    session().flush()
    return _receipt(entry, call, edition, actor=actor, now=now)


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
    added = 0
    for filename, stream in given.files.get(key, ()):
        try:
            examined = examine(asked, filename, stream)
            if examined.scan is not Scan.CLEAN:
                raise FileRefused(
                    key,
                    _(
                        "Hiện chưa kiểm tra được tệp “%(name)s” có an toàn không. Bạn hãy tải lại sau ít phút.",
                        name=examined.sniffed.name,
                    ),
                )
            if any(one.sha256 == examined.sha256 for one in kept):
                continue
            if len(kept) >= sent.question.max_files:
                raise FileRefused(
                    key,
                    _(
                        "Mục này nhận tối đa %(limit)s tệp. Bạn hãy bỏ bớt một tệp rồi tải “%(name)s” lên.",
                        limit=sent.question.max_files,
                        name=examined.sniffed.name,
                    ),
                )
        except FileRefused as refused:
            wrong.setdefault(key, []).append(refused.message)
            continue
        sniffed = examined.sniffed
        _store(examined.sha256, stream, key, sniffed.name)
        made = MaterialFile(
            question_id=sent.question.id,
            entry_id=entry_id,
            sha256=examined.sha256,
            name=sniffed.name,
            media_type=sniffed.media_type,
            size=sniffed.size,
            pages=sniffed.pages,
            added_at=now,
        )
        session().add(made)
        kept.append(made)
        added += 1
    return bool(gone or added)


def _store(digest: str, stream: IO[bytes], key: str, name: str) -> None:
    try:
        file_store().put(file_key(session().tenant_id, digest), stream)
    except OSError as error:
        if not is_no_room(error):
            raise
        raise Invalid.one(key, _("Tệp “%(name)s”: %(why)s", name=name, why=NoRoom().message)) from error


def _receipt(
    entry: Entry, call: MaterialCall, edition: EditionView, *, actor: Actor, now: datetime
) -> MaterialReceipt:
    document = {
        "entry": entry.code or entry.ref,
        "round": call.round,
        "sent": [
            {
                "question": one.question.title,
                "text": one.text,
                "files": [
                    {"name": file.name, "sha256": file.sha256, "size": file.size} for file in one.files
                ],
            }
            for one in sent_by(call, entry.id)
        ],
    }
    earlier = receipts_of(call.id, entry.id)
    receipt = MaterialReceipt(
        call_id=call.id,
        entry_id=entry.id,
        number=earlier[0].number + 1 if earlier else 1,
        at=now,
        code=spoken_code(),
        document=document,
        sha256=sha256_of(document),
        by_id=actor.id,
    )
    session().add(receipt)
    session().flush()
    emit(MaterialSent(call.edition_id, entry.id))
    line = {"round": call.round, "number": receipt.number, "sha256": receipt.sha256}
    audit.append("material.sent", entry.code or entry.ref, line, actor=actor, now=now)
    account = session().scalars(select(Account).where(Account.id == entry.owner_id)).one_or_none()
    if account is not None:
        tell_received(edition, call, entry, account, receipt=receipt, now=now)
    return receipt


def _require_open(call: MaterialCall, now: datetime) -> None:
    if now < call.opens_at:
        raise MaterialClosed(
            _(
                "Chưa đến thời gian nộp tài liệu bổ sung: từ %(opens)s.",
                opens=deadline(call.opens_at, locale()),
            )
        )
    if now >= call.closes_at:
        raise MaterialClosed(
            _(
                "Đã hết hạn nộp tài liệu bổ sung (%(closes)s) nên không nhận thêm được nữa. Những gì bạn gửi trước "
                "hạn vẫn được giữ và giám khảo xem được.",
                closes=deadline(call.closes_at, locale()),
            )
        )
