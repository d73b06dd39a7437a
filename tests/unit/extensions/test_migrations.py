"""A plugin's own branch of migrations: written from what it declares, run beside the core's, told of when it lags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from core.extensions.migrations import branch_of, differences, plugin_branches, table_faults, write_next
from core.kernel.errors import WrongUse
from core.kernel.migrate import (
    behind,
    current_revision,
    left_branches,
    newest_revision,
    unwalled_tables,
    upgrade,
)
from core.plugin_api import Column, ColumnKind, Plugin, Table
from tests.support.databases import Template
from tests.support.plugin_tables import NOTE, note_plugin, own_copy, packaged, raise_tables
from tests.support.plugins import installed
from tests.support.postgres import DatabaseUrls, PostgresServer

CHANGED = Table(
    "note",
    (
        Column("code", length=20),
        Column("stars", ColumnKind.WHOLE, optional=True),
        Column("weight", ColumnKind.EXACT, places=2, optional=True),
        Column("at", ColumnKind.INSTANT, optional=True),
        Column("is_open", ColumnKind.YES_NO, optional=True),
        Column("metadata", optional=True),
        Column("place", length=30),
        Column("price", ColumnKind.EXACT, places=3),
        Column("is_read", ColumnKind.YES_NO),
        Column("visits", ColumnKind.WHOLE),
        Column("seen", ColumnKind.INSTANT, optional=True),
    ),
    unique=(("code", "place"),),
    indexes=(("place",),),
)


@pytest.fixture
def postgres_database(postgres_server: PostgresServer, template: Template) -> Iterator[DatabaseUrls]:
    """A database that the test may give tables."""
    yield from own_copy(postgres_server, postgres_server.template(*template))


@pytest.fixture
def plugin(tmp_path: Path) -> Iterator[Plugin]:
    """A plugin that declares a table and has no migration yet."""
    yield from packaged(note_plugin(), tmp_path)


@pytest.fixture
def owner(database: DatabaseUrls) -> Iterator[Engine]:
    """The database as its owner sees it."""
    engine = create_engine(database.owner_url)
    yield engine
    engine.dispose()


def faults(owner: Engine, plugin: Plugin) -> list[str]:
    """What is told of the plugin's tables."""
    with installed(plugin), owner.connect() as connection:
        return [fault.words for fault in table_faults(connection)]


