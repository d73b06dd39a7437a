"""Each test has a database of its own; PostgreSQL knows an owner and a web login with fewer rights."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.support.postgres import DatabaseUrls, PostgresServer


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            for statement in statements[:-1]:
                connection.execute(text(statement))
            result = connection.execute(text(statements[-1]))
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        engine.dispose()


def test_the_owner_may_build_in_a_database_on_each_engine(database: DatabaseUrls) -> None:
    made = run(
        database.owner_url, "CREATE TABLE t (n integer)", "INSERT INTO t VALUES (1)", "SELECT n FROM t"
    )
    assert made == [(1,)]


def test_a_copy_holds_what_its_template_held_and_changes_apart(postgres_server: PostgresServer) -> None:
    def prepare(urls: DatabaseUrls) -> None:
        run(urls.owner_url, "CREATE TABLE t (n integer)", "INSERT INTO t VALUES (7)")

    template = postgres_server.template("of-this-test", prepare)
    first, second = (postgres_server.create_database(template) for _ in range(2))
    run(first.owner_url, "DELETE FROM t")
    assert run(second.owner_url, "SELECT n FROM t") == [(7,)]
    postgres_server.drop_database(first)
    postgres_server.drop_database(second)


def test_the_web_login_owns_nothing_and_cannot_build(postgres_database: DatabaseUrls) -> None:
    with (
        psycopg.connect(_plain(postgres_database.app_url)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE t (n integer)")


def test_the_web_login_is_bound_by_row_level_security(postgres_database: DatabaseUrls) -> None:
    rights = run(
        postgres_database.app_url,
        "SELECT rolsuper, rolbypassrls, rolcreaterole, pg_has_role('bangvang_app', 'USAGE')"
        " FROM pg_roles WHERE rolname = current_user",
    )
    assert rights == [(False, False, False, True)]


def test_a_dropped_database_is_gone(postgres_server: PostgresServer) -> None:
    urls = postgres_server.create_database()
    postgres_server.drop_database(urls)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(_plain(urls.owner_url))


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
