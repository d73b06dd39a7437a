"""The states of a monthly report. The moves: save (draft) → send → reopen → send again.

A unit reopens its own report until it is due; the committee may at any time and says why.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class ReportState(StrEnum):
    """How a report stands at an instant."""

    MISSING = "missing"
    DRAFT = "draft"
    OVERDUE = "overdue"
    SENT = "sent"
    LATE = "late"


WAITING = frozenset({ReportState.MISSING, ReportState.DRAFT, ReportState.OVERDUE})


def report_state(
    *, due_at: datetime, now: datetime, sent_at: datetime | None = None, is_started: bool = False
) -> ReportState:
    """The state of a report that is due before `due_at` (exclusive)."""
    if sent_at is not None:
        return ReportState.SENT if sent_at < due_at else ReportState.LATE
    if now >= due_at:
        return ReportState.OVERDUE
    return ReportState.DRAFT if is_started else ReportState.MISSING
