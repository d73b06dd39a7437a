"""The committee's pages of one file in a blind round: what is covered, boxes by hand, a cleaned file in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.entries.downloads import sent_file
from core.entries.errors import FileRefused
from core.entries.models import Attachment, Entry
from core.entries.pages import page_number
from core.judging.blind_drafts import FileDraft, draft_of, drawn_from
from core.judging.blind_files import DRAWN, FileUnread, page_picture
from core.judging.blind_words import file_word, kind_word, left_out_words
from core.judging.material_models import MaterialFile
from core.judging.policies import round_of
from core.judging.services import blinding
from core.kernel.errors import Invalid, NotFound
from core.kernel.web import Access, allows, current_actor

blueprint = Blueprint(
    "blind_files", __name__, url_prefix="/btc/cham-thi/vong/<round_key>/an-danh/<code>/tep/<uuid:file_id>"
)

SIDE = 1400
WHOLE = 10_000
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_PERCENT = 100


@blueprint.get("")
@allows(Access.COMMITTEE)
def page(round_key: str, code: str, file_id: UUID) -> str:
    """One page of the file with what is covered on it, and the way to cover more."""
    edition = current_edition()
    entry = blinding.access_blind(edition, current_actor(), code)
    return _page(edition, round_key, entry, file_id)


@blueprint.get("/trang/<int:number>")
@allows(Access.COMMITTEE)
def picture(round_key: str, code: str, file_id: UUID, number: int) -> Response:
    """One page of what the copy is drawn from, uncovered, for the officer to draw on."""
    edition = current_edition()
    entry = blinding.access_blind(edition, current_actor(), code)
    file, attachment = _file(edition, round_key, entry, file_id), blinding.access_file(entry, file_id)
    if file.media_type not in DRAWN:
        raise NotFound(_("Tệp này không xem theo trang được."))
    try:
        drawn = page_picture(_source(file, attachment), number, SIDE)
    except FileUnread:
        raise NotFound(_("Không xem được trang này.")) from None
    answer = Response(drawn, mimetype="image/webp")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


@blueprint.get("/ban-che")
@allows(Access.COMMITTEE)
def copy(round_key: str, code: str, file_id: UUID) -> Response:
    """The copy as judges will read it."""
    edition = current_edition()
    entry = blinding.access_blind(edition, current_actor(), code)
    found = _file(edition, round_key, entry, file_id).copy
    if found is None or found.sha256 is None:
        raise NotFound(_("Tệp này chưa có bản che."))
    ending = "pdf" if found.media_type == "application/pdf" else "jpg"
    return sent_file(found.sha256, f"{entry.code}-ban-che.{ending}", found.media_type, found.size)


@blueprint.post("/o")
@allows(Access.COMMITTEE)
def boxes(round_key: str, code: str, file_id: UUID) -> Any:
    """Boxes by hand: those that were drawn, the one that was typed, or one taken away."""
    edition = current_edition()
    entry = blinding.access_blind(edition, current_actor(), code)
    file = _file(edition, round_key, entry, file_id)
    form = request.form
    held = [] if file.copy is None else list(file.copy.boxes)
    number = form.get("trang", 1, type=int)
    try:
        if form.get("bo"):
            gone = form.get("bo", -1, type=int)
            held = [one for at, one in enumerate(held) if at != gone]
        else:
            held += _drawn_boxes(form.getlist("o")) + _typed_box(form, number)
        blinding.set_boxes(entry, file_id, held, actor=current_actor())
    except Invalid as wrong:
        return _page(edition, round_key, entry, file_id, errors=wrong.errors, typed=form), 422
    flash(_("Đã lưu ô che. Bản che đang được tạo lại."), "success")
    return redirect(
        url_for("blind_files.page", round_key=round_key, code=code, file_id=file_id, trang=number), 303
    )


@blueprint.post("/tep-rieng")
@allows(Access.COMMITTEE)
def own(round_key: str, code: str, file_id: UUID) -> Any:
    """A cleaned file in the place of the dossier's, or back to that one."""
    edition = current_edition()
    round_of(edition, round_key)
    entry = blinding.access_blind(edition, current_actor(), code)
    sent = request.files.get("own")
    try:
        if request.form.get("do") == "drop":
            blinding.drop_own(entry, file_id, actor=current_actor())
            flash(_("Đã quay lại tệp của hồ sơ. Hồ sơ đang được quét lại."), "success")
        elif sent is None or not sent.filename:
            raise Invalid.one("own", _("Bạn hãy chọn tệp đã làm sạch."))
        else:
            blinding.put_own(entry, file_id, sent.filename, sent.stream, actor=current_actor())
            flash(_("Đã nhận tệp đã làm sạch. Tệp đang được quét và tạo bản che."), "success")
    except (Invalid, FileRefused) as wrong:
        sentences = wrong.errors if isinstance(wrong, Invalid) else {"own": [wrong.message]}
        return _page(edition, round_key, entry, file_id, errors=sentences), 422
    return redirect(url_for("blind_files.page", round_key=round_key, code=code, file_id=file_id), 303)


