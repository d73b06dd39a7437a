"""Pages of units: the public page with its link, QR code and poster; and, for those who speak for one, their work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.contests.queries import UnitRow
from core.contests.values import EditionView, PhaseKind
from core.entries.words import state_badge
from core.kernel.errors import Invalid
from core.kernel.formats import datetime_, deadline
from core.kernel.i18n import locale
from core.kernel.pagecache import cached_public
from core.kernel.qr import qr_svg
from core.kernel.web import Access, allows, current_actor, now
from core.outreach import pages
from core.outreach.models import UnitReport
from core.outreach.paper import paper_of
from core.outreach.periods import ReportMonth, month_named
from core.outreach.policies import access_public_unit, own_unit
from core.outreach.queries import attainment, figures_now, months_of, referred_entries, report_of
from core.outreach.schemas import LONGEST
from core.outreach.services import reopen_report, save_report, send_report
from core.outreach.states import WAITING, report_state
from core.outreach.values import MonthStanding
from core.outreach.words import figure_rows, month_name, report_badge, typed_rows

blueprint = Blueprint("unit", __name__, url_prefix="/don-vi")

_FIELDS = ("activities", "difficulties", "events", "news", "people")


@blueprint.get("/")
@allows(Access.UNIT)
def index() -> str:
    """What waits for the unit, its target, the dossiers it brought, its reports, its link."""
    edition, unit = current_edition(), own_unit(current_actor())
    found = attainment(edition, now())
    standing = found.unit(unit.id)
    months = months_of(edition, unit.id, now())
    return render_template(
        "unit/index.html",
        unit=unit,
        standing=standing,
        group=None if standing is None else found.group_of(standing),
        bar=None if standing is None else pages.unit_bar(standing, found.group_of(standing)),
        entries=referred_entries(edition, unit.id),
        months=list(reversed(months)),
        todos=_todos(months),
        month_name=_month_name,
        report_badge=report_badge,
        state_badge=state_badge,
        enter=pages.entering_address(edition, unit.code),
        address=pages.unit_address(edition, unit.code),
        qr=qr_svg(pages.entering_address(edition, unit.code)),
        rule=edition.notes.get("report"),
    )


@blueprint.get("/bao-cao/<month>")
@allows(Access.UNIT)
def report(month: str) -> str:
    """The form of a month's report, or the report as it was sent."""
    edition, unit = current_edition(), own_unit(current_actor())
    period = month_named(edition, month, now())
    held = report_of(edition, unit.id, period.key)
    if held is not None and held.sent_at is not None:
        return _sent(edition, unit, period, held)
    typed = {name: getattr(held, name) for name in _FIELDS} | held.figures if held else dict.fromkeys(_FIELDS)
    return _form(edition, unit, period, typed, {})


@blueprint.post("/bao-cao/<month>")
@allows(Access.UNIT)
def report_put(month: str) -> Any:
    """Save the draft, or send the report (`do=send`)."""
    edition, unit, actor = current_edition(), own_unit(current_actor()), current_actor()
    period = month_named(edition, month, now())
    is_sending = request.form.get("do") == "send"
    try:
        put = send_report if is_sending else save_report
        put(edition, unit, period.key, request.form, actor=actor, now=now())
    except Invalid as invalid:
        return _form(edition, unit, period, request.form, invalid.errors), invalid.status
    name = _month_name(period)
    if is_sending:
        flash(_("Đã gửi báo cáo %(month)s.", month=name), "success")
    else:
        flash(_("Đã lưu bản nháp báo cáo %(month)s. Bản nháp chưa được gửi.", month=name), "success")
    return redirect(url_for("unit.report", month=period.key), 303)


@blueprint.post("/bao-cao/<month>/mo-lai")
@allows(Access.UNIT)
def report_reopen(month: str) -> Any:
    """Make a sent report a draft again, until it is due."""
    edition, actor = current_edition(), current_actor()
    unit = own_unit(actor)
    reason = request.form.get("reason", "") or _("Đơn vị mở lại để sửa")
    reopen_report(edition, unit, month, reason=reason, actor=actor, now=now())
    flash(_("Đã mở lại báo cáo. Sửa xong, bạn hãy gửi lại trước khi hết hạn."), "success")
    return redirect(url_for("unit.report", month=month), 303)


