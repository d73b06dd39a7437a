"""A PostgreSQL for measurements: one that waits for the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.support.postgres import ensure_server, stop_server


@contextmanager
def postgres(folder: Path) -> Iterator[tuple[str, str]]:
    """A PostgreSQL that keeps its promises (fsync on), as owner's and application's URL."""
    folder.chmod(0o755)  # the server runs as another user when we are root
    server = ensure_server(folder)
    try:
        engine = create_engine(server.admin_url.replace("postgresql://", "postgresql+psycopg://"),
                               isolation_level="AUTOCOMMIT")  # fmt: skip
        with engine.connect() as connection:
            connection.execute(text("alter system set fsync = on"))
            connection.execute(text("alter system set synchronous_commit = on"))
            connection.execute(text("select pg_reload_conf()"))
        engine.dispose()
        urls = server.create_database()
        yield urls.owner_url, urls.app_url
    finally:
        stop_server(folder)
