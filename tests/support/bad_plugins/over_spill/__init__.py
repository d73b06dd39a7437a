"""Places spill to the next tier, and one more than was left."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from core.plugin_api import Allocation, AwardScheme, Proposal, Ranked, Text, Tier, hookimpl
from tests.support.bad_plugins import parts


@hookimpl
def award_scheme() -> AwardScheme:
    """The sound scheme with spilled places, and a last tier."""
    scheme = parts.award_scheme()
    last = Tier("ba", Text("Giải Ba", "Third Prize"), None, 5, parts.RULE)
    return replace(scheme, tiers=(*scheme.tiers, last), spill=True)


@hookimpl
def allocate(scheme: AwardScheme, ranking: Sequence[Ranked]) -> Allocation:
    """Second prizes for the first four, though there are three places down to there."""
    rows = [row for row in ranking if row.total >= 50 and row.rank + len(row.tied_with) <= 4]
    why = Text("Trong bốn bài đầu.", "Among the first four.")
    return Allocation(tuple(Proposal(row.entry, "nhi", why, parts.RULE) for row in rows))


plugin = parts.made(sys.modules[__name__])
