"""When judges will be done, from the days on which they finished sheets: exact, silent where there is little."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from core.judging.forecast import (
    Forecast,
    Outlook,
    Work,
    foretell,
    hours_for,
    judges_at_pace,
    of_round,
    pace_of,
)

TODAY = date(2025, 11, 12)


def ago(*days: int) -> tuple[date, ...]:
    return tuple(TODAY - timedelta(days=one) for one in days)


def test_the_pace_is_what_was_done_in_seven_days_by_the_days_since_the_first_of_it() -> None:
    assert pace_of(ago(3, 2, 0), TODAY) == Fraction(3, 4)
    assert pace_of(ago(30, 29, 6, 5, 1), TODAY) == Fraction(3, 7)


@pytest.mark.parametrize("finished", [(), ago(1), ago(2, 1), ago(0, 0, 0, 0), ago(9, 8, 7, 1)])
def test_little_data_foretell_nothing(finished: tuple[date, ...]) -> None:
    assert foretell(Work(5, finished), TODAY, None) == Forecast(Outlook.UNKNOWN)


def test_who_stopped_is_told_as_one_who_stopped() -> None:
    assert foretell(Work(5, ago(20, 19, 18)), TODAY, None).outlook is Outlook.STALLED


def test_the_finishing_day_is_rounded_up_and_compared_with_the_last_day() -> None:
    work = Work(4, ago(3, 2, 0))
    assert foretell(work, TODAY, TODAY + timedelta(days=6)) == Forecast(
        Outlook.IN_TIME, TODAY + timedelta(days=6), Fraction(3, 4)
    )
    assert foretell(work, TODAY, TODAY + timedelta(days=5)).outlook is Outlook.LATE


def test_who_has_nothing_left_was_done_on_the_day_of_his_last_sheet() -> None:
    assert foretell(Work(0, ago(5, 2)), TODAY, None) == Forecast(Outlook.DONE, TODAY - timedelta(days=2))


def test_the_round_is_done_with_its_last_judge_and_untold_while_one_of_them_is() -> None:
    early = Forecast(Outlook.IN_TIME, TODAY + timedelta(days=1), Fraction(1))
    late = Forecast(Outlook.LATE, TODAY + timedelta(days=9), Fraction(1))
    done = Forecast(Outlook.DONE, TODAY)
    assert of_round([early, done, late]) == Forecast(Outlook.LATE, TODAY + timedelta(days=9))
    assert of_round([done, done]) == Forecast(Outlook.DONE, TODAY)
    assert of_round([early, Forecast(Outlook.UNKNOWN)]) == Forecast(Outlook.UNKNOWN)
    assert of_round([]) == Forecast(Outlook.UNKNOWN)


def test_how_many_judges_are_needed_comes_from_the_mean_pace_or_not_at_all() -> None:
    one, two = (Forecast(Outlook.IN_TIME, TODAY, Fraction(pace)) for pace in (1, 3))
    assert judges_at_pace(41, [one, two, Forecast(Outlook.UNKNOWN)], 5) == 5
    assert judges_at_pace(41, [Forecast(Outlook.UNKNOWN)], 5) is None
    assert judges_at_pace(41, [one], 0) is None


def test_hours_and_judges_for_sheets_of_a_known_length() -> None:
    found = hours_for(100, 20, 4, 3)
    assert (found.hours, found.judges) == (Fraction(100, 3), 3)
    assert hours_for(100, 20, 4, 0).judges is None
