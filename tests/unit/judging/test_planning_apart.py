"""Who has a conflict with a dossier has no hand in who judges it, and is told the truth about the plan."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.conflict_values import Kind
from core.judging.plan import Move
from core.judging.queries.planning import newest_proposal
from core.judging.services import declare, open_round, planning
from core.judging.setups import Assigned, Setup
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.db import session
from core.kernel.errors import NotFound
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.judging import ROUND, make_council
from tests.support.people import sign_in
from tests.support.voting import in_tenant

PAGE = f"/btc/cham-thi/vong/{ROUND}/phan-cong"
TITLE = "Lò sấy của người nhà"


def planned(edition: EditionView) -> tuple[str, Actor]:
    """A round with a proposal for three entries, and an officer who is related to the first of them."""
    made = [make_entry(edition, account(), title=title) for title in (TITLE, "Máy cày", "Máy gặt")]
    make_council(edition, judges=4)
    planning.save_setup(edition, ROUND, Setup(way=Assigned.PLAN, k=2), actor=SYSTEM, now=NOW)
    open_round(edition, ROUND, actor=SYSTEM, now=NOW)
    officer = actor_of(make_account("lienquan@example.vn", name="Cán Bộ", roles=[Role.COMMITTEE]))
    declare(made[:1], [Kind.FAMILY.value], "", actor=officer, now=NOW)
    planning.propose(edition, ROUND, actor=SYSTEM, now=NOW)
    return made[0].code or "", officer


def pairs(edition: EditionView) -> list[tuple[str, str]]:
    session().expire_all()
    proposal = newest_proposal(edition.id, ROUND)
    assert proposal is not None
    return planning.pairs_of(proposal)


def swap(edition: EditionView, code: str) -> Move:
    """A move of the entry from one of its judges to one who does not have it."""
    has = sorted(number for one, number in pairs(edition) if one == code)
    comes = next(number for number in ("J1", "J2", "J3", "J4") if number not in has)
    return Move(code, has[0], comes)


def test_the_judges_of_a_relative_are_not_chosen_by_hand(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        code, officer = planned(edition)
        before = pairs(edition)
        move = swap(edition, code)

        with pytest.raises(NotFound, match="Không có hồ sơ này trong vòng chấm"):
            planning.move_by_hand(edition, ROUND, move, 0, is_confirmed=True, actor=officer, now=NOW)

        assert pairs(edition) == before


def test_the_address_of_such_a_move_does_not_exist_to_write_either(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        code, _officer = planned(edition)
        move, before = swap(edition, code), pairs(edition)
        session().commit()
        client = client_of(world.app, world.first.slug)
        sign_in(client, "lienquan@example.vn")
        typed = {"revision": "0", "leaves": move.leaves, "comes": move.comes, "confirm": "1"}

        answer = client.post(f"{PAGE}/{code}", data=typed)

        assert answer.status_code == 404
        assert TITLE not in answer.text
        assert pairs(edition) == before


def test_other_entries_are_still_moved_by_such_an_officer(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        code, officer = planned(edition)
        other = session().scalars(select(Entry.code).where(Entry.code != code).order_by(Entry.code)).first()
        move = swap(edition, other or "")

        planning.move_by_hand(edition, ROUND, move, 0, is_confirmed=True, actor=officer, now=NOW)

        assert (other, move.comes) in pairs(edition)


@pytest.mark.parametrize("changed", [False, True])
def test_the_plan_is_called_old_to_him_when_it_is_old(world: World, changed: bool) -> None:
    with in_tenant(world, world.first) as edition:
        planned(edition)
        if changed:
            planning.save_setup(edition, ROUND, Setup(way=Assigned.PLAN, k=2, seed=7), actor=SYSTEM, now=NOW)
        session().commit()
    client = client_of(world.app, world.first.slug)
    sign_in(client, "lienquan@example.vn")

    page = client.get(PAGE).text

    assert ("Phương án này đã cũ" in page) is changed
    assert "Máy cày" in page
    assert TITLE not in page
