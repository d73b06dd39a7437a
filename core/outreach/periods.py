"""The months units report on, and when each report is due. Pure.

Letter of the Organising Committee of Thái Nguyên, May 2026, section 3: "định kỳ trước ngày 30 hàng tháng".
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from core.contests.values import EditionView, PhaseKind
from core.kernel.clock import local, start_of
from core.kernel.errors import NotFound

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ReportMonth:
    """A month to report on: `key` is `2026-05`; it begins at `opens_at`; the report is due before `due_at` (UTC)."""

    key: str
    first: date
    opens_at: datetime
    due_at: datetime

    @property
    def ends_at(self) -> datetime:
        """The exclusive end of the month (UTC)."""
        return start_of(self.first + timedelta(days=monthrange(self.first.year, self.first.month)[1]))


def due_at(year: int, month: int, before_day: int) -> datetime:
    """The exclusive instant before which a month's report is due.

    "Before the 30th" is until the end of the 29th, local time; a month without that day (February) gives its last
    day. "Before the 1st" is until the end of the month.
    """
    length = monthrange(year, month)[1]
    return start_of(date(year, month, 1) + timedelta(days=min(before_day - 1 or length, length)))


def report_months(edition: EditionView) -> tuple[ReportMonth, ...]:
    """The months of the edition's submission phase, oldest first; none when units need not report."""
    rule = edition.notes.get("report")
    phase = edition.phase(PhaseKind.SUBMISSION)
    if rule is None or phase is None:
        return ()
    first, last = local(phase.opens_at), local(phase.closes_at - _TICK)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return tuple(_month(first.year, first.month + step, rule["before_day"]) for step in range(count))


def begun(edition: EditionView, now: datetime) -> tuple[ReportMonth, ...]:
    """The months of `report_months` that have begun at `now`, oldest first."""
    return tuple(month for month in report_months(edition) if month.opens_at <= now)


def month_named(edition: EditionView, key: str, now: datetime) -> ReportMonth:
    """The month `key` of the edition, once it has begun; raises NotFound."""
    for month in begun(edition, now):
        if month.key == key:
            return month
    raise NotFound(_("Kỳ thi không có báo cáo của tháng này."))


def current_month(edition: EditionView, now: datetime) -> ReportMonth | None:
    """The month whose report people work on: the newest that has begun; None when there is none."""
    months = begun(edition, now)
    return months[-1] if months else None


def _month(year: int, number: int, before_day: int) -> ReportMonth:
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    first = date(year, number, 1)
    return ReportMonth(f"{year}-{number:02d}", first, start_of(first), due_at(year, number, before_day))
