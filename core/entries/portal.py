"""The entrant's pages: my dossiers, the form, a dossier, its papers and files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.contests.current import current_edition, edition_of
from core.contests.queries import active_units, unit_by_code
from core.contests.values import EditionView, PhaseKind
from core.entries import forms, pages, words
from core.entries.area import blueprint
from core.entries.downloads import sent_file
from core.entries.errors import FileRefused
from core.entries.models import Entry
from core.entries.papers import dossier_paper, papers_of
from core.entries.paperwork import description_title
from core.entries.policies import access_attachment, access_entry, may_edit
from core.entries.queries import (
    Dossier,
    account_of,
    dossier_of,
    history_of,
    last_screening,
    versions_of,
)
from core.entries.services import attach, check, detach, save_draft, start_draft
from core.entries.states import By, Move, State, moves
from core.entries.todo import cards, mine_of, shown, todos_of
from core.kernel import uow
from core.kernel.clock import local
from core.kernel.errors import Invalid, NotFound
from core.kernel.formats import datetime_, left, time
from core.kernel.i18n import locale
from core.kernel.ids import token
from core.kernel.web import Access, allows, current_actor, now
from core.plugin_api import FieldKind, Severity

# One form carries all files of a dossier; who is not signed in never gets this far (the guard runs first).
MAX_UPLOAD = 256 * 1024 * 1024


@blueprint.url_value_preprocessor
def make_room_for_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let the dossier form be larger than other requests, before anything reads its body."""
    if endpoint == "entries.edit":
        request.max_content_length = MAX_UPLOAD


@blueprint.get("/")
@allows(Access.ACCOUNT)
def index() -> str:
    """What I have to do, then my dossiers."""
    edition = current_edition()
    mine = mine_of(current_actor(), g.editions)
    phase = edition.phase(PhaseKind.SUBMISSION)
    return render_template(
        "entries/index.html",
        cards=cards(mine),
        todo=shown(todos_of(mine), now(), locale()),
        is_open=edition.is_open(PhaseKind.SUBMISSION, now()),
        submission=phase,
        left_text=left(phase.closes_at, now(), locale()) if phase else "",
    )


@blueprint.route("/moi", methods=["GET", "POST"])
@allows(Access.ACCOUNT)
def new() -> Any:
    """Begin a dossier; `?don-vi=<code>` names the unit that sent the entrant."""
    edition = current_edition()
    unit = unit_by_code(request.values.get("don-vi", "")[:80])
    if request.method == "POST":
        actor = current_actor()
        entry = start_draft(
            edition,
            owner=account_of(_account_id()),
            form_token=request.form.get("form_token", ""),
            unit_code=unit.code if unit else None,
            actor=actor,
            now=now(),
        )
        return redirect(url_for("entries.edit", ref=entry.ref), 303)
    return render_template(
        "entries/new.html",
        unit=unit,
        form_token=token(),
        submission=edition.phase(PhaseKind.SUBMISSION),
        is_open=edition.is_open(PhaseKind.SUBMISSION, now()),
        sections=edition.rules.dossier_form(),
        needed=[one for one in forms.questions(edition) if one.required],
        clauses={one.key: one for one in edition.rules.clauses()},
    )


