"""Keeping what a comparison of locked sheets with the audit log found."""

from __future__ import annotations

from core.contests.values import EditionView
from core.judging.queries.proofs import check_with_log
from core.judging.totals import tally_of
from core.kernel.db import session
from core.plugin_api import Round


def note_unlike(edition: EditionView, judging_round: Round) -> int:
    """Compare the locked sheets of a round with the audit log and keep how many are not what it says; gives them.

    A round of which no totals were ever kept has no place for it: the office's page compares anew each time.
    """
    found = check_with_log(edition).in_round(judging_round.key)
    tally = tally_of(edition.id, judging_round.key)
    if tally is not None:
        tally.unlike = found
        session().flush()
    return found
