"""Whether a database is at the newest revision, asked without alembic."""

from __future__ import annotations

from sqlalchemy import create_engine, text

from core.kernel import migrate
from core.kernel.migrate import is_newest, newest_revision
from tests.support.postgres import DatabaseUrls


def test_the_files_name_the_newest_revision_as_alembic_does() -> None:
    assert migrate._heads() == [newest_revision()]


def test_a_database_is_newest_until_it_is_stamped_with_another(database: DatabaseUrls) -> None:
    engine = create_engine(database.owner_url)
    try:
        with engine.begin() as connection:
            before = is_newest(connection)
            connection.execute(text("update alembic_version set version_num = '0001'"))
            after = is_newest(connection)
    finally:
        engine.dispose()

    assert (before, after) == (True, False)
