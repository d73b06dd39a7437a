"""Whether the locked sheets are still what was locked, or what was changed of them in a deliberation."""

from __future__ import annotations

from core.contests.values import EditionView
from core.judging.commitments import commitment_of
from core.judging.queries.standings import locked_sheets
from core.kernel import audit


def sheets_unlike_their_commitment(edition: EditionView) -> list[tuple[str, str, str]]:
    """Locked sheets (round, judge, entry) whose points are not those their last line in the audit log commits to.

    A sheet that was changed in a deliberation has a line for each change, which names the commitment before it: what
    stood before is no longer good. Empty when all holds. Three queries.
    """
    logged, replaced = set(), set()
    for line in audit.records(actions=["sheet.locked", "sheet.changed"]):
        place = (line.subject, str(line.data.get("round")))
        logged.add((*place, str(line.data.get("commitment"))))
        if line.action == "sheet.changed":
            replaced.add((*place, str(line.data.get("before"))))
    good = logged - replaced
    return [
        (row.round, row.judge, row.entry)
        for row in locked_sheets(edition)
        if (
            row.entry,
            row.round,
            commitment_of(edition.key, row.round, row.entry, row.scores, row.nonce),
        )
        not in good
    ]
