"""A menu without English, and a tie-break on nothing."""

from __future__ import annotations

import sys

from core.plugin_api import NavItem, Text, TieBreak, hookimpl
from tests.support.bad_plugins.parts import made


@hookimpl
def navigation() -> tuple[NavItem, ...]:
    """One item in one language."""
    return (NavItem(Text("Chỉ tiếng Việt"), "/x", 1),)


@hookimpl
def tie_breaks() -> tuple[TieBreak, ...]:
    """A component and a criterion that are not there."""
    return (
        TieBreak("la", Text("Lạ", "Odd"), component="khong_co"),
        TieBreak("mat", Text("Mất", "Lost"), criterion="khong_co"),
    )


plugin = made(sys.modules[__name__])
