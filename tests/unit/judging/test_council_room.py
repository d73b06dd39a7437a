"""Who comes to the common work of a council, and who leads it."""

from __future__ import annotations

import pytest

from core.judging.council_room import access_council_room, require_leader
from core.judging.errors import PledgeNeeded
from core.judging.seats import SeatRole
from core.judging.services import CouncilFacts
from core.kernel.actor import Role
from core.kernel.errors import Forbidden, NotFound
from tests.support.councils import made_council, seated, signed
from tests.support.entries import account
from tests.support.factories import World, actor_of, make_account
from tests.support.judging import ROUND, judge_actor, make_round
from tests.support.voting import in_tenant

ONE = "mot@example.vn"
FREE = CouncilFacts(pledge_required=False)


@pytest.mark.parametrize("role", [SeatRole.CHAIR, SeatRole.VICE_CHAIR, SeatRole.SECRETARY])
def test_chair_vice_chair_and_secretary_lead(world: World, role: SeatRole) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        seated(edition, ONE, role)
        signed(edition, ONE)

        found = access_council_room(edition, actor_of(account(ONE)), ROUND)

        assert (found.seat, found.leads, found.is_officer) == (role, True, False)
        require_leader(found)


def test_a_judge_of_the_round_attends_and_does_not_lead(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)

        found = access_council_room(edition, judge_actor(), ROUND)

        assert (found.judge and found.judge.number, found.leads) == ("J1", False)
        with pytest.raises(Forbidden):
            require_leader(found)


def test_an_officer_leads_without_a_seat(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        officer = actor_of(make_account("can-bo-9@example.vn", roles=(Role.COMMITTEE,)))
        assert access_council_room(edition, officer, ROUND).leads


def test_nobody_else_learns_that_there_is_a_council(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        made_council(edition, FREE)
        with pytest.raises(NotFound):
            access_council_room(edition, actor_of(make_account(ONE)), ROUND)


def test_who_has_not_signed_is_led_to_the_pledge(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        seated(edition, ONE, SeatRole.CHAIR)
        with pytest.raises(PledgeNeeded):
            access_council_room(edition, actor_of(account(ONE)), ROUND)


def test_the_twins_chair_is_a_stranger_here(world: World) -> None:
    with in_tenant(world, world.second) as edition:
        made_council(edition, FREE)
        seated(edition, ONE, SeatRole.CHAIR)
    with in_tenant(world, world.first) as edition:
        made_council(edition, FREE)
        with pytest.raises(NotFound):
            access_council_room(edition, actor_of(make_account(ONE)), ROUND)
