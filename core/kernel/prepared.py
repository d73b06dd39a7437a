"""Statements built once, for the paths that every request takes; several of them in one round trip.

A round trip to PostgreSQL costs more than most statements do. `together` sends what does not wait for an answer as one
(the driver's pipeline mode); each statement still runs after the one before it and sees what that one wrote. On the
embedded database, where nothing travels, they run one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Connection,
    Dialect,
    Executable,
    Uuid,
    bindparam,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from core.kernel.db import TenantScopeError, TenantSession, session
from core.kernel.ids import uuid7

_Planner: TypeAlias = "Callable[[Dialect, tuple[str, ...]], _Plan]"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one statement of a batch gave: its rows as tuples, and how many rows it touched."""

    rows: list[tuple[Any, ...]]
    count: int


@dataclass(frozen=True, slots=True)
class Call:
    """A statement with the values of its parameters, to be run by `together`."""

    statement: Executable
    values: Mapping[str, Any]
    plan: _Planner


class PreparedFor:
    """A Core statement built once for each database, with the tenant as a parameter.

    `make` is given the parameter that stands for the tenant, which it must use, and the dialect's name. Only the
    session fills the tenant, so the statement is inside the first wall like any other.
    """

    def __init__(self, make: Callable[[BindParameter[UUID], str], Executable]) -> None:
        self._make = make
        self._made: dict[str, tuple[Executable, _Planner]] = {}

    def given(self, **values: Any) -> Call:
        """The statement with `values` for its other parameters, for `together`."""
        current = session()
        dialect = current.get_bind().dialect
        if dialect.name not in self._made:
            statement = _with_tenant(lambda tenant: self._make(tenant, dialect.name), dialect)
            self._made[dialect.name] = (statement, _planner(statement))
        statement, plan = self._made[dialect.name]
        return Call(statement, {"this_tenant": current.tenant_id, **values}, plan)

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of the statement run alone. What is pending in the session is flushed before."""
        return together(self.given(**values))[0].rows


class Prepared(PreparedFor):
    """The same where all databases want the same words; it is looked at when it is built."""

    def __init__(self, make: Callable[[BindParameter[UUID]], Executable]) -> None:
        super().__init__(lambda tenant, dialect: make(tenant))
        _with_tenant(make, None)


def _with_tenant(make: Callable[[BindParameter[UUID]], Executable], dialect: Dialect | None) -> Executable:
    statement = make(bindparam("this_tenant", type_=Uuid()))
    if "this_tenant" not in statement.compile(dialect=dialect).params:  # type: ignore[attr-defined]
        raise TenantScopeError("a prepared statement must name the tenant it is given")
    return statement


def insert_once(model: type[Any], conflict: tuple[str, ...], values: Mapping[str, Any]) -> bool:
    """Insert one row of `model` unless `conflict` (columns of a unique key, besides the tenant) is taken.

    The tenant and the id are filled here. Returns whether the row is new.
    """
    if "tenant_id" in values:
        raise TenantScopeError("insert_once fills tenant_id itself")
    current = _flushed()
    statement = _insert_statement(model.__table__, conflict, current.get_bind().dialect.name)
    row = {"tenant_id": current.tenant_id, "id": uuid7(), **values}
    return current.connection().execute(statement, row).first() is not None


def together(*calls: Call) -> list[Outcome]:
    """Run `calls` in their order in this context's transaction, in one round trip where there is one.

    A failure raises as it would from the session; what came before it is undone with the transaction.
    """
    current = _flushed()
    connection = current.connection()
    if connection.dialect.name != "postgresql":
        return [_one(connection, call) for call in calls]
    return _pipelined(connection, calls)


def _flushed() -> TenantSession:
    current = session()
    if current.new or current.dirty or current.deleted:
        current.flush()
    return current


def insert_for(dialect: str) -> Any:
    """The `insert` of a database, which knows what to do on a conflict."""
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


@cache
def _insert_statement(table: Any, conflict: tuple[str, ...], dialect: str) -> Executable:
    statement = insert_for(dialect)(table).on_conflict_do_nothing(index_elements=["tenant_id", *conflict])
    return cast("Executable", statement.returning(table.c.id))


def _one(connection: Connection, call: Call) -> Outcome:
    result = connection.execute(call.statement, dict(call.values))
    if not result.returns_rows:
        return Outcome([], result.rowcount)
    rows = [tuple(row) for row in result.all()]
    return Outcome(rows, len(rows))


# -- the pipeline ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Plan:
    """A statement as the driver wants it, with what turns values into parameters and columns into values."""

    sql: str
    fixed: dict[str, Any]
    binders: tuple[tuple[str, Any], ...]
    readers: tuple[Any, ...]

    def params(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The driver's parameters for `values`."""
        made = dict(self.fixed)
        for name, bind in self.binders:
            made[name] = values[name] if bind is None else bind(values[name])
        return made

    def row(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """The driver's row as our values."""
        return tuple(
            value if read is None else read(value) for read, value in zip(self.readers, row, strict=True)
        )


def _planner(statement: Executable) -> _Planner:
    @cache
    def plan(dialect: Dialect, names: tuple[str, ...]) -> _Plan:
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))  # type: ignore[attr-defined]
        fixed: dict[str, Any] = {}
        binders = []
        for bind, name in compiled.bind_names.items():
            process = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if name in names:
                binders.append((name, process))
            else:
                fixed[name] = bind.effective_value if process is None else process(bind.effective_value)
        columns: Any = statement.exported_columns  # type: ignore[attr-defined]
        readers = tuple(one.type.dialect_impl(dialect).result_processor(dialect, None) for one in columns)
        return _Plan(str(compiled), fixed, tuple(binders), readers)

    return plan


def _pipelined(connection: Connection, calls: tuple[Call, ...]) -> list[Outcome]:
    driver: Any = connection.connection.driver_connection
    plans = [call.plan(connection.dialect, tuple(call.values)) for call in calls]
    # One statement in a transaction that has begun is one round trip without a pipeline too.
    alone = len(calls) == 1 and driver.info.transaction_status
    cursors = []
    try:
        with nullcontext() if alone else driver.pipeline():
            for call, plan in zip(calls, plans, strict=True):
                cursor = driver.cursor()
                cursors.append(cursor)
                params = plan.params(call.values)
                # Whoever listens to the engine (a count of statements) hears of these like of any other.
                connection.dispatch.before_cursor_execute(connection, cursor, plan.sql, params, None, False)
                cursor.execute(plan.sql, params)
    except connection.dialect.loaded_dbapi.Error as error:
        _fail(connection, plans, error)
    outcomes = []
    for cursor, plan in zip(cursors, plans, strict=True):
        rows = [plan.row(row) for row in cursor.fetchall()] if plan.readers else []
        outcomes.append(Outcome(rows, cursor.rowcount))
        cursor.close()
    return outcomes


def _fail(connection: Connection, plans: list[_Plan], error: Exception) -> None:
    """Raise `error` as SQLAlchemy would, so that whoever knows its errors knows this one."""
    dialect: Any = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection.driver_connection, None)
    if lost:
        connection.invalidate(error)
    statement = "; ".join(plan.sql for plan in plans)
    raise DBAPIError.instance(
        statement, None, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
    ) from error
