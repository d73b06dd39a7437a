"""Half a point more, as a binary float, in the step that tells the arithmetic."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal

from core.plugin_api import ComponentScores, Entry, Step, Text, hookimpl
from tests.support.bad_plugins.parts import RULE, made


@hookimpl
def score_components(entries: Sequence[Entry]) -> tuple[ComponentScores, ...]:
    """A bonus of nothing, told with a float."""
    step = Step(Text("Cộng thêm.", "A bonus."), RULE, {"bonus": sum(0.5 for _ in entries)})
    scores = {one.code: Decimal(0) for one in entries}
    return (
        ComponentScores("cong", Text("Cộng thêm", "Bonus"), Decimal(1), scores, clause=RULE, steps=(step,)),
    )


plugin = made(sys.modules[__name__])
