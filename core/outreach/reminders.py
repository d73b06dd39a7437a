"""Which units should be reminded of what, who speaks for them, and whether they were told today."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from core.contests.values import EditionView
from core.kernel.actor import Role
from core.kernel.audit import AuditRecord
from core.kernel.clock import local, start_of
from core.kernel.db import session
from core.outreach.periods import ReportMonth
from core.outreach.queries import attainment, matrix, reporting_units
from core.outreach.states import WAITING, ReportState
from core.outreach.values import Attainment, MonthStanding, UnitStanding
from core.people.queries import AccountRow, accounts_with_role

REMINDED = "outreach.reminded"


class Reason(StrEnum):
    """What a reminder is about."""

    REPORT = "report"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A unit that is behind: the people who speak for it, how its report stands, whether it was told today."""

    unit: UnitStanding
    people: tuple[AccountRow, ...]
    report: ReportState | None
    reminded_today: bool


def pending(
    edition: EditionView, reason: Reason, month: ReportMonth | None, now: datetime
) -> tuple[Reminder, ...]:
    """The units to remind at `now`: whose report of `month` is not here, or whose target is not reached.

    Seven queries at most, whatever the number of units.
    """
    found = attainment(edition, now)
    behind = _behind(edition, reason, month, found, now)
    people: dict[UUID | None, list[AccountRow]] = defaultdict(list)
    for account in accounts_with_role(Role.UNIT):
        people[account.unit_id].append(account)
    told = _told_today(edition, reason, month, now)
    return tuple(Reminder(unit, tuple(people[unit.id]), state, unit.code in told) for unit, state in behind)


def _behind(
    edition: EditionView, reason: Reason, month: ReportMonth | None, found: Attainment, now: datetime
) -> list[tuple[UnitStanding, ReportState | None]]:
    if reason is Reason.TARGET:
        return [(unit, None) for unit in found.units if unit.reached is False]
    if month is None:
        return []
    rows = matrix(edition, reporting_units(found), now)
    states = [(row.unit, _standing(row.months, month.key).state) for row in rows]
    return [(unit, state) for unit, state in states if state in WAITING]


def _standing(months: tuple[MonthStanding, ...], key: str) -> MonthStanding:
    return next(one for one in months if one.month.key == key)


def _told_today(
    edition: EditionView, reason: Reason, month: ReportMonth | None, now: datetime
) -> frozenset[str]:
    """The codes of units that were reminded of the same today, on the edition's clock."""
    ask = select(AuditRecord.data).where(
        AuditRecord.action == REMINDED,
        AuditRecord.subject == f"{edition.key}/{reason}",
        AuditRecord.at >= start_of(local(now).date()),
        AuditRecord.at <= now,
    )
    key = None if month is None else month.key
    return frozenset(
        code for data in session().scalars(ask) if data["month"] == key for code in data["units"]
    )
