"""A distribution that stands in the folder of plugins: found under its own name, apart from everything else."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.plugin_host import discover

NAME = "mau_roi"
INIT = """
from core.plugin_api import Plugin, PluginInfo, Text
from mau_roi.words import TITLE

plugin = Plugin(PluginInfo("mau_roi", "1.2.0", Text(TITLE), ("1.0", "2.0")), package=__name__)
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder of plugins with one distribution, forgotten at the end."""
    package = tmp_path / NAME / NAME
    package.mkdir(parents=True)
    (tmp_path / NAME / "pyproject.toml").touch()
    (package / "__init__.py").write_text(INIT, encoding="utf-8")
    (package / "words.py").write_text('TITLE = "Mẫu rời"\n', encoding="utf-8")
    yield tmp_path
    for module in [one for one in sys.modules if one.split(".")[0] == NAME]:
        del sys.modules[module]


def test_distribution_is_found_under_its_own_name(place: Path) -> None:
    (found,) = (one for one in discover("nothing", "nothing", place) if one.name == NAME)
    assert (found.error, found.source, found.info and found.info.version) == (
        None,
        str(place / NAME),
        "1.2.0",
    )
    assert sys.modules[NAME].__file__ == str(place / NAME / NAME / "__init__.py")
    assert [path for path in sys.path if path.startswith(str(place))] == []


def test_found_again_it_is_the_same(place: Path) -> None:
    first, again = (discover("nothing", "nothing", place)[0].plugin for _ in range(2))
    assert first is again


def test_folder_without_a_project_file_is_no_distribution(place: Path) -> None:
    (place / NAME / "pyproject.toml").unlink()
    assert discover("nothing", "nothing", place) == ()


def test_package_that_would_hide_another_is_refused_with_both_places(place: Path) -> None:
    (place / NAME).rename(place / "json")
    (place / "json" / NAME).rename(place / "json" / "json")
    (found,) = discover("nothing", "nothing", place)
    assert found.plugin is None
    assert found.error is not None
    assert found.error.startswith(f"không nạp được: ImportError: đã có gói json khác ở {json.__file__}")
    assert sys.modules["json"] is json


def test_broken_distribution_is_named_and_leaves_no_half_module(place: Path) -> None:
    (place / NAME / NAME / "words.py").write_text("1 / 0\n", encoding="utf-8")
    (found,) = discover("nothing", "nothing", place)
    assert found.error is not None
    assert found.error.startswith("không nạp được: ZeroDivisionError")
    assert NAME not in sys.modules