def see_all(connection: Connection) -> None:
    """The wall of PostgreSQL binds the owner too: say that this transaction speaks for all tenants."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select set_config('app.tenant', '*', true)"))


def test_the_first_migration_makes_what_is_declared(plugin: Plugin) -> None:
    file = write_next(plugin, "Bảng ghi chú")
    assert file.name == "0001_bang_ghi_chu.py"
    assert 'revision = "ghi_chu_0001"\ndown_revision = None\n' in file.read_text(encoding="utf-8")
    assert differences(plugin) == ()
    with pytest.raises(WrongUse, match="there is nothing to write"):
        write_next(plugin, "Again")


def test_a_migration_imports_nothing_but_the_api(plugin: Plugin) -> None:
    lines = write_next(plugin, "x").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "import" in line] == [
        "from __future__ import annotations",
        "from core.plugin_api import Column, ColumnKind, Table",
        "from core.plugin_api.migrations import create_table, drop_table",
    ]


def test_the_table_stands_in_the_database_within_its_wall(
    plugin: Plugin, database: DatabaseUrls, owner: Engine
) -> None:
    assert raise_tables(plugin, database) == ()
    with owner.connect() as connection:
        found = inspect(connection)
        columns = {column["name"] for column in found.get_columns("p_ghi_chu_note")}
        assert columns == {"tenant_id", "id", *(column.name for column in NOTE.columns)}
        [key] = found.get_unique_constraints("p_ghi_chu_note")
        assert key["column_names"] == ["tenant_id", "code"]
        [index] = [one for one in found.get_indexes("p_ghi_chu_note") if not one["unique"]]
        assert index["column_names"] == ["tenant_id", "stars", "at"]
        if connection.dialect.name == "postgresql":
            assert unwalled_tables(connection) == []


def test_the_next_migration_brings_the_rows_along(
    plugin: Plugin, database: DatabaseUrls, owner: Engine
) -> None:
    raise_tables(plugin, database)
    with owner.begin() as connection:
        see_all(connection)
        connection.execute(
            text(
                "insert into tenant (id, slug, profile, profile_synced, version) values (:id, 'x', '{}', '{}', 1)"
            ),
            {"id": "0" * 32},
        )
        connection.execute(
            text("insert into p_ghi_chu_note (tenant_id, id, code, stars) values (:id, :id, 'A', 3)"),
            {"id": "0" * 32},
        )
    changed = replace(plugin, tables=(CHANGED, Table("page", (Column("title"),))))
    assert {step.words for step in differences(changed)} == {
        "table page has no migration",
        "unique key code of note is no longer declared",
        "index stars, at of note is no longer declared",
        "column note.words is no longer declared",
        "column note.code has another length, or may now be empty, or no longer",
        "column note.stars has another length, or may now be empty, or no longer",
        *(f"column note.{name} has no migration" for name in ("place", "price", "is_read", "visits", "seen")),
        "unique key code, place of note has no migration",
        "index place of note has no migration",
    }
    assert write_next(changed, "More").name == "0002_more.py"
    assert differences(changed) == ()
    assert upgrade(database.owner_url, [branch_of(changed)]) == ()
    with owner.connect() as connection:
        see_all(connection)
        row = connection.execute(
            text("select code, stars, place, price, visits, seen from p_ghi_chu_note")
        ).one()
        assert tuple(row) == ("A", 3, "", 0, 0, None)
        assert inspect(connection).has_table("p_ghi_chu_page")


def test_a_change_that_only_the_author_can_make_is_told(plugin: Plugin) -> None:
    write_next(plugin, "x")
    columns = (*NOTE.columns[:2], Column("stars", ColumnKind.EXACT), *NOTE.columns[3:])
    other_kind = replace(plugin, tables=(replace(NOTE, columns=columns),))
    with pytest.raises(
        WrongUse, match=r"note\.stars has another kind or number of places: give it a new name"
    ):
        write_next(other_kind, "y")
    columns = (*NOTE.columns, Column("since", ColumnKind.INSTANT))
    with pytest.raises(WrongUse, match="only its author knows the instant of the rows that stand"):
        write_next(replace(plugin, tables=(replace(NOTE, columns=columns),)), "y")


def test_a_table_that_is_no_longer_declared_is_dropped_by_the_next_migration(
    plugin: Plugin, database: DatabaseUrls, owner: Engine
) -> None:
    raise_tables(plugin, database)
    gone = replace(plugin, tables=())
    write_next(gone, "No notes")
    upgrade(database.owner_url, [branch_of(gone)])
    with owner.connect() as connection:
        assert not inspect(connection).has_table("p_ghi_chu_note")


def test_what_a_plugins_tables_lack_is_told_in_a_sentence(
    plugin: Plugin, database: DatabaseUrls, owner: Engine
) -> None:
    assert faults(owner, plugin) == [
        "it declares tables and has no migration: run `bangvang plugins migrate ghi_chu`"
    ]
    write_next(plugin, "x")
    assert faults(owner, plugin) == [
        "its tables are at nothing, newest is ghi_chu_0001: run `bangvang db upgrade`"
    ]
    with installed(plugin):
        upgrade(database.owner_url)
    assert faults(owner, plugin) == []
    lagging = replace(plugin, tables=(NOTE, Table("page", (Column("title"),))))
    assert faults(owner, lagging) == [
        "its migrations lag behind its tables (table page has no migration): run `bangvang plugins migrate ghi_chu`"
    ]


def test_a_plugin_that_goes_away_leaves_its_tables_and_troubles_nobody(
    plugin: Plugin, database: DatabaseUrls, owner: Engine
) -> None:
    raise_tables(plugin, database)
    assert upgrade(database.owner_url) == ()
    with owner.connect() as connection:
        assert left_branches(connection) == ("ghi_chu",)
        assert current_revision(connection) == newest_revision()
        assert inspect(connection).has_table("p_ghi_chu_note")
    with installed(plugin), owner.connect() as connection:
        assert (left_branches(connection), behind(connection)) == ((), ())


def test_a_migration_that_raises_is_undone_and_the_others_stand(
    plugin: Plugin, tmp_path: Path, database: DatabaseUrls, owner: Engine
) -> None:
    [other] = packaged_once(tmp_path)
    write_next(other, "x")
    file = write_next(plugin, "x")
    source = file.read_text(encoding="utf-8")
    file.write_text(
        source.replace("\n\n\ndef downgrade", '\n    raise RuntimeError("đứt")\n\n\ndef downgrade'),
        encoding="utf-8",
    )
    with installed(plugin, other):
        [failed] = upgrade(database.owner_url)
        assert failed.branch == "ghi_chu"
        assert re.fullmatch(r"RuntimeError: đứt \(0001_x\.py, line [0-9]+\)", failed.reason)
        with owner.connect() as connection:
            assert behind(connection) == ("ghi_chu",)
            assert not inspect(connection).has_table("p_ghi_chu_note")
            assert inspect(connection).has_table("p_so_khac_page")
            [told] = table_faults(connection)
            assert (told.plugin, told.words) == ("ghi_chu", "its migrations cannot be run: RuntimeError: đứt")


def packaged_once(folder: Path) -> list[Plugin]:
    """A second plugin with a table, kept importable by the first's folder."""
    return list(packaged(note_plugin("so_khac", Table("page", (Column("title"),))), folder))


def test_an_older_version_of_a_plugin_than_the_tables_is_told(
    plugin: Plugin, database: DatabaseUrls, owner: Engine
) -> None:
    raise_tables(plugin, database)
    with owner.begin() as connection:
        connection.execute(text("update alembic_version_ghi_chu set version_num = 'ghi_chu_0009'"))
    [failed] = upgrade(database.owner_url, [branch_of(plugin)])
    assert "ghi_chu_0009" in failed.reason
    assert faults(owner, plugin) == [
        "its tables are at ghi_chu_0009, newest is ghi_chu_0001: run `bangvang db upgrade`"
    ]


def test_a_plugin_without_tables_has_no_branch() -> None:
    assert plugin_branches() == ()


def test_names_are_kept_short_enough_for_both_databases(tmp_path: Path, database: DatabaseUrls) -> None:
    wide = Table("b" * 20, (Column("c" * 50), Column("d" * 50)), unique=(("c" * 50, "d" * 50),))
    for plugin in packaged(note_plugin("a" * 40, wide), tmp_path):
        assert raise_tables(plugin, database) == ()
        assert len(newest_revision(branch_of(plugin)) or "") == 32
