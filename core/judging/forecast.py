"""When judges will be done at the pace they have had: pure functions over days and counts, honest about little data.

The pace of a judge is what he finished within the last seven days, today included, by the days since the first of
those sheets. With fewer than three sheets, or with all on one day, nothing is foretold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

WINDOW = 7
LEAST_SHEETS = 3
FARTHEST = 3650


class Outlook(StrEnum):
    """What can be said of a judge, or of a round."""

    DONE = "done"
    IN_TIME = "in_time"
    LATE = "late"
    STALLED = "stalled"  # nothing finished within the last seven days, after earlier work
    UNKNOWN = "unknown"  # too little to tell


@dataclass(frozen=True, slots=True)
class Work:
    """What a judge has left in a round, and the day of each sheet that he finished."""

    left: int
    finished: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is foretold: the finishing day where one can be, and the sheets a day it rests on."""

    outlook: Outlook
    day: date | None = None
    pace: Fraction | None = None


def pace_of(finished: Sequence[date], today: date) -> Fraction | None:
    """Sheets a day within the last seven days; None where they are too few to tell, 0 where there are none of many."""
    recent = [day for day in finished if today - timedelta(days=WINDOW) < day <= today]
    if not recent and len(finished) >= LEAST_SHEETS:
        return Fraction(0)
    if len(recent) < LEAST_SHEETS or min(recent) == today:
        return None
    return Fraction(len(recent), (today - min(recent)).days + 1)


def foretell(work: Work, today: date, last_day: date | None) -> Forecast:
    """When a judge will be done; `last_day` is the last on which sheets may be locked."""
    if work.left == 0:
        return Forecast(Outlook.DONE, max(work.finished, default=None))
    pace = pace_of(work.finished, today)
    if pace is None:
        return Forecast(Outlook.UNKNOWN)
    if pace == 0:
        return Forecast(Outlook.STALLED, None, pace)
    days = -(-work.left * pace.denominator // pace.numerator)
    if days > FARTHEST:
        return Forecast(Outlook.LATE, None, pace)
    day = today + timedelta(days=days)
    is_late = last_day is not None and day > last_day
    return Forecast(Outlook.LATE if is_late else Outlook.IN_TIME, day, pace)


def of_round(each: Iterable[Forecast]) -> Forecast:
    """When the round will be done: with its last judge. One of whom nothing can be told leaves the round untold."""
    found = list(each)
    if not found:
        return Forecast(Outlook.UNKNOWN)
    for outlook in (Outlook.UNKNOWN, Outlook.STALLED):
        if any(one.outlook is outlook for one in found):
            return Forecast(outlook)
    days = [one.day for one in found if one.day is not None]
    if all(one.outlook is Outlook.DONE for one in found):
        return Forecast(Outlook.DONE, max(days, default=None))
    if any(one.day is None and one.outlook is Outlook.LATE for one in found):
        return Forecast(Outlook.LATE)
    is_late = any(one.outlook is Outlook.LATE for one in found)
    return Forecast(Outlook.LATE if is_late else Outlook.IN_TIME, max(days))


def judges_at_pace(left: int, each: Iterable[Forecast], days: int) -> int | None:
    """How many judges finish `left` sheets within `days` at the mean pace of those whose pace is known; None without
    one, or without days."""
    paces = [one.pace for one in each if one.pace]
    if not paces or days < 1:
        return None
    mean = sum(paces, Fraction(0)) / len(paces)
    return _up(Fraction(left) / (mean * days))


@dataclass(frozen=True, slots=True)
class Hours:
    """What work of a known length asks for: hours in all, and judges to finish it in time (None without days)."""

    hours: Fraction
    judges: int | None


def hours_for(left: int, minutes: int, hours_a_day: int, days: int) -> Hours:
    """The hours of `left` sheets of `minutes` each, and how many judges finish them at `hours_a_day` in `days`."""
    hours = Fraction(left * minutes, 60)
    return Hours(hours, None if days < 1 else _up(hours / (hours_a_day * days)))


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
