"""Prepared statements stand inside the first wall: the session alone says which tenant they mean."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.contests.models import Unit
from core.kernel.db import TenantScopeError, tenant_scope
from core.kernel.ids import uuid7
from core.kernel.prepared import Prepared
from core.tenancy import resolver
from tests.support.factories import World, make_unit

unit_owners = Prepared(lambda tenant: select(Unit.tenant_id).where(Unit.tenant_id == tenant))


def test_a_statement_that_does_not_name_the_tenant_is_refused_when_it_is_built() -> None:
    with pytest.raises(TenantScopeError):
        Prepared(lambda tenant: select(Unit.id))


def test_it_sees_only_the_bound_tenants_rows_and_what_is_still_pending(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        make_unit("xa-moi", name="Xã Mới")
        assert unit_owners.rows() == [(world.first.id,)] * 2
        current.rollback()


def test_without_a_tenant_it_raises(world: World) -> None:
    with world.app.app_context(), pytest.raises(TenantScopeError):
        unit_owners.rows()


def test_a_request_after_the_tenants_were_made_anew_finds_the_new_one(world: World) -> None:
    """A worker remembers the ids of tenants; what it remembers must not outlive them."""
    resolver._ids["motmot"] = uuid7()
    page = world.app.test_client().get("/", base_url="http://motmot.localhost")
    assert page.status_code == 200
    assert resolver._ids["motmot"] == world.first.id


def test_a_remembered_id_of_the_twin_is_never_entered_by_this_ones_host(world: World) -> None:
    resolver._ids["motmot"] = world.second.id
    page = world.app.test_client().get("/", base_url="http://motmot.localhost")
    words = page.get_data(as_text=True)
    assert ("Thử motmot" in words, "haihai" in words) == (True, False)
