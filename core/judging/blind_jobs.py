"""Work of blind rounds after a request: looking dossiers through, and drawing copies of their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from core.contests.queries import editions
from core.entries.events import EntryAccepted, FilesLeaving
from core.entries.models import Attachment, Entry
from core.judging.blind_drafts import attachments_of, drawn_from, texts_of
from core.judging.blind_facts import subject_of
from core.judging.blind_files import (
    FileUnread,
    draw_copy,
    look_beside,
    look_through,
    may_be_read,
    place_of_file,
)
from core.judging.blind_material import material_files, material_mark, material_texts
from core.judging.blind_models import BlindChoice, BlindCopy, BlindScan
from core.judging.blind_scan import Finding, Subject, findings_in
from core.judging.events import MaterialSent
from core.judging.material_models import MaterialFile
from core.judging.services.blinding import (
    COPY,
    SCAN,
    ask_copy,
    held_copy,
    scan_when_accepted,
    scan_when_sent,
    source_of,
)
from core.judging.text_copies import TEXTED, TextCopy, make_text_copy
from core.kernel.clock import real_now
from core.kernel.db import session
from core.kernel.events import listens_to
from core.kernel.jobs import handler
from core.letters.post import bound_tenant


@listens_to(EntryAccepted)
def look_when_accepted(event: EntryAccepted) -> None:
    """A dossier that comes into an edition with a blind round is looked through at once."""
    scan_when_accepted(event.edition_id, event.entry_id)


@listens_to(MaterialSent)
def look_when_sent(event: MaterialSent) -> None:
    """New material of a dossier that is read blind is looked through at once; until it is approved no judge sees it."""
    scan_when_sent(event.edition_id, event.entry_id)


@listens_to(FilesLeaving)
def forget_copies(event: FilesLeaving) -> None:
    """A file that leaves its dossier takes its copy along; what was approved keeps its own until it is read anew."""
    session().execute(delete(BlindCopy).where(BlindCopy.attachment_id.in_(event.ids)))


@handler(SCAN)
def scan(payload: Mapping[str, Any]) -> None:
    """Look a dossier through: title, answers, files; then have copies of its files drawn.

    Doing it twice finds the same; what was asked for before a later wish does nothing.
    """
    entry_id, number = UUID(payload["entry"]), int(payload["number"])
    entry = session().scalars(select(Entry).where(Entry.id == entry_id)).one_or_none()
    wish = _wish(entry_id, number)
    if entry is None or wish is None:
        return
    edition = next(one for one in editions(bound_tenant().slug) if one.id == entry.edition_id)
    subject, version = subject_of(edition, entry, wish.more), entry.version
    written, sent = material_texts(entry_id), material_files(entry_id)
    texts, mark = [*texts_of(edition, entry), *written], material_mark(written, sent)
    found = [one for place, text in texts for one in findings_in(text, place, subject)]
    files = _sources(entry, sent)
    session().rollback()  # reading files takes its time, and nobody shall wait for this transaction
    looked = {one.file: _look(one, subject) for one in files if may_be_read(one.media_type)}
    wish = _wish(entry_id, number)
    if wish is None:
        return
    found += [one for each in looked.values() for one in each.findings]
    wish.findings = [one.kept() for one in found]
    wish.unread = {file: each.unread for file, each in looked.items() if each.unread}
    wish.state, wish.version, wish.done_at = "done", version, real_now()
    wish.material = mark
    session().flush()
    for one in files:
        if one.file in looked and one.media_type in TEXTED:
            _keep_text(entry_id, UUID(hex=one.file), looked[one.file])
        ask_copy(entry_id, UUID(hex=one.file))


@dataclass(frozen=True, slots=True)
class _Source:
    """A file as it is read: the dossier's own, or the committee's in its place."""

    file: str
    sha256: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """What a file told; `unread` as `BlindScan` keeps it, `text` its text copy if one was made."""

    findings: tuple[Finding, ...]
    unread: str | list[int]
    text: TextCopy | None = None
    pages: int | None = None


def _look(source: _Source, subject: Subject) -> _LookedAt:
    """Look one file through, by way of its text copy where one is made."""
    file, name = source.file, source.name
    try:
        if source.media_type not in TEXTED:
            read = look_through(file, source.sha256, name, subject)
            return _LookedAt(read.findings, list(read.blank))
        beside = look_beside(file, source.sha256, name, subject)
        text = make_text_copy(source.sha256)
        read = look_through(file, text.sha256, "", subject, is_text_copy=True)
    except FileUnread:
        return _LookedAt((), "failed")
    return _LookedAt((*read.findings, *beside), list(read.blank), text, read.pages)


def _keep_text(entry_id: UUID, file_id: UUID, looked: _LookedAt) -> None:
    copy, text = held_copy(entry_id, file_id), looked.text
    if copy.own is not None:  # sent meanwhile; a later wish looks that through
        return
    if text is None:
        copy.text, copy.left_out, copy.sha256 = None, {}, None
    else:
        if copy.text not in (None, text.sha256):
            copy.boxes = []  # drawn by hand on pages that are others now
        copy.text, copy.left_out, copy.pages = text.sha256, dict(text.left_out), looked.pages
    session().flush()


@handler(COPY)
def draw(payload: Mapping[str, Any]) -> None:
    """Draw the copy of a file with all that is found on its pages covered, and what was covered by hand.

    Doing it twice makes the same; an older wish does nothing.
    """
    copy_id, number = UUID(payload["copy"]), int(payload["number"])
    copy = session().scalars(select(BlindCopy).where(BlindCopy.id == copy_id)).one_or_none()
    if copy is None or copy.number != number or copy.state != "waiting":
        return
    entry_id, file_id = copy.entry_id, copy.file_id
    source = drawn_from(source_of(copy), copy).sha256
    boxes = [*copy.boxes, *_found_boxes(entry_id, place_of_file(file_id.hex, source))]
    session().rollback()  # drawing takes its time, too
    made = None
    with suppress(
        FileUnread
    ):  # told on the page: the file is left out, or the committee sends one of its own
        made = draw_copy(source, boxes)
    copy = held_copy(entry_id, file_id)
    if copy.number != number:
        return
    copy.state = "failed" if made is None else "ready"
    if made is not None:
        copy.sha256, copy.media_type, copy.size, copy.pages = (
            made.sha256,
            made.media_type,
            made.size,
            made.pages,
        )


def _wish(entry_id: UUID, number: int) -> BlindScan | None:
    """The scan that was asked for under this number, held; None when a later one was."""
    ask = select(BlindScan).where(BlindScan.entry_id == entry_id).with_for_update(key_share=True)
    found = session().scalars(ask.execution_options(populate_existing=True)).one_or_none()
    return None if found is None or found.number != number or found.state == "done" else found


def _sources(entry: Entry, sent: Sequence[MaterialFile]) -> list[_Source]:
    rows = session().scalars(select(BlindCopy).where(BlindCopy.entry_id == entry.id))
    own = {one.file_id: one for one in rows if one.own is not None}
    found = []
    files: list[Attachment | MaterialFile] = [*attachments_of(entry), *sent]
    for one in files:
        copy = own.get(one.id)
        if copy is None or copy.own is None:
            found.append(_Source(one.id.hex, one.sha256, one.name, one.media_type))
        else:
            found.append(_Source(one.id.hex, copy.own, one.name, copy.own_type))
    return found


def _found_boxes(entry_id: UUID, start: str) -> list[list[int]]:
    scan_ = session().scalars(select(BlindScan).where(BlindScan.entry_id == entry_id)).one_or_none()
    kept = select(BlindChoice.key).where(BlindChoice.entry_id == entry_id, BlindChoice.choice == "dismiss")
    dismissed = set(session().scalars(kept))
    found = [] if scan_ is None else [Finding.of(one) for one in scan_.findings]
    return [
        [one.page, *box]
        for one in found
        if one.place.startswith(f"{start}/") and one.page and one.key not in dismissed
        for box in one.rects
    ]
