"""A check that asks what day it is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from core.plugin_api import Entry, Finding, Severity, Text, hookimpl
from tests.support.bad_plugins.parts import RULE, made


@hookimpl
def check_entries(entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """Too late, when the year is over."""
    year = datetime.now(UTC).year
    said = Text("Hồ sơ nộp muộn.", "The dossier is late.")
    return tuple(Finding(one.code, "muon", Severity.WARN, said, RULE) for one in entries if year > 9000)


plugin = made(sys.modules[__name__])