def _page(
    edition: EditionView,
    round_key: str,
    entry: Entry,
    file_id: UUID,
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    file = _file(edition, round_key, entry, file_id)
    attachment = blinding.access_file(entry, file_id)
    pages = _pages(file, attachment)
    asked = (typed or request.args).get("trang", "1")
    number = max(1, min(page_number(asked), pages))
    held = [] if file.copy is None else file.copy.boxes
    return render_template(
        "judging_blind/file.html",
        judging_round=round_of(edition, round_key),
        entry=entry,
        file=file,
        number=number,
        pages=pages,
        hidden=[one for one in file.hidden if one.page == number],
        kept=[one for one in file.kept if one.page == number],
        boxes=[(at, box) for at, box in enumerate(held) if box[0] == number],
        others=sorted({box[0] for box in held if box[0] != number}),
        is_drawn=file.media_type in DRAWN,
        is_blank=number in file.blank,
        left_out_words=left_out_words,
        is_slides=attachment.media_type == SLIDES and not file.is_own,
        mark=_source(file, attachment)[:8],
        file_word=file_word,
        kind_word=kind_word,
        errors=errors or {},
        typed=typed or {},
        own_accept=blinding.OWN_FILE.accept,
    )


def _file(edition: EditionView, round_key: str, entry: Entry, file_id: UUID) -> FileDraft:
    round_of(edition, round_key)
    found = next((one for one in draft_of(edition, entry, round_key).files if one.id == file_id), None)
    if found is None:
        raise NotFound(_("Không tìm thấy tệp này."))
    return found


def _source(file: FileDraft, attachment: Attachment | MaterialFile) -> str:
    return drawn_from(attachment, file.copy).sha256


def _pages(file: FileDraft, attachment: Attachment | MaterialFile) -> int:
    if file.media_type != "application/pdf":
        return 1
    counted = file.copy.pages if file.copy is not None and file.copy.pages else attachment.pages
    return counted or 1


def _drawn_boxes(sent: Sequence[str]) -> list[list[int]]:
    """What the page's script sends: "page,left,top,right,bottom" in ten-thousandths."""
    found = []
    for one in sent:
        parts = one.split(",")
        if len(parts) != 5 or not all(part.isascii() and part.isdigit() for part in parts):
            raise Invalid.one("boxes", _("Ô vừa vẽ không đọc được. Bạn hãy vẽ lại."))
        found.append([int(part) for part in parts])
    return found


def _typed_box(form: Mapping[str, str], number: int) -> list[list[int]]:
    """A box typed in whole percent of the page; none when nothing was typed."""
    typed = [form.get(name, "").strip() for name in ("trai", "tren", "phai", "duoi")]
    if not any(typed):
        return []
    if not all(one.isascii() and one.isdigit() and len(one) <= 3 for one in typed):
        raise Invalid.one("boxes", _("Bạn hãy ghi đủ bốn số từ 0 đến 100."))
    return [[number, *(int(one) * WHOLE // _PERCENT for one in typed)]]
