"""Criteria and checks that cite what does not exist, or nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal

from core.plugin_api import Criterion, Entry, Finding, Round, Severity, Text, hookimpl
from tests.support.bad_plugins.parts import made


@hookimpl
def rounds() -> tuple[Round, ...]:
    """One criterion cites an article that is not there, one none."""
    criteria = (
        Criterion("moi", Text("Tính mới", "Novelty"), Decimal(40), clause="dieu_99"),
        Criterion("ich", Text("Hiệu quả", "Benefit"), Decimal(40)),
    )
    return (Round("cham", Text("Chấm", "Judging"), criteria),)


@hookimpl
def check_entries(entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """A finding that no made-up dossier brings out."""
    said = Text("Trùng.", "A copy.")
    return tuple(
        Finding(one.code, "trung", Severity.BLOCK, said, "dieu_98", "khong_hoi")
        for one in entries
        if one.title == "bản sao"
    )


plugin = made(sys.modules[__name__])
