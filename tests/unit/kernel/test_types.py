"""Exact decimals, UTC instants, UUIDv7, one-tenant archives."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import StatementError

from core.contests.models import Edition, Phase, Unit
from core.entries.models import Entry, EntryAuthor
from core.intake.models import FiledFor
from core.kernel.archive import read_archive, write_archive
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.errors import WrongUse
from core.kernel.ids import uuid7
from core.kernel.uow import unit_of_work
from core.people.models import Account
from core.tenancy.models import Tenant
from tests.support.factories import NOW, World


def add_author(share: Decimal) -> UUID:
    """An author of a new entry of the bound tenant."""
    entry = Entry(
        edition_id=session().scalars(select(Edition.id)).one(),
        owner_id=session().scalars(select(Account.id).limit(1)).one(),
        ref=uuid7().hex[-12:],
        form_token=uuid7().hex,
        title="Thử",
        created_at=NOW,
        updated_at=NOW,
    )
    author = EntryAuthor(entry_id=entry.id, position=1, name="A", role="chief", share=share)
    session().add_all([entry, author])
    session().flush()
    return author.id


def test_a_decimal_comes_back_exact(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        key = add_author(Decimal("33.30"))
        session().expire_all()
        author = session().get_one(EntryAuthor, (world.first.id, key))
        assert author.share is not None
        assert author.share.as_tuple() == Decimal("33.30").as_tuple()


def test_a_decimal_that_does_not_fit_is_refused_and_a_float_too(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        with pytest.raises(StatementError, match="more than 2 places"):
            add_author(Decimal("33.333"))
        session().rollback()
        with pytest.raises(StatementError, match="not float"):
            add_author(33.3)  # type: ignore[arg-type]


def test_an_instant_comes_back_in_utc_and_a_naive_one_is_refused(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        phase = session().scalars(select(Phase).limit(1)).one()
        phase.opens_at = datetime(2025, 11, 21, 0, 0, tzinfo=timezone(timedelta(hours=7)))
        session().flush()
        session().expire_all()
        assert phase.opens_at == datetime(2025, 11, 20, 17, 0, tzinfo=UTC)
        assert phase.opens_at.tzinfo is UTC
        phase.opens_at = datetime(2025, 11, 21)  # noqa: DTZ001 - the fault under test
        with pytest.raises(StatementError, match="time zone"):
            session().flush()


def test_uuid7_is_ordered_by_time_and_marked_as_version_7() -> None:
    made = [uuid7() for _ in range(50)]
    assert {(x.version, x.variant) for x in made} == {(7, "specified in RFC 4122")}
    assert [x.int >> 80 for x in made] == sorted(x.int >> 80 for x in made)


def test_a_backup_of_one_tenant_comes_back_alone(world: World, tmp_path: Path) -> None:
    target = tmp_path / "mot.zip"
    with world.app.app_context():
        with platform_scope():
            write_archive(target, world.first.id)
            with pytest.raises(WrongUse, match="already has motmot"):
                read_archive(target, None)
        with tenant_scope(world.first.id), unit_of_work():
            for model in (Phase, Account, Edition, Unit):
                session().execute(delete(model))
        with platform_scope() as current:
            tenant = current.get_one(Tenant, world.first.id, execution_options=ALL_TENANTS)
            current.delete(tenant)
            current.commit()
        with platform_scope():
            counts = read_archive(target, "motmot")
        assert counts.rows == 1 + 1 + 5 + 1 + 5
        with tenant_scope(world.first.id), unit_of_work():
            assert session().scalar(select(func.count()).select_from(Account)) == 5
            assert session().scalars(select(Phase.opens_at).order_by(Phase.opens_at)).first() == (
                NOW - timedelta(days=30)
            )


def file_for(person: str, contact: str) -> None:
    """A dossier of the bound tenant that an officer keyed in for `person`."""
    officer = session().scalars(select(Account.id).limit(1)).one()
    entry = Entry(
        edition_id=session().scalars(select(Edition.id)).one(),
        owner_id=officer,
        ref=uuid7().hex[-12:],
        form_token=uuid7().hex,
        title="Thử",
        created_at=NOW,
        updated_at=NOW,
    )
    session().add(entry)
    session().add(
        FiledFor(
            entry_id=entry.id,
            person=person,
            contact=contact,
            consent="signed",
            consent_version="1",
            arrived_on=NOW.date(),
            by_id=officer,
            by_name="Cán bộ Thử",
            at=NOW,
        )
    )


def test_what_lies_encrypted_lies_so_in_a_backup_and_is_read_after_it(world: World, tmp_path: Path) -> None:
    target = tmp_path / "mot.zip"
    with world.app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            file_for("Trần Thị Mẫu", "0987 654 321")
        with platform_scope():
            write_archive(target, world.first.id)
        lines = zipfile.ZipFile(target).read("rows/filed_for.jsonl").decode()
        assert ("Trần Thị Mẫu" in lines, "0987" in lines) == (True, False)
        with tenant_scope(world.first.id), unit_of_work():
            for model in (FiledFor, Entry, Phase, Account, Edition, Unit):
                session().execute(delete(model))
        with platform_scope() as current:
            current.delete(current.get_one(Tenant, world.first.id, execution_options=ALL_TENANTS))
            current.commit()
        with platform_scope():
            read_archive(target, "motmot")
        with tenant_scope(world.first.id):
            assert session().scalars(select(FiledFor.contact)).one() == "0987 654 321"


def test_a_damaged_backup_is_refused(world: World, tmp_path: Path) -> None:
    target = tmp_path / "mot.zip"
    target.write_bytes(b"no zip")
    with world.app.app_context(), platform_scope(), pytest.raises(WrongUse, match="is no zip"):
        read_archive(target, None)
