"""An installation that has accounts gets the ways in of this version: its telephone numbers are encrypted."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, inspect, text

from core.kernel.config import demonstration_secret
from core.kernel.db import configure_engine
from core.kernel.migrate import alembic_config, upgrade
from core.kernel.security import cipher_of
from tests.support.postgres import DatabaseUrls

TENANT, ACCOUNT, OTHER = "1" * 32, "2" * 32, "3" * 32


def see_all(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("select set_config('app.tenant', '*', true)"))


def test_numbers_are_encrypted_under_the_installations_secret_and_come_back(
    database: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANGVANG_VAR", str(tmp_path))
    monkeypatch.setenv("BANGVANG_MODE", "demonstration")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    engine = create_engine(database.owner_url)
    configure_engine(engine, app_role=False)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0010")
        see_all(connection)
        connection.execute(
            text(
                "insert into tenant (id, slug, profile, profile_synced, version) values (:t, 'mot', '{}', '{}', 1)"
            ),
            {"t": TENANT},
        )
        for key, email, phone in ((ACCOUNT, "a@example.vn", "0912345678"), (OTHER, "b@example.vn", None)):
            connection.execute(
                text(
                    "insert into account (tenant_id, id, email, name, name_key, folded, phone, roles, created_at, "
                    "is_demonstration) values (:t, :i, :e, 'A', '1', 'a', :p, '[]', '2026-01-01', false)"
                ),
                {"t": TENANT, "i": key, "e": email, "p": phone},
            )

    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
        see_all(connection)
        kept = connection.execute(text("select phone, phone_digest from account order by email")).all()
        columns = inspect(connection).get_columns("account")
        email_may_lack = next(one["nullable"] for one in columns if one["name"] == "email")
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0010")
        see_all(connection)
        back = connection.execute(text("select phone from account order by email")).all()
        command.upgrade(alembic_config(connection), "head")
        problems = (
            connection.execute(text("pragma integrity_check")).all()
            if engine.dialect.name == "sqlite"
            else []
        )
    engine.dispose()
    upgrade(database.owner_url)  # the next test may be given this database: its tables get their grants again

    cipher = cipher_of(demonstration_secret(tmp_path), "column:phone")
    assert cipher.decrypt(kept[0].phone.encode()).decode() == "0912345678"
    assert [kept[0].phone_digest, kept[1].phone, email_may_lack] == [None, None, True]
    assert [row.phone for row in back] == ["0912345678", None]
    assert [tuple(row) for row in problems] in ([], [("ok",)])
