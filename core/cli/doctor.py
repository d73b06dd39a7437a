"""`bangvang doctor`: what is configured, and what is missing for production, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
from sqlalchemy import Connection, create_engine

from core.kernel.config import Config, read_config
from core.kernel.db import APP_ROLE, configure_engine
from core.kernel.migrate import (
    current_revision,
    left_branches,
    newest_revision,
    unwalled_tables,
    working_role,
)

if TYPE_CHECKING:
    from core.publishing.operators import PluginRow


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the doctor looked at: fine, worth knowing, or wrong."""

    state: str
    words: str


@click.command()
def doctor() -> None:
    """Say what is configured and what is missing; exit 1 when something is wrong."""
    config = read_config()
    wrong = 0
    for line in examine(config):
        wrong += line.state == "wrong"
        click.echo(f"{ {'fine': '  ok  ', 'note': ' note ', 'wrong': 'WRONG '}[line.state] } {line.words}")
    if wrong:
        raise click.exceptions.Exit(1)


def examine(config: Config) -> Iterator[Line]:
    """Look at the configuration, the database, its walls, the plugins and the audit logs."""
    strict = "note" if config.is_demonstration else "wrong"
    yield Line("fine", f"mode: {config.mode}; data under {config.var}")
    if config.smtp_url:
        yield Line("fine", "mail: an SMTP server is configured")
    else:
        yield Line(strict, "mail: SMTP_URL is not set; messages stay in the demonstration's mailbox")
    yield Line("fine", f"files: {config.storage_url or 'the folder files/ of the data folder'}")
    yield _scanner(config)
    yield Line("fine", f"wake-up of jobs and limits: {'Redis' if config.redis_url else 'SQLite files'}")
    yield from _database(config, strict)
    yield from _plugins(config)


def _scanner(config: Config) -> Line:
    from core.kernel.antivirus import Scanner, ScannerUnavailable

    if not config.clamav_url:
        return Line(
            "note", "files: CLAMAV_URL is not set; what is sent in is not looked at by a virus scanner"
        )
    try:
        return Line("fine", f"files: looked at by {Scanner(config.clamav_url).version()}")
    except ScannerUnavailable as error:
        return Line("wrong", f"files: the virus scanner does not answer, new files cannot be opened: {error}")


def _database(config: Config, strict: str) -> Iterator[Line]:
    engine = create_engine(config.database_url)
    configure_engine(engine)
    try:
        with engine.connect() as connection:
            revision = current_revision(connection)
            if revision != newest_revision():
                yield Line(strict, f"database: at {revision or 'nothing'}, newest is {newest_revision()}")
                return
            yield Line("fine", f"database: {connection.dialect.name}, at revision {revision}")
            if connection.dialect.name == "postgresql":
                yield from _walls(config, connection, strict)
            else:
                yield Line(
                    strict, "database: SQLite serves one machine; PostgreSQL 15 or newer is production"
                )
            yield from _plugin_tables(connection, strict)
    finally:
        engine.dispose()


def _walls(config: Config, connection: Connection, strict: str) -> Iterator[Line]:
    role, is_harmless = working_role(connection)
    if role != APP_ROLE or not is_harmless:
        yield Line("wrong", f"walls: the application works as {role}; run `bangvang db upgrade`")
    else:
        yield Line("fine", f"walls: the application works as {APP_ROLE}, which owns nothing")
    if config.owner_url == config.database_url:
        yield Line(strict, "walls: DATABASE_OWNER_URL is not set; give the application a login of its own")
    open_tables = unwalled_tables(connection)
    if open_tables:
        yield Line(
            "wrong", f"walls: no row-level security on {', '.join(open_tables)}; run `bangvang db upgrade`"
        )
    else:
        yield Line("fine", "walls: row-level security is forced on every table that belongs to tenants")


def _plugin_tables(connection: Connection, strict: str) -> Iterator[Line]:
    from core.extensions.migrations import table_faults

    for fault in table_faults(connection):
        yield Line(strict if fault.waits else "wrong", f"plugin {fault.plugin}: {fault.words}")
    for name in left_branches(connection):
        yield Line(
            "note", f"plugin {name} cannot be used here; its tables and their rows are kept as they are"
        )


def _plugins(config: Config) -> Iterator[Line]:
    for one in _plugin_rows(config):
        needed = f"; needed by {', '.join(one.tenants)}" if one.tenants else ""
        if one.error is not None:
            yield Line("wrong", f"plugin {one.name}: {one.error}{needed}")
        else:
            yield Line("fine", f"plugin {one.name} {one.version}{needed}")


def _plugin_rows(config: Config) -> list[PluginRow]:
    """The plugins with the tenants that need them; without a ready database nobody needs any yet."""
    from core.cli.application import application, revision_of
    from core.plugin_host import installed_plugins
    from core.publishing.operators import PluginRow, plugin_rows

    if revision_of(config) == newest_revision():
        with application(config):
            return plugin_rows()
    return [
        PluginRow(one.name, one.info.version if one.info else None, one.source, one.error, ())
        for one in installed_plugins()
    ]
