"""A sentence whose words stand as a set gives them: otherwise in each process."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from core.plugin_api import Entry, Finding, Severity, Text, hookimpl
from tests.support.bad_plugins.parts import RULE, made


@hookimpl
def check_entries(entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """What is missing, in any order."""
    missing = ", ".join({"tóm tắt", "mô tả", "minh chứng", "cam kết", "đơn đăng ký", "ảnh", "phim", "bản vẽ"})
    return tuple(
        Finding(one.code, "thieu", Severity.WARN, Text(f"Thiếu {missing}.", f"Missing: {missing}."), RULE)
        for one in entries
    )


plugin = made(sys.modules[__name__])
