"""A bound tenant for tests of services."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.kernel.db import tenant_scope
from tests.support.factories import World


@pytest.fixture
def tenant(world: World) -> Iterator[World]:
    """The world, its first tenant bound."""
    with world.app.app_context(), tenant_scope(world.first.id):
        yield world
