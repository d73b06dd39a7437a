"""The first tenant of the test world, bound, with a target and a report rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.kernel.db import tenant_scope
from tests.support.factories import World
from tests.support.outreach import UnitWorld, unit_world


@pytest.fixture
def here(world: World) -> Iterator[UnitWorld]:
    """The first tenant, bound for the whole test."""
    with world.app.app_context(), tenant_scope(world.first.id):
        yield unit_world(world.first)