@blueprint.route("/<ref>/sua", methods=["GET", "POST"])
@allows(Access.ACCOUNT)
def edit(ref: str) -> Any:
    """The dossier form; every save keeps what is good and tells the rest at its field."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    if not may_edit(current_actor(), entry):
        flash(_("Hồ sơ đã nộp hoặc đã khép lại nên không sửa được nữa."), "warning")
        return redirect(url_for("entries.show", ref=ref), 303)
    if request.method == "GET":
        dossier = dossier_of(entry)
        return _form_page(dossier, edition, forms.kept_values(dossier, edition), {})
    errors = _save(entry, edition)
    if errors:
        uow.keep_on_error()
        values = forms.typed_values(request.form, edition)
        return _form_page(dossier_of(entry), edition, values, errors), 422
    return _after_save(entry)


def _save(entry: Entry, edition: EditionView) -> dict[str, list[str]]:
    """Put the form into the dossier, text first, then the files one by one; the errors of what did not pass."""
    actor = current_actor()
    errors: dict[str, list[str]] = {}
    try:
        save_draft(entry, edition, forms.read_form(request.form, edition), actor=actor, now=now())
    except Invalid as invalid:
        errors |= invalid.errors
    asked = forms.questions(edition)
    for one in forms.removed_files(request.form, asked):
        detach(entry, _uuid(one), actor=actor, now=now())
    for field in asked:
        if field.kind is not FieldKind.FILES:
            continue
        for sent in request.files.getlist(f"facts.{field.key}"):
            if not sent.filename:
                continue
            try:
                attach(entry, edition, field.key, sent.filename, sent.stream, actor=actor, now=now())
            except FileRefused as refused:
                errors.setdefault(f"facts.{refused.field}", []).append(refused.message)
    return errors


def _after_save(entry: Entry) -> BaseResponse:
    action = request.form.get("do", "save")
    saved = _("Đã lưu lúc %(time)s.", time=time(now(), locale()))
    if action == "check":
        return redirect(url_for("entries.check_page", ref=entry.ref), 303)
    flash(saved, "success")
    if action == "add-author":
        rows = len(forms.read_authors(request.form)) + 1
        return redirect(url_for("entries.edit", ref=entry.ref, hang=rows, _anchor="buoc-tac-gia"), 303)
    anchor = "buoc-tac-gia" if action.startswith("remove-author") else None
    if action.startswith("save-"):
        anchor = f"buoc-{action.removeprefix('save-')}"
    return redirect(url_for("entries.edit", ref=entry.ref, _anchor=anchor), 303)


def _form_page(
    dossier: Dossier, edition: EditionView, values: Mapping[str, Any], errors: Mapping[str, list[str]]
) -> str:
    entry = dossier.entry
    findings = check(entry, edition)
    asked = request.args.get("hang", "")
    wanted = int(asked) if asked.isdigit() and len(asked) < 3 else 0
    if request.form.get("do") == "add-author":
        wanted = len(values["authors"]) + 1
    rows = forms.shown_rows(values, wanted)
    screening = last_screening(entry) if entry.state == State.RETURNED else None
    blocking = sum(1 for one in findings if one.severity is Severity.BLOCK)
    required = sum(1 for one in forms.questions(edition) if one.required) + 3
    return render_template(
        "entries/edit.html",
        entry=entry,
        dossier=dossier,
        values=values,
        errors=errors,
        labels=forms.labels(edition, len(rows)),
        rows=rows,
        roles=words.role_choices(),
        sections=edition.rules.dossier_form(),
        field_choices=pages.field_choices(edition),
        units=active_units(local(now()).date()),
        clauses={one.key: one for one in edition.rules.clauses()},
        kept={one.key: _kept(dossier, one.key) for one in forms.questions(edition)},
        steps=pages.steps(entry, edition.rules.dossier_form(), findings),
        done=max(required - blocking, 0),
        required=required,
        screening=screening,
        cited=edition.rules.clause(screening.clause) if screening else None,
        deadline=pages.handing_in_ends(entry, edition),
        can_hand_in=pages.may_hand_in(entry, edition, now()),
        saved_at=datetime_(entry.updated_at, locale()),
    )


def _kept(dossier: Dossier, key: str) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "href": url_for("entries.file", file_id=one.id),
            "size": one.size,
            "remove": str(one.id),
        }
        for one in dossier.files_in(key)
    ]


@blueprint.get("/<ref>")
@allows(Access.ACCOUNT)
def show(ref: str) -> str:
    """One of my dossiers: where it stands, what happened, what is in it."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    dossier = dossier_of(entry)
    screening = last_screening(entry)
    decided = screening if screening and screening.outcome != Move.ACCEPT else None
    told = entry.state in (State.RETURNED, State.REFUSED, State.WITHDRAWN)
    return render_template(
        "entries/show.html",
        entry=entry,
        dossier=dossier,
        badge=words.state_badge(entry.state, is_published=entry.published_at is not None),
        holder=words.holder_of(entry.state),
        next_step=words.next_step(entry.state),
        field_name=words.field_name(edition, entry.field),
        authors=[(one, words.role_name(one.role)) for one in dossier.authors],
        groups=pages.answers(dossier, edition),
        versions=versions_of(entry),
        happened=pages.timeline(history_of(entry), edition),
        screening=decided if told else None,
        cited=edition.rules.clause(decided.clause) if decided else None,
        can_edit=may_edit(current_actor(), entry),
        can_withdraw=Move.WITHDRAW in moves(entry.state, By.OWNER),
        deadline=pages.handing_in_ends(entry, edition),
        papers=papers_of(edition),
        description=description_title(edition),
    )


@blueprint.get("/<ref>/giay-to/<key>")
@allows(Access.ACCOUNT)
def document(ref: str, key: str) -> str:
    """A document of the contest filled from one of my dossiers, to print and sign."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    return render_template(
        "extensions/paper.html",
        paper=dossier_paper(dossier_of(entry), edition, key, now(), locale()),
        frame="base.html",
        is_form=True,
        way=[
            (_("Hồ sơ của tôi"), url_for("entries.index")),
            (entry.code or _("Bản nháp"), url_for("entries.show", ref=entry.ref)),
        ],
    )


@blueprint.get("/tep/<uuid:file_id>")
@allows(Access.ACCOUNT)
def file(file_id: UUID) -> Response:
    """A file of a dossier, for those who may read it: its owner, the committee, its judges."""
    _entry, attachment = access_attachment(current_actor(), file_id)
    return sent_file(attachment.sha256, attachment.name, attachment.media_type, attachment.size)


def _account_id() -> UUID:
    account_id = current_actor().id
    if account_id is None:
        raise NotFound
    return account_id


def _uuid(words_: str) -> UUID:
    try:
        return UUID(words_)
    except ValueError:
        raise NotFound from None
