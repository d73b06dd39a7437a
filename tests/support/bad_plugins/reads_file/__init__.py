"""Points from a file beside the plugin, and a net under the refusal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from core.plugin_api import Entry, Finding, hookimpl
from tests.support.bad_plugins.parts import made


@hookimpl
def check_entries(entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """Nothing, after a look into a file."""
    with suppress(Exception):
        Path(__file__).read_text(encoding="utf-8")
    return ()


plugin = made(sys.modules[__name__])
