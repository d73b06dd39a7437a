"""A score that is a binary float."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from core.plugin_api import ComponentScores, Entry, Text, hookimpl
from tests.support.bad_plugins.parts import RULE, made


@hookimpl
def score_components(entries: Sequence[Entry]) -> tuple[ComponentScores, ...]:
    """A third of a point for everybody."""
    scores = cast(Any, {one.code: 1 / 3 for one in entries})
    return (ComponentScores("cong", Text("Cộng thêm", "Bonus"), Decimal(1), scores, clause=RULE),)


plugin = made(sys.modules[__name__])
