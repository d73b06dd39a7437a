"""Reads: what units were asked for and brought, their reports, and what waits for the committee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.models import Unit
from core.contests.unit_words import kind_word
from core.contests.values import EditionView
from core.entries.models import Entry, EntryVersion
from core.entries.queries import counts_by_state
from core.entries.states import State
from core.kernel.clock import local
from core.kernel.db import session
from core.kernel.i18n import locale
from core.kernel.text import fold
from core.outreach.models import Target, UnitReport
from core.outreach.periods import ReportMonth, begun, current_month
from core.outreach.states import WAITING, ReportState, report_state
from core.outreach.values import (
    Attainment,
    Counts,
    GroupStanding,
    MatrixRow,
    MonthStanding,
    Referred,
    ReportRow,
    UnitStanding,
    Waiting,
    add,
)
from core.outreach.words import month_name
from core.tenancy.profile import text_of

NO_COUNTS = Counts({})
# Groups of units that no target names come after those that one does.
LAST = 1_000


@dataclass(frozen=True, slots=True)
class _Unit:
    id: UUID
    code: str
    name: str
    folded: str
    kind: str
    since: date | None
    until: date | None
    is_active: bool

    def exists_on(self, day: date) -> bool:
        begun_ = self.since is None or self.since <= day
        return self.is_active and begun_ and (self.until is None or day < self.until)


def attainment(edition: EditionView, now: datetime) -> Attainment:
    """What every unit was asked for and brought, in Vietnamese order within its group. Four queries.

    Listed are the units that exist on the day of `now`, and any other that has a target or a dossier in the edition.
    """
    targets = {
        row.unit_id: row for row in session().scalars(select(Target).where(Target.edition_id == edition.id))
    }
    counts = _counts_by_unit(edition)
    today = local(now).date()
    named = targets.keys() | counts.keys()
    listed = [unit for unit in _all_units() if unit.exists_on(today) or unit.id in named]
    joint: dict[str, int] = defaultdict(int)
    for unit in listed:
        if unit.id in targets:
            joint[targets[unit.id].group] += counts.get(unit.id, NO_COUNTS).counted
    units = [_standing(unit, targets.get(unit.id), counts.get(unit.id, NO_COUNTS), joint) for unit in listed]
    units.sort(key=lambda unit: _group_place(unit, targets.get(unit.id)))
    return Attainment(
        units=tuple(units),
        groups=_groups(units, targets),
        loose=counts.get(None, NO_COUNTS),
        total=Counts(counts_by_state(edition)),
    )


def chosen(
    found: Attainment, *, group: str = "", reached: bool | None = None, words: str = ""
) -> tuple[UnitStanding, ...]:
    """The units of `found` in a group, that reached their target or not, and whose name holds every word."""
    wanted = fold(words).split()[:8]
    return tuple(
        unit
        for unit in found.units
        if (not group or unit.group == group)
        and (reached is None or unit.reached is reached)
        and all(word in unit.folded for word in wanted)
    )


def reports_of(edition: EditionView) -> dict[tuple[UUID, str], ReportRow]:
    """Every report of the edition, drafts too, by unit and month. One query."""
    ask = select(
        UnitReport.unit_id,
        UnitReport.month,
        func.coalesce(UnitReport.events, 0),
        func.coalesce(UnitReport.news, 0),
        func.coalesce(UnitReport.people, 0),
        UnitReport.figures,
        UnitReport.version,
        UnitReport.sent_at,
    ).where(UnitReport.edition_id == edition.id)
    rows = [ReportRow(*row) for row in session().execute(ask)]
    return {(row.unit_id, row.month): row for row in rows}


def report_of(edition: EditionView, unit_id: UUID, month: str) -> UnitReport | None:
    """A unit's report on a month, or None when it has not been begun. One query."""
    ask = select(UnitReport).where(
        UnitReport.edition_id == edition.id, UnitReport.unit_id == unit_id, UnitReport.month == month
    )
    return session().scalars(ask).one_or_none()


def months_of(edition: EditionView, unit_id: UUID, now: datetime) -> tuple[MonthStanding, ...]:
    """The months that have begun, oldest first, with how the unit's reports stand. One query."""
    reports = reports_of_unit(edition, unit_id)
    return tuple(_month_standing(month, reports.get(month.key), now) for month in begun(edition, now))