@blueprint.get("/bao-cao/<month>/ban-in")
@allows(Access.UNIT)
def report_paper(month: str) -> str:
    """The report laid out for signature: number and day are left to the unit's clerk."""
    edition, unit = current_edition(), own_unit(current_actor())
    period = month_named(edition, month, now())
    held = report_of(edition, unit.id, period.key)
    with force_locale("vi"):  # an official paper is in Vietnamese, whatever language its reader chose
        rows = figure_rows()
    figures = held.figures if held and held.sent_at else figures_now(edition, unit.id, period)
    return render_template(
        "unit/paper.html",
        paper=paper_of(unit),
        unit=unit,
        month=period,
        month_name=_month_name,
        report=held,
        sent_text=datetime_(held.sent_at) if held and held.sent_at else "",
        figures=figures,
        figure_rows=rows,
        typed_rows=typed_rows(edition, "vi"),
        year=period.first.year,
        number=period.first.month,
    )


@blueprint.get("/<code>")
@allows(Access.PUBLIC)
@cached_public
def show(code: str) -> str:
    """A unit's public page: what the contest is, until when, and how to enter on the unit's word."""
    return _public(code, "unit/show.html")


@blueprint.get("/<code>/ap-phich")
@allows(Access.PUBLIC)
@cached_public
def poster(code: str) -> str:
    """A poster of one A4 page with the unit's QR code, for a notice board."""
    return _public(code, "unit/poster.html")


def _public(code: str, template: str) -> str:
    edition, unit = current_edition(), access_public_unit(code, now())
    enter, address = pages.entering_address(edition, unit.code), pages.unit_address(edition, unit.code)
    phase = edition.phase(PhaseKind.SUBMISSION)
    return render_template(
        template,
        unit=unit,
        submission=phase,
        is_open=edition.is_open(PhaseKind.SUBMISSION, now()),
        is_coming=phase is not None and now() < phase.opens_at,
        lead=edition.notes.get("lead"),
        enter=enter,
        address=address,
        qr=qr_svg(enter),
        poster_qr=qr_svg(address),
        now_=now(),
    )


def _form(
    edition: EditionView,
    unit: UnitRow,
    month: ReportMonth,
    typed: Mapping[str, Any],
    errors: Mapping[str, list[str]],
) -> str:
    asked = typed_rows(edition, locale())
    return render_template(
        "unit/report_form.html",
        unit=unit,
        month=month,
        month_name=_month_name,
        typed=typed,
        errors=errors,
        figures=figures_now(edition, unit.id, month),
        figure_rows=figure_rows(),
        typed_rows=asked,
        typed_labels={one.name: one.label for one in asked},
        longest=LONGEST,
        is_late=now() >= month.due_at,
        now_=now(),
        rule=edition.notes.get("report"),
    )


def _sent(edition: EditionView, unit: UnitRow, month: ReportMonth, held: UnitReport) -> str:
    state = report_state(due_at=month.due_at, now=now(), sent_at=held.sent_at, is_started=True)
    return render_template(
        "unit/report.html",
        unit=unit,
        month=month,
        month_name=_month_name,
        report=held,
        badge=report_badge(state),
        figure_rows=figure_rows(),
        typed_rows=typed_rows(edition, locale()),
        may_reopen=now() < month.due_at,
    )


def _month_name(month: ReportMonth) -> str:
    return month_name(month.first, locale())


def _todos(months: tuple[MonthStanding, ...]) -> list[dict[str, str]]:
    """The reports that are still to be sent, oldest first."""
    return [
        {
            "label": _("Gửi báo cáo %(month)s", month=_month_name(one.month)),
            "href": url_for("unit.report", month=one.month.key),
            "due": deadline(one.month.due_at, locale()),
            "note": _("Đã quá hạn; vẫn gửi được, báo cáo được ghi là gửi muộn.")
            if one.state == "overdue"
            else "",
        }
        for one in months
        if one.state in WAITING
    ]
