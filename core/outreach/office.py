"""The committee's pages on units: attainment, one unit, reports received, reminders, dossiers without a unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.current import current_edition, edition_of
from core.contests.queries import UnitRow, active_units
from core.contests.unit_words import kind_word
from core.contests.values import EditionView
from core.entries.content import units_of
from core.entries.models import Entry
from core.entries.policies import access_entry_office
from core.entries.words import state_badge
from core.kernel.actor import Role
from core.kernel.clock import local
from core.kernel.errors import Invalid, NotFound
from core.kernel.i18n import locale
from core.kernel.qr import qr_svg
from core.kernel.text import sort_key
from core.kernel.web import Access, allows, current_actor, now
from core.outreach import lists, pages
from core.outreach.letters import reminder_text
from core.outreach.periods import ReportMonth, begun, current_month, month_named
from core.outreach.policies import access_unit
from core.outreach.queries import (
    attainment,
    loose_entries,
    matrix,
    months_of,
    referred_entries,
    report_of,
    reporting_units,
)
from core.outreach.reminders import Reason, pending
from core.outreach.services import assign_unit, reopen_report, send_reminders
from core.outreach.states import report_state
from core.outreach.values import MatrixRow
from core.outreach.words import figure_rows, month_name, report_badge, typed_rows
from core.people.queries import accounts_with_role

blueprint = Blueprint("outreach_office", __name__, url_prefix="/btc/don-vi")

REASONS = {"bao-cao": Reason.REPORT, "chi-tieu": Reason.TARGET}


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> str:
    """How far every unit has come, the sums by group, and whether they add up."""
    edition = current_edition()
    found, asked = attainment(edition, now()), lists.asked_units()
    units = lists.chosen_units(found, asked)
    page, page_count = pages.clamp(pages.page_number(), len(units))
    return render_template(
        "outreach_office/index.html",
        found=found,
        units=units[(page - 1) * pages.PAGE_SIZE : page * pages.PAGE_SIZE],
        total=len(units),
        page=page,
        page_count=page_count,
        hrefs=pages.page_hrefs("outreach_office.index", page, page_count, asked),
        group_names={group.key: group.name.in_(locale()) for group in found.groups},
        bars=pages.group_bars(found),
        asked=asked,
        kept=pages.without(asked, "q"),
        chips=lists.unit_chips(found, asked),
        outcome=lists.outcome,
        tabs=lists.tabs(edition, "index"),
        exports={kind: _export_href(asked, kind) for kind in ("xlsx", "csv")},
    )


@blueprint.get("/xuat")
@allows(Access.COMMITTEE)
def export() -> Response:
    """The rows that the filters let through, all pages, as XLSX or CSV (`?dang=`)."""
    edition = current_edition()
    found, asked = attainment(edition, now()), lists.asked_units()
    names = {group.key: group.name.in_(locale()) for group in found.groups}
    heads = [
        _("Mã đơn vị"),
        _("Đơn vị"),
        _("Nhóm"),
        _("Chỉ tiêu"),
        _("Chỉ tiêu chung của nhóm"),
        _("Hồ sơ tính vào chỉ tiêu"),
        _("Đã chấp nhận"),
        _("Bản nháp"),
        _("Kết quả"),
    ]
    rows = [
        [
            unit.code,
            unit.name,
            names[unit.group],
            unit.target,
            unit.joint,
            unit.counts.counted,
            unit.counts.accepted,
            unit.counts.drafted,
            lists.outcome(unit),
        ]
        for unit in lists.chosen_units(found, asked)
    ]
    name = f"don-vi-{edition.tenant}-{edition.key}"
    return pages.export(request.args.get("dang", ""), name, _("Chỉ tiêu đơn vị"), heads, rows)


@blueprint.get("/bao-cao")
@allows(Access.COMMITTEE)
def reports() -> str:
    """Who has reported: the months of the edition across, units down, one month looked at closely."""
    edition = current_edition()
    month = _month(edition)
    if month is None:
        return render_template("outreach_office/reports.html", month=None, tabs=lists.tabs(edition, "index"))
    found, asked = attainment(edition, now()), lists.asked_reports()
    rows = matrix(edition, reporting_units(found), now())
    shown = lists.report_rows(rows, found, month, asked)
    page, page_count = pages.clamp(pages.page_number(), len(shown))
    return render_template(
        "outreach_office/reports.html",
        month=month,
        months=_month_chips(edition, rows, month, asked),
        month_name=_month_name,
        rows=shown[(page - 1) * pages.PAGE_SIZE : page * pages.PAGE_SIZE],
        total=len(shown),
        page=page,
        page_count=page_count,
        hrefs=pages.page_hrefs("outreach_office.reports", page, page_count, asked),
        asked=asked,
        kept=pages.without(asked, "q"),
        heads=[_("Đơn vị"), *(_month_name(one) for one in begun(edition, now()))],
        chips=lists.report_chips(rows, month, asked),
        sums=lists.sums(rows, month),
        typed_sums=lists.typed_sums(rows, month, typed_rows(edition, locale())),
        exports={
            kind: url_for("outreach_office.export_reports", thang=month.key, dang=kind)
            for kind in ("xlsx", "csv")
        },
        all_rows=len(rows),
        report_badge=report_badge,
        tabs=lists.tabs(edition, "reports"),
        rule=edition.notes.get("report"),
        is_late=now() >= month.due_at,
        now_=now(),
    )


@blueprint.get("/bao-cao/xuat")
@allows(Access.COMMITTEE)
def export_reports() -> Response:
    """The reports of a month (`?thang=`) as XLSX or CSV (`?dang=`): every unit that reports, one line each."""
    edition = current_edition()
    month = _month(edition)
    if month is None:
        raise NotFound(_("Kỳ thi này không yêu cầu báo cáo tháng."))
    found = attainment(edition, now())
    rows = matrix(edition, reporting_units(found), now())
    heads, lines = lists.report_table(rows, month, typed_rows(edition, locale()))
    name = f"bao-cao-{edition.tenant}-{month.key}"
    return pages.export(request.args.get("dang", ""), name, _month_name(month), heads, lines)


@blueprint.get("/nhac")
@allows(Access.COMMITTEE)
def remind() -> str:
    """Who would be reminded of what, and the letter, before anything is sent."""
    edition = current_edition()
    reason, month = _reason(edition)
    waiting = pending(edition, reason, month, now())
    ready = [one for one in waiting if one.people and not one.reminded_today]
    sample = reminder_text(edition, reason, month, ready[0], now()) if ready else None
    return render_template(
        "outreach_office/remind.html",
        reason=_reason_values(reason, month)["viec"],
        month=month,
        month_name=_month_name,
        waiting=waiting,
        ready=ready,
        letters=sum(len(one.people) for one in ready),
        silent=[one for one in waiting if not one.people],
        sample=sample,
        report_badge=report_badge,
        tabs=lists.tabs(edition, "remind"),
        has_reports=current_month(edition, now()) is not None,
    )


@blueprint.post("/nhac")
@allows(Access.COMMITTEE)
def remind_send() -> Any:
    """Send the reminders."""
    edition = current_edition()
    reason, month = _reason(edition)
    key = None if month is None else month.key
    sent = send_reminders(edition, reason, key, actor=current_actor(), now=now())
    if sent:
        flash(ngettext("Đã gửi %(num)s thư nhắc.", "Đã gửi %(num)s thư nhắc.", sent), "success")
    else:
        flash(_("Hôm nay không còn đơn vị nào cần nhắc."), "warning")
    return redirect(url_for("outreach_office.remind", **_reason_values(reason, month)), 303)


@blueprint.get("/chua-gan")
@allows(Access.COMMITTEE)
def loose() -> str:
    """Dossiers that name no unit."""
    edition = current_edition()
    return render_template(
        "outreach_office/loose.html",
        entries=loose_entries(edition),
        state_badge=state_badge,
        tabs=lists.tabs(edition, "loose"),
    )


@blueprint.route("/gan/<name>", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def assign(name: str) -> Any:
    """Say which unit brought a dossier."""
    entry = access_entry_office(current_actor(), name)
    edition_of(entry.edition_id)
    units = _choosable(entry)
    choices = [(one.code, one.name) for one in units]
    held = next((one.code for one in units if one.id == entry.unit_id), "")
    if request.method == "GET":
        typed: dict[str, str] = {"unit": held, "reason": ""}
        return render_template(
            "outreach_office/assign.html", entry=entry, choices=choices, typed=typed, errors={}
        )
    typed = {key: request.form.get(key, "") for key in ("unit", "reason")}
    try:
        unit = next((one for one in units if one.code == typed["unit"]), None)
        if typed["unit"] and unit is None:
            raise Invalid.one("unit", _("Bạn hãy chọn một đơn vị trong danh sách."))
        assign_unit(entry, unit, reason=typed["reason"], actor=current_actor(), now=now())
    except Invalid as invalid:
        page = render_template(
            "outreach_office/assign.html", entry=entry, choices=choices, typed=typed, errors=invalid.errors
        )
        return page, invalid.status
    who = _("không đơn vị nào") if unit is None else unit.name
    flash(_("Hồ sơ %(code)s nay thuộc %(unit)s.", code=entry.code or entry.ref, unit=who), "success")
    return redirect(url_for("outreach_office.loose"), 303)


@blueprint.get("/<code>")
@allows(Access.COMMITTEE)
def show(code: str) -> str:
    """One unit: target, dossiers, reports, who speaks for it, its link."""
    edition, unit = current_edition(), access_unit(current_actor(), code)
    found = attainment(edition, now())
    standing = found.unit(unit.id)
    group = None if standing is None else found.group_of(standing)
    return render_template(
        "outreach_office/show.html",
        unit=unit,
        kind=kind_word(unit.kind),
        standing=standing,
        group=group,
        bar=None if standing is None or group is None else pages.unit_bar(standing, group),
        entries=referred_entries(edition, unit.id),
        state_badge=state_badge,
        months=list(reversed(months_of(edition, unit.id, now()))),
        month_name=_month_name,
        report_badge=report_badge,
        people=[one for one in accounts_with_role(Role.UNIT) if one.unit_id == unit.id],
        enter=pages.entering_address(edition, unit.code),
        address=pages.unit_address(edition, unit.code),
        qr=qr_svg(pages.entering_address(edition, unit.code)),
    )


@blueprint.get("/<code>/bao-cao/<month>")
@allows(Access.COMMITTEE)
def report(code: str, month: str) -> str:
    """A report that a unit sent."""
    return _report(code, month, {}, "")


@blueprint.post("/<code>/bao-cao/<month>/mo-lai")
@allows(Access.COMMITTEE)
def report_reopen(code: str, month: str) -> Any:
    """Give a sent report back to its unit for correction, with a reason."""
    edition, actor = current_edition(), current_actor()
    unit, typed = access_unit(actor, code), request.form.get("reason", "")
    try:
        reopen_report(edition, unit, month, reason=typed, actor=actor, now=now())
    except Invalid as invalid:
        return _report(code, month, invalid.errors, typed), invalid.status
    flash(_("Đã mở lại báo cáo để %(unit)s sửa.", unit=unit.name), "success")
    return redirect(url_for("outreach_office.show", code=unit.code), 303)


def _report(code: str, month: str, errors: Mapping[str, list[str]], reason: str) -> str:
    edition, unit = current_edition(), access_unit(current_actor(), code)
    period = month_named(edition, month, now())
    held = report_of(edition, unit.id, period.key)
    if held is None or held.sent_at is None:
        raise NotFound(_("Đơn vị chưa gửi báo cáo này."))
    state = report_state(due_at=period.due_at, now=now(), sent_at=held.sent_at, is_started=True)
    return render_template(
        "outreach_office/report.html",
        unit=unit,
        month=period,
        month_name=_month_name,
        report=held,
        badge=report_badge(state),
        figure_rows=figure_rows(),
        typed_rows=typed_rows(edition, locale()),
        errors=errors,
        reason=reason,
    )


def _month(edition: EditionView) -> ReportMonth | None:
    """The month in the address (`thang`), else the newest that has begun; None where units do not report."""
    asked = request.args.get("thang") or request.form.get("thang")
    return month_named(edition, asked, now()) if asked else current_month(edition, now())


def _choosable(entry: Entry) -> list[UnitRow]:
    """The units a dossier may be given to: those of today, and the one it has."""
    units = {unit.id: unit for unit in active_units(local(now()).date())} | units_of([entry.unit_id])
    return sorted(units.values(), key=lambda one: sort_key(one.name))


def _month_chips(
    edition: EditionView, rows: tuple[MatrixRow, ...], month: ReportMonth, asked: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "label": _month_name(one),
            "href": url_for("outreach_office.reports", **_values({**asked, "thang": one.key})),
            "on": one.key == month.key,
            "count": lists.sums(rows, one)["sent"],
        }
        for one in begun(edition, now())
    ]


def _month_name(month: ReportMonth) -> str:
    return month_name(month.first, locale())


def _reason(edition: EditionView) -> tuple[Reason, ReportMonth | None]:
    """What the reminders are about (`viec`, `thang`): reports where units report, else targets."""
    month = _month(edition)
    asked = REASONS.get(request.values.get("viec", ""))
    reason = asked or (Reason.TARGET if month is None else Reason.REPORT)
    if reason is Reason.REPORT and month is None:
        raise NotFound(_("Kỳ thi này không yêu cầu báo cáo tháng."))
    return (reason, month) if reason is Reason.REPORT else (reason, None)


def _reason_values(reason: Reason, month: ReportMonth | None) -> dict[str, Any]:
    word = next(word for word, one in REASONS.items() if one is reason)
    return {"viec": word, **({} if month is None else {"thang": month.key})}


def _export_href(asked: Mapping[str, str], kind: str) -> str:
    return url_for("outreach_office.export", **_values({**asked, "dang": kind}))


def _values(args: Mapping[str, str]) -> dict[str, Any]:
    return dict(args)