def reports_of_unit(edition: EditionView, unit_id: UUID) -> dict[str, ReportRow]:
    """The unit's reports by month. One query."""
    ask = select(UnitReport).where(UnitReport.edition_id == edition.id, UnitReport.unit_id == unit_id)
    return {
        row.month: ReportRow(
            row.unit_id,
            row.month,
            row.events or 0,
            row.news or 0,
            row.people or 0,
            row.figures,
            row.version,
            row.sent_at,
        )
        for row in session().scalars(ask)
    }


def matrix(edition: EditionView, units: Iterable[UnitStanding], now: datetime) -> tuple[MatrixRow, ...]:
    """`units` with how their reports of every month that has begun stand. One query."""
    months, reports = begun(edition, now), reports_of(edition)
    return tuple(
        MatrixRow(
            unit,
            tuple(_month_standing(month, reports.get((unit.id, month.key)), now) for month in months),
        )
        for unit in units
    )


def reporting_units(found: Attainment) -> tuple[UnitStanding, ...]:
    """The units that report: those the edition asks for entries; all of them when it asks none."""
    asked = tuple(unit for unit in found.units if unit.is_asked)
    return asked or found.units


def figures_now(edition: EditionView, unit_id: UUID, month: ReportMonth) -> dict[str, int]:
    """The counts of a unit's dossiers that its report carries, as they are now. Two queries.

    Keys: `new` (first handed in within the month), and `drafted`, `submitted`, `returned`, `accepted`, `refused`,
    `withdrawn`, `counted` (towards the target) over the whole edition.
    """
    ask = (
        select(Entry.state, func.count())
        .where(Entry.edition_id == edition.id, Entry.unit_id == unit_id)
        .group_by(Entry.state)
    )
    counts = Counts({State(state): number for state, number in session().execute(ask)})
    first_sent = (
        select(func.count())
        .select_from(EntryVersion)
        .join(Entry, Entry.id == EntryVersion.entry_id)
        .where(Entry.edition_id == edition.id, Entry.unit_id == unit_id, EntryVersion.number == 1)
        .where(EntryVersion.at >= month.opens_at, EntryVersion.at < month.ends_at)
    )
    return {
        "new": session().scalars(first_sent).one(),
        "drafted": counts.drafted,
        "submitted": counts.of(State.SUBMITTED),
        "returned": counts.of(State.RETURNED),
        "accepted": counts.accepted,
        "refused": counts.of(State.REFUSED),
        "withdrawn": counts.of(State.WITHDRAWN),
        "counted": counts.counted,
    }


def referred_entries(edition: EditionView, unit_id: UUID, limit: int = 200) -> tuple[Referred, ...]:
    """The dossiers a unit brought, newest first; one that was never handed in is nobody else's business. One query."""
    ask = (
        select(Entry.code, Entry.title, Entry.state, Entry.submitted_at)
        .where(Entry.edition_id == edition.id, Entry.unit_id == unit_id, Entry.version > 0)
        .order_by(Entry.submitted_at.desc(), Entry.code.desc())
        .limit(limit)
    )
    return tuple(
        Referred(code or "", title, State(state), at) for code, title, state, at in session().execute(ask)
    )


def loose_entries(edition: EditionView, limit: int = 200) -> tuple[Referred, ...]:
    """Dossiers that were handed in, still take part, and name no unit; oldest first. One query."""
    ask = (
        select(Entry.code, Entry.title, Entry.state, Entry.submitted_at)
        .where(Entry.edition_id == edition.id, Entry.unit_id.is_(None), Entry.version > 0)
        .where(Entry.state.not_in((State.REFUSED, State.WITHDRAWN)))
        .order_by(Entry.submitted_at, Entry.code)
        .limit(limit)
    )
    return tuple(
        Referred(code or "", title, State(state), at) for code, title, state, at in session().execute(ask)
    )


def overdue_units(edition: EditionView, month: ReportMonth, now: datetime) -> tuple[UnitStanding, ...]:
    """The units whose report of `month` is overdue at `now`. Five queries."""
    rows = matrix(edition, reporting_units(attainment(edition, now)), now)
    return tuple(row.unit for row in rows if _of_month(row, month.key) is ReportState.OVERDUE)


