"""The tables of a plugin: mapped from what it declares, inside the same walls as the core's own, and the plain stores
through which alone a plugin reaches them.

Each table is a tenant-owned mapped class, so that the session adds the tenant to every statement, checks every object
and refuses what would cross; only the values that the plugin declared go in and out.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    collate,
    delete,
    func,
    select,
    update,
)
from sqlalchemy import Table as StoredTable
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, mapped_column

from core.kernel.db import TenantOwned, is_postgresql, session
from core.kernel.ids import uuid7
from core.kernel.prepared import insert_once
from core.kernel.types import ExactDecimal, UtcInstant
from core.plugin_api import Column, ColumnKind, Plugin, Row, Rows, Table, Value
from core.plugin_api.migrations import key_name, stored_name
from core.tenancy.models import Tenant

MOST_ROWS = 1000
"""How many rows one `find` may give."""
BEYOND_WHOLE = 2**63


@dataclass(frozen=True, slots=True)
class MappedTable:
    """A declared table and the class it is mapped to; a column `x` is its attribute `v_x`."""

    declared: Table
    model: Any

    @property
    def stored(self) -> StoredTable:
        """The table in the database."""
        return cast("StoredTable", self.model.__table__)

    def attribute(self, name: str) -> Any:
        """The mapped attribute of a column."""
        return getattr(self.model, f"v_{name}")


def stores_of(plugin: Plugin) -> Mapping[str, Rows]:
    """The plugin's tables by their names, each as the rows of the tenant that this context's session is bound to."""
    return MappingProxyType({one.declared.name: _Store(one) for one in mapped_tables(plugin)})


def mapped_tables(plugin: Plugin) -> tuple[MappedTable, ...]:
    """The plugin's tables, mapped once a process."""
    return _mapped(plugin.info.name, plugin.tables)


@cache
def _mapped(plugin: str, tables: tuple[Table, ...]) -> tuple[MappedTable, ...]:
    base = type("PluginBase", (DeclarativeBase,), {"metadata": MetaData()})
    return tuple(MappedTable(table, _model(base, plugin, table)) for table in tables)


def _model(base: type, plugin: str, table: Table) -> Any:
    name = stored_name(plugin, table.name)
    columns = {
        f"v_{column.name}": mapped_column(column.name, _type(column), nullable=column.optional)
        for column in table.columns
    }
    arguments = (
        PrimaryKeyConstraint("tenant_id", "id", name=key_name("pk", name)),
        ForeignKeyConstraint(["tenant_id"], [Tenant.__table__.c.id], name=key_name("fk", name, "tenant_id")),
        *(UniqueConstraint("tenant_id", *names, name=key_name("uq", name, *names)) for names in table.unique),
        *(Index(key_name("ix", name, *names), "tenant_id", *names) for names in table.indexes),
    )
    return type(name, (TenantOwned, base), {"__tablename__": name, "__table_args__": arguments, **columns})


def _type(column: Column) -> Any:
    kinds: dict[ColumnKind, Any] = {
        ColumnKind.WORDS: String(column.length),
        ColumnKind.WHOLE: BigInteger(),
        ColumnKind.EXACT: ExactDecimal(column.places),
        ColumnKind.INSTANT: UtcInstant(),
        ColumnKind.YES_NO: Boolean(),
    }
    return kinds[column.kind]


