"""A plugin with tables for tests, its package in a folder of the test's own, and databases that may get new tables."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from core.extensions.migrations import branch_of, write_next
from core.kernel.migrate import BranchFailed, upgrade
from core.plugin_api import Column, ColumnKind, Job, Plugin, PluginInfo, Table, Text
from tests.support.postgres import DatabaseUrls, PostgresServer

NOTE = Table(
    "note",
    (
        Column("code", length=10),
        Column("words", length=40, optional=True),
        Column("stars", ColumnKind.WHOLE),
        Column("weight", ColumnKind.EXACT, places=2, optional=True),
        Column("at", ColumnKind.INSTANT, optional=True),
        Column("is_open", ColumnKind.YES_NO, optional=True),
        Column("metadata", optional=True),  # a word that mapped classes keep for themselves
    ),
    unique=(("code",),),
    indexes=(("stars", "at"),),
)
WEIGHT = Decimal("1.25")


def note_plugin(
    name: str = "ghi_chu", *tables: Table, package: str = "", jobs: tuple[Job, ...] = ()
) -> Plugin:
    """A plugin that keeps notes."""
    info = PluginInfo(name, "1.0", Text("Ghi chú", "Notes"), ("1.0", "2.0"))
    return Plugin(info, tables=tables or (NOTE,), package=package, jobs=jobs)


def packaged(plugin: Plugin, folder: Path) -> Iterator[Plugin]:
    """The plugin with an importable package in `folder`, whose migrations may be written; forgotten at the end."""
    package = f"bv_{plugin.info.name}_{uuid4().hex[:8]}"
    place = folder / package
    place.mkdir()
    (place / "__init__.py").write_text("", encoding="utf-8")
    sys.path.insert(0, str(folder))
    yield replace(plugin, package=package)
    sys.path.remove(str(folder))
    sys.modules.pop(package, None)


def raise_tables(plugin: Plugin, urls: DatabaseUrls) -> tuple[BranchFailed, ...]:
    """Write the plugin's next migration and run it."""
    write_next(plugin, "tables of a test")
    return upgrade(urls.owner_url, [branch_of(plugin)])


def own_copy(server: PostgresServer, template: str) -> Iterator[DatabaseUrls]:
    """A database of the test's own: new tables would stay in the one that tests share."""
    urls = server.create_database(template)
    yield urls
    server.drop_database(urls)


def every(minutes: int) -> timedelta:
    """A period."""
    return timedelta(minutes=minutes)
