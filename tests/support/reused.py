"""A PostgreSQL database that a worker uses again and again: its rows are put back between tests.

Copying a database for each test costs more than most tests do. What is put back is what the template held; what a
test built besides (tables, roles) stays its own affair.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.support.postgres import DatabaseUrls, PostgresServer, libpq

_ALL_TABLES = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
_END_OTHERS = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""
TRUNCATE_EVERY = 40  # deleted rows slow the scans of those that follow


@dataclass(slots=True)
class ReusedDatabase:
    """One database of this worker, and the rows it is put back to."""

    urls: DatabaseUrls
    admin_url: str
    rows: dict[str, bytes]
    resets: int = field(default=0)

    @classmethod
    def copied(cls, server: PostgresServer, template: str) -> ReusedDatabase:
        """A new copy of `template`, its rows remembered."""
        urls = server.create_database(template)
        name = make_url(urls.owner_url).database
        admin_url = make_url(server.admin_url).set(database=name).render_as_string(hide_password=False)
        rows = {}
        with psycopg.connect(libpq(admin_url)) as connection:
            for (table,) in connection.execute(_ALL_TABLES).fetchall():
                with connection.cursor().copy(
                    sql.SQL("copy {} to stdout").format(sql.Identifier(table))
                ) as out:
                    rows[table] = b"".join(bytes(part) for part in out)
        return cls(urls, admin_url, rows)

    def reset(self) -> None:
        """End what is still connected and put the rows back."""
        self.resets += 1
        with psycopg.connect(libpq(self.admin_url)) as connection:
            connection.execute(_END_OTHERS)
            connection.execute("set session_replication_role = replica")
            if self.resets % TRUNCATE_EVERY == 0:
                tables = sql.SQL(", ").join(map(sql.Identifier, self.rows))
                connection.execute(sql.SQL("truncate {}").format(tables))
            else:
                each = (sql.SQL("delete from {}").format(sql.Identifier(table)) for table in self.rows)
                connection.execute(sql.SQL("; ").join(each))
            for table, held in self.rows.items():
                if not held:
                    continue
                with connection.cursor().copy(
                    sql.SQL("copy {} from stdin").format(sql.Identifier(table))
                ) as into:
                    into.write(held)
