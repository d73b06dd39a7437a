"""The dossier form, one group of questions a page: the overview, the steps, and the saving of single fields.

The addresses are the entrant's (`portal`). A page works without scripts: each form carries a stamp a part
(`parts.stamp`), so that it overwrites nothing that was not read. With scripts each field is saved while people type
(`static/js/autosave.js`), through `save_field`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.contests.current import edition_of
from core.contests.queries import active_units
from core.contests.values import EditionView
from core.entries import deadlines, forms, pages, parts, words
from core.entries.errors import FileRefused, PartConflict
from core.entries.models import Entry
from core.entries.policies import access_entry, is_owner, may_edit, why_not_edit
from core.entries.queries import Dossier, dossier_of, last_screening
from core.entries.services import (
    attach,
    check,
    detach,
    own_draft,
    save_form,
    save_own_part,
    save_part,
    unsaved_errors,
)
from core.entries.states import State
from core.entries.steps import Step, Way, way_of
from core.entries.tables import row_limit, typed_sums
from core.entries.under_way import uploads_of_others
from core.kernel import uow
from core.kernel.clock import local, real_now
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.formats import datetime_, time
from core.kernel.i18n import locale
from core.kernel.web import Access, allows, current_actor, now
from core.plugin_api import FieldKind, FormField

OWN_SAVINGS = 40


@allows(Access.ACCOUNT)
def edit(ref: str) -> Any:
    """How far the dossier is and what is missing, each with a link; a form sent here is saved as a whole."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    if not may_edit(current_actor(), entry):
        return _closed(entry)
    if request.method == "POST":
        return _saved(entry, edition, None)
    return _overview(entry, edition)


