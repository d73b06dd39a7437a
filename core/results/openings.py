"""What a bundle opens of the sheets' commitments, each in the form its line of the log says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from core.contests.values import EditionView
from core.judging.commitments import FORM, form_of, opened
from core.judging.queries.deliberations import changed_sheets
from core.judging.queries.proofs import SHEET_ACTIONS, locked_rows, scores_by_sheet
from core.judging.queries.standings import locked_sheets
from core.kernel.audit import AuditRecord
from core.results.frozen import bare

Forms = Mapping[tuple[str, str, str], int]
"""Round, entry and commitment → the form of the commitment."""


def forms_in(records: Iterable[AuditRecord]) -> Forms:
    """The form of each commitment that these lines of the log hold."""
    return {
        (str(one.data.get("round")), one.subject, str(one.data.get("commitment"))): form_of(one.data)
        for one in records
        if one.action in SHEET_ACTIONS
    }


def openings(edition: EditionView, forms: Forms) -> list[dict[str, str]]:
    """The opened commitments of the locked sheets that count, in the order of the inputs."""
    return [
        {
            "round": one.round,
            "judge": one.judge,
            "entry": one.entry,
            "commitment": one.commitment,
            **_opened(forms.get((one.round, one.entry, one.commitment)), one.scores, one.remark, one.nonce),
        }
        for one in locked_sheets(edition)
    ]


def changes(edition: EditionView, forms: Forms) -> list[dict[str, Any]]:
    """What was changed of locked sheets in deliberations, opened: points, nonce and commitment of before, and when. The
    judges' reasons stay with the council: free words may name people."""
    return [
        {
            "round": one.round,
            "judge": one.judge,
            "entry": one.entry,
            "number": one.number,
            "at": one.at.isoformat(),
            "before": {key: bare(one.before[key]) for key in sorted(one.before)},
            "commitment": one.commitment,
            **_opened(forms.get((one.round, one.entry, one.commitment)), one.before, one.remark, one.nonce),
        }
        for one in changed_sheets(edition)
    ]


def not_counted(edition: EditionView, forms: Forms) -> list[dict[str, str]]:
    """Locked sheets that take no part in the result, for a conflict: whose they are is opened, not their points."""
    scores = scores_by_sheet(edition.id)
    rows = []
    for one in locked_rows(edition.id):
        if one.counts:
            continue
        row = {
            "round": one.round,
            "judge": one.judge,
            "entry": one.entry,
            "commitment": one.commitment,
            "reason": "conflict",
        }
        if forms.get((one.round, one.entry, one.commitment)) == FORM:
            parts = opened(scores.get(one.id, {}), one.remark, one.nonce)
            row |= {
                "nonce": parts.nonce,
                "remark_sha256": parts.remark_sha256,
                "points_sha256": parts.points_sha256,
            }
        rows.append(row)
    return sorted(rows, key=lambda row: (row["round"], row["entry"], int(row["judge"][1:])))


def _opened(form: int | None, scores: Mapping[str, Decimal], remark: str, secret: str) -> dict[str, str]:
    if form != FORM:
        return {"nonce": secret}
    parts = opened(scores, remark, secret)
    return {
        "nonce": parts.nonce,
        "points_nonce": parts.points_nonce,
        "remark_sha256": parts.remark_sha256,
    }
