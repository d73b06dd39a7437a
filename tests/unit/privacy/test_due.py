"""By when a request is acknowledged and answered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.privacy.due import Holidays, extended, terms_of, working_day_after
from core.privacy.settings import YEARLY, settings_of
from core.privacy.states import Kind

NONE = Holidays(frozenset(), frozenset())


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """An hour of `day` in Viet Nam, as UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


@pytest.mark.parametrize(
    ("received", "last_day"),
    [
        (date(2026, 11, 23), date(2026, 11, 25)),  # Monday → Wednesday
        (date(2026, 11, 26), date(2026, 11, 30)),  # Thursday → Friday, then Monday
        (date(2026, 11, 27), date(2026, 12, 1)),  # Friday → Monday, Tuesday
        (date(2026, 11, 28), date(2026, 12, 1)),  # Saturday counts like Friday
        (date(2026, 11, 29), date(2026, 12, 1)),
    ],
)
def test_two_working_days_leave_out_the_day_of_receipt_and_week_ends(received: date, last_day: date) -> None:
    assert working_day_after(received, 2, NONE) == last_day


def test_a_yearly_holiday_is_no_working_day() -> None:
    holidays = settings_of({}).holidays
    # 30/4 and 1/5/2026 are Thursday and Friday.
    assert working_day_after(date(2026, 4, 29), 2, holidays) == date(2026, 5, 5)


def test_a_dated_holiday_counts_in_its_own_year_alone() -> None:
    holidays = settings_of({"dated": ["2026-02-16", "2026-02-17", "2026-02-18"]}).holidays
    assert working_day_after(date(2026, 2, 13), 2, holidays) == date(2026, 2, 20)
    assert working_day_after(date(2027, 2, 15), 2, holidays) == date(2027, 2, 17)
    assert YEARLY == ("1/1", "30/4", "1/5", "2/9")


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        (Kind.SEE, 10),
        (Kind.CORRECT, 10),
        (Kind.WITHDRAW, 15),
        (Kind.RESTRICT, 15),
        (Kind.OBJECT, 15),
        (Kind.DELETE, 20),
    ],
)
def test_the_answer_is_due_at_the_end_of_the_last_day(kind: Kind, days: int) -> None:
    terms = terms_of(kind, at(date(2026, 11, 2)), NONE)
    assert terms.answer_by == at(date(2026, 11, 2) + timedelta(days=days + 1), 0)


def test_a_request_just_before_and_just_after_midnight_in_viet_nam_is_of_two_days() -> None:
    before = terms_of(Kind.SEE, datetime(2026, 11, 2, 16, 59, 59, tzinfo=UTC), NONE)
    after = terms_of(Kind.SEE, datetime(2026, 11, 2, 17, 0, tzinfo=UTC), NONE)
    assert before.answer_by == at(date(2026, 11, 13), 0)
    assert after.answer_by == at(date(2026, 11, 14), 0)
    assert (before.acknowledge_by, after.acknowledge_by) == (
        at(date(2026, 11, 5), 0),
        at(date(2026, 11, 6), 0),
    )


def test_one_extension_is_as_long_again() -> None:
    terms = terms_of(Kind.DELETE, at(date(2026, 11, 2)), NONE)
    assert extended(Kind.DELETE, terms.answer_by) == at(date(2026, 12, 13), 0)
