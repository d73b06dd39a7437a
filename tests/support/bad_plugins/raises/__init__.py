"""A rule that forgot that nobody may have taken part."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal

from core.plugin_api import ComponentScores, Entry, Text, hookimpl
from tests.support.bad_plugins.parts import RULE, made


@hookimpl
def score_components(entries: Sequence[Entry]) -> tuple[ComponentScores, ...]:
    """Nothing for everybody, after the longest title was looked for."""
    max(len(one.title) for one in entries)
    scores = {one.code: Decimal(0) for one in entries}
    return (ComponentScores("dai", Text("Tên dài", "Long title"), Decimal(1), scores, clause=RULE),)


plugin = made(sys.modules[__name__])
