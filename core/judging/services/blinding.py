"""Writes of blind rounds: which rounds are blind, what is hidden in a dossier, and what judges may read of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, or_, select, update

from core.contests.values import EditionView
from core.entries.examine import examine
from core.entries.forms import questions
from core.entries.models import Attachment, Entry
from core.entries.policies import NO_ENTRY, access_entry_office
from core.entries.states import Scan, State
from core.judging.blind import blind_by_rules, choice_of, is_about_people, is_blind, shown_questions
from core.judging.blind_drafts import TITLE, Draft, draft_of, drawn_from
from core.judging.blind_files import DRAWN
from core.judging.blind_material import material_file
from core.judging.blind_models import BlindChoice, BlindCopy, BlindDossier, BlindRound, BlindScan
from core.judging.blind_scan import Finding
from core.judging.errors import BlindRefused
from core.judging.material_late import tell_late
from core.judging.material_models import MaterialFile
from core.judging.models import RoundEntry, Sheet
from core.judging.policies import require_manager, round_of
from core.judging.services.council import held_edition
from core.judging.states import SheetState
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.files import file_key, file_store
from core.kernel.jobs import enqueue
from core.kernel.prepared import insert_once
from core.kernel.text import clean_line
from core.plugin_api import FieldKind, FormField, Text

SCAN, COPY = "judging.blind_scan", "judging.blind_copy"
DISMISS, WORDS, HIDE = "dismiss", "words", "hide"
MORE_MAX, WORD_MAX, TITLE_MAX, BOXES_MAX, WHOLE = 50, 200, 500, 500, 10_000
OWN_FILE = FormField(
    key="own",
    label=Text("Tệp đã làm sạch", "Cleaned file"),
    kind=FieldKind.FILES,
    accept=(".pdf", ".jpg", ".jpeg", ".png", ".webp"),
    max_files=1,
)


def set_blind(
    edition: EditionView,
    round_key: str,
    shown: Collection[str],
    *,
    is_on: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Make a round blind or not, and say which answers its judges may read.

    What was approved while less was shown is to be approved again. Raises Forbidden, NotFound, BlindRefused once a
    sheet of the round is locked, Invalid for a question that is none or asks about people.
    """
    require_manager(actor)
    round_of(edition, round_key)
    held_edition(edition.id)
    asked = {one.key: one for one in questions(edition)}
    if any(key not in asked or is_about_people(asked[key]) for key in shown):
        raise Invalid.one("questions", _("Có mục không cho giám khảo xem được trong vòng ẩn danh."))
    is_on = is_on or round_key in blind_by_rules(edition)
    stored = choice_of(edition, round_key)
    before = shown_questions(edition, stored)
    was_on = is_blind(edition, round_key)
    if was_on == is_on and before == frozenset(shown) and stored is not None:
        return
    if has_locked_sheets(edition, round_key):
        raise BlindRefused(
            _(
                "Vòng này đã có phiếu khóa nên không đổi cách chấm ẩn danh được nữa: mọi giám khảo phải đọc như nhau."
            )
        )
    if stored is None:
        stored = BlindRound(edition_id=edition.id, round=round_key, changed_at=now)
        session().add(stored)
    stored.is_on, stored.questions, stored.changed_at = is_on, sorted(shown), now
    session().flush()
    if frozenset(shown) - before:
        withdrawn = update(BlindDossier).where(
            BlindDossier.edition_id == edition.id, BlindDossier.round == round_key
        )
        session().execute(
            withdrawn.values(approved_at=None), execution_options={"synchronize_session": False}
        )
        session().expire_all()
    line = {"edition": edition.key, "round": round_key, "on": is_on, "questions": sorted(shown)}
    audit.append("blind.round_set", round_key, line, actor=actor, now=now)


def has_locked_sheets(edition: EditionView, round_key: str) -> bool:
    """Whether a sheet of the round is locked. One query."""
    ask = select(Sheet.id).where(
        Sheet.edition_id == edition.id, Sheet.round == round_key, Sheet.state == SheetState.LOCKED
    )
    return session().scalars(ask.limit(1)).first() is not None


