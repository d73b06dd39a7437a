"""Keeping what a comparison of locked sheets with the audit log found."""

from __future__ import annotations

from dataclasses import dataclass

from core.contests.values import EditionView
from core.judging.queries.proofs import check_with_log
from core.judging.totals import tally_of
from core.kernel import audit
from core.kernel.db import session
from core.plugin_api import Round


@dataclass(frozen=True, slots=True)
class Noted:
    """How many sheets of a round are not what the log says, and the first line of the log that was changed itself."""

    sheets: int
    false_line: int | None


def note_unlike(edition: EditionView, judging_round: Round) -> Noted:
    """Recompute the whole audit log, compare the locked sheets of a round with it, and keep what was found; gives it.

    A round of which no totals were ever kept has no place for it: the office's page compares anew each time.
    """
    false_line = audit.first_false_record()
    found = Noted(check_with_log(edition).in_round(judging_round.key), false_line)
    tally = tally_of(edition.id, judging_round.key)
    if tally is not None:
        tally.unlike, tally.false_line = found.sheets, found.false_line
        session().flush()
    return found
