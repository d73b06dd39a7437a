"""Fixtures that give a test a database of its own, on SQLite and on PostgreSQL.

`database` runs a test once on each. What it holds comes from `prepare_database` (a session fixture, by
default an empty database), which fills one template an engine and run; each test gets a copy of it.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import psycopg
import pytest

from tests.support.engines import POSTGRESQL, SQLITE, missing, used
from tests.support.postgres import (
    DatabaseUrls,
    PostgresServer,
    PostgresUnavailable,
    ensure_server,
    stop_server,
)
from tests.support.reused import ReusedDatabase
from tests.support.run_folder import is_worker, once, run_folder

Engine = Literal["sqlite", "postgresql"]
PrepareDatabase = Callable[[DatabaseUrls], None]
Template = tuple[str, PrepareDatabase]
_reused: dict[str, ReusedDatabase] = {}


@pytest.fixture(scope="session")
def prepare_database() -> PrepareDatabase:
    """What fills the template of every database; override it to migrate."""
    return lambda urls: None


@pytest.fixture(scope="session")
def prepare_world() -> PrepareDatabase:
    """What fills the template of the tests that ask for the world of twin tenants; override it to build them."""
    return lambda urls: None


@pytest.fixture
def template(
    request: pytest.FixtureRequest, prepare_database: PrepareDatabase, prepare_world: PrepareDatabase
) -> Template:
    """Which template this test's database is copied from: the world's for tests that ask for the world."""
    wants_world = {"world", "postgres_world"} & set(request.fixturenames)
    return ("world", prepare_world) if wants_world else ("prepared", prepare_database)


@pytest.fixture
def postgres_server(request: pytest.FixtureRequest) -> PostgresServer:
    """The run's PostgreSQL, started on first use; the test is noted as run on it."""
    try:
        server = ensure_server(run_folder(request.config))
    except PostgresUnavailable as reason:
        missing(request, POSTGRESQL, str(reason))
    used(request, POSTGRESQL, server.version)
    return server


@pytest.fixture
def postgres_database(postgres_server: PostgresServer, template: Template) -> DatabaseUrls:
    """A database for the test alone on PostgreSQL, as owner and as application, its rows as in the template."""
    name = template[0]
    try:
        if name in _reused:
            _reused[name].reset()
    except psycopg.OperationalError:  # a test took the database away
        _reused.pop(name).close()
    if name not in _reused:
        _reused[name] = ReusedDatabase.copied(postgres_server, postgres_server.template(*template))
    return _reused[name].urls


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest, tmp_path: Path, template: Template) -> DatabaseUrls:
    """A database of the test's own in an SQLite file; owner and application are one."""
    used(request, SQLITE, sqlite3.sqlite_version)
    target = tmp_path / "bangvang.sqlite3"
    shutil.copyfile(_sqlite_template(run_folder(request.config), *template), target)
    return _sqlite_urls(target)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> DatabaseUrls:
    """A database of the test's own; the test runs once on each engine."""
    engine: Engine = request.param
    urls: DatabaseUrls = request.getfixturevalue(f"{engine.replace('postgresql', 'postgres')}_database")
    return urls


def _sqlite_template(folder: Path, name: str, prepare: PrepareDatabase) -> Path:
    def make() -> dict[str, str]:
        path = folder / f"template-{name}.sqlite3"
        sqlite3.connect(path).close()
        prepare(_sqlite_urls(path))
        _fold_log_in(path)
        return {"path": str(path)}

    return Path(once(folder, f"sqlite-template-{name}", make)["path"])


def _fold_log_in(path: Path) -> None:
    """Write what stands in the write-ahead log into the file, which alone is copied."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _sqlite_urls(path: Path) -> DatabaseUrls:
    url = f"sqlite:///{path}"
    return DatabaseUrls(owner_url=url, app_url=url)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the server; stop it, once, after every worker has ended."""
    while _reused:
        _reused.popitem()[1].close()
    if not is_worker(config):
        stop_server(run_folder(config))
