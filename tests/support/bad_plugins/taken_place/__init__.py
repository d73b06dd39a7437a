"""A place that the committee still has to give goes to one who ranks lower."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from core.plugin_api import Allocation, AwardScheme, Proposal, Ranked, Text, hookimpl
from tests.support.bad_plugins.parts import RULE, made


@hookimpl
def allocate(scheme: AwardScheme, ranking: Sequence[Ranked]) -> Allocation:
    """Three or more at the top are left to the committee, and the next one gets a second prize all the same."""
    best = [row for row in ranking if row.rank == 1 and row.total >= 50]
    if len(best) < 3:
        return Allocation()
    after = [row for row in ranking if row.rank == len(best) + 1 and not row.tied_with and row.total >= 50]
    why = Text("Bài kế tiếp.", "The next one.")
    return Allocation(
        tuple(Proposal(row.entry, "nhi", why, RULE) for row in after), tuple(row.entry for row in best)
    )


plugin = made(sys.modules[__name__])