def ask_scans(entry_ids: Collection[UUID], *, actor: Actor) -> int:
    """Have the dossiers looked through, by jobs; one that was asked for is done as it stands last. Gives how many."""
    require_manager(actor)
    for entry_id in entry_ids:
        _ask_scan(entry_id)
    return len(entry_ids)


def scan_when_accepted(edition_id: UUID, entry_id: UUID) -> None:
    """Have a dossier looked through that was accepted while the committee has chosen a blind round. Two queries."""
    ask = select(BlindRound.id).where(BlindRound.edition_id == edition_id, BlindRound.is_on.is_(True))
    if session().scalars(ask.limit(1)).first() is not None:
        _ask_scan(entry_id)


def scan_when_sent(edition_id: UUID, entry_id: UUID) -> None:
    """Have a dossier looked through again whose new material changed, where it was before or a round is blind.

    Copies of files that were taken out of the material are forgotten. Three queries.
    """
    gone = select(MaterialFile.id).where(
        MaterialFile.entry_id == entry_id, MaterialFile.removed_at.is_not(None)
    )
    dropped = delete(BlindCopy).where(BlindCopy.material_file_id.in_(gone))
    session().execute(dropped, execution_options={"synchronize_session": False})
    known = select(BlindScan.id).where(BlindScan.entry_id == entry_id, BlindScan.number > 0)
    if session().scalars(known).first() is not None:
        _ask_scan(entry_id)
    else:
        scan_when_accepted(edition_id, entry_id)


def set_more(entry: Entry, words: Sequence[str], *, actor: Actor) -> None:
    """Words that are hidden beside those the software knows; the dossier is looked through again with them."""
    require_manager(actor)
    more = list(dict.fromkeys(found for one in words if (found := clean_line(one))))
    if len(more) > MORE_MAX or any(len(one) > WORD_MAX for one in more):
        raise Invalid.one(
            "more", _("Nhiều nhất %(most)s cụm từ, mỗi cụm không quá 200 ký tự.", most=MORE_MAX)
        )
    if any(len(one) < 2 for one in more):
        raise Invalid.one("more", _("Mỗi cụm từ cần ít nhất 2 ký tự."))
    scan = _held_scan(entry.id)
    scan.more = more
    _ask_scan(entry.id)


def choose(entry: Entry, key: str, choice: str, words: str = "", *, actor: Actor) -> None:
    """Say of a finding that it stays (DISMISS), is put in other WORDS, or is hidden as all are (HIDE).

    Under the key "title" the WORDS are the title that judges read. Raises NotFound for what was not found in the
    dossier, Invalid without words.
    """
    require_manager(actor)
    words = clean_line(words)
    scan = _held_scan(entry.id)
    found = next((Finding.of(one) for one in scan.findings if one["key"] == key), None)
    if (found is None and key != TITLE) or choice not in (DISMISS, WORDS, HIDE):
        raise NotFound(_("Không còn chỗ này: hồ sơ đã được quét lại. Bạn hãy xem lại trang."))
    if found is not None and found.file and choice == WORDS:
        raise Invalid.one("words", _("Trong tệp chỉ che hoặc để nguyên được, không thay chữ được."))
    most = TITLE_MAX if key == TITLE else WORD_MAX
    if choice == WORDS and not 0 < len(words) <= most:
        raise Invalid.one("words", _("Bạn hãy ghi chữ thay thế, không quá %(most)s ký tự.", most=most))
    session().execute(delete(BlindChoice).where(BlindChoice.entry_id == entry.id, BlindChoice.key == key))
    if choice != HIDE:
        kept = words if choice == WORDS else ""
        session().add(BlindChoice(entry_id=entry.id, key=key, choice=choice, words=kept))
    session().flush()
    if found is not None and found.page:
        ask_copy(entry.id, UUID(hex=found.file))


def set_boxes(entry: Entry, file_id: UUID, boxes: Sequence[Sequence[int]], *, actor: Actor) -> None:
    """Cover places of a file by hand: [page, left, top, right, bottom] in ten-thousandths of the page."""
    require_manager(actor)
    kept = [[int(part) for part in box] for box in boxes]
    if len(kept) > BOXES_MAX or any(not _is_box(box) for box in kept):
        raise Invalid.one("boxes", _("Ô che phải nằm trong trang, có trang từ 1 và có bề rộng, bề cao."))
    access_file(entry, file_id)
    copy = held_copy(entry.id, file_id)
    if copy.boxes != kept:
        copy.boxes = kept
        ask_copy(entry.id, file_id)


