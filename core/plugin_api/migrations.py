"""What the migrations of a plugin are written with: its tables made and changed, always within the tenant.

A migration is a file in the folder `migrations/` of the plugin's package, with Alembic's `revision` and
`down_revision`, an `upgrade()` and a `downgrade()`; it imports this module and nothing else of the platform.
`bangvang plugins migrate NAME` writes it. A released migration is never changed: it says again what its tables looked
like then, instead of importing the plugin's tables of today.

Each function takes the plugin's name first, and touches only tables of that name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from core.plugin_api.parts import Column, ColumnKind, Table, Value

__all__ = [
    "add_column",
    "add_index",
    "add_unique",
    "change_column",
    "create_table",
    "drop_column",
    "drop_index",
    "drop_table",
    "drop_unique",
]

LONGEST_NAME = 63
"""What PostgreSQL keeps of a name."""


def create_table(plugin: str, table: Table) -> None:
    """Make `table` with its columns, unique keys and indexes; the tenant and the row's id are added."""
    name = stored_name(plugin, table.name)
    _note(table.name, table)
    _op().create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(_stored(column) for column in table.columns),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=key_name("pk", name)),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=key_name("fk", name, "tenant_id")),
        *(
            sa.UniqueConstraint("tenant_id", *columns, name=key_name("uq", name, *columns))
            for columns in table.unique
        ),
    )
    for columns in table.indexes:
        _op().create_index(key_name("ix", name, *columns), name, ["tenant_id", *columns])


def drop_table(plugin: str, table: str) -> None:
    """Remove the table `table` with all its rows, of every tenant."""
    _note(table, None)
    _op().drop_table(stored_name(plugin, table))


def add_column(plugin: str, table: str, column: Column, *, fill: Value = None) -> None:
    """Add `column`; the rows that stand get `fill`, which a column that is not optional needs (else ValueError)."""
    if fill is None and not column.optional:
        raise ValueError(
            f"{table}.{column.name} is not optional: give the value of the rows that stand (fill)"
        )
    _note_columns(table, column.name, column)
    with _changing(plugin, table) as batch:
        batch.add_column(_stored(column, server_default=None if fill is None else _literal(column, fill)))


def drop_column(plugin: str, table: str, column: str) -> None:
    """Remove a column with all it holds; the unique keys and indexes that name it are dropped before."""
    _note_columns(table, column, None)
    with _changing(plugin, table) as batch:
        batch.drop_column(column)


def change_column(plugin: str, table: str, column: Column) -> None:
    """Give a column of WORDS another length, or make any column optional or not.

    Kind and decimal places stay what they were: a new column and a job that fills it change those.
    """
    _note_columns(table, column.name, column)
    with _changing(plugin, table) as batch:
        batch.alter_column(
            column.name,
            existing_type=stored_type(column),
            type_=stored_type(column),
            nullable=column.optional,
        )


def add_unique(plugin: str, table: str, columns: Sequence[str]) -> None:
    """Let no two rows of a tenant have the same values in `columns`."""
    _note_unique(table, columns, is_kept=True)
    with _changing(plugin, table) as batch:
        batch.create_unique_constraint(_key("uq", plugin, table, columns), ["tenant_id", *columns])


def drop_unique(plugin: str, table: str, columns: Sequence[str]) -> None:
    """Take back `add_unique`, or a unique key that the table was made with."""
    _note_unique(table, columns, is_kept=False)
    with _changing(plugin, table) as batch:
        batch.drop_constraint(_key("uq", plugin, table, columns), type_="unique")


def add_index(plugin: str, table: str, columns: Sequence[str]) -> None:
    """Make finding and ordering by `columns` quick."""
    _note_index(table, columns, is_kept=True)
    _op().create_index(
        _key("ix", plugin, table, columns), stored_name(plugin, table), ["tenant_id", *columns]
    )


def drop_index(plugin: str, table: str, columns: Sequence[str]) -> None:
    """Take back `add_index`, or an index that the table was made with."""
    _note_index(table, columns, is_kept=False)
    _op().drop_index(_key("ix", plugin, table, columns), stored_name(plugin, table))


# -- what the host and these functions agree on --


