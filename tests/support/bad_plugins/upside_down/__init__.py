"""The first prize for the second best."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from core.plugin_api import Allocation, AwardScheme, Proposal, Ranked, Text, hookimpl
from tests.support.bad_plugins.parts import RULE, made


@hookimpl
def allocate(scheme: AwardScheme, ranking: Sequence[Ranked]) -> Allocation:
    """Rank two, where one stands there alone."""
    rows = [row for row in ranking if row.rank == 2 and not row.tied_with and row.total >= 70]
    return Allocation(tuple(Proposal(row.entry, "nhat", Text("Hạng nhì.", "Second."), RULE) for row in rows))


plugin = made(sys.modules[__name__])
