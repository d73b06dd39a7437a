"""Compares every entry with every other, again and again."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from core.plugin_api import Entry, Finding, hookimpl
from tests.support.bad_plugins.parts import made


@hookimpl
def check_entries(entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """Nothing, after a long while."""
    for one in entries:
        for other in entries:
            for _ in range(len(entries) // 60):
                _same(one, other)
    return ()


def _same(one: Entry, other: Entry) -> bool:
    return one.title.casefold() == other.title.casefold()


plugin = made(sys.modules[__name__])
