"""Bringing a database to the present schema, and on PostgreSQL the second wall: roles, grants, row-level security.

Runs as the owner of the tables (`DATABASE_OWNER_URL`); the application never does.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from core.kernel.config import HOUSE
from core.kernel.db import APP_ROLE, configure_engine

MODELS = (
    "core.tenancy.models",
    "core.kernel.audit",
    "core.kernel.jobs",
    "core.kernel.mail",
    *(
        f"core.{room}.models"
        for room in (
            "people", "contests", "entries", "judging", "voting", "results", "outreach", "publishing"
        )
    ),
)  # fmt: skip


def import_models() -> None:
    """Import every module that declares tables, by name: the kernel knows no room."""
    for name in MODELS:
        if find_spec(name) is not None:
            import_module(name)


def alembic_config(connection: Connection | None = None) -> AlembicConfig:
    """Alembic's configuration for the project's one stream of migrations."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(HOUSE) / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(owner_url: str) -> None:
    """Bring the database at `owner_url` to the newest revision; on PostgreSQL also raise the second wall."""
    engine = create_engine(owner_url)
    configure_engine(engine, app_role=False)
    try:
        with engine.begin() as connection:
            command.upgrade(alembic_config(connection), "head")
            if connection.dialect.name == "postgresql":
                secure(connection)
    finally:
        engine.dispose()


def current_revision(connection: Connection) -> str | None:
    """The revision the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The newest revision in `migrations/`."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def secure(connection: Connection) -> None:
    """Create the role without rights of its own, grant it the rows, and force a policy on every owned table."""
    exists = connection.execute(text("select 1 from pg_roles where rolname = :name"), {"name": APP_ROLE})
    if exists.scalar() is None:
        connection.execute(text(f"create role {APP_ROLE} nologin nosuperuser nobypassrls"))
    connection.execute(text(f"grant {APP_ROLE} to current_user"))
    connection.execute(text(f"grant usage on schema public to {APP_ROLE}"))
    connection.execute(
        text(f"grant select, insert, update, delete on all tables in schema public to {APP_ROLE}")
    )
    for table in owned_tables(connection):
        # The log is append-only for the application; only its head moves.
        if table == "audit_record":
            connection.execute(text(f"revoke update, delete on {table} from {APP_ROLE}"))
        connection.execute(text(f"alter table {table} enable row level security"))
        connection.execute(text(f"alter table {table} force row level security"))
        connection.execute(text(f"drop policy if exists tenant_wall on {table}"))
        connection.execute(
            text(
                f"create policy tenant_wall on {table} using ("
                "current_setting('app.tenant', true) = '*' "
                "or tenant_id::text = current_setting('app.tenant', true))"
            )
        )


def owned_tables(connection: Connection) -> list[str]:
    """The tables that have a `tenant_id`, as the database itself says."""
    inspector: Any = inspect(connection)
    return sorted(
        table
        for table in inspector.get_table_names()
        if any(column["name"] == "tenant_id" for column in inspector.get_columns(table))
    )


def working_role(connection: Connection) -> tuple[str, bool]:
    """On PostgreSQL: the role this connection works as, and whether row-level security holds for it."""
    row = connection.execute(
        text("select rolname, rolsuper or rolbypassrls from pg_roles where rolname = current_user")
    ).one()
    return row[0], not row[1]


def unwalled_tables(connection: Connection) -> list[str]:
    """On PostgreSQL: the owned tables without a forced policy. Empty when the second wall is whole."""
    rows = connection.execute(
        text(
            "select c.relname from pg_class c join pg_policies p on p.tablename = c.relname "
            "where p.policyname = 'tenant_wall' and c.relrowsecurity and c.relforcerowsecurity"
        )
    )
    return sorted(set(owned_tables(connection)) - {row.relname for row in rows})
