"""The database: one set of models on SQLite and PostgreSQL, and the first two walls between tenants.

Wall 1: a session is bound to one tenant (`bind_tenant`); every ORM statement gets the tenant as a criterion, and a
statement that is not ORM, or that runs in a session without a tenant, raises unless it carries the execution option
`all_tenants=True`. Wall 2: on PostgreSQL each transaction tells the row-level security policies its tenant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    ForeignKeyConstraint,
    MetaData,
    Uuid,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    with_loader_criteria,
)

from core.kernel.ids import uuid7

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
ALL_TENANTS = {"all_tenants": True}
APP_ROLE = "bangvang_app"

# SQLite has one writer: a request that will write takes the lock first and waits, instead of failing half-way.
_writes: ContextVar[bool] = ContextVar("bangvang_writes", default=True)


class TenantScopeError(RuntimeError):
    """A statement or object would cross the wall between tenants. Always a defect in our code."""


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)


class TenantOwned:
    """What belongs to one tenant: key `(tenant_id, id)`; `tenant_id` is filled and checked by the session."""

    tenant_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


@event.listens_for(TenantOwned, "init", propagate=True)
def _give_id(target: Any, args: Any, kwargs: dict[str, Any]) -> None:
    kwargs.setdefault("id", uuid7())


def owned_args(*more: Any) -> tuple[Any, ...]:
    """`__table_args__` of a tenant-owned table: the foreign key to its tenant, then `more`."""
    return (ForeignKeyConstraint(["tenant_id"], ["tenant.id"]), *more)


def owned_key(column: str, table: str) -> ForeignKeyConstraint:
    """The composite key `(tenant_id, column) → table(tenant_id, id)`, checked at commit.

    Deferred, because the unit of work writes tables in no promised order.
    """
    return ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", f"{table}.id"],
        deferrable=True,
        initially="DEFERRED",
    )


class TenantSession(FlaskSession):
    """A session that belongs to at most one tenant at a time."""

    @property
    def tenant_id(self) -> UUID:
        """The tenant this session is bound to; raises when there is none."""
        tenant_id: UUID | None = self.info.get("tenant_id")
        if tenant_id is None:
            raise TenantScopeError("this session is bound to no tenant")
        return tenant_id


db = SQLAlchemy(model_class=Base, session_options={"class_": TenantSession}, disable_autonaming=True)


def session() -> TenantSession:
    """The session of this application context."""
    return db.session()  # type: ignore[return-value]


def is_postgresql() -> bool:
    """Whether this context's database is PostgreSQL; otherwise it is the embedded SQLite."""
    return session().get_bind().dialect.name == "postgresql"


def bind_tenant(target: TenantSession, tenant_id: UUID, *, told: bool = False) -> None:
    """Bind `target` to one tenant for all that follows. Switching with objects loaded is an error.

    `told`: the caller's next statement tells the database, so that it takes no round trip of its own.
    """
    if told:
        target.connection()  # begun while no tenant is bound, so nothing is told yet
    current = target.info.get("tenant_id")
    if current == tenant_id:
        return
    if current is not None and (target.identity_map or target.new):
        raise TenantScopeError("the session still holds objects of another tenant")
    target.info["tenant_id"] = tenant_id
    if target.in_transaction() and not told:
        _tell_database(target, target.connection())


def unbind_tenant(target: TenantSession) -> None:
    """Take back `bind_tenant` before anything was read: the tenant turned out not to exist."""
    if target.identity_map or target.new:
        raise TenantScopeError("the session already holds objects of a tenant")
    target.info.pop("tenant_id", None)
    target.info.pop("left_out", None)


Condition = Callable[[Any], ColumnElement[bool]]


def leave_out(target: TenantSession, conditions: Iterable[tuple[type[Any], Condition]]) -> None:
    """From now on let no read of `target` find a row of a class that does not meet its condition; none: find all again.

    A condition is a lambda of the class (or an alias of it) over plain values. For showing alone: whoever writes must
    see everything, or what he computes is wrong.
    """
    target.info["left_out"] = tuple(
        with_loader_criteria(kind, condition, include_aliases=True) for kind, condition in conditions
    )


@contextmanager
def everything_found(target: TenantSession) -> Iterator[None]:
    """Within it no row is left out: for a figure that names nobody, and is wrong when one of them is missing."""
    left_out = target.info.pop("left_out", None)
    try:
        yield
    finally:
        if left_out is not None:
            target.info["left_out"] = left_out


@contextmanager
def tenant_scope(tenant_id: UUID) -> Iterator[TenantSession]:
    """This context's session, emptied and bound to `tenant_id`; for commands and jobs. Emptied again at the end."""
    db.session.remove()
    current = session()
    bind_tenant(current, tenant_id)
    try:
        yield current
    finally:
        db.session.remove()


