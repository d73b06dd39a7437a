"""The committee's views of the list of eligible dossiers: draft, decide, amend, print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.entries.barring import barred_names
from core.entries.screening import eligible
from core.entries.screening.pages import day_typed
from core.kernel.errors import Invalid
from core.kernel.web import Access, allows, current_actor, now


def register(blueprint: Blueprint) -> None:
    """Put these views under the office's addresses of dossiers."""
    root = "/danh-sach"
    blueprint.add_url_rule(root, view_func=eligible_index, methods=["GET"])
    blueprint.add_url_rule(f"{root}/lap", view_func=eligible_draft, methods=["POST"])
    blueprint.add_url_rule(f"{root}/bo", view_func=eligible_drop, methods=["POST"])
    blueprint.add_url_rule(f"{root}/quyet-dinh", view_func=eligible_decide, methods=["POST"])
    blueprint.add_url_rule(f"{root}/<int:number>/ban-hanh", view_func=eligible_issue, methods=["POST"])
    blueprint.add_url_rule(f"{root}/<int:number>/in", view_func=eligible_print, methods=["GET"])


@allows(Access.COMMITTEE)
def eligible_index() -> Any:
    """Where the list stands and what this officer may do to it."""
    return _page({}, "")


@allows(Access.COMMITTEE)
def eligible_draft() -> Any:
    """Open the list, or an amendment with its reason."""
    return _deed(
        lambda edition: eligible.draft_list(
            edition, request.form.get("reason", ""), actor=current_actor(), now=now()
        ),
        _("Đã lập dự thảo. Một cán bộ khác của Ban Tổ chức xem và quyết định."),
    )


@allows(Access.COMMITTEE)
def eligible_drop() -> Any:
    """Throw the draft away."""
    return _deed(
        lambda edition: eligible.drop_draft(edition, actor=current_actor(), now=now()),
        _("Đã bỏ dự thảo."),
    )


@allows(Access.COMMITTEE)
def eligible_decide() -> Any:
    """Decide the draft as this officer saw it."""
    return _deed(
        lambda edition: eligible.decide_list(
            edition, seen=request.form.get("seen", ""), actor=current_actor(), now=now()
        ),
        _("Đã quyết định danh sách. Từ nay chỉ thay đổi bằng điều chỉnh danh sách."),
    )


@allows(Access.COMMITTEE)
def eligible_issue(number: int) -> Any:
    """Write number and day of the issued decision into the list."""
    return _deed(
        lambda edition: eligible.record_document(
            edition,
            number,
            document_number=request.form.get("document_number", ""),
            document_day=day_typed(request.form.get("document_day", "")),
            actor=current_actor(),
            now=now(),
        ),
        _("Đã ghi số và ngày của quyết định."),
    )


@allows(Access.COMMITTEE)
def eligible_print(number: int) -> Any:
    """The list as the annex of a decision, on A4 paper."""
    edition = current_edition()
    held = eligible.list_of(edition, number)
    rows = list(held.rows) if held.state == eligible.DECIDED else list(eligible.rows_of(edition))
    return render_template(
        "entries_office/eligible_print.html",
        held=held,
        is_draft=held.state == eligible.DRAFT,
        rows=_shown(rows),
        has_fields=any(row["field"] for row in rows),
        list_edition=edition,
        list_terms=edition.rules.terms(),
    )


def _deed(deed: Callable[[EditionView], object], said: str) -> Any:
    try:
        deed(current_edition())
    except Invalid as invalid:
        return _page(invalid.errors, ""), invalid.status
    except eligible.ListRefused as refused:
        return _page({}, refused.message), refused.status
    flash(said, "success")
    return redirect(url_for("entries_office.eligible_index"), 303)


def _shown(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the dossiers that this officer has a conflict with."""
    kept_away = barred_names()
    return [row for row in rows if row["code"] not in kept_away]


def _page(errors: Any, refusal: str) -> str:
    edition = current_edition()
    standing = eligible.standing_of(edition)
    newest = standing.newest
    changes = eligible.differences(_shown(newest.rows), standing.rows) if newest is not None else None
    return render_template(
        "entries_office/eligible.html",
        standing=standing,
        changes=changes,
        is_drafter=standing.draft is not None and standing.draft.drafted_by == current_actor().id,
        has_fields=bool(edition.rules.entry_fields()),
        errors=errors,
        refusal=refusal,
        typed={key: request.form.get(key, "") for key in ("reason", "document_number", "document_day")},
    )
