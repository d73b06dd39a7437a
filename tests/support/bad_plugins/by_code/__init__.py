"""Whoever handed in first gets a point more."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal

from core.plugin_api import ComponentScores, Entry, Text, hookimpl
from tests.support.bad_plugins.parts import RULE, made


@hookimpl
def score_components(entries: Sequence[Entry]) -> tuple[ComponentScores, ...]:
    """One point for the smallest code."""
    first = min((one.code for one in entries), default=None)
    scores = {one.code: Decimal(one.code == first) for one in entries}
    return (ComponentScores("som", Text("Nộp sớm", "Early"), Decimal(1), scores, clause=RULE),)


plugin = made(sys.modules[__name__])
