"""Wall 1: the session's scope; and wall 2 on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import ProgrammingError

from core.contests.models import Edition, Unit
from core.kernel.db import (
    ALL_TENANTS,
    Base,
    TenantOwned,
    TenantScopeError,
    bind_tenant,
    platform_scope,
    session,
    tenant_scope,
)
from core.kernel.ids import uuid7
from core.kernel.prepared import insert_once
from core.people.models import Account
from tests.support.factories import World, make_unit


def test_a_select_sees_only_the_bound_tenants_rows(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        assert {row.tenant_id for row in session().scalars(select(Account))} == {world.first.id}
        assert session().scalar(select(func.count()).select_from(Account)) == 5


def test_a_column_select_and_an_aggregate_are_scoped_too(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.second.id):
        assert session().scalars(select(Account.tenant_id).distinct()).all() == [world.second.id]


def test_a_join_is_scoped_on_both_sides(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        pairs = session().execute(select(Account.tenant_id, Unit.tenant_id).join(Unit, Unit.code == "xa-thu"))
        assert {tuple(pair) for pair in pairs} == {(world.first.id, world.first.id)}


def test_get_of_another_tenants_key_finds_nothing(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.second.id):
            foreign = session().scalars(select(Unit.id)).one()
        with tenant_scope(world.first.id):
            assert session().get(Unit, (world.second.id, foreign)) is None


def test_update_and_delete_touch_only_the_bound_tenants_rows(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id):
            session().execute(update(Unit).values(kind="changed"))
            session().execute(delete(Account))
            session().commit()
        with tenant_scope(world.second.id):
            assert session().scalars(select(Unit.kind)).all() == ["commune"]
            assert session().scalar(select(func.count()).select_from(Account)) == 5


def test_a_statement_without_a_tenant_raises(world: World) -> None:
    with world.app.app_context(), pytest.raises(TenantScopeError):
        session().scalars(select(Unit)).all()


def test_a_statement_that_is_not_orm_raises(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id), pytest.raises(TenantScopeError):
        session().execute(select(Unit.__table__.c.id))


def test_a_bulk_insert_and_an_update_of_tenant_id_are_refused(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        row = {"tenant_id": world.second.id, "id": uuid7(), "code": "x", "name": "x", "name_key": "x"}
        with pytest.raises(TenantScopeError):
            session().execute(insert(Unit), [row])
        with pytest.raises(TenantScopeError):
            session().execute(update(Unit).values(tenant_id=world.second.id))
        with pytest.raises(TenantScopeError):
            insert_once(Unit, ("code",), row)


def test_an_object_of_another_tenant_is_not_flushed(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        unit = make_unit("xa-khac")
        unit.tenant_id = world.second.id
        with pytest.raises(TenantScopeError):
            session().flush()
        session().rollback()


def test_switching_tenant_with_objects_loaded_raises(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        held = current.scalars(select(Unit)).all()
        assert held
        with pytest.raises(TenantScopeError):
            bind_tenant(current, world.second.id)


def test_every_table_but_the_tenants_own_is_tenant_owned() -> None:
    assert [m.class_.__name__ for m in Base.registry.mappers if not issubclass(m.class_, TenantOwned)] == [
        "Tenant"
    ]


def test_a_foreign_key_cannot_reach_into_another_tenant(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.second.id):
            foreign = session().scalars(select(Unit.id)).one()
        with tenant_scope(world.first.id):
            account = session().scalars(select(Account).where(Account.email == "btc@example.vn")).one()
            account.unit_id = foreign
            with pytest.raises(Exception, match=r"(?i)foreign key"):
                session().commit()
            session().rollback()


def test_the_platform_sees_all_only_with_the_named_option(world: World) -> None:
    with world.app.app_context(), platform_scope() as current:
        with pytest.raises(TenantScopeError):
            current.scalars(select(Unit)).all()
        owners = current.scalars(select(Unit.tenant_id), execution_options=ALL_TENANTS).all()
        assert set(owners) == {world.first.id, world.second.id}


def test_the_database_itself_hides_other_tenants_rows(postgres_world: World) -> None:
    world = postgres_world
    with world.app.app_context():
        with tenant_scope(world.first.id) as current:
            assert current.execute(
                text("select current_user"), execution_options=ALL_TENANTS
            ).scalar_one() == ("bangvang_app")
            # Past the first wall on purpose: the second stands.
            seen = current.scalars(select(Unit.tenant_id), execution_options=ALL_TENANTS).all()
            assert set(seen) == {world.first.id}
            changed = current.execute(update(Edition).values(ordinal=9), execution_options=ALL_TENANTS)
            assert changed.rowcount == 1  # type: ignore[attr-defined]
            current.rollback()
        with platform_scope() as current:
            current.info["platform"] = False
            assert current.scalars(select(Unit.tenant_id), execution_options=ALL_TENANTS).all() == []


def test_the_log_cannot_be_rewritten_by_the_application(postgres_world: World) -> None:
    world = postgres_world
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        forbidden = text("update audit_record set action = 'x'")
        with pytest.raises(ProgrammingError, match="permission denied"):
            current.execute(forbidden, execution_options=ALL_TENANTS)
