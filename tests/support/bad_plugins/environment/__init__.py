"""A rule that hangs on a variable of the machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from core.plugin_api import Entry, Finding, hookimpl
from tests.support.bad_plugins.parts import made


@hookimpl
def check_entries(entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """Nothing, whatever the variable says."""
    os.environ.get("HOME")
    return ()


plugin = made(sys.modules[__name__])