def todo(edition: EditionView, now: datetime) -> tuple[Waiting, ...]:
    """What waits for the committee in this room: reports not received, dossiers without a unit. Six queries at most."""
    waiting: list[Waiting] = []
    loose = loose_entries(edition)
    if loose:
        label = _("Gắn đơn vị cho hồ sơ chưa rõ đơn vị giới thiệu")
        waiting.append(Waiting(label, len(loose), None, "outreach_office.loose", {}))
    month = current_month(edition, now)
    if month is None:
        return tuple(waiting)
    rows = matrix(edition, reporting_units(attainment(edition, now)), now)
    for one in begun(edition, now):
        count = sum(_of_month(row, one.key) in WAITING for row in rows)
        is_late = now >= one.due_at
        if not count or not (is_late or one == month):
            continue
        name = month_name(one.first, locale())
        label = (
            _("Nhắc đơn vị quá hạn báo cáo %(month)s", month=name)
            if is_late
            else _("Nhận báo cáo đơn vị %(month)s", month=name)
        )
        waiting.append(Waiting(label, count, one.due_at, "outreach_office.reports", {"thang": one.key}))
    return tuple(waiting)


def _of_month(row: MatrixRow, key: str) -> ReportState:
    return next(one.state for one in row.months if one.month.key == key)


def _month_standing(month: ReportMonth, report: ReportRow | None, now: datetime) -> MonthStanding:
    sent_at = None if report is None else report.sent_at
    state = report_state(due_at=month.due_at, now=now, sent_at=sent_at, is_started=report is not None)
    return MonthStanding(month, state, report)


def _all_units() -> list[_Unit]:
    ask = select(
        Unit.id, Unit.code, Unit.name, Unit.folded, Unit.kind, Unit.since, Unit.until, Unit.is_active
    )
    return [_Unit(*row) for row in session().execute(ask.order_by(Unit.name_key, Unit.code))]


def _counts_by_unit(edition: EditionView) -> dict[UUID | None, Counts]:
    ask = (
        select(Entry.unit_id, Entry.state, func.count())
        .where(Entry.edition_id == edition.id)
        .group_by(Entry.unit_id, Entry.state)
    )
    found: dict[UUID | None, dict[State, int]] = defaultdict(dict)
    for unit_id, state, number in session().execute(ask):
        found[unit_id][State(state)] = number
    return {unit_id: Counts(by_state) for unit_id, by_state in found.items()}


def _standing(unit: _Unit, target: Target | None, counts: Counts, joint: dict[str, int]) -> UnitStanding:
    reached: bool | None = None
    if target is not None and target.joint is not None:
        reached = joint[target.group] >= target.joint
    elif target is not None and target.minimum is not None:
        reached = counts.counted >= target.minimum
    return UnitStanding(
        id=unit.id,
        code=unit.code,
        name=unit.name,
        folded=unit.folded,
        kind=unit.kind,
        group=f"loai-{unit.kind}" if target is None else target.group,
        target=None if target is None else target.minimum,
        joint=None if target is None else target.joint,
        counts=counts,
        reached=reached,
    )


def _group_place(unit: UnitStanding, target: Target | None) -> tuple[int, str]:
    return (LAST if target is None else target.group_order, unit.group)


def _groups(units: list[UnitStanding], targets: dict[UUID, Target]) -> tuple[GroupStanding, ...]:
    members: dict[str, list[UnitStanding]] = {}
    for unit in units:
        members.setdefault(unit.group, []).append(unit)
    return tuple(_group(key, found, targets.get(found[0].id)) for key, found in members.items())


def _group(key: str, units: list[UnitStanding], sample: Target | None) -> GroupStanding:
    asked = [unit for unit in units if unit.is_asked]
    own = [unit.target for unit in units if unit.target is not None]
    joint = next((unit.joint for unit in units if unit.joint is not None), None)
    return GroupStanding(
        key=key,
        name=kind_word(units[0].kind) if sample is None else text_of(sample.group_name),
        target=sum(own) + (joint or 0) if asked else None,
        joint=joint is not None,
        mark="" if sample is None else sample.mark,
        source=None if sample is None else text_of(sample.source),
        note=None if sample is None or sample.note is None else text_of(sample.note),
        units=len(units),
        asked_units=len(asked),
        reached_units=sum(unit.reached is True for unit in units),
        counts=add(unit.counts for unit in units),
    )
