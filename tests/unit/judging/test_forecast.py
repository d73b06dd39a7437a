"""When judges will be done, from the days on which they finished sheets: exact, silent where there is little."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from core.judging.forecast import (
    Forecast,
    Outlook,
    Work,
    common_pace,
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


def test_the_finishing_day_is_within_the_days_the_rest_takes_and_compared_with_the_last_day() -> None:
    work = Work(4, ago(3, 2, 0))  # 5 1/3 days of work
    assert foretell(work, TODAY, TODAY + timedelta(days=5)) == Forecast(
        Outlook.IN_TIME, TODAY + timedelta(days=5), Fraction(3, 4)
    )
    assert foretell(work, TODAY, TODAY + timedelta(days=4)).outlook is Outlook.LATE


@pytest.mark.parametrize(
    "finished",
    [
        ago(3, 3, 3, 2, 2, 2, 1, 1, 1),
        ago(3, 3, 3, 2, 2, 2, 1, 0, 0),
        ago(3, 3, 2, 2, 1, 1, 0, 0, 0),
        ago(3, 2, 1),  # one a day, and none yet today
    ],
)
def test_less_than_a_days_work_can_still_be_done_on_the_last_day(finished: tuple[date, ...]) -> None:
    found = foretell(Work(1, finished), TODAY, TODAY)
    assert (found.outlook, found.day) == (Outlook.IN_TIME, TODAY)


def test_what_was_finished_today_is_taken_off_what_today_holds() -> None:
    pace = ago(2, 2, 1, 1)  # 4/3 a day, two in a day's whole sheets
    assert foretell(Work(2, pace), TODAY, None).day == TODAY
    assert foretell(Work(2, (*ago(1, 1), TODAY, TODAY)), TODAY, None).day == TODAY + timedelta(days=1)


def test_who_has_nothing_left_was_done_on_the_day_of_his_last_sheet() -> None:
    assert foretell(Work(0, ago(5, 2)), TODAY, None) == Forecast(Outlook.DONE, TODAY - timedelta(days=2))


def test_who_has_nothing_left_that_he_can_open_waits_and_is_not_slow() -> None:
    assert foretell(Work(0, ago(20, 19, 18), waiting=2), TODAY, TODAY).outlook is Outlook.WAITING


def test_who_has_no_pace_of_his_own_is_foretold_by_that_of_the_round_and_it_is_said() -> None:
    found = foretell(Work(3, ago(4, 1)), TODAY, None, Fraction(2))
    assert found == Forecast(Outlook.IN_TIME, TODAY + timedelta(days=1), Fraction(2), is_borrowed=True)
    assert foretell(Work(3, (), since=TODAY), TODAY, TODAY, Fraction(1)).outlook is Outlook.LATE


def test_the_pace_of_the_round_is_the_mean_of_those_known_of_who_is_done_as_on_his_last_day() -> None:
    works = [Work(4, ago(3, 2, 0)), Work(0, ago(33, 32, 31, 30)), Work(2, ago(1)), Work(5, ago(20, 19, 18))]
    assert common_pace(works, TODAY) == (Fraction(3, 4) + 1) / 2
    assert common_pace([Work(2, ago(1))], TODAY) is None


@pytest.mark.parametrize("finished", [(), ago(20), ago(20, 19, 18)])
def test_who_finished_nothing_in_seven_days_of_work_has_stopped_and_borrows_nothing(
    finished: tuple[date, ...],
) -> None:
    idle = Work(5, finished, since=TODAY - timedelta(days=7))
    assert foretell(idle, TODAY, None, Fraction(1)).outlook is Outlook.STALLED


def test_who_was_given_more_today_after_all_was_done_has_not_stopped() -> None:
    more = Work(1, ago(20, 19, 18), since=TODAY)
    assert foretell(more, TODAY, None, Fraction(1)).outlook is Outlook.IN_TIME


EARLY = Forecast(Outlook.IN_TIME, TODAY + timedelta(days=1), Fraction(1))
LATE = Forecast(Outlook.LATE, TODAY + timedelta(days=9), Fraction(1))
DONE = Forecast(Outlook.DONE, TODAY)


def test_the_round_is_done_with_its_last_judge_and_untold_while_one_of_them_is() -> None:
    assert of_round([EARLY, DONE, LATE]) == Forecast(Outlook.LATE, TODAY + timedelta(days=9))
    assert of_round([DONE, DONE]) == DONE
    assert of_round([EARLY, Forecast(Outlook.UNKNOWN)]) == Forecast(Outlook.UNKNOWN)
    assert of_round([]) == Forecast(Outlook.UNKNOWN)


@pytest.mark.parametrize("other", [Outlook.UNKNOWN, Outlook.STALLED])
def test_one_who_is_late_makes_the_round_late_whatever_is_known_of_the_others(other: Outlook) -> None:
    assert of_round([EARLY, LATE, Forecast(other)]) == Forecast(Outlook.LATE)


def test_a_round_waits_for_the_office_when_nothing_else_is_left() -> None:
    waits = Forecast(Outlook.WAITING, TODAY)
    assert of_round([waits, DONE]).outlook is Outlook.WAITING
    assert of_round([waits, EARLY]) == Forecast(Outlook.IN_TIME, EARLY.day)


def test_a_round_in_which_somebody_has_a_borrowed_pace_says_so() -> None:
    borrowed = Forecast(Outlook.IN_TIME, TODAY, Fraction(1), is_borrowed=True)
    assert of_round([EARLY, borrowed]).is_borrowed
    assert (
        judges_at_pace(10, [EARLY, borrowed, Forecast(Outlook.LATE, None, Fraction(9), is_borrowed=True)], 5)
        == 2
    )


def test_how_many_judges_are_needed_comes_from_the_mean_pace_or_not_at_all() -> None:
    one, two = (Forecast(Outlook.IN_TIME, TODAY, Fraction(pace)) for pace in (1, 3))
    assert judges_at_pace(41, [one, two, Forecast(Outlook.UNKNOWN)], 5) == 5
    assert judges_at_pace(41, [Forecast(Outlook.UNKNOWN)], 5) is None
    assert judges_at_pace(41, [one], 0) is None


def test_hours_and_judges_for_sheets_of_a_known_length() -> None:
    found = hours_for(100, 20, 4, 3)
    assert (found.hours, found.judges) == (Fraction(100, 3), 3)
    assert hours_for(100, 20, 4, 0).judges is None
