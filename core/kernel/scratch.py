"""A database and a data folder that live for one command: for rehearsals, which must not touch the real ones."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from core.kernel.config import Config
from core.kernel.errors import WrongUse
from core.kernel.migrate import upgrade

PREFIX = "bangvang_rehearsal_"


@contextmanager
def scratch_installation(config: Config, *, keep: bool = False) -> Iterator[Config]:
    """`config` with a fresh database at the newest revision and a data folder of its own, both removed at the end.

    An SQLite file in that folder; or, where `config` names a PostgreSQL server, a database created beside its own
    by the owner's login. No mail leaves it and nothing is stored elsewhere. With `keep` both are left. Raises
    WrongUse when the login may not create databases.
    """
    folder = Path(tempfile.mkdtemp(prefix="bangvang-rehearsal-"))
    plain = replace(
        config, mode="demonstration", var=folder, smtp_url="", storage_url="", redis_url="", clamav_url=""
    )
    is_sqlite = make_url(config.database_url).get_backend_name() == "sqlite"
    made = _in_file(plain, folder) if is_sqlite else _beside(plain, _create(config.owner_url))
    try:
        upgrade(made.owner_url)
        yield made
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
            if not is_sqlite:
                _drop(config.owner_url, make_url(made.owner_url).database or "")


def _in_file(config: Config, folder: Path) -> Config:
    url = f"sqlite:///{folder / 'bangvang.db'}"
    return replace(config, database_url=url, owner_url=url)


def _beside(config: Config, name: str) -> Config:
    return replace(
        config,
        database_url=_rendered(make_url(config.database_url).set(database=name)),
        owner_url=_rendered(make_url(config.owner_url).set(database=name)),
    )


def _create(owner_url: str) -> str:
    name = f"{PREFIX}{secrets.token_hex(6)}"
    try:
        _execute(owner_url, f"create database \"{name}\" template template0 encoding 'UTF8'")
    except DBAPIError as error:
        why = str(error.orig).splitlines()[0]
        raise WrongUse(
            f"A rehearsal needs a scratch database, and the login of DATABASE_OWNER_URL cannot create one: {why}"
        ) from None
    return name


def _drop(owner_url: str, name: str) -> None:
    if not name.startswith(PREFIX):
        raise ValueError(name)
    _execute(owner_url, f'drop database if exists "{name}" with (force)')


def _execute(owner_url: str, statement: str) -> None:
    engine = create_engine(owner_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def _rendered(url: URL) -> str:
    return url.render_as_string(hide_password=False)
