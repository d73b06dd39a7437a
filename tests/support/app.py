"""The application under test, and a small world of two tenants with twin data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from huey import SqliteHuey
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Dialect, Engine, create_engine, event, make_url
from sqlalchemy.util import LRUCache
from werkzeug.test import TestResponse

from core.app import create_app
from core.kernel.config import Config
from core.kernel.db import configure_engine, db
from core.kernel.files import make_store
from core.kernel.held import Held
from core.kernel.limits import limiter
from core.kernel.migrate import upgrade
from core.kernel.queue import init_queue
from core.tenancy.resolver import version_reader
from tests.support.databases import PrepareDatabase
from tests.support.factories import World, build_world, find_world
from tests.support.garbage import leave_alone_what_lives
from tests.support.postgres import DatabaseUrls


@pytest.fixture(scope="session")
def prepare_database() -> PrepareDatabase:
    """Every test's database is at the newest revision."""

    def prepare(urls: DatabaseUrls) -> None:
        upgrade(urls.owner_url)

    return prepare


@pytest.fixture(scope="session")
def prepare_world(tmp_path_factory: pytest.TempPathFactory) -> PrepareDatabase:
    """The world's rows stand in a template, so that a test copies them instead of making them."""

    def prepare(urls: DatabaseUrls) -> None:
        upgrade(urls.owner_url)
        for made in running(urls, tmp_path_factory.mktemp("world")):
            build_world(made)

    return prepare


def test_config(urls: DatabaseUrls, var: Path, *, smtp_url: str = "", mode: str = "demonstration") -> Config:
    """The configuration of an application on a test's own database and folder."""
    return Config(
        mode=mode,
        var=var,
        database_url=urls.app_url,
        owner_url=urls.owner_url,
        secret_key="secret of the tests " * 2,
        redis_url="",
        storage_url="",
        smtp_url=smtp_url,
        mail_from="khong-tra-loi@example.vn",
        base_host="localhost",
        tenants=Path(__file__).parents[2] / "tenants",
        port=8000,
    )


test_config.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def app(database: DatabaseUrls, tmp_path: Path) -> Iterator[Flask]:
    """The application, once on each database."""
    yield from running(database, tmp_path)


@pytest.fixture
def postgres_world(postgres_database: DatabaseUrls, tmp_path: Path) -> Iterator[World]:
    """The world on PostgreSQL alone, for what only PostgreSQL has."""
    for made in running(postgres_database, tmp_path):
        yield find_world(made)


_shared: dict[tuple[str, Callable[[Flask], None] | None], Flask] = {}


def running(
    urls: DatabaseUrls, folder: Path, extend: Callable[[Flask], None] | None = None
) -> Iterator[Flask]:
    """This worker's application for the kind of database, put on a test's own database and folder.

    Making an application costs more than most tests. `extend` adds what the tests of a module need besides, such as
    views: they share an application of their own. One that changes it in ways of its own takes `fresh_app` instead.
    """
    config = test_config(urls, folder / "var")
    key = make_url(urls.app_url).get_backend_name(), extend
    if key not in _shared:
        _shared[key] = _made(config)
        if extend is not None:
            extend(_shared[key])
        leave_alone_what_lives()
    made = _shared[key]
    before, extensions = dict(made.config), dict(made.extensions)
    _put_on(made, config)
    yield made
    _let_go(made)
    made.config.clear()
    made.config.update(before)
    made.extensions.clear()
    made.extensions.update(extensions)


def _put_on(made: Flask, config: Config) -> None:
    """Everything that `create_app` takes from its configuration, taken again."""
    made.config.update(config.as_flask())
    config.var.mkdir(parents=True, exist_ok=True)
    with made.app_context():
        engine = _engine(config.database_url, made.config["SQLALCHEMY_ENGINE_OPTIONS"])
        configure_engine(engine)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _without_waiting_for_the_disk)
        cast("dict[str | None, Engine]", db.engines)[None] = engine
    made.extensions["file_store"] = make_store("", config.var)
    made.extensions["kept_pages"].forget(version_reader(made))
    _queue_on(made, config.var / "queue.db")
    limiter.reset()
    Held.forget_all()  # copies of one template hold the same ids


_empty_queue: list[bytes] = []


def _queue_on(made: Flask, path: Path) -> None:
    """An empty queue: the file of an earlier one, as its tables take longer to make than to copy."""
    if not _empty_queue:
        SqliteHuey(filename=str(path))
        _empty_queue.append(path.read_bytes())
    path.write_bytes(_empty_queue[0])
    init_queue(made)


_dialects: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}
MOST_COMPILED = 2000  # distinct statements, each some tens of kilobytes


def _engine(url: str, options: dict[str, Any]) -> Engine:
    """An engine with connections of its own that knows the statements compiled in earlier tests of this worker.

    To compile a statement costs several times what asking the database does, and compiled statements are kept for a
    dialect: so the engines of one kind share theirs.
    """
    engine = create_engine(url, **options)
    kind = engine.dialect.name
    if kind not in _dialects:
        engine.connect().close()  # the dialect learns what its server can
        engine.dispose()
        _dialects[kind] = engine.dialect, LRUCache(MOST_COMPILED)
    engine.dialect, compiled = _dialects[kind]
    engine.update_execution_options(compiled_cache=compiled)
    return engine


def _made(config: Config) -> Flask:
    made = create_app(config)
    made.jinja_env.bytecode_cache = _compiled
    made.config["TESTING"] = True
    made.config["WTF_CSRF_ENABLED"] = False
    with made.app_context():
        db.engine.dispose()
    return made


def _let_go(made: Flask) -> None:
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def fresh_app(database: DatabaseUrls, tmp_path: Path) -> Iterator[Flask]:
    """An application of the test's own, once on each database: it may add views and hooks to it."""
    config = test_config(database, tmp_path / "var")
    made = _made(config)
    Held.forget_all()
    yield made
    _let_go(made)


@pytest.fixture
def world(app: Flask) -> World:
    """Two tenants with twin data: the same keys, titles and people in both."""
    return find_world(app)


class SharedBytecode(BytecodeCache):
    """Templates compiled once a process, though each test has an application of its own."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled from the same source."""
        if bucket.key in self._held:
            bucket.bytecode_from_string(self._held[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._held[bucket.key] = bucket.bytecode_to_string()


_compiled = SharedBytecode()


def _without_waiting_for_the_disk(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class HostClient(FlaskClient):
    """A client whose requests all go to one host, unless a call names a `base_url` of its own."""

    def open(
        self, *args: Any, buffered: bool = False, follow_redirects: bool = False, **kwargs: Any
    ) -> TestResponse:
        """Send a request. werkzeug takes the host from `base_url` and not from `environ_base`."""
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", f"http://{self.environ_base['HTTP_HOST']}")
        return super().open(*args, buffered=buffered, follow_redirects=follow_redirects, **kwargs)


def client_of(app: Flask, slug: str) -> FlaskClient:
    """A client whose requests go to the tenant `slug` ("" is the platform's bare host)."""
    client = HostClient(app, app.response_class, use_cookies=True)
    client.environ_base["HTTP_HOST"] = f"{slug}.localhost" if slug else "localhost"
    return client