@allows(Access.ACCOUNT)
def edit_step(ref: str, step: str) -> Any:
    """One step of the form; every save keeps what is good and tells the rest at its field."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    if not may_edit(current_actor(), entry):
        return _closed(entry)
    if step == forms.AUTHORS:
        return redirect(url_for("entry_authors.page", ref=ref), 303)
    if request.method == "POST":
        return _saved(entry, edition, way_of(entry, edition, ()).step(step))
    way = way_of(entry, edition, check(entry, edition))
    here = way.step(step)
    dossier = dossier_of(entry)
    values = forms.kept_values(dossier, edition)
    return _step_page(dossier, edition, way, here, values, unsaved_errors(entry, edition), {})


@allows(Access.ACCOUNT)
def save_field(ref: str) -> Any:
    """Save one part while it is typed: JSON in, JSON out; never a page, for no person reads the answer.

    In: `path`, `value` as typed, `op` (the id of this saving), `base` (the version that was read), `mine` (own savings
    not yet answered). Out: 200 or 422 with `version`, `stamp`, `saved_at` and, at 422, `errors`: what does not pass is
    kept as typed; 409 with `theirs` when somebody else saved the part meanwhile, or with `closed` when the dossier
    takes no more changes.
    """
    own = own_draft(current_actor(), ref)
    entry, save = (own, save_own_part) if own else (access_entry(current_actor(), ref), save_part)
    edition = edition_of(entry.edition_id)
    try:
        path, value, saving = _read_saving(request.get_json(silent=True))
        done = save(entry, edition, path, value, saving=saving, actor=current_actor(), now=now())
    except PartConflict as conflict:
        return jsonify(_told(conflict, edition)), 409
    except Invalid as invalid:
        return jsonify(message=invalid.message, errors=invalid.errors), 400
    except DomainError as refusal:
        return jsonify(message=refusal.message, closed=refusal.status == 409), refusal.status
    answer = {
        "version": done.version,
        "stamp": parts.stamp(done.version, done.shown),
        "saved_at": time(now(), locale()),
        "errors": done.errors,
    }
    if not done.errors:
        return jsonify(answer)
    uow.keep_on_error()
    return jsonify(answer), 422


def _read_saving(asked: Any) -> tuple[str, Any, parts.Saving]:
    """What a browser asks to save; raises Invalid when it is not of the right shape."""
    if not isinstance(asked, dict):
        raise Invalid.one("", _("Nội dung gửi lên phải là một đối tượng JSON."))
    path, value, op, base = (asked.get(name) for name in ("path", "value", "op", "base"))
    mine = asked.get("mine", [])
    rows = isinstance(value, list) and all(isinstance(row, dict) for row in value)
    fits = isinstance(path, str) and isinstance(op, str) and isinstance(mine, list)
    if not fits or not isinstance(base, int) or not (rows or isinstance(value, (str, bool))):
        raise Invalid.one("", _("Trang này đã cũ. Bạn hãy tải lại trang rồi gõ tiếp."))
    return str(path), value, parts.Saving(str(op), base, tuple(str(one) for one in mine[-OWN_SAVINGS:]))


def _told(conflict: PartConflict, edition: EditionView) -> dict[str, Any]:
    """The other copy of a part: as data for scripts and as text for reading."""
    text = forms.reading_text(forms.asked_at(edition, conflict.path), conflict.theirs, locale())
    if conflict.path == "field":
        text = words.field_name(edition, conflict.theirs) or ""
    return {
        "message": conflict.message,
        "path": conflict.path,
        "version": conflict.version,
        "stamp": parts.stamp(conflict.version, conflict.theirs),
        "theirs": conflict.theirs,
        "text": text,
        "by_same": conflict.by_same,
    }


def _closed(entry: Entry) -> BaseResponse:
    flash(why_not_edit(current_actor(), entry), "warning")
    return redirect(url_for("entries.show", ref=entry.ref), 303)


# -- saving a form -----------------------------------------------------------------------------------------------------


def _saved(entry: Entry, edition: EditionView, here: Step | None) -> Any:
    """Save what was sent from the step `here` (None: a form of the whole dossier); go on, or tell what is wrong."""
    typed = forms.typed_parts(request.form, edition, here.key if here else None)
    taken = request.form.get("do", "").removeprefix("take-")
    typed.pop(taken, None)
    served = {path: read for path in typed if (read := parts.read_stamp(request.form.get(f"v.{path}")))}
    mine = request.form.get("savings", "").split()[-OWN_SAVINGS:]
    outcome = save_form(entry, edition, typed, served=served, mine=mine, actor=current_actor(), now=now())
    errors = outcome.errors | _save_files(entry, edition, here)
    if not errors and not outcome.conflicts:
        return _after(entry, edition, here)
    uow.keep_on_error()
    way = way_of(entry, edition, check(entry, edition))
    wrong = [*errors, *outcome.conflicts]
    shown = here or way.step(
        next((step for path in wrong if (step := _step_with(edition, path))), forms.GENERAL)
    )
    dossier = dossier_of(entry)
    values = forms.kept_values(dossier, edition) | {path: typed[path] for path in outcome.conflicts}
    status = 422 if errors else 409
    return _step_page(dossier, edition, way, way.step(shown.key), values, errors, outcome.conflicts), status


def _step_with(edition: EditionView, path: str) -> str | None:
    head, _dot, rest = path.partition(".")
    return pages.step_of(edition, rest.partition(".")[0] if head == "facts" else head)


def _save_files(entry: Entry, edition: EditionView, here: Step | None) -> dict[str, list[str]]:
    """Take files out and in, one by one; the errors of those that did not pass."""
    asked = list(here.section.fields) if here and here.section else [] if here else forms.questions(edition)
    errors: dict[str, list[str]] = {}
    for one in forms.removed_files(request.form, asked):
        detach(entry, _uuid(one), actor=current_actor(), now=now())
    for field in asked:
        if field.kind is not FieldKind.FILES:
            continue
        for sent in request.files.getlist(f"facts.{field.key}"):
            if not sent.filename:
                continue
            try:
                attach(
                    entry, edition, field.key, sent.filename, sent.stream, actor=current_actor(), now=now()
                )
            except FileRefused as refused:
                errors.setdefault(f"facts.{refused.field}", []).append(refused.message)
    return errors


def _after(entry: Entry, edition: EditionView, here: Step | None) -> BaseResponse:
    """Where a form that passed leads, by the button that sent it."""
    action = request.form.get("do", "save")
    way = way_of(entry, edition, ())
    following = way.after(here) if here else None
    if action == "check" or (action == "next" and here and following is None):
        return redirect(url_for("entries.check_page", ref=entry.ref), 303)
    flash(_("Đã lưu lúc %(time)s.", time=time(now(), locale())), "success")
    if action == "next" and following:
        return redirect(following.href, 303)
    if action == "back" and here and (previous := way.before(here)):
        return redirect(previous.href, 303)
    if here is None:
        return redirect(url_for("entries.edit", ref=entry.ref), 303)
    more, anchor = _more(action)
    return redirect(url_for("entries.edit_step", ref=entry.ref, step=here.key, **more, _anchor=anchor), 303)


def _more(action: str) -> tuple[dict[str, Any], str | None]:
    """The query and the anchor by which a page shows one more empty row."""
    key = action.removeprefix("add-row-")
    if key != action:
        return {"dong": key}, f"f-facts.{key}"
    return {}, f"f-{action.removeprefix('take-')}" if action.startswith("take-") else None


# -- pages -------------------------------------------------------------------------------------------------------------


def _overview(entry: Entry, edition: EditionView) -> str:
    way = way_of(entry, edition, check(entry, edition))
    return render_template("entries/edit.html", way=way, clauses=_clauses(edition), **_frame(entry, edition))


def _step_page(  # noqa: PLR0917 - the parts of one page
    dossier: Dossier,
    edition: EditionView,
    way: Way,
    here: Step,
    values: Mapping[str, Any],
    errors: Mapping[str, list[str]],
    conflicts: Mapping[str, PartConflict],
) -> str:
    entry = dossier.entry
    at_number = way.steps.index(here) + 1
    asked = here.section.fields if here.section else ()
    own = forms.parts_in(edition, here.key)
    kept = {one.key: dossier.files_in(one.key) for one in asked if one.kind is FieldKind.FILES}
    return render_template(
        "entries/step.html",
        dossier=dossier,
        way=way,
        here=here,
        number=at_number,
        previous=way.before(here),
        following=way.after(here),
        values=values,
        errors={
            path: said for path, said in errors.items() if _step_with(edition, path) == here.key or path == ""
        },
        labels=forms.labels(edition),
        field_choices=pages.field_choices(edition),
        units=active_units(local(now()).date()) if here.key == forms.GENERAL else (),
        clauses=_clauses(edition),
        kept=kept,
        under_way=uploads_of_others(entry, actor=current_actor(), now=real_now()) if kept else {},
        tables={one.key: _table(one, values) for one in asked if one.kind is FieldKind.TABLE},
        stamps=_stamps(dossier, edition, own, conflicts),
        conflicts={path: _told(one, edition) for path, one in conflicts.items() if path in own},
        **_frame(entry, edition),
    )


def _frame(entry: Entry, edition: EditionView) -> dict[str, Any]:
    """What the overview and each step tell alike: where the dossier stands, until when, what the committee asked."""
    screening = last_screening(entry) if entry.state == State.RETURNED else None
    ends = deadlines.asked_by(entry, edition, now())
    return {
        "entry": entry,
        "screening": screening,
        "cited": edition.rules.clause(screening.clause) if screening else None,
        "deadline": ends,
        "countdown": pages.countdown_to(ends),
        "can_hand_in": deadlines.may_hand_in(entry, edition, now()),
        "saved_at": datetime_(entry.updated_at, locale()),
        "account_id": current_actor().id,
        "owns": is_owner(current_actor(), entry),
    }


def _clauses(edition: EditionView) -> dict[str, Any]:
    return {one.key: one for one in edition.rules.clauses()}


def _table(asked: FormField, values: Mapping[str, Any]) -> dict[str, Any]:
    """The rows to show, an empty one where there is none or one more was asked for; and how many there may be."""
    rows = list(values[f"facts.{asked.key}"])
    most = row_limit(asked)
    wanted = asked.key in (request.args.get("dong"), request.form.get("do", "").removeprefix("add-row-"))
    if (not rows or wanted) and len(rows) < most:
        rows.append({one.key: "" for one in asked.columns})
    return {"rows": rows, "most": most, "sums": typed_sums(rows, asked)}


def _stamps(
    dossier: Dossier, edition: EditionView, own: list[str], conflicts: Mapping[str, PartConflict]
) -> dict[str, str]:
    """The stamp of each part of the page: of what is stored, so that anything else in its control counts as touched."""
    stored = forms.kept_values(dossier, edition)
    stamps = {}
    for path in own:
        shown = forms.tidy_part(forms.asked_at(edition, path), stored[path])
        stamps[path] = parts.stamp(parts.version_of(dossier.entry, path).number, shown)
    return stamps | {path: parts.stamp(one.version, one.theirs) for path, one in conflicts.items()}


def _uuid(words_: str) -> UUID:
    try:
        return UUID(words_)
    except ValueError:
        raise NotFound from None
