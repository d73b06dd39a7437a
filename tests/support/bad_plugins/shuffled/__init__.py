"""A lottery for those who are equal, without a seed."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence

from core.plugin_api import Allocation, AwardScheme, Proposal, Ranked, Text, hookimpl
from tests.support.bad_plugins.parts import RULE, made


@hookimpl
def allocate(scheme: AwardScheme, ranking: Sequence[Ranked]) -> Allocation:
    """The first prize for one of the best."""
    rows = [row for row in ranking if row.rank == 1 and row.total >= 70]
    random.shuffle(rows)
    return Allocation(
        tuple(Proposal(row.entry, "nhat", Text("Bốc thăm.", "By lot."), RULE) for row in rows[:1])
    )


plugin = made(sys.modules[__name__])
