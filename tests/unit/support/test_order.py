"""Long files are handed out before short ones, and one file fills what others share."""

from __future__ import annotations

from pathlib import Path

from tests.support.order import UNIT, ranks

TESTS = UNIT.parent


def sorted_by_rank(files: list[Path], sharing: set[Path]) -> list[Path]:
    ranked = ranks(files, sharing)
    return sorted(files, key=lambda file: ranked[file])


def test_one_file_fills_the_demonstration_and_the_others_come_when_it_is_there() -> None:
    plain, first, second = (TESTS / "browser" / f"test_{name}.py" for name in ("a", "b", "c"))
    flow, unit = TESTS / "flow" / "test_d.py", UNIT / "kernel" / "test_e.py"

    order = sorted_by_rank([plain, first, second, unit, flow], {first, second})

    assert order == [first, plain, flow, second, unit]


def test_files_of_one_rank_stay_in_their_order() -> None:
    files = [UNIT / "b" / "test_b.py", UNIT / "a" / "test_a.py", TESTS / "flow" / "test_c.py"]

    assert sorted_by_rank(files, set()) == [files[2], files[0], files[1]]
