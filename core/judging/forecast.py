"""When judges will be done at the pace they have had: pure functions over days and counts, honest about little data.

The pace of a judge is what he finished within the last seven days, today included, by the days since the first of
those sheets. Who has finished fewer than three sheets, or all on one day, has no pace of his own: he is foretold by
the mean pace of those in the round who have one (`is_borrowed`), and not at all where nobody has.
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
    WAITING = "waiting"  # nothing left but what the office still has to let him read
    IN_TIME = "in_time"
    LATE = "late"
    STALLED = "stalled"  # nothing finished within the last seven days, in which there was work all along
    UNKNOWN = "unknown"  # too little to tell


@dataclass(frozen=True, slots=True)
class Work:
    """What a judge has left in a round and can do now, what he cannot open yet (`waiting`), the day of each sheet that
    he finished, and since when he has had work there (None: not known)."""

    left: int
    finished: tuple[date, ...]
    waiting: int = 0
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is foretold: the finishing day where one can be, and the sheets a day it rests on, which are those of
    others where `is_borrowed`."""

    outlook: Outlook
    day: date | None = None
    pace: Fraction | None = None
    is_borrowed: bool = False


def pace_of(finished: Sequence[date], today: date) -> Fraction | None:
    """Sheets a day within the last seven days; None where they are too few to tell, 0 where there are none of many."""
    recent = _recent(finished, today)
    if not recent and len(finished) >= LEAST_SHEETS:
        return Fraction(0)
    if len(recent) < LEAST_SHEETS or min(recent) == today:
        return None
    return Fraction(len(recent), (today - min(recent)).days + 1)


def common_pace(works: Iterable[Work], today: date) -> Fraction | None:
    """The mean pace of those who have one; who has nothing left is taken as he was on his last day."""
    found = []
    for one in works:
        at = today if one.left else max(one.finished, default=today)
        pace = pace_of(one.finished, at)
        if pace:
            found.append(pace)
    return sum(found, Fraction(0)) / len(found) if found else None


def foretell(work: Work, today: date, last_day: date | None, common: Fraction | None = None) -> Forecast:
    """When a judge will be done with what he can open; `last_day` is the last on which sheets may be locked, `common`
    the pace that is taken for who has none of his own.

    Today counts: it holds what a day at this pace (in whole sheets) has over what was finished today already. And a
    rest is never put later than the whole days that it takes: less than a day's work can still be done today.
    """
    if work.left == 0:
        outlook = Outlook.WAITING if work.waiting else Outlook.DONE
        return Forecast(outlook, max(work.finished, default=None))
    if _is_idle(work, today):
        return Forecast(Outlook.STALLED, None, Fraction(0))
    own = pace_of(work.finished, today) or None
    pace = common if own is None else own
    if pace is None:
        return Forecast(Outlook.UNKNOWN)
    days = _days(work, pace, today)
    day = None if days > FARTHEST else today + timedelta(days=days)
    is_late = day is None or (last_day is not None and day > last_day)
    return Forecast(Outlook.LATE if is_late else Outlook.IN_TIME, day, pace, is_borrowed=own is None)


def _days(work: Work, pace: Fraction, today: date) -> int:
    """How many days after today the rest is done."""
    today_too = max(_up(pace) - work.finished.count(today), 0)
    after_today = _up(Fraction(max(work.left - today_too, 0)) / pace)
    return min(after_today, work.left // pace)


def _recent(finished: Sequence[date], today: date) -> list[date]:
    return [day for day in finished if today - timedelta(days=WINDOW) < day <= today]


def _is_idle(work: Work, today: date) -> bool:
    """Whether nothing was finished in seven days by somebody who had work in all of them, or who had begun to work."""
    if _recent(work.finished, today):
        return False
    if work.since is None:
        return len(work.finished) >= LEAST_SHEETS
    return work.since <= today - timedelta(days=WINDOW)


def of_round(each: Iterable[Forecast]) -> Forecast:
    """When the round will be done: with its last judge.

    One who will be late makes it late, whatever is known of the others; else one of whom nothing can be told leaves
    it untold. The day is given where it is known of all. What waits for the office is in no forecast: a round in which
    nothing else is left is WAITING.
    """
    found = list(each)
    outlooks = {one.outlook for one in found}
    for outlook in (Outlook.LATE, Outlook.STALLED, Outlook.UNKNOWN, Outlook.IN_TIME, Outlook.WAITING):
        if outlook in outlooks:
            break
    else:
        outlook = Outlook.DONE if found else Outlook.UNKNOWN
    days = [one.day for one in found if one.day is not None]
    open_ended = {Outlook.STALLED, Outlook.UNKNOWN} & outlooks
    if open_ended or any(one.day is None and one.outlook is Outlook.LATE for one in found):
        days = []
    return Forecast(outlook, max(days, default=None), is_borrowed=any(one.is_borrowed for one in found))


def judges_at_pace(left: int, each: Iterable[Forecast], days: int) -> int | None:
    """How many judges finish `left` sheets within `days` at the mean pace of those whose pace is known; None without
    one, or without days."""
    paces = [one.pace for one in each if one.pace and not one.is_borrowed]
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
