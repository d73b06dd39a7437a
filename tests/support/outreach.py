"""Builders for outreach: targets, an edition whose units report before a day of the month, filled reports.

The tenant must be bound; nothing is committed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from core.contests.models import Edition, Unit
from core.contests.queries import UnitRow
from core.contests.values import EditionView
from core.kernel.actor import Actor
from core.kernel.db import session
from core.outreach.models import Target
from core.people.models import Account
from tests.support.factories import TenantFacts, actor_of, view

RULE = {"before_day": 30, "mark": "exact", "source": {"vi": "Công văn thử", "en": "Test letter"}}
REPORT = {
    "events": "3",
    "news": "12",
    "people": "1.250",
    "activities": "Hội nghị phổ biến thể lệ.",
    "difficulties": "",
}
# The factories' NOW is 12/11/2025 10:00 local; November's report is due before 30/11 00:00 local.
NOVEMBER = "2025-11"
NOVEMBER_DUE = datetime(2025, 11, 29, 17, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class UnitWorld:
    """The bound tenant of the test world with an edition that asks for reports, its unit and their people."""

    edition: EditionView
    unit: UnitRow
    speaker: Actor
    officer: Actor
    owner: Account


def ask_reports(facts: TenantFacts, before_day: int = 30) -> None:
    """Make the units of the edition report before that day of each month."""
    edition = session().scalars(select(Edition).where(Edition.key == facts.edition_key)).one()
    edition.notes = {**edition.notes, "report": {**RULE, "before_day": before_day}}
    session().flush()


def make_target(
    edition: Edition | EditionView,
    unit: Unit | UnitRow,
    minimum: int | None = 1,
    *,
    joint: int | None = None,
    group: str = "xa-phuong",
    order: int = 0,
) -> Target:
    """What `unit` is asked for, alone (`minimum`) or with its group (`joint`)."""
    target = Target(
        edition_id=edition.id,
        unit_id=unit.id,
        group=group,
        group_name={"vi": f"Nhóm {group}", "en": f"Group {group}"},
        group_order=order,
        minimum=None if joint is not None else minimum,
        joint=joint,
        mark="exact",
        source={"vi": "Công văn thử", "en": "Test letter"},
        note=None,
    )
    session().add(target)
    session().flush()
    return target


def unit_world(facts: TenantFacts, *, minimum: int | None = 1) -> UnitWorld:
    """The bound tenant with a report rule and a target for its unit."""
    ask_reports(facts)
    edition = view(facts)
    row = session().execute(select(Unit.id, Unit.code, Unit.name, Unit.kind)).one()
    unit = UnitRow(*row)
    if minimum is not None:
        make_target(edition, unit, minimum)
    people = {account.email: account for account in session().scalars(select(Account))}
    return UnitWorld(
        edition,
        unit,
        actor_of(people["donvi@example.vn"]),
        actor_of(people["btc@example.vn"]),
        people["tacgia@example.vn"],
    )


def report_form(**changes: Any) -> Mapping[str, Any]:
    """A report as typed, with changes."""
    return {**REPORT, **changes}