@contextmanager
def platform_scope() -> Iterator[TenantSession]:
    """This context's session over all tenants, for the operator and the relay; statements still need ALL_TENANTS."""
    db.session.remove()
    current = session()
    current.info["platform"] = True
    try:
        yield current
    finally:
        db.session.remove()


def set_write_intent(*, writes: bool) -> None:
    """Say whether the transactions that begin now will write (SQLite then takes its write lock at once)."""
    _writes.set(writes)


def scalar_reader(column: str, table: str, key: str) -> Callable[[str], Any]:
    """A function that reads `column` of the row of `table` whose `key` is its argument; None when there is none.

    For what is read before each answer: one statement on a pooled connection, without a session. Only for tables
    that belong to no tenant.
    """
    engine = db.engine
    place = "?" if engine.dialect.name == "sqlite" else "%s"
    statement = f"select {column} from {table} where {key} = {place}"  # noqa: S608 - names from our own code

    def read(value: str) -> Any:
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(statement, (value,))
            row = cursor.fetchone()
            cursor.close()
        finally:
            connection.close()
        return row[0] if row else None

    return read


def lock_row(model: type[Any], *conditions: Any) -> Any:
    """The one row of `model` that meets `conditions`, locked until the transaction ends; None when there is none.

    The lock lets others point at the row by a foreign key, or a vote that waits for the log could block its holder.
    """
    return session().scalars(select(model).where(*conditions).with_for_update(key_share=True)).one_or_none()


# -- wall 1 ------------------------------------------------------------------------------------------------------


@event.listens_for(TenantSession, "do_orm_execute")
def _scope_statement(state: ORMExecuteState) -> None:
    if state.execution_options.get("all_tenants"):
        return
    if not state.is_orm_statement:
        raise TenantScopeError("a statement that is not ORM needs the option all_tenants")
    tenant_id: UUID | None = state.session.info.get("tenant_id")
    if tenant_id is None:
        raise TenantScopeError("a statement in a session with no tenant needs the option all_tenants")
    if state.is_insert:
        raise TenantScopeError("rows are added as objects or by insert_once, not by a bulk insert")
    if state.is_update and _names_tenant(state):
        raise TenantScopeError("an update may not name tenant_id")
    if state.is_column_load:
        return
    left_out = state.session.info.get("left_out", ()) if state.is_select else ()
    state.statement = state.statement.options(
        with_loader_criteria(TenantOwned, lambda cls: cls.tenant_id == tenant_id, include_aliases=True),
        *left_out,
    )


def _names_tenant(state: ORMExecuteState) -> bool:
    values = getattr(state.statement, "_values", None) or {}
    rows = state.parameters if isinstance(state.parameters, list) else [state.parameters or {}]
    named = {getattr(key, "name", key) for key in values} | {key for row in rows for key in row}
    return "tenant_id" in named


@event.listens_for(TenantSession, "before_flush")
def _check_objects(current: TenantSession, context: Any, instances: Any) -> None:
    for item in current.new:
        if not isinstance(item, TenantOwned):
            continue
        given: UUID | None = item.tenant_id
        if given is None:
            item.tenant_id = current.tenant_id
        elif given != current.tenant_id:
            raise TenantScopeError(f"{type(item).__name__} belongs to another tenant")
    for item in (*current.dirty, *current.deleted):
        if isinstance(item, TenantOwned) and (
            item.tenant_id != current.tenant_id or inspect(item).attrs.tenant_id.history.has_changes()
        ):
            raise TenantScopeError(f"{type(item).__name__} belongs to another tenant")


# -- wall 2 ------------------------------------------------------------------------------------------------------


@event.listens_for(TenantSession, "after_begin")
def _tell_tenant(current: Session, transaction: Any, connection: Connection) -> None:
    _tell_database(current, connection)


def _tell_database(current: Session, connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    tenant_id = current.info.get("tenant_id")
    value = "*" if current.info.get("platform") else str(tenant_id or "")
    if not value:
        return  # untold, the policies show nothing
    connection.execute(text("select set_config('app.tenant', :value, true)"), {"value": value})


def configure_engine(engine: Engine, *, app_role: bool = True) -> None:
    """Set up each new connection of `engine`: pragmas on SQLite, the unprivileged role on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    elif app_role:
        event.listen(engine, "connect", _postgresql_connect)


def _sqlite_connect(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions; `_sqlite_begin` does
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes.get() else "BEGIN")


def _postgresql_connect(connection: Any, record: Any) -> None:
    # Whoever logs in, the application works as a role that owns nothing, so row-level security holds for it.
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s", (APP_ROLE,))
        if cursor.fetchone():
            cursor.execute(f"SET ROLE {APP_ROLE}")
    connection.commit()
