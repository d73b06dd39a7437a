"""The committee's page of the edition: when it runs, by which rules, on which legal basis."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.contests import services
from core.contests.current import current_edition
from core.contests.lint.panel import lint_rows
from core.contests.policies import may_change_phase, require_manager
from core.contests.queries import latest_reopening
from core.contests.rules import is_waiting
from core.contests.schemas import parse_closing, parse_opening, typed_closing, typed_opening
from core.contests.settings import plugin_rows
from core.contests.values import EditionView, PhaseKind, PhaseView
from core.kernel.errors import Invalid, NotFound
from core.kernel.i18n import locale
from core.kernel.web import Access, allows, current_actor, now
from core.tenancy.profile import text_of

blueprint = Blueprint("contests_office", __name__, url_prefix="/btc/ky-thi")


@blueprint.get("/")
@allows(Access.COMMITTEE)
def index() -> str:
    """The timeline, the plugins with their settings, the legal basis, the other editions."""
    edition = current_edition()
    newest = latest_reopening(edition.id) if edition.is_frozen else None
    documents = [
        {
            "title": text_of(one["title"]),
            "kind": text_of(one["kind"]),
            "number": one["number"],
            "issued": one["issued"],
            "date_note": text_of(one["date_note"]),
            "issuer": text_of(one["issuer"]),
            "source": text_of(one["source"]),
        }
        for one in g.tenant.profile.get("documents", ())
        if one["legal_basis"] and edition.key in one["editions"]
    ]
    return render_template(
        "contests_office/index.html",
        rows=[_phase_row(edition, phase) for phase in edition.phases],
        plugins=plugin_rows(edition, locale()),
        lint=lint_rows(edition),
        reopening=newest if newest is not None and is_waiting(newest, now()) else None,
        documents=documents,
        committee=edition.notes.get("committee", {}),
        editions=g.editions,
        current_key=g.tenant.profile.get("current_edition"),
    )


@blueprint.get("/giai-doan/<kind>")
@allows(Access.COMMITTEE)
def phase(kind: str) -> str | tuple[str, int]:
    """The form that moves the ends of a phase."""
    found = _phase(current_edition(), kind)
    opens, opens_time = typed_opening(found.opens_at)
    closes, closes_time = typed_closing(found.closes_at)
    typed = {
        "opens": opens,
        "opens_time": opens_time,
        "closes": closes,
        "closes_time": closes_time,
        "reason": "",
    }
    return _phase_page(found, typed)


@blueprint.post("/giai-doan/<kind>")
@allows(Access.COMMITTEE)
def phase_send(kind: str) -> Response | tuple[str, int]:
    """Move the ends of a phase."""
    edition = current_edition()
    found = _phase(edition, kind)
    names = ("opens", "opens_time", "closes", "closes_time", "reason")
    typed = {name: request.form.get(name, "") for name in names}
    try:
        require_manager(current_actor())
        opens_at = found.opens_at
        if found.opens_at > now():
            opens_at = parse_opening(typed["opens"], typed["opens_time"])
        closes_at = parse_closing(typed["closes"], typed["closes_time"])
        services.change_phase(
            edition.id,
            found.kind,
            opens_at=opens_at,
            closes_at=closes_at,
            reason=typed["reason"],
            actor=current_actor(),
            now=now(),
        )
    except Invalid as error:
        return _phase_page(found, typed, error)
    flash(_("Đã đổi thời gian. Ngày mới và lý do được công khai."), "success")
    return redirect(url_for("contests_office.index"))


@blueprint.post("/hien-hanh")
@allows(Access.COMMITTEE)
def make_current() -> Response:
    """Choose the edition that visitors see first."""
    services.set_current_edition(request.form.get("key", ""), actor=current_actor(), now=now())
    flash(_("Khách vào trang sẽ thấy kỳ thi này trước."), "success")
    return redirect(url_for("contests_office.index"))


def _phase(edition: EditionView, kind: str) -> PhaseView:
    found = edition.phase(PhaseKind(kind)) if kind in set(PhaseKind) else None
    if found is None:
        raise NotFound
    return found


def _phase_row(edition: EditionView, one: PhaseView) -> dict[str, Any]:
    at = now()
    return {
        "kind": str(one.kind),
        "name": one.name,
        "opens_at": one.opens_at,
        "closes_at": one.closes_at,
        "state": "now" if one.is_open(at) else ("next" if at < one.opens_at else "past"),
        "ends": [(end, one.mark(end), one.source(end)) for end in ("opens", "closes")],
        "may_change": may_change_phase(one.kind, is_frozen=edition.has_judging_begun),
    }


def _phase_page(found: PhaseView, typed: dict[str, str], error: Invalid | None = None) -> tuple[str, int]:
    edition = current_edition()
    page = render_template(
        "contests_office/phase.html",
        phase=found,
        typed=typed,
        has_opened=found.opens_at <= now(),
        may_change=may_change_phase(found.kind, is_frozen=edition.has_judging_begun),
        errors={} if error is None else error.errors,
    )
    return page, 200 if error is None else error.status
