"""The states of a score sheet.

  draft ──lock──▶ locked          (for good; its points change only in an open deliberation)
    │  ▲
abstain│take back
    ▼  │
  abstained ──(for good)  (`Sheet.final_at`: never taken back; before, others' points are closed to the judge)
"""

from __future__ import annotations

from enum import StrEnum


class SheetState(StrEnum):
    """Where a sheet stands. One that was never saved counts as a draft."""

    DRAFT = "draft"
    LOCKED = "locked"
    ABSTAINED = "abstained"