def stored_name(plugin: str, table: str) -> str:
    """The name of a plugin's table in the database."""
    return f"p_{plugin}_{table}"


def key_name(kind: str, table: str, *columns: str) -> str:
    """The name of a key or index (`pk`, `fk`, `uq`, `ix`), at most 63 characters and the same every time."""
    name = "_".join((kind, table, *columns))
    if len(name) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_NAME - 9]}_{digest}"


def stored_type(column: Column) -> sa.types.TypeEngine[Any]:
    """How a column is stored: exact decimals as scaled integers, instants as UTC."""
    if column.kind is ColumnKind.WORDS:
        return sa.String(column.length)
    if column.kind is ColumnKind.INSTANT:
        return sa.DateTime(timezone=True)
    if column.kind is ColumnKind.YES_NO:
        return sa.Boolean()
    return sa.BigInteger()


@contextmanager
def recorded() -> Iterator[dict[str, Table]]:
    """While migrations run: the tables they leave, by name, as a plugin would declare them."""
    tables: dict[str, Table] = {}
    token = _record.set(tables)
    try:
        yield tables
    finally:
        _record.reset(token)


_record: ContextVar[dict[str, Table] | None] = ContextVar("bangvang_recorded_tables", default=None)


def _note(name: str, table: Table | None) -> None:
    tables = _record.get()
    if tables is not None:
        tables.pop(name, None)
        if table is not None:
            tables[name] = table


def _noted(name: str) -> Table | None:
    return (_record.get() or {}).get(name)


def _note_columns(name: str, column: str, now: Column | None) -> None:
    table = _noted(name)
    if table is None:
        return
    columns = tuple(now if one.name == column and now else one for one in table.columns)
    if now is None:
        columns = tuple(one for one in columns if one.name != column)
    elif now not in columns:
        columns = (*columns, now)
    _note(name, replace(table, columns=columns))


def _note_unique(name: str, columns: Sequence[str], *, is_kept: bool) -> None:
    table = _noted(name)
    if table is not None:
        _note(name, replace(table, unique=_keys(table.unique, columns, is_kept=is_kept)))


def _note_index(name: str, columns: Sequence[str], *, is_kept: bool) -> None:
    table = _noted(name)
    if table is not None:
        _note(name, replace(table, indexes=_keys(table.indexes, columns, is_kept=is_kept)))


def _keys(
    held: tuple[tuple[str, ...], ...], columns: Sequence[str], *, is_kept: bool
) -> tuple[tuple[str, ...], ...]:
    others = tuple(key for key in held if key != tuple(columns))
    return (*others, tuple(columns)) if is_kept else others


def _key(kind: str, plugin: str, table: str, columns: Sequence[str]) -> str:
    return key_name(kind, stored_name(plugin, table), *columns)


def _stored(column: Column, **more: Any) -> sa.Column[Any]:
    return sa.Column(column.name, stored_type(column), nullable=column.optional, **more)


@contextmanager
def _changing(plugin: str, table: str) -> Iterator[Any]:
    with _op().batch_alter_table(stored_name(plugin, table)) as batch:
        yield batch


def _literal(column: Column, value: Value) -> Any:
    """`value` as the database's own default for the rows that stand."""
    wanted: dict[ColumnKind, type] = {
        ColumnKind.WORDS: str,
        ColumnKind.WHOLE: int,
        ColumnKind.EXACT: Decimal,
        ColumnKind.INSTANT: datetime,
        ColumnKind.YES_NO: bool,
    }
    if type(value) is not wanted[column.kind]:
        raise ValueError(f"{column.name} holds {column.kind}: {value!r} does not fit")
    if isinstance(value, bool):
        return sa.true() if value else sa.false()
    if isinstance(value, Decimal):
        scaled = value.scaleb(column.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{column.name} has {column.places} places: {value} does not fit")
        return sa.literal_column(str(int(scaled)))
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{column.name}: an instant needs a time zone: {value}")
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") + ("+00" if _is_postgresql() else "")
    return value if isinstance(value, str) else sa.literal_column(str(value))


def _is_postgresql() -> bool:
    return bool(_op().get_bind().dialect.name == "postgresql")


def _op() -> Any:
    """Alembic's operations, imported with the first of them: web workers read names here and no more."""
    from alembic import op

    return op
