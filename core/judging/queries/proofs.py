"""Whether the locked sheets are still what was locked, or what was changed of them in a deliberation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.commitments import commitment_of
from core.judging.models import Sheet
from core.judging.queries.standings import locked_sheets
from core.judging.states import SheetState
from core.kernel import audit
from core.kernel.db import session


@dataclass(frozen=True, slots=True)
class LogCheck:
    """What the audit log says of locked sheets beside what stands in the database; both empty when all holds.

    `unlike`: sheets (round, judge, entry) whose points are not those that were locked. `lost`: (round, entry) once for
    each sheet that was locked and is no more.
    """

    unlike: tuple[tuple[str, str, str], ...]
    lost: tuple[tuple[str, str], ...]

    def in_round(self, round_key: str) -> int:
        """How many sheets of a round are not what the log says."""
        return sum(one[0] == round_key for one in (*self.unlike, *self.lost))


def check_with_log(edition: EditionView) -> LogCheck:
    """Compare every locked sheet with the commitments in the audit log. Four queries.

    A sheet that was changed in a deliberation has a line for each change, which names the commitment before it: what
    stood before is no longer good.
    """
    logged, replaced = set(), set()
    for line in audit.records(actions=["sheet.locked", "sheet.changed"]):
        place = (str(line.data.get("round")), line.subject)
        logged.add((*place, str(line.data.get("commitment"))))
        if line.action == "sheet.changed":
            replaced.add((*place, str(line.data.get("before"))))
    good = logged - replaced
    unlike, told = [], Counter[tuple[str, str]]()
    for row in locked_sheets(edition):
        place = (row.round, row.entry)
        if (*place, commitment_of(edition.key, *place, row.scores, row.nonce)) in good:
            continue
        unlike.append((row.round, row.judge, row.entry))
        told[place] += (*place, row.commitment) not in good
    ask = select(Entry.code, Sheet.round, Sheet.commitment, Sheet.state)
    ask = ask.outerjoin(Sheet, Sheet.entry_id == Entry.id).where(Entry.edition_id == edition.id)
    codes, stored = set(), set()
    for code, round_key, commitment, state in session().execute(ask):
        codes.add(code)
        if state == SheetState.LOCKED:
            stored.add((round_key, code, commitment))
    # A sheet whose commitment was changed with its points is told once, as unlike.
    missing = Counter(one[:2] for one in good - stored if one[1] in codes)
    lost = (missing - told).elements()
    return LogCheck(tuple(sorted(unlike)), tuple(sorted(lost)))


def sheets_unlike_their_commitment(edition: EditionView) -> list[tuple[str, str, str]]:
    """Locked sheets (round, judge, entry) whose points are not those their last line in the audit log commits to."""
    return list(check_with_log(edition).unlike)
