"""The door to a round's figures: it lets in whom the council's door lets in, and asks for one's own sheets."""

from __future__ import annotations

import pytest

from core.judging.council_room import access_council_room
from core.judging.errors import PledgeNeeded
from core.judging.figures_door import OwnSheetsOpen, access_figures
from core.judging.seats import SeatRole
from core.judging.services import CouncilFacts, abstain, abstain_for_good
from core.kernel.actor import Actor, Role
from core.kernel.errors import Forbidden, NotFound
from tests.support.councils import made_council, seated, signed
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.judging import ROUND, judge_account, judge_actor, lock, make_round, place_of
from tests.support.voting import in_tenant

ONE = "mot@example.vn"
FREE = CouncilFacts(pledge_required=False)


@pytest.mark.parametrize("role", list(SeatRole))
def test_it_knows_everybody_as_the_councils_door_does(world: World, role: SeatRole) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition, FREE)
        seated(edition, ONE, role)
        actor = actor_of(account(ONE))
        attendee = access_council_room(edition, actor, ROUND)
        if attendee.leads:
            assert access_figures(edition, actor, ROUND)[0] == attendee
        else:
            with pytest.raises(Forbidden):
                access_figures(edition, actor, ROUND)


def test_who_owes_a_pledge_signs_first_and_an_officer_owes_none(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        seated(edition, ONE, SeatRole.SECRETARY)
        with pytest.raises(PledgeNeeded):
            access_figures(edition, actor_of(account(ONE)), ROUND)
        signed(edition, ONE)
        assert access_figures(edition, actor_of(account(ONE)), ROUND)[0].leads
        assert access_figures(edition, officer(), ROUND)[0].is_officer


def test_an_officer_who_judges_waits_until_nothing_of_his_own_is_open(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second, third = make_round(edition, entries=3)
        judge_account().roles = [str(Role.JUDGE), str(Role.COMMITTEE)]
        lock(edition, first)
        with pytest.raises(OwnSheetsOpen, match="2 phiếu"):
            access_figures(edition, judge_actor(), ROUND)
        abstain(edition, place_of(edition, second), "Người quen", actor=judge_actor(), now=NOW)
        third.state = "withdrawn"
        with pytest.raises(OwnSheetsOpen, match="1 phiếu"):
            access_figures(edition, judge_actor(), ROUND)
        abstain_for_good(edition, place_of(edition, second), actor=judge_actor(), now=NOW)

        attendee, revision = access_figures(edition, judge_actor(), ROUND)

        assert attendee.judge is not None
        assert attendee.judge.number == "J1"
        assert revision is None or revision > 0


def test_a_stranger_and_the_twins_chair_learn_nothing(world: World) -> None:
    with in_tenant(world, world.second) as edition:
        made_council(edition, FREE)
        seated(edition, ONE, SeatRole.CHAIR)
    with in_tenant(world, world.first) as edition:
        made_council(edition, FREE)
        with pytest.raises(NotFound):
            access_figures(edition, actor_of(make_account(ONE)), ROUND)


def officer() -> Actor:
    return actor_of(make_account("can-bo-cua@example.vn", roles=[Role.COMMITTEE]))
