"""A special award of which there is one, for every entry of a rank."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

from core.plugin_api import Allocation, AwardScheme, Proposal, Ranked, SpecialAward, Text, hookimpl
from tests.support.bad_plugins import parts


@hookimpl
def award_scheme() -> AwardScheme:
    """The sound scheme and one special award."""
    special = SpecialAward("tre", Text("Giải trẻ", "Youth Prize"), 1, parts.RULE)
    return replace(parts.award_scheme(), specials=(special,))


@hookimpl
def special_awards(ranking: Sequence[Ranked]) -> Allocation:
    """For all that stand first."""
    why = Text("Đứng đầu.", "At the top.")
    return Allocation(tuple(Proposal(row.entry, "tre", why, parts.RULE) for row in ranking if row.rank == 1))


plugin = parts.made(sys.modules[__name__])
