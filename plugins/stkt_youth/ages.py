"""Ages on a given day: from a birth day, or as far as the year of birth alone can tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from core.plugin_api import Edition
from plugins.stkt_youth.settings import NAME

ADULT = 18
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Verdict(Enum):
    """What is known of a condition on an age: it holds, it does not, or nobody can tell from what is known."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Birth:
    """When an author was born: the day, or the year alone, or nothing."""

    day: date | None = None
    year: int | None = None


def age_day(edition: Edition) -> date | None:
    """The day on which ages count; 31 July of the last contest year where none is set, None without any year."""
    set_day = read_day(edition.setting(NAME, "age_day"))
    if set_day is not None:
        return set_day
    return date(edition.years[-1], 7, 31) if edition.years else None


def read_day(answer: object) -> date | None:
    """A day written "YYYY-MM-DD"; None for anything else, which the form itself refuses."""
    if not isinstance(answer, str) or not _DAY.fullmatch(answer):
        return None
    try:
        return date.fromisoformat(answer)
    except ValueError:
        return None


def is_of_age(birth: Birth, years: int, on: date) -> Verdict:
    """Whether somebody has completed `years` years on the day `on`, the birthday itself counting."""
    return _turned(birth, years, (on.year, on.month, on.day))


def is_not_past(birth: Birth, years: int, on: date) -> Verdict:
    """Whether somebody is `years` old at the most on the day `on`: not a day older than that birthday."""
    if birth.day is not None:
        turning = (birth.day.year + years, birth.day.month, birth.day.day)
        return Verdict.YES if turning >= (on.year, on.month, on.day) else Verdict.NO
    if birth.year is None or birth.year + years == on.year:
        return Verdict.OPEN
    return Verdict.YES if birth.year + years > on.year else Verdict.NO


def _turned(birth: Birth, years: int, on: tuple[int, int, int]) -> Verdict:
    if birth.day is not None:
        return Verdict.YES if (birth.day.year + years, birth.day.month, birth.day.day) <= on else Verdict.NO
    if birth.year is None or birth.year + years == on[0]:
        return Verdict.OPEN
    return Verdict.YES if birth.year + years < on[0] else Verdict.NO
