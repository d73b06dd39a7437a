"""The committee's lists: filters that stand in the address, their chips, sums over reports, the tabs between lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from core.contests.values import EditionView
from core.kernel.i18n import locale
from core.kernel.tables import Cell
from core.kernel.text import clean_line
from core.outreach.pages import without
from core.outreach.periods import ReportMonth, report_months
from core.outreach.queries import chosen
from core.outreach.schemas import COUNTS
from core.outreach.states import WAITING, ReportState
from core.outreach.values import Attainment, MatrixRow, MonthStanding, UnitStanding
from core.outreach.words import TypedFigure, figure_rows, report_badge

REACHED = {"dat": True, "chua": False}
REPORT_FILTERS = {
    "cho": WAITING,
    "gui": frozenset({ReportState.SENT, ReportState.LATE}),
    "muon": frozenset({ReportState.LATE, ReportState.OVERDUE}),
}
_SUMS = ("new", "counted")


def asked_units() -> dict[str, str]:
    """The filters of the attainment table: `nhom` (a group), `dat` (dat | chua), `q` (words)."""
    asked = {
        "nhom": request.args.get("nhom", "")[:60],
        "dat": request.args.get("dat", ""),
        "q": clean_line(request.args.get("q", ""))[:100],
    }
    if asked["dat"] not in REACHED:
        asked["dat"] = ""
    return {key: value for key, value in asked.items() if value}


def chosen_units(found: Attainment, asked: Mapping[str, str]) -> tuple[UnitStanding, ...]:
    """The units that the filters let through."""
    reached = REACHED.get(asked.get("dat", ""))
    return chosen(found, group=asked.get("nhom", ""), reached=reached, words=asked.get("q", ""))


def outcome(unit: UnitStanding) -> str:
    """How a unit stands to its target, in words."""
    if not unit.is_asked:
        return str(_("Không giao chỉ tiêu"))
    if unit.target is None:
        return str(_("Nhóm đã đạt") if unit.reached else _("Tính chung cả nhóm"))
    if unit.reached:
        return str(_("Đã đạt"))
    return str(_("Còn thiếu %(missing)s", missing=unit.target - unit.counts.counted))


def unit_chips(found: Attainment, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """The chips over the attainment table; the counts are of what a chip would show beside the other filters."""
    words = asked.get("q", "")

    def chip(label: str, key: str, value: str) -> dict[str, Any]:
        is_on = asked.get(key) == value
        args = without(asked, key) if is_on else {**asked, key: value}
        here = {**without(asked, key), key: value}
        count = len(chosen_units(found, {**here, "q": words}))
        return {"label": label, "href": _href("index", args), "on": is_on, "count": count}

    made = [chip(group.name.in_(locale()), "nhom", group.key) for group in found.groups]
    if found.asked_units:
        made += [chip(_("Đã đạt"), "dat", "dat"), chip(_("Chưa đạt"), "dat", "chua")]
    return made


def asked_reports() -> dict[str, str]:
    """The filters of the table of reports: `thang` (a month), `tt` (cho | gui | muon), `q` (words)."""
    asked = {
        "thang": request.args.get("thang", "")[:7],
        "tt": request.args.get("tt", ""),
        "q": clean_line(request.args.get("q", ""))[:100],
    }
    if asked["tt"] not in REPORT_FILTERS:
        asked["tt"] = ""
    return {key: value for key, value in asked.items() if value}


def report_rows(
    rows: Sequence[MatrixRow], found: Attainment, month: ReportMonth, asked: Mapping[str, str]
) -> tuple[MatrixRow, ...]:
    """The rows that the filters let through."""
    named = {unit.id for unit in chosen(found, words=asked.get("q", ""))}
    states = REPORT_FILTERS.get(asked.get("tt", ""), frozenset(ReportState))
    return tuple(row for row in rows if row.unit.id in named and of_month(row, month.key).state in states)


def report_chips(
    rows: Sequence[MatrixRow], month: ReportMonth, asked: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The chips over the table of reports, with how many units each shows."""
    labels = {"cho": _("Chưa gửi"), "gui": _("Đã gửi"), "muon": _("Muộn hoặc quá hạn")}
    states = [of_month(row, month.key).state for row in rows]
    return [
        {
            "label": label,
            "href": _href(
                "reports", without(asked, "tt") if asked.get("tt") == key else {**asked, "tt": key}
            ),
            "on": asked.get("tt") == key,
            "count": sum(state in REPORT_FILTERS[key] for state in states),
        }
        for key, label in labels.items()
    ]


def sums(rows: Collection[MatrixRow], month: ReportMonth) -> dict[str, int]:
    """The sums over the reports received for a month: what was typed, and the dossiers they told of."""
    found = [of_month(row, month.key).report for row in rows]
    sent = [report for report in found if report is not None and report.sent_at is not None]
    typed = {name: sum(getattr(report, name) for report in sent) for name in COUNTS}
    counted = {name: sum(report.figures.get(name, 0) for report in sent) for name in _SUMS}
    return {"sent": len(sent), **typed, **counted}


def typed_sums(
    rows: Collection[MatrixRow], month: ReportMonth, figures: Sequence[TypedFigure]
) -> list[tuple[TypedFigure, int]]:
    """The sums over the reports received for a month of the figures that plugins ask for."""
    found = [of_month(row, month.key).report for row in rows]
    sent = [report for report in found if report is not None and report.sent_at is not None]
    return [(one, sum(report.figures.get(one.name, 0) for report in sent)) for one in figures]


def report_table(
    rows: Collection[MatrixRow], month: ReportMonth, figures: Sequence[TypedFigure]
) -> tuple[list[str], list[list[Cell]]]:
    """Heads and lines of a month's reports, every unit; the numbers of one that has not sent are left open."""
    told = figure_rows()
    heads = [
        _("Mã đơn vị"),
        _("Đơn vị"),
        _("Trạng thái"),
        _("Hội nghị, buổi tuyên truyền"),
        _("Tin, bài, phóng sự"),
        _("Lượt người được tuyên truyền"),
        *(f"{one.label} ({one.unit})" for one in figures),
        *(name for _key, name in told),
    ]
    keys = (*(one.name for one in figures), *(key for key, _name in told))
    return heads, [_report_line(row.unit, of_month(row, month.key), keys) for row in rows]


def _report_line(unit: UnitStanding, standing: MonthStanding, keys: Sequence[str]) -> list[Cell]:
    head: list[Cell] = [unit.code, unit.name, report_badge(standing.state).label]
    report = standing.report
    if report is None or report.sent_at is None:
        return [*head, *([None] * (len(COUNTS) + len(keys)))]
    return [*head, *(getattr(report, name) for name in COUNTS), *(report.figures.get(key) for key in keys)]


def of_month(row: MatrixRow, key: str) -> MonthStanding:
    """How a unit's report of one month stands."""
    return next(one for one in row.months if one.month.key == key)


def tabs(edition: EditionView, here: str) -> list[dict[str, Any]]:
    """The lists of this part of the office; reports only where units report."""
    items = [("index", _("Chỉ tiêu")), ("remind", _("Nhắc đơn vị")), ("loose", _("Hồ sơ chưa gắn đơn vị"))]
    if report_months(edition):
        items.insert(1, ("reports", _("Báo cáo tháng")))
    return [{"label": label, "href": _href(name, {}), "current": name == here} for name, label in items]


def _href(name: str, args: Mapping[str, Any]) -> str:
    values: dict[str, Any] = dict(args)
    return url_for(f"outreach_office.{name}", **values)
