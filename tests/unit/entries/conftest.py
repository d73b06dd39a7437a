"""The first tenant of the test world, bound, with its edition and people at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from core.contests.values import EditionView
from core.kernel.actor import Actor
from core.kernel.db import tenant_scope
from core.people.models import Account
from tests.support.entries import account
from tests.support.factories import World, actor_of, view


@dataclass(frozen=True, slots=True)
class Here:
    """The bound tenant: its edition, an entrant with an account, and an officer of the committee."""

    world: World
    edition: EditionView
    owner: Account
    entrant: Actor
    officer: Actor


@pytest.fixture
def here(world: World) -> Iterator[Here]:
    """The first tenant, bound for the whole test."""
    with world.app.app_context(), tenant_scope(world.first.id):
        owner = account()
        officer = actor_of(account("btc@example.vn"))
        yield Here(world, view(world.first), owner, actor_of(owner), officer)
