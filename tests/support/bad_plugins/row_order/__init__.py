"""The last sheet that comes counts."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from core.plugin_api import Aggregate, Round, Sheet, exact_sum, hookimpl
from tests.support.bad_plugins.parts import made


@hookimpl
def aggregate_sheets(judging_round: Round, sheets: Sequence[Sheet]) -> Aggregate:
    """The points of whichever sheet stands last."""
    totals = {one.entry: exact_sum(one.scores.values()) for one in sheets}
    keys = [one.key for one in judging_round.criteria]
    means: dict[str, dict[str, object]] = {key: dict.fromkeys(totals, 0) for key in keys}
    return Aggregate(judging_round.key, totals, {}, means, {})  # type: ignore[arg-type]


plugin = made(sys.modules[__name__])
