"""The one clock. Every other module is given the time as an argument.

Instants are aware datetimes in UTC; people read Asia/Ho_Chi_Minh. In demonstration mode a request runs at the
instant its edition's demonstration clock shows: real time plus a stored offset.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def real_now() -> datetime:
    """The machine's time now, UTC, to the microsecond."""
    return datetime.now(UTC)


def shifted_now(offset: timedelta) -> datetime:
    """The time now on a clock that runs `offset` from the real one."""
    return real_now() + offset


def local(instant: datetime) -> datetime:
    """`instant` as people in Viet Nam read it."""
    return instant.astimezone(LOCAL)


def start_of(day: date) -> datetime:
    """The UTC instant at which `day` begins in Viet Nam."""
    return datetime.combine(day, time_of_day(0), LOCAL).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The exclusive UTC instant of "hết ngày `day`": local midnight of the next day."""
    return start_of(day + timedelta(days=1))
