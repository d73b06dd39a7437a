"""Equal entries get the last place in the order in which they come."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from core.plugin_api import Allocation, AwardScheme, Proposal, Ranked, Text, hookimpl
from tests.support.bad_plugins.parts import RULE, made


@hookimpl
def allocate(scheme: AwardScheme, ranking: Sequence[Ranked]) -> Allocation:
    """From the top, one after the other, ties as they stand."""
    waiting = sorted(ranking, key=lambda row: row.rank)
    proposals = []
    for tier in scheme.tiers:
        for _ in range(tier.quota or 0):
            if waiting and (tier.minimum is None or waiting[0].total >= tier.minimum):
                why = Text("Theo thứ hạng.", "By rank.")
                proposals.append(Proposal(waiting.pop(0).entry, tier.key, why, RULE))
    return Allocation(tuple(proposals))


plugin = made(sys.modules[__name__])
