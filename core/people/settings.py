"""What a tenant decides about accounts: how long a confirmed rescue waits.

No document of a contest says how long: a day is the default of this software ("minh họa") until the committee sets it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import lock_row, session
from core.kernel.errors import Invalid
from core.kernel.prepared import insert_once
from core.people.policies import require_manager
from core.people.rescue_models import AccountSettings

DEFAULT_HOURS = 24
FEWEST_HOURS, MOST_HOURS = 12, 168
HOURS = "rescue_hours"


@dataclass(frozen=True, slots=True)
class RescueWait:
    """How many hours a confirmed rescue waits, and whether the committee decided so."""

    hours: int
    is_decided: bool

    @property
    def length(self) -> timedelta:
        """The same as a length of time."""
        return timedelta(hours=self.hours)


def rescue_wait() -> RescueWait:
    """The waiting time in force. One query."""
    row = session().scalars(select(AccountSettings)).one_or_none()
    hours = None if row is None else row.values.get(HOURS)
    return RescueWait(DEFAULT_HOURS if hours is None else int(hours), hours is not None)


def change_rescue_wait(typed: str, *, actor: Actor, now: datetime) -> bool:
    """Let rescues that are confirmed from now on wait so many hours; returns whether anything changed.

    Raises Forbidden, Invalid at `hours`. Never less than twelve: a night must not pass unseen.
    """
    require_manager(actor)
    text = "".join(typed.split())
    hours = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not FEWEST_HOURS <= hours <= MOST_HOURS:
        raise Invalid.one(
            "hours",
            _("Bạn hãy nhập số giờ từ %(fewest)s đến %(most)s.", fewest=FEWEST_HOURS, most=MOST_HOURS),
        )
    insert_once(AccountSettings, (), {"values": {}})
    row = lock_row(AccountSettings)
    before = row.values.get(HOURS)
    if before == hours:
        return False
    row.values = {**row.values, HOURS: hours}
    session().flush()
    data = {"from": before, "to": hours}
    audit.append("accounts.rescue_wait_changed", "accounts", data, actor=actor, now=now)
    return True