class _Store:
    """`Rows` over one mapped table."""

    def __init__(self, table: MappedTable) -> None:
        self._table = table
        self._columns = {column.name: column for column in table.declared.columns}

    def add(self, values: Mapping[str, Value]) -> str:
        row = self._table.model(id=_next_id(), **self._prefixed(self._whole(values)))
        with _once_only(self._table.declared):
            session().add(row)
            session().flush()
        row_id: UUID = row.id
        session().expunge(row)  # what the statements below change would be old in it
        return row_id.hex

    def add_once(self, conflict: Sequence[str], values: Mapping[str, Value]) -> bool:
        key = tuple(conflict)
        if set(key) not in [set(columns) for columns in self._table.declared.unique]:
            raise ValueError(f"Bảng {self._table.declared.name} không có khóa duy nhất {', '.join(key)}.")
        return insert_once(self._table.model, key, {"id": _next_id(), **self._whole(values)})

    def get(self, row_id: str) -> Row | None:
        key = _uuid(row_id)
        if key is None:
            return None
        found = session().execute(self._ask().where(self._table.model.id == key)).one_or_none()
        return None if found is None else self._row(found)

    def find(
        self,
        where: Mapping[str, Value] | None = None,
        *,
        order_by: Sequence[str] = (),
        limit: int = 100,
        offset: int = 0,
    ) -> tuple[Row, ...]:
        if not 1 <= limit <= MOST_ROWS or offset < 0:
            raise ValueError(f"limit phải từ 1 đến {MOST_ROWS} và offset không âm.")
        order = [self._order(name) for name in order_by]
        ask = self._ask().where(*self._equal(where or {})).order_by(*order, self._table.model.id)
        return tuple(self._row(found) for found in session().execute(ask.limit(limit).offset(offset)))

    def count(self, where: Mapping[str, Value] | None = None) -> int:
        ask = select(func.count()).select_from(self._table.model).where(*self._equal(where or {}))
        return session().scalars(ask).one()

    def change(self, row_id: str, values: Mapping[str, Value]) -> bool:
        key = _uuid(row_id)
        checked = {name: self._checked(name, value) for name, value in values.items()}
        if key is None:
            return False
        if not checked:
            return self.get(row_id) is not None
        statement = update(self._table.model).where(self._table.model.id == key)
        statement = statement.values({self._table.attribute(name): value for name, value in checked.items()})
        with _once_only(self._table.declared):
            return self._touched(statement)

    def remove(self, row_id: str) -> bool:
        key = _uuid(row_id)
        if key is None:
            return False
        return self._touched(delete(self._table.model).where(self._table.model.id == key))

    def _ask(self) -> Any:
        return select(self._table.model.id, *(self._table.attribute(name) for name in self._columns))

    def _row(self, found: Any) -> Row:
        return Row(found[0].hex, MappingProxyType(dict(zip(self._columns, found[1:], strict=True))))

    def _touched(self, statement: Any) -> bool:
        result: Any = session().execute(statement.execution_options(synchronize_session=False))
        return bool(result.rowcount)

    def _equal(self, where: Mapping[str, Value]) -> list[Any]:
        conditions = []
        for name, value in where.items():
            attribute = self._table.attribute(self._known(name).name)
            conditions.append(
                attribute.is_(None) if value is None else attribute == self._checked(name, value)
            )
        return conditions

    def _order(self, name: str) -> Any:
        column = self._known(name.removeprefix("-"))
        attribute = self._table.attribute(column.name)
        if column.kind is ColumnKind.WORDS and is_postgresql():
            attribute = collate(attribute, "C")  # by code points, as the embedded database does
        return (attribute.desc() if name.startswith("-") else attribute.asc()).nulls_last()

    def _whole(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """A whole row: what is given, checked, and nothing where a column may be empty."""
        given = {name: self._checked(name, value) for name, value in values.items()}
        for name, column in self._columns.items():
            if name not in given and not column.optional:
                raise ValueError(f"Cột {name} của bảng {self._table.declared.name} còn thiếu.")
        return {name: given.get(name) for name in self._columns}

    def _prefixed(self, values: Mapping[str, Value]) -> dict[str, Value]:
        return {f"v_{name}": value for name, value in values.items()}

    def _known(self, name: str) -> Column:
        if name not in self._columns:
            raise ValueError(f"Bảng {self._table.declared.name} không có cột {name}.")
        return self._columns[name]

    def _checked(self, name: str, value: Value) -> Value:
        column = self._known(name)
        fault = value_fault(column, value)
        if fault is not None:
            raise ValueError(f"Cột {name} của bảng {self._table.declared.name} {fault}.")
        return value


def value_fault(column: Column, value: object) -> str | None:
    """Why `value` does not fit into `column`, as the rest of a sentence; None when it does."""
    if value is None:
        return None if column.optional else "không được để trống"
    return _FAULTS[column.kind](column, value)


def _words_fault(column: Column, value: object) -> str | None:
    if not isinstance(value, str):
        return f"phải là chữ, không phải {type(value).__name__}"
    if len(value) > column.length:
        return f"dài nhất {column.length} ký tự"
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        return "có ký tự không lưu được"
    return None


def _whole_fault(_: Column, value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return f"phải là số nguyên, không phải {type(value).__name__}"
    return None if -BEYOND_WHOLE <= value < BEYOND_WHOLE else "vượt quá số nguyên 64 bit"


def _exact_fault(column: Column, value: object) -> str | None:
    if not isinstance(value, Decimal):
        return f"phải là Decimal, không phải {type(value).__name__}"
    if not value.is_finite():
        return "phải là một số"
    parts = value.as_tuple()
    if len(parts.digits) + abs(cast("int", parts.exponent)) > 60:
        return "có quá nhiều chữ số"
    # Whole numbers, because arithmetic on decimals rounds to the context's places without a word.
    numerator, denominator = value.as_integer_ratio()
    scaled, rest = divmod(numerator * 10**column.places, denominator)
    if rest:
        return f"có nhiều hơn {column.places} chữ số thập phân"
    return None if -BEYOND_WHOLE <= scaled < BEYOND_WHOLE else "lớn quá mức lưu được"


def _instant_fault(_: Column, value: object) -> str | None:
    if not isinstance(value, datetime):
        return f"phải là thời điểm, không phải {type(value).__name__}"
    return None if value.utcoffset() is not None else "cần múi giờ"


def _yes_no_fault(_: Column, value: object) -> str | None:
    return None if isinstance(value, bool) else f"phải là True hoặc False, không phải {type(value).__name__}"


_FAULTS = {
    ColumnKind.WORDS: _words_fault,
    ColumnKind.WHOLE: _whole_fault,
    ColumnKind.EXACT: _exact_fault,
    ColumnKind.INSTANT: _instant_fault,
    ColumnKind.YES_NO: _yes_no_fault,
}


@contextmanager
def _once_only(table: Table) -> Iterator[None]:
    """Turn a taken unique key into a sentence, and leave the unit of work usable."""
    if not table.unique:
        yield
        return
    try:
        with session().begin_nested():
            yield
    except IntegrityError:
        keys = "; ".join(", ".join(columns) for columns in table.unique)
        raise ValueError(f"Bảng {table.name} đã có dòng trùng khóa ({keys}).") from None


def _uuid(row_id: str) -> UUID | None:
    try:
        return UUID(hex=row_id)
    except (ValueError, AttributeError, TypeError):
        return None


_ids = threading.Lock()
_last = UUID(int=0)


def _next_id() -> UUID:
    """A new key, beyond every one this process gave before: rows stand in the order in which they were added."""
    global _last  # noqa: PLW0603 - the last key is the process's
    with _ids:
        made = uuid7()
        if made <= _last:
            made = UUID(int=_last.int + 1)
        _last = made
        return made
