"""The samples of the guide to tables and jobs run: the plugin can be used, its migrations make what it declares."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from core.extensions.migrations import branch_of, differences, write_next
from core.kernel.migrate import newest_revision
from core.plugin_api import Column, ColumnKind, Plugin, migrations
from core.plugin_host import Host
from tests.support.plugin_tables import packaged

GUIDE = Path(__file__).parents[2] / "docs" / "plugins" / "tables-and-jobs.md"


def blocks() -> list[str]:
    """The Python of the guide."""
    return re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def plugin() -> Plugin:
    """The sample plugin."""
    module = ModuleType("guide_sample")
    exec(compile(blocks()[0], GUIDE.name, "exec"), module.__dict__)  # noqa: S102 - our own documentation
    made: Plugin = module.__dict__["plugin"]
    return made


def test_the_sample_plugin_can_be_used(plugin: Plugin) -> None:
    [installed] = Host.of(plugin).installed()
    assert installed.error is None
    assert [job.name for job in plugin.jobs] == ["count"]


def test_the_sample_migration_follows_the_one_that_the_command_writes(plugin: Plugin, tmp_path: Path) -> None:
    remark, tally = plugin.tables
    placed = replace(remark, columns=(*remark.columns, Column("place", ColumnKind.WORDS, length=80)))
    for made in packaged(plugin, tmp_path):
        first = write_next(made, "Remarks and their tally")
        assert first.name == "0001_remarks_and_their_tally.py"
        (first.parent / "0002_where.py").write_text(blocks()[1], encoding="utf-8")
        assert newest_revision(branch_of(made)) == "remarks_0002"
        assert differences(replace(made, tables=(placed, tally))) == ()


def test_the_guide_names_every_function_of_a_migration() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [name for name in migrations.__all__ if f"`{name}`" not in text] == []
