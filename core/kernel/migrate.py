"""Bringing a database to the present schema, and on PostgreSQL the second wall: roles, grants, row-level security.

Beside the core's own stream of migrations there may be branches, one for each plugin with tables. A branch is stamped
in a version table of its own: what becomes of a plugin, the core's stream neither waits for it nor trips over it.

Runs as the owner of the tables (`DATABASE_OWNER_URL`); the application never does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, create_engine, inspect, text

from core.kernel.config import HOUSE
from core.kernel.db import APP_ROLE, Base, configure_engine

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

MODELS = (
    "core.tenancy.models",
    "core.kernel.audit",
    "core.kernel.jobs",
    "core.kernel.mail",
    "core.kernel.suppression",
    "core.entries.screening.models",
    "core.kernel.sms",
    *(
        f"core.{room}.models"
        for room in (
            "people", "contests", "entries", "intake", "judging", "voting", "results", "outreach", "publishing",
            "letters", "messages", "imports", "privacy",
        )
    ),
    "core.entries.organisation_models",
    "core.people.rescue_models",
    "core.judging.council_models",
    "core.judging.plan_models",
    "core.judging.conflict_models",
    "core.judging.deliberation_models",
    "core.judging.meeting.draw_models",
    "core.judging.meeting.ballot_models",
    "core.judging.meeting.minutes_models",
    "core.judging.blind_models",
    "core.judging.round_models",
    "core.judging.totals_models",
    "core.judging.meeting.visit_models",
    "core.judging.paper_models",
    "core.judging.material_models",
)  # fmt: skip

# Registers the branches when it is imported.
BRANCHES = "core.extensions.migrations"
VERSION_TABLE = "alembic_version"
OWN_ROWS = (
    "case when current_setting('app.tenant', true) = '*' then true "
    "else tenant_id::text = current_setting('app.tenant', true) end"
)
"""The policy of an owned table. A case and not an `or`: of comparisons with a setting PostgreSQL guesses that one row
of a hundred passes, and plans a statement over thousands of rows as if they were ten; of a case, that half do."""
_REVISION = re.compile(r'^revision = "(\w+)"', re.MULTILINE)
_FOLLOWS = re.compile(r'^down_revision = "(\w+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Branch:
    """The migrations of a plugin beside the core's: where its revisions are (None: nowhere) and the tables it keeps."""

    name: str
    folder: Path | None
    tables: tuple[Table, ...]

    @property
    def version_table(self) -> str:
        """Where the database notes the branch's revision."""
        return f"{VERSION_TABLE}_{self.name}"


@dataclass(frozen=True, slots=True)
class BranchFailed:
    """A branch that could not be brought up, and why in a sentence; the others stand."""

    branch: str
    reason: str

    @property
    def told(self) -> str:
        """The sentence that a command prints."""
        return f"plugin {self.branch}: its migration failed and was undone: {self.reason}"


_sources: list[Callable[[], tuple[Branch, ...]]] = []


def branches_from(source: Callable[[], tuple[Branch, ...]]) -> Callable[[], tuple[Branch, ...]]:
    """Register a function that gives branches: the kernel knows no plugin."""
    _sources.append(source)
    return source


def branches() -> tuple[Branch, ...]:
    """The branches of what is installed here, in the order of their names."""
    if find_spec(BRANCHES) is not None:
        import_module(BRANCHES)
    return tuple(sorted((one for source in _sources for one in source()), key=lambda one: one.name))


def import_models() -> None:
    """Import every module that declares tables, by name: the kernel knows no room."""
    for name in MODELS:
        if find_spec(name) is not None:
            import_module(name)


def alembic_config(connection: Connection | None = None, branch: Branch | None = None) -> AlembicConfig:
    """Alembic's configuration for the core's stream of migrations, or for a branch beside it."""
    from alembic.config import (
        Config as AlembicConfig,  # a web worker never climbs, and alembic takes megabytes
    )

    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(HOUSE) / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = VERSION_TABLE if branch is None else branch.version_table
    if branch is not None:
        config.set_main_option("version_locations", str(branch.folder).replace("%", "%%"))
    return config


