"""Writes: monthly reports, the unit of a dossier, reminders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.models import Edition, Unit
from core.contests.queries import UnitRow
from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.services.drafts import refold
from core.entries.states import State
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import lock_row, session
from core.kernel.errors import Invalid, NotFound
from core.kernel.formats import datetime_
from core.kernel.i18n import locale
from core.kernel.prepared import insert_once
from core.kernel.text import clean
from core.outreach import letters
from core.outreach.errors import NotReopenable, ReportFixed
from core.outreach.models import UnitReport
from core.outreach.periods import ReportMonth, month_named
from core.outreach.policies import may_oversee, require_committee, require_speaks_for
from core.outreach.queries import figures_now
from core.outreach.reminders import REMINDED, Reason, pending
from core.outreach.schemas import COUNTS, load_report
from core.outreach.values import typed_figures, typed_key
from core.tenancy.scope import touch_public

LONGEST_REASON = 500
_TYPED = (*COUNTS, "activities", "difficulties")


def save_report(
    edition: EditionView, unit: UnitRow, month: str, data: Mapping[str, Any], *, actor: Actor, now: datetime
) -> UnitReport:
    """Keep what the unit has typed into its report of `month` (`2026-05`) so far.

    Raises NotFound for a month the edition does not report on or that has not begun, ReportFixed after sending,
    Invalid at the fields.
    """
    require_speaks_for(actor, unit.id)
    period = month_named(edition, month, now)
    names = figure_names(edition)
    values = load_report(data, names)
    report = _locked(edition, unit.id, period, now)
    if report.sent_at is not None:
        raise _fixed(report.sent_at)
    return _put(report, values, names, now)


def send_report(
    edition: EditionView, unit: UnitRow, month: str, data: Mapping[str, Any], *, actor: Actor, now: datetime
) -> UnitReport:
    """Send the report: what was typed, and the counts of the unit's dossiers as the database has them now.

    A sent report is fixed; sending the same again changes nothing. After the due date it is taken, and marked late.
    Raises as `save_report`, and Invalid where something is missing.
    """
    require_speaks_for(actor, unit.id)
    period = month_named(edition, month, now)
    names = figure_names(edition)
    values = load_report(data, names, complete=True)
    report = _locked(edition, unit.id, period, now)
    if report.sent_at is not None:
        is_same = all(getattr(report, name) == values[name] for name in _TYPED)
        if is_same and all(report.figures.get(name) == values[name] for name in names):
            return report
        raise _fixed(report.sent_at)
    _put(report, values, names, now)
    report.figures = figures_now(edition, unit.id, period) | report.figures
    report.version += 1
    report.sent_at = now
    report.sent_by = actor.name
    session().flush()
    told = {name: values[name] for name in COUNTS}
    audit.append(
        "report.sent",
        f"{unit.code}/{period.key}",
        {
            "edition": edition.key,
            "version": report.version,
            "late": now >= period.due_at,
            "figures": report.figures,
            **told,
        },
        actor=actor,
        now=now,
    )
    return report


def reopen_report(
    edition: EditionView, unit: UnitRow, month: str, *, reason: str = "", actor: Actor, now: datetime
) -> UnitReport:
    """Make a sent report a draft again, so that a corrected one can be sent.

    The unit may until the report is due; the committee at any time, with a reason. Raises NotReopenable, NotFound,
    Invalid at `reason`.
    """
    is_committee = may_oversee(actor)
    if not is_committee:
        require_speaks_for(actor, unit.id)
    period = month_named(edition, month, now)
    reason = _reason(reason, required=is_committee)
    report = _locked(edition, unit.id, period, now)
    if report.sent_at is None:
        raise NotReopenable(_("Báo cáo này chưa gửi nên vẫn đang sửa được."))
    if not is_committee and now >= period.due_at:
        raise NotReopenable(
            _("Đã hết hạn báo cáo nên đơn vị không mở lại được. Xin đề nghị Ban Tổ chức mở lại.")
        )
    report.sent_at = None
    report.sent_by = ""
    report.figures = typed_figures(report.figures)
    report.updated_at = now
    session().flush()
    audit.append(
        "report.reopened",
        f"{unit.code}/{period.key}",
        {"edition": edition.key, "version": report.version, "reason": reason},
        actor=actor,
        now=now,
    )
    return report


def assign_unit(entry: Entry, unit: UnitRow | None, *, reason: str, actor: Actor, now: datetime) -> Entry:
    """Say which unit brought a dossier (None: none did). The reason enters the log. Raises Forbidden, Invalid."""
    require_committee(actor)
    reason = _reason(reason, required=True)
    locked = lock_row(Entry, Entry.id == entry.id)
    if locked is None or locked.version == 0:
        raise NotFound
    before = None if locked.unit_id is None else _code_of(locked.unit_id)
    after = None if unit is None else unit.code
    if before == after:
        return entry
    locked.unit_id = None if unit is None else unit.id
    locked.updated_at = now
    refold(locked)
    session().flush()
    data = {"from": before, "to": after, "reason": reason}
    audit.append("attribution.changed", locked.code or locked.ref, data, actor=actor, now=now)
    if locked.state == State.ACCEPTED and locked.published_at is not None:
        touch_public()
    return entry


def send_reminders(
    edition: EditionView, reason: Reason, month: str | None = None, *, actor: Actor, now: datetime
) -> int:
    """Write to the accounts of the units that are behind, each unit at most once a day for one reason.

    `month` is needed for `Reason.REPORT`. Returns how many letters were sent. Raises Forbidden, NotFound.
    """
    require_committee(actor)
    lock_row(Edition, Edition.id == edition.id)  # two clicks at once: the second finds the first one's record
    period = None if month is None else month_named(edition, month, now)
    waiting = [one for one in pending(edition, reason, period, now) if one.people and not one.reminded_today]
    sent = 0
    for one in waiting:
        for person in one.people:
            letters.send_reminder(edition, reason, period, one, person, now=now)
            sent += 1
    if waiting:
        data = {
            "edition": edition.key,
            "reason": str(reason),
            "month": month,
            "units": [x.unit.code for x in waiting],
        }
        audit.append(REMINDED, f"{edition.key}/{reason}", data, actor=actor, now=now)
    return sent


def _locked(edition: EditionView, unit_id: UUID, period: ReportMonth, now: datetime) -> UnitReport:
    values = {
        "edition_id": edition.id,
        "unit_id": unit_id,
        "month": period.key,
        "activities": "",
        "difficulties": "",
        "figures": {},
        "version": 0,
        "sent_by": "",
        "updated_at": now,
    }
    insert_once(UnitReport, ("edition_id", "unit_id", "month"), values)
    found: UnitReport = lock_row(
        UnitReport,
        UnitReport.edition_id == edition.id,
        UnitReport.unit_id == unit_id,
        UnitReport.month == period.key,
    )
    return found


def figure_names(edition: EditionView) -> tuple[str, ...]:
    """The keys under which a report holds what is typed for the figures of plugins."""
    return tuple(typed_key(figure.key) for figure in edition.rules.report_figures())


def _put(report: UnitReport, values: Mapping[str, Any], figures: Sequence[str], now: datetime) -> UnitReport:
    for name in _TYPED:
        setattr(report, name, values[name])
    # A figure that is not asked for at the moment, since its plugin failed, keeps what was typed.
    kept = {key: number for key, number in typed_figures(report.figures).items() if key not in figures}
    report.figures = kept | {name: values[name] for name in figures if values[name] is not None}
    report.updated_at = now
    session().flush()
    return report


def _fixed(sent_at: datetime) -> ReportFixed:
    return ReportFixed(
        _(
            "Báo cáo đã gửi lúc %(when)s nên không sửa được nữa. Bạn hãy mở lại báo cáo trước khi sửa.",
            when=datetime_(sent_at, locale()),
        )
    )


def _reason(reason: str, *, required: bool) -> str:
    reason = clean(reason)
    if required and not reason:
        raise Invalid.one("reason", _("Bạn hãy ghi lý do; lý do được lưu vào nhật ký."))
    if len(reason) > LONGEST_REASON:
        raise Invalid.one("reason", _("Lý do dài quá %(longest)s ký tự.", longest=LONGEST_REASON))
    return reason


def _code_of(unit_id: UUID) -> str:
    return session().scalars(select(Unit.code).where(Unit.id == unit_id)).one()
