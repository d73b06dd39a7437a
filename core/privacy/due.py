"""When a request has to be answered: pure arithmetic of days, in the time of Viet Nam.

Decree 356/2025/NĐ-CP, article 5 (number from a secondary source): the person hears within 2 working days that the
request has arrived; to withdraw, restrict or object takes 15 days at most, to see, correct or provide 10, to delete 20;
each may be extended once. The day of receipt is not counted (Civil Code 2015, article 147). A last day that is a day
off is not moved to the next working day, as the Code (article 148) would allow: an office that is early harms nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.kernel.clock import end_of, local
from core.privacy.states import Kind

ACKNOWLEDGE_DAYS = 2
DAYS = {
    Kind.SEE: 10,
    Kind.CORRECT: 10,
    Kind.WITHDRAW: 15,
    Kind.RESTRICT: 15,
    Kind.OBJECT: 15,
    Kind.DELETE: 20,
    Kind.COMPLAIN: 10,
}
NOT_IN_THE_DECREE = frozenset({Kind.COMPLAIN})
"""Kinds whose term no document gives: shown as an illustration."""


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days that are no working days beside Saturday and Sunday: the same each year, and dated ones (Tết, swaps)."""

    yearly: frozenset[tuple[int, int]]
    dated: frozenset[date]

    def is_off(self, day: date) -> bool:
        """Whether nobody works on `day`."""
        return day.weekday() >= 5 or (day.month, day.day) in self.yearly or day in self.dated


@dataclass(frozen=True, slots=True)
class Terms:
    """By when a request is acknowledged and answered: exclusive instants, each a midnight of Viet Nam."""

    acknowledge_by: datetime
    answer_by: datetime


def terms_of(kind: Kind, received_at: datetime, holidays: Holidays) -> Terms:
    """The terms of a request of `kind` that arrived at `received_at`."""
    day = local(received_at).date()
    return Terms(
        end_of(working_day_after(day, ACKNOWLEDGE_DAYS, holidays)),
        end_of(day + timedelta(days=DAYS[kind])),
    )


def extended(kind: Kind, due_at: datetime) -> datetime:
    """The term after its one extension: as long again. How long it may be is not in the source: an illustration."""
    return due_at + timedelta(days=DAYS[kind])


def working_day_after(day: date, count: int, holidays: Holidays) -> date:
    """The `count`-th working day after `day`, which is not counted itself."""
    while count:
        day += timedelta(days=1)
        if not holidays.is_off(day):
            count -= 1
    return day


def yearly(days: Collection[str]) -> frozenset[tuple[int, int]]:
    """Days written as "2/9" (day, month)."""
    pairs = (one.split("/") for one in days)
    return frozenset((int(month), int(day)) for day, month in pairs)
