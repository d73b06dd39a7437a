"""Prepared statements stand inside the first wall: the session alone says which tenant they mean."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.contests.models import Unit
from core.kernel.db import Prepared, TenantScopeError, tenant_scope
from tests.support.factories import World, make_unit

unit_owners = Prepared(lambda tenant: select(Unit.tenant_id).where(Unit.tenant_id == tenant))


def test_a_statement_that_does_not_name_the_tenant_is_refused_when_it_is_built() -> None:
    with pytest.raises(TenantScopeError):
        Prepared(lambda tenant: select(Unit.id))


def test_it_sees_only_the_bound_tenants_rows_and_what_is_still_pending(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        make_unit("xa-moi", name="Xã Mới")
        assert unit_owners().scalars().all() == [world.first.id] * 2
        current.rollback()


def test_without_a_tenant_it_raises(world: World) -> None:
    with world.app.app_context(), pytest.raises(TenantScopeError):
        unit_owners()
