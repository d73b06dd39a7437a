"""What the screens of a deliberation are told, many at once: who may follow is asked anew each time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.conflict_values import Kind
from core.judging.deliberation_models import Deliberation
from core.judging.live import SCREENS, Follower
from core.judging.seats import SeatRole
from core.judging.services import declare, lead, withdraw_judge
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.people.models import Account, SignIn
from tests.support.councils import made_council, seated
from tests.support.deliberations import LOW, OFFICER, differing, officer, opened, room_of
from tests.support.entries import account
from tests.support.factories import NOW, World, make_account
from tests.support.judging import ROUND, judge_account, judge_actor, lock, make_round
from tests.support.queries import count_queries
from tests.support.voting import in_tenant


def follower(edition: EditionView, entry: Entry, talk: Deliberation, person: Account) -> Follower:
    """A signed-in screen of `person`."""
    signed = SignIn(
        account_id=person.id,
        digest=f"{person.id.hex}{talk.id.hex}"[:64],
        device="Máy thử",
        created_at=NOW,
        expires_at=NOW + timedelta(days=30),
    )
    session().add(signed)
    session().flush()
    tenant_id = session().tenant_id
    return Follower(tenant_id, edition.id, ROUND, entry.id, talk.id, person.id, signed.id)


def told(*listeners: Follower) -> list[Mapping[str, Any] | None]:
    """What each is told."""
    found = SCREENS.told(listeners)
    answers = [found[one] for one in listeners]
    return [None if one is None else json.loads(one[1]) for one in answers]


def test_judges_and_leaders_are_told_what_is_shown(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = differing(edition)
        talk = opened(edition, entry)
        screens = [follower(edition, entry, talk, one) for one in (judge_account(2), account(OFFICER))]

        lead(room_of(edition, entry, officer()), talk.id, "hieu_qua", actor=officer())

        shown = {"version": 2, "criterion": "hieu_qua", "go": "", "open": True}
        assert told(*screens) == [shown, shown]
        assert SCREENS.heads({talk.id}) == {talk.id: 2}


def test_a_stranger_is_cut_off_and_so_is_who_signed_out(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = differing(edition)
        talk = opened(edition, entry)
        stranger = follower(edition, entry, talk, make_account("la@example.vn"))
        gone = follower(edition, entry, talk, judge_account(2))
        session().get_one(SignIn, (session().tenant_id, gone.sign_in_id)).ended_at = NOW
        session().flush()
        assert told(stranger, gone) == [None, None]


def test_a_conflict_a_withdrawal_and_a_sheet_to_lock_cut_off(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=5)
        for number in (1, 2, 3, 4):
            lock(edition, entry, number=number, scores=LOW)
        talk = opened(edition, entry, reason="Sớm")
        screens = [follower(edition, entry, talk, judge_account(number)) for number in range(1, 6)]
        declare([entry], [Kind.FAMILY.value], "", actor=judge_actor(2), now=NOW)
        withdraw_judge(edition, "J3", "Ốm", actor=SYSTEM, now=NOW)

        found = told(*screens)

        assert [one is None for one in found] == [False, True, True, False, True]


def test_the_councils_secretary_may_follow(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = differing(edition)
        talk = opened(edition, entry)
        made_council(edition)
        seated(edition, "thu-ky@example.vn", SeatRole.SECRETARY)
        secretary = follower(edition, entry, talk, account("thu-ky@example.vn"))
        assert told(secretary)[0] is not None


def test_the_twins_screen_finds_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = differing(edition)
        talk = opened(edition, entry)
        ours = follower(edition, entry, talk, judge_account(1))
    with in_tenant(world, world.second):
        assert SCREENS.heads({ours.topic}) == {}
        assert told(ours) == [None]


@pytest.mark.parametrize("judges", [2, 12])
def test_two_screens_or_twelve_take_the_same_queries(world: World, judges: int) -> None:
    with in_tenant(world, world.first) as edition:
        entry = differing(edition, judges=judges)
        talk = opened(edition, entry)
        screens = [follower(edition, entry, talk, judge_account(one)) for one in range(1, judges + 1)]
        with count_queries(world.app) as seen:
            assert None not in told(*screens)
        assert seen.count == 6, seen
