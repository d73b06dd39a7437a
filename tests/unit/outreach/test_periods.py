"""When a monthly report is due, and how it stands a second before and after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.outreach.periods import due_at
from core.outreach.states import ReportState, report_state

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("year", "month", "before_day", "expected"),
    [
        (2026, 8, 30, datetime(2026, 8, 29, 17, tzinfo=UTC)),
        (2026, 2, 30, datetime(2026, 2, 28, 17, tzinfo=UTC)),  # no 30th: the last day, 28/02, is the last
        (2028, 2, 30, datetime(2028, 2, 29, 17, tzinfo=UTC)),  # a leap year has a 29th
        (2026, 12, 30, datetime(2026, 12, 29, 17, tzinfo=UTC)),
        (2026, 4, 31, datetime(2026, 4, 30, 17, tzinfo=UTC)),
        (2026, 8, 1, datetime(2026, 8, 31, 17, tzinfo=UTC)),  # before the 1st: by the end of the month
        (2026, 8, 2, datetime(2026, 8, 1, 17, tzinfo=UTC)),
    ],
)
def test_a_report_is_due_before_the_day_begins_in_viet_nam(
    year: int, month: int, before_day: int, expected: datetime
) -> None:
    assert due_at(year, month, before_day) == expected


DUE = due_at(2026, 8, 30)


@pytest.mark.parametrize(
    ("now", "expected"), [(DUE - SECOND, ReportState.MISSING), (DUE, ReportState.OVERDUE)]
)
def test_a_report_not_sent_is_overdue_from_the_instant_it_is_due(
    now: datetime, expected: ReportState
) -> None:
    assert report_state(due_at=DUE, now=now) is expected


@pytest.mark.parametrize(("sent_at", "expected"), [(DUE - SECOND, ReportState.SENT), (DUE, ReportState.LATE)])
def test_a_report_is_late_from_the_instant_it_is_due(sent_at: datetime, expected: ReportState) -> None:
    assert report_state(due_at=DUE, now=DUE + SECOND, sent_at=sent_at) is expected
