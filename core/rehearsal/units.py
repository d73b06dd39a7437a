"""Contacts of units at work: monthly reports, most in time, some late, some missing, the newest still a draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from core.contests.queries import UnitRow
from core.kernel.actor import Actor, Role
from core.outreach.periods import ReportMonth, report_months
from core.outreach.services import save_report, send_report
from core.rehearsal.agenda import Deed
from core.rehearsal.content import report_activities, report_difficulties
from core.rehearsal.plan import stream
from core.rehearsal.stage import Stage

REPORTING = 10
IN_TIME, LATE = 75, 87
"""Of a hundred reports."""


def report_deeds(stage: Stage) -> Iterator[Deed]:
    """Reports of the first units of the play on each month; nothing where the edition asks for none."""
    for month in report_months(stage.edition):
        for number, unit in enumerate(stage.units[:REPORTING]):
            rng = stream(stage.size.seed, "report", month.key, unit.code)
            drawn = 0 if number == 0 else rng.randrange(100)
            begun = month.due_at - timedelta(days=7, minutes=rng.randrange(600))
            yield Deed(max(begun, month.opens_at), 70 + number, partial(_save, stage, month, number))
            if drawn < LATE:
                room = timedelta(days=4) if drawn < IN_TIME else -timedelta(days=2)
                at = month.due_at - room - timedelta(minutes=rng.randrange(900))
                yield Deed(at, 70 + number, partial(_send, stage, month, number))


def _save(stage: Stage, month: ReportMonth, number: int, now: datetime) -> None:
    unit, actor = _contact(stage, number, now)
    data = {"activities": _activities(stage, month, unit)}
    save_report(stage.edition, unit, month.key, data, actor=actor, now=now)
    stage.counts["reports_begun"] += 1


def _send(stage: Stage, month: ReportMonth, number: int, now: datetime) -> None:
    unit, actor = _contact(stage, number, now)
    rng = stream(stage.size.seed, "figures", month.key, unit.code)
    data = {
        "events": rng.randint(0, 5),
        "news": rng.randint(1, 12),
        "people": rng.randint(3, 60) * 10,
        "activities": _activities(stage, month, unit),
        "difficulties": report_difficulties(rng),
    }
    send_report(stage.edition, unit, month.key, data, actor=actor, now=now)
    stage.counts["reports_sent"] += 1


def _activities(stage: Stage, month: ReportMonth, unit: UnitRow) -> str:
    return report_activities(stream(stage.size.seed, "activities", month.key, unit.code))


def _contact(stage: Stage, number: int, now: datetime) -> tuple[UnitRow, Actor]:
    unit = stage.units[number]
    return unit, stage.person("unit", number, now, role=Role.UNIT, unit_id=unit.id)
