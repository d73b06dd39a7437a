"""Scratch installations: fresh, at the newest revision, gone afterwards unless they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from core.kernel.errors import WrongUse
from core.kernel.migrate import current_revision, newest_revision
from core.kernel.scratch import PREFIX, scratch_installation
from tests.support.app import test_config
from tests.support.postgres import DatabaseUrls


def revision(url: str) -> str | None:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return current_revision(connection)
    finally:
        engine.dispose()


def test_it_is_at_the_newest_revision_and_sends_and_stores_nothing_elsewhere(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    config = test_config(database, tmp_path, smtp_url="smtp://mail.example.vn", mode="production")
    with scratch_installation(config) as scratch:
        assert revision(scratch.owner_url) == newest_revision()
        assert scratch.database_url != config.database_url
        assert (scratch.mode, scratch.smtp_url, scratch.storage_url) == ("demonstration", "", "")
        assert scratch.var.is_dir()
    assert not scratch.var.exists()


def test_the_database_beside_is_dropped(postgres_database: DatabaseUrls, tmp_path: Path) -> None:
    with scratch_installation(test_config(postgres_database, tmp_path)) as scratch:
        assert f"/{PREFIX}" in scratch.owner_url
    with pytest.raises(OperationalError, match="does not exist"):
        revision(scratch.owner_url)


def test_it_is_dropped_when_the_play_fails(postgres_database: DatabaseUrls, tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="the play failed"),
        scratch_installation(test_config(postgres_database, tmp_path)) as scratch,
    ):
        raise RuntimeError("the play failed")
    with pytest.raises(OperationalError, match="does not exist"):
        revision(scratch.owner_url)


def test_a_login_that_may_not_create_databases_is_told(
    postgres_database: DatabaseUrls, tmp_path: Path
) -> None:
    web = DatabaseUrls(owner_url=postgres_database.app_url, app_url=postgres_database.app_url)
    with (
        pytest.raises(WrongUse, match="cannot create one: permission denied to create database"),
        scratch_installation(test_config(web, tmp_path)),
    ):
        pass


def test_what_is_kept_stays(
    sqlite_database: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with scratch_installation(test_config(sqlite_database, tmp_path / "var"), keep=True) as scratch:
        assert scratch.var.parent == tmp_path
    assert revision(scratch.owner_url) == newest_revision()
