"""One prize more than the quota says."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from core.plugin_api import Allocation, AwardScheme, Proposal, Ranked, Text, hookimpl
from tests.support.bad_plugins.parts import RULE, made


@hookimpl
def allocate(scheme: AwardScheme, ranking: Sequence[Ranked]) -> Allocation:
    """Second prizes for all ranks up to the third."""
    rows = [row for row in ranking if row.total >= 50 and row.rank + len(row.tied_with) <= 3]
    why = Text("Trong ba bài đầu.", "Among the first three.")
    return Allocation(tuple(Proposal(row.entry, "nhi", why, RULE) for row in rows))


plugin = made(sys.modules[__name__])