def put_own(entry: Entry, file_id: UUID, filename: str, stream: IO[bytes], *, actor: Actor) -> None:
    """Take a file that the committee cleaned itself in the place of one of the dossier's; it is looked through and
    drawn anew as all are. Raises FileRefused."""
    require_manager(actor)
    access_file(entry, file_id)
    looked = examine(OWN_FILE, filename, stream)
    if looked.scan != Scan.CLEAN:
        raise Invalid.one("own", _("Chưa kiểm tra được tệp có an toàn không. Bạn hãy gửi lại sau ít phút."))
    file_store().put(file_key(session().tenant_id, looked.sha256), stream)
    copy = held_copy(entry.id, file_id)
    copy.own, copy.own_type, copy.boxes = looked.sha256, looked.sniffed.media_type, []
    _start_again(copy)
    _ask_scan(entry.id)


def drop_own(entry: Entry, file_id: UUID, *, actor: Actor) -> None:
    """Go back to the dossier's own file."""
    require_manager(actor)
    access_file(entry, file_id)
    copy = held_copy(entry.id, file_id)
    if copy.own is not None:
        copy.own, copy.own_type, copy.boxes = None, "", []
        _start_again(copy)
        _ask_scan(entry.id)


def approve(
    edition: EditionView,
    entry: Entry,
    round_key: str,
    kept: Sequence[UUID],
    seen: str,
    *,
    actor: Actor,
    now: datetime,
) -> BlindDossier:
    """Let the judges of a blind round read the dossier as the draft `seen` (its digest) shows it, with the copies of
    the files `kept`; the other files stay out of the round.

    Raises Forbidden, BlindRefused for a dossier that was not looked through as it is now, a copy that is not made, or
    a draft that changed since.
    """
    require_manager(actor)
    held_edition(edition.id)
    draft = draft_of(edition, entry, round_key)
    _require_whole(draft, kept)
    if draft.digest != seen:
        raise BlindRefused(_("Bản ẩn danh vừa thay đổi. Bạn hãy xem lại rồi duyệt."))
    found = _approved(entry.id, round_key)
    if found is None:
        found = BlindDossier(edition_id=edition.id, round=round_key, entry_id=entry.id)
        session().add(found)
    document = draft.document(kept)
    found.version, found.title, found.shown = entry.version, draft.title, document
    found.material = 0 if draft.material is None else draft.material.number
    found.approved_by, found.approved_at = actor.id, now
    session().flush()
    line = {"round": round_key, "version": entry.version, "digest": draft.digest}
    audit.append("blind.approved", entry.code or entry.ref, line, actor=actor, now=now)
    tell_late(edition, entry, round_key, now=now)
    return found


def withdraw(entry: Entry, round_key: str, *, actor: Actor, now: datetime) -> bool:
    """Take an approval back: the dossier is gone from the judges' desks until it is approved again."""
    require_manager(actor)
    found = _approved(entry.id, round_key)
    if found is None or found.approved_at is None:
        return False
    found.approved_at, found.shown, found.material = None, {}, 0
    session().flush()
    audit.append("blind.withdrawn", entry.code or entry.ref, {"round": round_key}, actor=actor, now=now)
    return True


def access_blind(edition: EditionView, actor: Actor, code: str) -> Entry:
    """An accepted dossier of the edition by its code, that the actor may see in the office; NotFound for any other."""
    entry = access_entry_office(actor, code)
    if entry.edition_id != edition.id or entry.state != State.ACCEPTED:
        raise NotFound(_(NO_ENTRY))
    return entry


def access_file(entry: Entry, file_id: UUID) -> Attachment | MaterialFile:
    """A file of the dossier or of its new material that may be opened; NotFound for any other."""
    ask = select(Attachment).where(
        Attachment.entry_id == entry.id, Attachment.id == file_id, Attachment.scan == Scan.CLEAN
    )
    found = session().scalars(ask).one_or_none() or material_file(entry.id, file_id)
    if found is None:
        raise NotFound(_("Không tìm thấy tệp này."))
    return found


