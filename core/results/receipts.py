"""What a receipt code tells anybody who holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.entries.queries import version_by_receipt
from core.voting.queries import receipt_by_code


@dataclass(frozen=True, slots=True)
class ReceiptAnswer:
    """That a receipt exists: of a "submission" or a "vote", for the entry `code`, given at `at`. Nothing of people."""

    kind: str
    code: str
    at: datetime
    cancelled_at: datetime | None


def receipt_answer(code: str) -> ReceiptAnswer | None:
    """The answer about a typed code (blanks, dashes, case do not matter); None when this tenant gave no such code."""
    wanted = "".join(code.split()).replace("-", "").upper()
    version = version_by_receipt(wanted)
    if version is not None:
        entry, row = version
        return ReceiptAnswer("submission", entry.code or "", row.at, None)
    vote = receipt_by_code(wanted)
    return None if vote is None else ReceiptAnswer("vote", vote.entry, vote.cast_at, vote.cancelled_at)