def upgrade(owner_url: str, kept: Iterable[Branch] | None = None) -> tuple[BranchFailed, ...]:
    """Bring the database at `owner_url` to the newest revisions; on PostgreSQL also raise the second wall.

    `kept` are the branches to bring up (default: those of what is installed here). A branch that fails is undone by
    itself and told of; the core's stream and the other branches stand.
    """
    engine = create_engine(owner_url)
    configure_engine(engine, app_role=False)
    try:
        _climb(engine, None)
        failed = []
        for branch in branches() if kept is None else kept:
            try:
                if not _branch_is_newest(engine, branch):
                    _climb(engine, branch)
            except Exception as error:  # noqa: BLE001 - whatever a plugin's migration raises is told; the others go on
                failed.append(BranchFailed(branch.name, _sentence(error, branch)))
        return tuple(failed)
    finally:
        engine.dispose()


def _climb(engine: Engine, branch: Branch | None) -> None:
    from alembic import command

    with engine.begin() as connection:
        command.upgrade(alembic_config(connection, branch), "head")
        if connection.dialect.name == "postgresql":
            secure(connection)


def _branch_is_newest(engine: Engine, branch: Branch) -> bool:
    with engine.connect() as connection:
        return current_revision(connection, branch) == newest_revision(branch)


def _sentence(error: Exception, branch: Branch) -> str:
    """What was raised, in one line, and by which line of the branch's revisions."""
    frames = extract_tb(error.__traceback__)
    places = [
        f" ({Path(one.filename).name}, line {one.lineno})" for one in frames if _is_of(branch, one.filename)
    ]
    said = (str(error).splitlines() or [""])[0]
    return f"{type(error).__name__}: {said}".removesuffix(": ") + (places[-1] if places else "")


def _is_of(branch: Branch, file: str) -> bool:
    return branch.folder is not None and Path(file).parent == branch.folder


def current_revision(connection: Connection, branch: Branch | None = None) -> str | None:
    """The revision the database is at, of the core's stream or of a branch; None for an empty one."""
    from alembic.migration import MigrationContext

    table = VERSION_TABLE if branch is None else branch.version_table
    return MigrationContext.configure(connection, opts={"version_table": table}).get_current_revision()


def newest_revision(branch: Branch | None = None) -> str | None:
    """The newest revision in `migrations/`, or in a branch's folder; None where there is none.

    Raises alembic's CommandError when the folder holds two, or one that cannot be read.
    """
    from alembic.script import ScriptDirectory

    if branch is not None and branch.folder is None:
        return None
    return ScriptDirectory.from_config(alembic_config(branch=branch)).get_current_head()


def is_newest(connection: Connection) -> bool:
    """Whether the database is at the newest revision of the core's stream; asked without alembic, for web workers."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return False
    at = connection.execute(text(f"select version_num from {VERSION_TABLE}")).scalars().all()  # noqa: S608 - a constant
    return list(at) == _heads()


@cache
def _heads() -> list[str]:
    """The revisions of `migrations/` that no other follows, by what the files say of themselves."""
    files = [
        path.read_text(encoding="utf-8") for path in (Path(HOUSE) / "migrations" / "versions").glob("*.py")
    ]
    known = {match[1] for one in files if (match := _REVISION.search(one))}
    return sorted(known - {match[1] for one in files if (match := _FOLLOWS.search(one))})


def behind(connection: Connection) -> tuple[str, ...]:
    """The branches whose migrations this database has not got, by name; also those that cannot be read."""
    waiting = []
    for branch in branches():
        try:
            has_all = current_revision(connection, branch) == newest_revision(branch)
        except Exception:  # noqa: BLE001 - a file of a plugin that cannot be read is told by `bangvang doctor`
            has_all = False
        if not has_all:
            waiting.append(branch.name)
    return tuple(waiting)


def rehearse(branch: Branch) -> None:
    """Run a branch's migrations in a database in memory that holds nothing but the tenants; raises what they raise."""
    from alembic import command

    import_models()
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            Base.metadata.tables["tenant"].create(connection)
            command.upgrade(alembic_config(connection, branch), "head")
    finally:
        engine.dispose()


def left_branches(connection: Connection) -> tuple[str, ...]:
    """The branches that this database keeps tables of though they are not installed here, by name."""
    known = {branch.version_table for branch in branches()}
    return tuple(
        sorted(
            table.removeprefix(f"{VERSION_TABLE}_")
            for table in inspect(connection).get_table_names()
            if table.startswith(f"{VERSION_TABLE}_") and table not in known
        )
    )


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
        connection.execute(text(f"create policy tenant_wall on {table} using ({OWN_ROWS})"))


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
