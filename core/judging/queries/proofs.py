"""Whether the locked sheets are still what was locked."""

from __future__ import annotations

from core.contests.values import EditionView
from core.judging.commitments import commitment_of
from core.judging.queries.standings import locked_sheets
from core.kernel import audit


def sheets_unlike_their_commitment(edition: EditionView) -> list[tuple[str, str, str]]:
    """Locked sheets (round, judge, entry) whose points are not those their line in the audit log commits to.

    Empty when all holds. Three queries.
    """
    logged = {
        (line.subject, str(line.data.get("round")), str(line.data.get("commitment")))
        for line in audit.records(actions=["sheet.locked"])
    }
    return [
        (row.round, row.judge, row.entry)
        for row in locked_sheets(edition)
        if (
            row.entry,
            row.round,
            commitment_of(edition.key, row.round, row.entry, row.scores, row.nonce),
        )
        not in logged
    ]
