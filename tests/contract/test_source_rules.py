"""The shipped source keeps the rules of tests/support/source_rules.py."""

from __future__ import annotations

from pathlib import Path

from tests.support.source_rules import check_folder


def test_the_source_keeps_its_own_rules() -> None:
    assert check_folder(Path(__file__).parents[2]) == []
