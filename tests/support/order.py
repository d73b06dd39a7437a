"""In which order the files of tests are given to the workers, so that no worker waits for another.

`--dist loadfile --no-loadscope-reorder` hands them out as they are sorted here. The long ones (browsers, processes,
whole rehearsals) come first and the short ones of tests/unit last, so that all workers end at the same time. The
demonstration is filled once by who needs it first: that file is the first of all, and the others that need it come
when it has long been there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1] / "unit"
SHARED = "filled"  # the fixture of the demonstration


def ranks(files: Sequence[Path], sharing: Iterable[Path]) -> dict[Path, int]:
    """Each file's place among `files`; those of `sharing` need the demonstration."""
    shared = [file for file in dict.fromkeys(files) if file in set(sharing)]
    return {
        file: 0 if shared[:1] == [file] else 2 if file in shared else 3 if UNIT in file.parents else 1
        for file in files
    }


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the files; the tests of a file stay in their order."""
    files = list(dict.fromkeys(item.path for item in items))
    ranked = ranks(files, {item.path for item in items if SHARED in getattr(item, "fixturenames", ())})
    items.sort(key=lambda item: ranked[item.path])
