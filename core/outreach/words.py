"""What kinds, states and months are called on pages, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask_babel import gettext as _

from core.contests.values import EditionView
from core.outreach.states import ReportState
from core.outreach.values import typed_key
from core.plugin_api import Clause


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as `ui.badge` shows it."""

    kind: str
    label: str


def report_badge(state: ReportState) -> Badge:
    """The colour and word of a report's state."""
    return {
        ReportState.MISSING: Badge("waiting", _("Chưa gửi")),
        ReportState.DRAFT: Badge("draft", _("Đang soạn")),
        ReportState.OVERDUE: Badge("refused", _("Quá hạn")),
        ReportState.SENT: Badge("fine", _("Đã gửi")),
        ReportState.LATE: Badge("held", _("Đã gửi muộn")),
    }[state]


def month_name(first: date, locale: str) -> str:
    """`tháng 8/2026`, in English `August 2026`."""
    if locale[:2] == "vi":
        return f"tháng {first.month}/{first.year}"
    return format_date(first, "MMMM yyyy", locale=locale)


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """A figure of a plugin as forms, reports and tables show it; `name` is its key among a report's figures."""

    name: str
    label: str
    unit: str
    help: str
    clause: Clause | None


def typed_rows(edition: EditionView, language: str) -> list[TypedFigure]:
    """The figures that plugins ask units for, in the order of the tenant's list."""
    return [
        TypedFigure(
            typed_key(one.key),
            one.label.in_(language),
            one.unit.in_(language),
            one.help.in_(language) if one.help else "",
            edition.rules.clause(one.clause),
        )
        for one in edition.rules.report_figures()
    ]


def figure_rows() -> list[tuple[str, str]]:
    """The counts of a report by key, in the order in which they are read."""
    return [
        ("new", _("Hồ sơ nộp lần đầu trong tháng")),
        ("counted", _("Hồ sơ tính vào chỉ tiêu")),
        ("submitted", _("Trong đó: đang chờ xét")),
        ("returned", _("Trong đó: đang bổ sung")),
        ("accepted", _("Trong đó: đã chấp nhận")),
        ("refused", _("Hồ sơ không được chấp nhận")),
        ("withdrawn", _("Hồ sơ đã rút")),
        ("drafted", _("Bản nháp chưa nộp")),
    ]
