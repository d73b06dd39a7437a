"""The committee's pages of a blind round: what judges may read, the list of dossiers, and one dossier to approve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.entries import words
from core.entries.forms import questions
from core.entries.models import Entry
from core.entries.pages import page_hrefs, page_number
from core.judging.blind import blind_by_rules, choice_of, is_about_people, is_blind, shown_questions
from core.judging.blind_drafts import TITLE, FileDraft, draft_of
from core.judging.blind_material import question_titles
from core.judging.blind_models import BlindDossier
from core.judging.blind_scan import Finding
from core.judging.blind_words import file_word, kind_word, left_out_words, place_word, state_word
from core.judging.dossiers import blind_answers, blind_material
from core.judging.policies import round_of
from core.judging.queries import open_rounds
from core.judging.queries.blinding import (
    PER_PAGE,
    BlindState,
    blind_counts,
    blind_ids,
    blind_rows,
    leaks,
    next_to_approve,
)
from core.judging.services import blinding
from core.kernel.db import session
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("blind_office", __name__, url_prefix="/btc/cham-thi/vong/<round_key>/an-danh")

FILTERS = {
    "chua-quet": BlindState.NEW,
    "dang-quet": BlindState.WAITING,
    "cho-duyet": BlindState.TODO,
    "tai-lieu-moi": BlindState.MORE,
    "da-duyet": BlindState.READY,
}


@blueprint.get("")
@allows(Access.COMMITTEE)
def index(round_key: str) -> str:
    """How the round stands, what its judges may read, and each dossier with what was found."""
    return _index_page(current_edition(), round_key)


@blueprint.post("")
@allows(Access.COMMITTEE)
def save(round_key: str) -> Any:
    """Make the round blind or not, and keep which answers are shown; then have the dossiers looked through."""
    edition, form = current_edition(), request.form
    try:
        is_on = form.get("is_on") == "1"
        if is_on and _is_open(edition, round_key) and not is_blind(edition, round_key) and "sure" not in form:
            told = _("Bạn hãy xác nhận: hồ sơ chưa duyệt bản ẩn danh sẽ biến khỏi bàn chấm ngay.")
            raise Invalid.one("sure", told)
        blinding.set_blind(
            edition, round_key, form.getlist("questions"), is_on=is_on, actor=current_actor(), now=now()
        )
    except Invalid as wrong:
        return _index_page(edition, round_key, errors=wrong.errors), 422
    except DomainError as refused:
        return _index_page(edition, round_key, refusal=refused.message), refused.status
    if is_blind(edition, round_key):
        _scan(edition, round_key, BlindState.NEW)
        flash(_("Đã lưu. Hồ sơ chưa quét đang được quét."), "success")
    else:
        flash(_("Đã lưu. Vòng này không chấm ẩn danh."), "success")
    return redirect(url_for("blind_office.index", round_key=round_key), 303)


@blueprint.post("/quet")
@allows(Access.COMMITTEE)
def scan_all(round_key: str) -> Any:
    """Have all dossiers of the round looked through that are not yet, or with `tat-ca` all that are not approved."""
    edition = current_edition()
    round_of(edition, round_key)
    more = (BlindState.TODO,) if request.form.get("tat-ca") else ()
    count = _scan(edition, round_key, BlindState.NEW, *more)
    flash(
        ngettext(
            "Đang quét %(num)s hồ sơ. Bạn có thể làm việc khác rồi quay lại.",
            "Đang quét %(num)s hồ sơ. Bạn có thể làm việc khác rồi quay lại.",
            count,
        )
        if count
        else _("Không còn hồ sơ nào cần quét."),
        "success",
    )
    return redirect(url_for("blind_office.index", round_key=round_key), 303)


@blueprint.get("/<code>")
@allows(Access.COMMITTEE)
def dossier(round_key: str, code: str) -> str:
    """One dossier: what was found and what becomes of it, its copies, and what judges will read."""
    edition = current_edition()
    return _dossier_page(edition, round_key, blinding.access_blind(edition, current_actor(), code))


@blueprint.post("/<code>/quet")
@allows(Access.COMMITTEE)
def scan(round_key: str, code: str) -> Any:
    """Look the dossier through once more."""
    edition = current_edition()
    round_of(edition, round_key)
    blinding.ask_scans([blinding.access_blind(edition, current_actor(), code).id], actor=current_actor())
    return _back(round_key, code)


@blueprint.post("/<code>/chon")
@allows(Access.COMMITTEE)
def choose(round_key: str, code: str) -> Any:
    """One finding: hide it, leave it, or put other words; or the title that judges read."""
    edition, form = current_edition(), request.form
    round_of(edition, round_key)
    entry = blinding.access_blind(edition, current_actor(), code)
    key, words_ = form.get("key", ""), form.get("words", "")
    try:
        blinding.choose(entry, key, form.get("do", ""), words_, actor=current_actor())
    except Invalid as wrong:
        errors = {f"words-{key}": sentences for sentences in wrong.errors.values()}
        return _dossier_page(edition, round_key, entry, errors=errors, typed={key: words_}), 422
    return _back(round_key, code, anchor=None if key == TITLE else f"c-{key}")


@blueprint.post("/<code>/them")
@allows(Access.COMMITTEE)
def more(round_key: str, code: str) -> Any:
    """Further words to hide, a line each; the dossier is looked through with them."""
    edition = current_edition()
    round_of(edition, round_key)
    entry = blinding.access_blind(edition, current_actor(), code)
    typed = request.form.get("more", "")
    try:
        blinding.set_more(entry, typed.splitlines(), actor=current_actor())
    except Invalid as wrong:
        return _dossier_page(edition, round_key, entry, errors=wrong.errors, typed={"more": typed}), 422
    flash(_("Đã lưu từ cần ẩn thêm. Hồ sơ đang được quét lại."), "success")
    return _back(round_key, code)


@blueprint.post("/<code>/duyet")
@allows(Access.COMMITTEE)
def approve(round_key: str, code: str) -> Any:
    """Let judges read the dossier as it was looked at; then the next one that waits."""
    edition, form = current_edition(), request.form
    round_of(edition, round_key)
    entry = blinding.access_blind(edition, current_actor(), code)
    try:
        kept = [UUID(one) for one in form.getlist("keep")]
    except ValueError:
        raise NotFound(_("Không tìm thấy tệp này.")) from None
    try:
        blinding.approve(
            edition, entry, round_key, kept, form.get("seen", ""), actor=current_actor(), now=now()
        )
    except DomainError as refused:
        return _dossier_page(edition, round_key, entry, refusal=refused.message), refused.status
    following = next_to_approve(
        edition, round_key, entry.code or "", current_actor(), is_open=_is_open(edition, round_key)
    )
    flash(_("Đã duyệt %(code)s. Giám khảo của vòng đọc được bản ẩn danh.", code=entry.code), "success")
    if form.get("then") == "next" and following is not None:
        return _back(round_key, following)
    return _back(round_key, code)


@blueprint.post("/<code>/thu-lai")
@allows(Access.COMMITTEE)
def withdraw(round_key: str, code: str) -> Any:
    """Take the approval back: the dossier is gone from the desks until it is approved again."""
    edition = current_edition()
    round_of(edition, round_key)
    entry = blinding.access_blind(edition, current_actor(), code)
    if blinding.withdraw(entry, round_key, actor=current_actor(), now=now()):
        flash(_("Đã thu lại. Giám khảo không đọc hồ sơ này cho đến khi bạn duyệt lại."), "success")
    return _back(round_key, code)


def _index_page(
    edition: EditionView,
    round_key: str,
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    refusal: str = "",
) -> str:
    judging_round, is_open = round_of(edition, round_key), _is_open(edition, round_key)
    only = FILTERS.get(request.args.get("loc", ""))
    counts = blind_counts(edition, round_key, is_open=is_open)
    total = sum(counts.values()) if only is None else counts[only]
    pages = max(1, -(-total // PER_PAGE))
    page = min(page_number(request.args.get("trang")), pages)
    kept = {"round_key": round_key, **({"loc": request.args["loc"]} if only else {})}
    chosen = choice_of(edition, round_key)
    asked = questions(edition)
    ticked = request.form.getlist("questions") if errors else shown_questions(edition, chosen)
    is_on = is_blind(edition, round_key)
    return render_template(
        "judging_blind/index.html",
        judging_round=judging_round,
        is_on=is_on,
        by_rules=round_key in blind_by_rules(edition),
        is_open=is_open,
        is_fixed=blinding.has_locked_sheets(edition, round_key),
        choices=[(one.key, one.label) for one in asked if not is_about_people(one)],
        never=[one.label for one in asked if is_about_people(one)],
        ticked=ticked,
        counts=counts,
        chips=_chips(round_key, counts, only),
        rows=blind_rows(edition, round_key, is_open=is_open, state=only, page=page) if is_on else [],
        state_word=state_word,
        following=next_to_approve(edition, round_key, "", current_actor(), is_open=is_open)
        if counts[BlindState.TODO] + counts[BlindState.MORE]
        else None,
        leaks=leaks(edition, round_key, is_open=is_open),
        page=page,
        pages=pages,
        total=total,
        hrefs=page_hrefs("blind_office.index", page, pages, kept),
        errors=errors or {},
        refusal=refusal,
        terms=edition.rules.terms(),
    )


def _chips(round_key: str, counts: Mapping[BlindState, int], only: BlindState | None) -> list[dict[str, Any]]:
    all_of_them = {
        "label": _("Tất cả"),
        "href": url_for("blind_office.index", round_key=round_key),
        "on": only is None,
        "count": sum(counts.values()),
    }
    return [all_of_them] + [
        {
            "label": state_word(state)[1],
            "href": url_for("blind_office.index", round_key=round_key, loc=key),
            "on": only is state,
            "count": counts[state],
        }
        for key, state in FILTERS.items()
    ]


def _dossier_page(
    edition: EditionView,
    round_key: str,
    entry: Entry,
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    typed: Mapping[str, str] | None = None,
    refusal: str = "",
) -> str:
    draft = draft_of(edition, entry, round_key)
    approved = _approved(entry, round_key)
    has_more = approved is not None and approved.material != (draft.material.number if draft.material else 0)
    document = draft.document([one.id for one in draft.files])
    judging_round, titles = round_of(edition, round_key), question_titles(draft.material)
    return render_template(
        "judging_blind/dossier.html",
        judging_round=judging_round,
        entry=entry,
        draft=draft,
        places=_by_place(draft.texts),
        approved=approved,
        is_current=approved is not None and approved.version == entry.version,
        ticked=lambda file: is_ticked(approved, entry, file, has_more=has_more),
        is_same=approved is not None and _is_same(approved.shown, document),
        groups=[
            *blind_answers(edition, document, draft.allowed, round_key, entry.code or ""),
            *blind_material(document, judging_round, entry.code or ""),
        ],
        has_more=has_more,
        field_name=words.field_name(edition, entry.field) or "",
        kind_word=kind_word,
        place_word=lambda one: place_word(edition, one, titles),
        file_word=file_word,
        left_out_words=left_out_words,
        more="\n".join(draft.scan.more) if draft.scan else "",
        errors=errors or {},
        typed=typed or {},
        refusal=refusal,
        own_accept=blinding.OWN_FILE.accept,
    )


def _by_place(found: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings by where they stand, in the order in which they were read."""
    places: dict[str, list[Finding]] = {}
    for one in found:
        places.setdefault(one.place, []).append(one)
    return list(places.items())


