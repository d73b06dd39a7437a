"""Who may declare on what: the whole council on every dossier of its round, before anything is assigned."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.barring import is_barred
from core.judging.blind_models import BlindRound
from core.judging.conflict_declaring import access_declared, access_declaring, declarable, rounds_to_declare
from core.judging.conflict_values import Kind
from core.judging.council_models import Seat
from core.judging.seats import SeatRole
from core.judging.services import CouncilFacts, appoint_judge, declare, unseat
from core.kernel.actor import SYSTEM, Role
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from tests.support.councils import invited, made_council, seated, signed
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.judging import ROUND, judge_actor, make_council, make_round
from tests.support.voting import in_tenant

ONE = "mot@example.vn"
FREE = CouncilFacts(pledge_required=False)


def listed(edition: EditionView, email: str, search: str = "") -> list[str]:
    declarer = access_declaring(edition, actor_of(account(email)), ROUND)
    return [title for _code, title in declarable(edition, declarer, search)[0]]


def test_before_the_round_opens_a_member_declares_on_what_may_come(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition, FREE)
        seated(edition, ONE)
        make_entry(edition, account(), title="Máy sấy chè")
        other = make_entry(edition, account(), title="Lò sấy cá")
        me = actor_of(account(ONE))
        declarer = access_declaring(edition, me, ROUND)

        found = access_declared(edition, declarer, [f" {(other.code or '').lower()} "])
        declare(found, [Kind.FAMILY], "", actor=me, now=NOW)

        assert listed(edition, ONE, "lo say") == ["Lò sấy cá"]
        assert is_barred(me, other.id)


@pytest.mark.parametrize("role", [SeatRole.CHAIR, SeatRole.SECRETARY, SeatRole.RESERVE])
def test_every_seat_declares_on_dossiers_of_others(world: World, role: SeatRole) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        made_council(edition, FREE)
        seated(edition, ONE, role)

        assert listed(edition, ONE) == [one.title]


def test_before_the_pledge_dossiers_are_named_by_code(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        made_council(edition)
        seated(edition, ONE, SeatRole.SECRETARY)
        before = listed(edition, ONE)
        declarer = access_declaring(edition, actor_of(account(ONE)), ROUND)
        found = access_declared(edition, declarer, [one.code or ""])
        signed(edition, ONE)

        assert (before, found, listed(edition, ONE)) == ([], [one], [one.title])


def test_who_has_not_answered_names_dossiers_by_code(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        made_council(edition, FREE)
        invited(edition, ONE)

        assert listed(edition, ONE) == []


def test_in_a_blind_round_no_title_is_listed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        session().add(
            BlindRound(edition_id=edition.id, round=ROUND, is_on=True, questions=[], changed_at=NOW)
        )
        session().flush()

        declarer = access_declaring(edition, judge_actor(), ROUND)

        assert (declarer.lists, declarable(edition, declarer)) == (False, ([], 0))


def test_a_code_that_is_not_of_the_round_is_named_and_nothing_is_stored(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        late = make_entry(edition, account(), title="Đến muộn")
        declarer = access_declaring(edition, judge_actor(), ROUND)

        with pytest.raises(Invalid) as wrong:
            access_declared(edition, declarer, [one.code or "", late.code or ""])

        assert wrong.value.errors == {"codes": [f"Vòng này không có hồ sơ mang mã {late.code}."]}


def test_nobody_else_learns_of_the_round(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        with pytest.raises(NotFound):
            access_declaring(edition, actor_of(make_account(ONE)), ROUND)


def test_an_officer_may_too(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        make_account(ONE, roles=[Role.COMMITTEE])

        assert listed(edition, ONE) == [one.title]


def test_a_judge_of_another_council_has_no_part_in_the_round(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_council(edition, judges=2)
        made_council(edition, FREE)
        late = make_account(ONE)
        appoint_judge(edition, late.id, actor=SYSTEM, now=NOW)

        with pytest.raises(NotFound):
            access_declaring(edition, actor_of(late), ROUND)


def test_a_judge_is_led_to_the_rounds_of_his_councils_before_any_is_open(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (judge,) = make_council(edition)
        first = [one.key for one in rounds_to_declare(edition, judge)]
        made_council(edition, FREE)
        own = [one.key for one in rounds_to_declare(edition, judge)]
        seat = session().scalars(select(Seat)).one()
        unseat(edition, ROUND, seat.id, "Thôi", actor=SYSTEM, now=NOW)

        assert (first, own, rounds_to_declare(edition, judge)) == ([ROUND], [ROUND], [])
