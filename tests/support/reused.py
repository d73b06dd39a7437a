"""A PostgreSQL database that a worker uses again and again: its rows are put back between tests.

Copying a database for each test costs more than most tests do. What is put back is what the template held; what a
test built besides (tables, roles) stays its own affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.support.postgres import DatabaseUrls, PostgresServer, libpq

_TABLES = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
_WRITTEN = (
    "select relname, pg_relation_size(oid) from pg_class"
    " where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0"
)
_END_OTHERS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""
MOST_BYTES = 128 * 1024  # deleted rows slow the scans of those that follow


@dataclass(slots=True)
class ReusedDatabase:
    """One database of this worker, the rows it is put back to, and the connection that does it.

    The connection stays: a new one would learn all tables anew each time.
    """

    urls: DatabaseUrls
    rows: dict[str, bytes]
    connection: psycopg.Connection

    @classmethod
    def copied(cls, server: PostgresServer, template: str) -> ReusedDatabase:
        """A new copy of `template`, its rows remembered."""
        urls = server.create_database(template)
        name = make_url(urls.owner_url).database
        admin_url = make_url(server.admin_url).set(database=name).render_as_string(hide_password=False)
        connection = psycopg.connect(libpq(admin_url), autocommit=True)
        rows = {}
        for (table,) in connection.execute(_TABLES).fetchall():
            with connection.cursor().copy(sql.SQL("copy {} to stdout").format(sql.Identifier(table))) as out:
                rows[table] = b"".join(bytes(part) for part in out)
        connection.execute("set session_replication_role = replica")
        return cls(urls, rows, connection)

    def reset(self) -> None:
        """End what is still connected and put the rows back."""
        self.connection.execute(_END_OTHERS)
        written = [row for row in self.connection.execute(_WRITTEN).fetchall() if row[0] in self.rows]
        if written:
            self.connection.execute(_deleting([table for table, _ in written]))
        if swollen := [table for table, size in written if size > MOST_BYTES]:
            self.connection.execute(sql.SQL("vacuum {}").format(_listed(swollen)))
        for table, held in self.rows.items():
            if not held:
                continue
            copy = sql.SQL("copy {} from stdin").format(sql.Identifier(table))
            with self.connection.cursor().copy(copy) as into:
                into.write(held)

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()


def _deleting(tables: Sequence[str]) -> sql.Composed:
    return sql.SQL("; ").join(sql.SQL("delete from {}").format(sql.Identifier(table)) for table in tables)


def _listed(tables: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, tables))
