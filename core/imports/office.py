"""The committee's pages of importing: the template, the upload, what is wrong, what will be made, undo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.contests.current import current_edition, edition_of
from core.contests.policies import PhaseClosed
from core.contests.queries import active_units
from core.contests.values import EditionView
from core.imports.columns import layout_of
from core.imports.models import ImportRun
from core.imports.queries import closed_rows, errors_of, run_page, runs_of
from core.imports.reading import LARGEST, MOST_ROWS, Unreadable, read_sheets
from core.imports.rows import without_rows
from core.imports.services import ImportRefused, access_run, import_rows, start_run, undo_run
from core.imports.states import UNDER_WAY, Outcome, Owners, RunState
from core.imports.template import annotated_bytes, template_bytes
from core.imports.words import outcome_word, state_word, unreadable
from core.kernel.clock import local
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.files import file_key, file_store
from core.kernel.i18n import locale
from core.kernel.ids import token
from core.kernel.tables import XLSX_TYPE
from core.kernel.web import Access, allows, current_actor, is_fragment, now

blueprint = Blueprint("imports_office", __name__, url_prefix="/btc/ho-so/nhap")

Answer = BaseResponse | str | tuple[str, int]


@blueprint.url_value_preprocessor
def bound_uploads(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A workbook has its own limit, said in words by the service."""
    if endpoint == "imports_office.upload":
        request.max_content_length = LARGEST + 1024 * 1024


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> Answer:
    """How to import, the template, the form, and what was imported before."""
    return _index(current_edition(), {})


@blueprint.get("/mau.xlsx")
@allows(Access.COMMITTEE)
def template() -> Response:
    """The workbook to fill in."""
    edition = current_edition()
    layout = layout_of(edition, is_paper=request.args.get("kieu") == Owners.PAPER)
    body = template_bytes(layout, active_units(local(now()).date()), locale())
    return _download(body, f"mau-nhap-ho-so-{edition.tenant}-{edition.key}.xlsx")


@blueprint.post("")
@allows(Access.COMMITTEE)
def upload() -> Answer:
    """Take a workbook in; nothing is imported yet."""
    edition = current_edition()
    sent = request.files.get("file")
    chosen = request.form.get("owners", "")
    try:
        if chosen not in set(Owners):
            raise Invalid.one("owners", _("Bạn hãy chọn hồ sơ thuộc về ai."))
        run = start_run(
            edition,
            content=sent.read(LARGEST + 1) if sent else b"",
            file_name=(sent.filename if sent else "") or "",
            owners=Owners(chosen),
            form_token=request.form.get("form_token", "")[:64] or token(),
            actor=current_actor(),
            now=now(),
        )
    except Invalid as invalid:
        return _index(edition, invalid.errors), 422
    except PhaseClosed as closed:
        return _index(edition, {"owners": [closed.message]}), closed.status
    return redirect(url_for("imports_office.show", run_id=run.id), 303)


@blueprint.get("/<uuid:run_id>")
@allows(Access.COMMITTEE)
def show(run_id: UUID) -> Answer:
    """Where an import stands: reading, what is wrong, what will be made, what was made."""
    run = access_run(current_actor(), run_id)
    edition = edition_of(run.edition_id)
    return _show(run, edition)


@blueprint.get("/<uuid:run_id>/loi.xlsx")
@allows(Access.COMMITTEE)
def annotated(run_id: UUID) -> Response:
    """The workbook as it was uploaded, its wrong cells marked; without dossiers that its reader is kept from."""
    run = access_run(current_actor(), run_id)
    content = b"".join(file_store().read(file_key(session().tenant_id, run.sha256)))
    try:
        sheets = read_sheets(content)
    except Unreadable as error:
        raise NotFound(unreadable(error.reason)) from error
    closed = closed_rows(run.id)
    if closed:
        edition = edition_of(run.edition_id)
        sheets = without_rows(sheets, closed, layout_of(edition, is_paper=run.owners == Owners.PAPER))
    body = annotated_bytes(sheets, errors_of(run.id), locale())
    return _download(body, "bang-tinh-co-danh-dau-loi.xlsx")


@blueprint.post("/<uuid:run_id>/nhap")
@allows(Access.COMMITTEE)
def confirm(run_id: UUID) -> Answer:
    """Import all rows, or with `do=good` only those without errors."""
    run = access_run(current_actor(), run_id)
    edition = edition_of(run.edition_id)
    try:
        import_rows(run, only_good=request.form.get("do") == "good", actor=current_actor(), now=now())
    except ImportRefused as refused:
        return _show(run, edition, refused.message), 409
    return redirect(url_for("imports_office.show", run_id=run_id), 303)


@blueprint.post("/<uuid:run_id>/hoan-tac")
@allows(Access.COMMITTEE)
def undo(run_id: UUID) -> Answer:
    """Take the whole import back."""
    run = access_run(current_actor(), run_id)
    edition = edition_of(run.edition_id)
    try:
        undo_run(run, actor=current_actor(), now=now())
    except ImportRefused as refused:
        return _show(run, edition, refused.message), 409
    flash(_("Đang hoàn tác lần nhập này."), "success")
    return redirect(url_for("imports_office.show", run_id=run_id), 303)


def _index(edition: EditionView, errors: dict[str, list[str]]) -> str:
    return render_template(
        "imports_office/index.html",
        runs=runs_of(edition),
        errors=errors,
        form_token=token(),
        chosen=request.form.get("owners", ""),
        most_rows=MOST_ROWS,
        state_word=state_word,
    )


def _show(run: ImportRun, edition: EditionView, refused: str = "") -> str:
    found = run_page(run, request.args.get("trang", 1, type=int))
    hrefs = {
        page: url_for("imports_office.show", run_id=run.id, trang=page)
        for page in sorted({1, found.pages, *range(found.page - 2, found.page + 3)})
        if 1 <= page <= found.pages
    }
    name = "imports_office/_run.html" if is_fragment() else "imports_office/show.html"
    return render_template(
        name,
        run=run,
        edition=edition,
        found=found,
        hrefs=hrefs,
        refused=refused,
        state=RunState(run.state),
        is_under_way=run.state in UNDER_WAY,
        new=found.counts[Outcome.NEW],
        bad=found.counts[Outcome.BAD],
        made=found.counts[Outcome.MADE],
        doubles=found.counts[Outcome.KNOWN] + found.counts[Outcome.SAME],
        state_word=state_word,
        outcome_word=outcome_word,
    )


def _download(body: bytes, name: str) -> Response:
    answer = Response(body, content_type=XLSX_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