def source_of(copy: BlindCopy) -> Attachment | MaterialFile:
    """The file of which `copy` is one. One query."""
    key = (session().tenant_id, copy.file_id)
    if copy.attachment_id is not None:
        return session().get_one(Attachment, key)
    return session().get_one(MaterialFile, key)


def held_copy(entry_id: UUID, file_id: UUID) -> BlindCopy:
    """The row of a file's copy, begun if need be, held until the transaction ends."""
    values: dict[str, Any] = {
        "entry_id": entry_id, "attachment_id": None, "material_file_id": None, "own": None, "own_type": "",
        "text": None, "left_out": {}, "boxes": [], "number": 0, "state": "waiting", "sha256": None,
        "media_type": "", "size": 0, "pages": None,
    }  # fmt: skip
    own = or_(BlindCopy.attachment_id == file_id, BlindCopy.material_file_id == file_id)
    ask = select(BlindCopy).where(own).with_for_update(key_share=True)
    found = session().scalars(ask.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        column = "attachment_id" if material_file(entry_id, file_id) is None else "material_file_id"
        insert_once(BlindCopy, (column,), {**values, column: file_id})
        found = session().scalars(ask).one()
    return found


def ask_copy(entry_id: UUID, file_id: UUID) -> None:
    """Have the copy of a file drawn as things stand when the job runs; an older wish does nothing any more."""
    copy = held_copy(entry_id, file_id)
    if drawn_from(source_of(copy), copy).media_type not in DRAWN:
        return
    _start_again(copy)
    session().flush()
    payload = {"copy": str(copy.id), "number": copy.number}
    enqueue(COPY, payload, dedupe=f"{copy.id.hex}:{copy.number}")


def entries_of(edition: EditionView, round_key: str) -> list[UUID]:
    """The dossiers of a round that is open. One query."""
    ask = select(RoundEntry.entry_id).where(
        RoundEntry.edition_id == edition.id, RoundEntry.round == round_key
    )
    return list(session().scalars(ask))


def _start_again(copy: BlindCopy) -> None:
    copy.number += 1
    copy.state, copy.sha256 = "waiting", None


def _ask_scan(entry_id: UUID) -> None:
    scan = _held_scan(entry_id)
    scan.number += 1
    scan.state = "waiting"
    session().flush()
    payload = {"entry": str(entry_id), "number": scan.number}
    enqueue(SCAN, payload, dedupe=f"{entry_id.hex}:{scan.number}")


def _held_scan(entry_id: UUID) -> BlindScan:
    ask = select(BlindScan).where(BlindScan.entry_id == entry_id).with_for_update(key_share=True)
    found = session().scalars(ask.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        values: dict[str, Any] = {
            "entry_id": entry_id, "number": 0, "state": "waiting", "version": 0, "more": [], "findings": [],
            "unread": {}, "done_at": None,
        }  # fmt: skip
        insert_once(BlindScan, ("entry_id",), values)
        found = session().scalars(ask).one()
    return found


def _approved(entry_id: UUID, round_key: str) -> BlindDossier | None:
    ask = select(BlindDossier).where(BlindDossier.entry_id == entry_id, BlindDossier.round == round_key)
    return session().scalars(ask.with_for_update(key_share=True)).one_or_none()


def _require_whole(draft: Draft, kept: Sequence[UUID]) -> None:
    if not draft.is_scanned:
        raise BlindRefused(_("Hồ sơ chưa quét xong ở bản hiện nay. Bạn hãy chờ quét xong rồi duyệt."))
    files = {one.id: one for one in draft.files}
    for file_id in kept:
        if file_id not in files:
            raise NotFound(_("Không tìm thấy tệp này."))
        if files[file_id].state != "ready":
            raise BlindRefused(
                _(
                    "Tệp “%(name)s” chưa có bản che. Bạn hãy chờ, hoặc để tệp ngoài vòng.",
                    name=files[file_id].name,
                )
            )


def _is_box(box: Sequence[int]) -> bool:
    if len(box) != 5:
        return False
    page, left, top, right, bottom = box
    return 1 <= page <= 1000 and 0 <= left < right <= WHOLE and 0 <= top < bottom <= WHOLE