def is_ticked(
    approved: BlindDossier | None, entry: Entry, file: FileDraft, *, has_more: bool = False
) -> bool:
    """Whether a file is offered ticked: as it was approved, else unless people must look at it first.

    With `has_more` new material came since: its files count as never looked at.
    """
    if approved is None or approved.version != entry.version:
        return not file.blank
    if has_more and file.question is not None and not file.blank:
        return True
    return file.copy is not None and file.copy.sha256 in {one["sha256"] for one in _files_in(approved.shown)}


def _is_same(approved: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Whether what judges read is what would be approved now, whichever files were left out."""
    contents = {file["sha256"] for file in _files_in(document)}
    is_text_same = all(approved.get(key) == document[key] for key in ("title", "field", "facts"))
    return (
        is_text_same
        and _material_texts(approved) == _material_texts(document)
        and all(file["sha256"] in contents for file in _files_in(approved))
    )


def _files_in(shown: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files in such a document, of the dossier and of its new material."""
    more = shown.get("material", {}).get("answers", ())
    return [*shown.get("files", ()), *(file for one in more for file in one["files"])]


def _material_texts(shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (one["title"], one["text"]) for one in shown.get("material", {}).get("answers", ()) if one["text"]
    ]


def _approved(entry: Entry, round_key: str) -> BlindDossier | None:
    ask = select(BlindDossier).where(
        BlindDossier.entry_id == entry.id,
        BlindDossier.round == round_key,
        BlindDossier.approved_at.is_not(None),
    )
    return session().scalars(ask).one_or_none()


def _is_open(edition: EditionView, round_key: str) -> bool:
    return any(one.key == round_key for one in open_rounds(edition))


def _scan(edition: EditionView, round_key: str, *states: BlindState) -> int:
    ids = blind_ids(edition, round_key, is_open=_is_open(edition, round_key), states=states)
    return blinding.ask_scans(ids, actor=current_actor())


def _back(round_key: str, code: str, anchor: str | None = None) -> Any:
    return redirect(url_for("blind_office.dossier", round_key=round_key, code=code, _anchor=anchor), 303)
