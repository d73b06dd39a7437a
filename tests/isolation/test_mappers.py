"""The shape of the tables: no key, no constraint and no policy that could join two tenants."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint, create_engine, text

from core.kernel.db import Base, TenantOwned, db
from core.kernel.migrate import OWN_ROWS, import_models, owned_tables, unwalled_tables, working_role
from tests.support.factories import World
from tests.support.postgres import DatabaseUrls

import_models()


def owned() -> list[Table]:
    """The tables of every tenant-owned mapper, by name."""
    tables = [m.local_table for m in Base.registry.mappers if issubclass(m.class_, TenantOwned)]
    return sorted((table for table in tables if isinstance(table, Table)), key=lambda table: table.name)


def keys_between_owned_tables(table: Table) -> Iterator[ForeignKeyConstraint]:
    """The foreign keys of `table` that lead to another table of a tenant."""
    names = {one.name for one in owned()}
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name in names:
            yield constraint


def test_every_mapper_but_the_tenant_itself_is_owned_by_a_tenant() -> None:
    free = [m.class_.__name__ for m in Base.registry.mappers if not issubclass(m.class_, TenantOwned)]
    assert free == ["Tenant"]
    assert set(Base.metadata.tables) == {table.name for table in owned()} | {"tenant"}


@pytest.mark.parametrize("table", owned(), ids=lambda table: table.name)
def test_the_key_of_a_table_begins_with_the_tenant(table: Table) -> None:
    assert [column.name for column in table.primary_key.columns] == ["tenant_id", "id"]
    to_tenant = [key for key in table.foreign_key_constraints if key.referred_table.name == "tenant"]
    assert [list(key.column_keys) for key in to_tenant] == [["tenant_id"]]


@pytest.mark.parametrize("table", owned(), ids=lambda table: table.name)
def test_what_is_unique_is_unique_within_a_tenant(table: Table) -> None:
    constraints = [list(c.columns.keys()) for c in table.constraints if isinstance(c, UniqueConstraint)]
    indexes = [list(index.columns.keys()) for index in table.indexes if index.unique]
    assert [columns for columns in constraints + indexes if columns[0] != "tenant_id"] == []


@pytest.mark.parametrize("table", owned(), ids=lambda table: table.name)
def test_a_key_to_another_owned_table_carries_the_tenant_on_both_sides(table: Table) -> None:
    for key in keys_between_owned_tables(table):
        assert next(iter(key.column_keys)) == "tenant_id", key.name
        assert [element.column.name for element in key.elements] == ["tenant_id", "id"], key.name


def test_a_column_that_names_a_row_of_another_table_has_its_key() -> None:
    """An `x_id` without a foreign key would be a door that no wall sees; the ones here point nowhere on purpose."""
    by_name = {table.name for table in owned()}
    doors = []
    for table in owned():
        kept = {name for key in keys_between_owned_tables(table) for name in key.column_keys}
        doors += [
            f"{table.name}.{column.name}"
            for column in table.columns
            if column.name.removesuffix("_id") in by_name
            and column.name.endswith("_id")
            and column.name not in kept
        ]
    assert doors == []


def test_the_migrated_database_owns_the_same_tables(world: World) -> None:
    with world.app.app_context(), db.engine.connect() as connection:
        assert owned_tables(connection) == [table.name for table in owned()]


def test_plans_do_not_take_the_policy_for_a_needle_in_a_haystack(postgres_database: DatabaseUrls) -> None:
    engine = create_engine(postgres_database.owner_url)
    try:
        with engine.begin() as connection:
            connection.execute(text("create temporary table ten (tenant_id uuid) on commit drop"))
            connection.execute(text("insert into ten select gen_random_uuid() from generate_series(1, 1000)"))
            connection.execute(text("analyze ten"))
            ask = f"explain (format json) select tenant_id from ten where {OWN_ROWS}"  # noqa: S608 - a constant
            plan = connection.execute(text(ask)).scalar_one()
    finally:
        engine.dispose()
    assert plan[0]["Plan"]["Plan Rows"] >= 300


def test_row_level_security_stands_on_every_owned_table(postgres_database: DatabaseUrls) -> None:
    engine = create_engine(postgres_database.owner_url)
    try:
        with engine.connect() as connection:
            assert unwalled_tables(connection) == []
    finally:
        engine.dispose()


def test_the_application_works_as_a_role_that_the_walls_bind(postgres_world: World) -> None:
    with postgres_world.app.app_context(), db.engine.connect() as connection:
        assert working_role(connection) == ("bangvang_app", True)
