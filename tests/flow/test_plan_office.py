"""The committee's pages for who judges what, through HTTP."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from core.contests.models import Edition
from core.contests.values import EditionView
from core.judging.models import Assignment, Judge
from core.judging.queries.planning import judges_with_fields, newest_proposal
from core.judging.services import open_round, planning
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, view
from tests.support.judging import JUDGE, make_council
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

ROUND = "so_khao"
PAGE = f"/btc/cham-thi/vong/{ROUND}/phan-cong"
CHOSEN = {"way": "plan", "k": "1", "least": "0", "most": "", "seed": "7", "next_by": "code"}


def test_the_office_chooses_proposes_moves_and_issues(world: World) -> None:
    opened(world, entries=3, judges=3)
    client = office(world)

    saved = client.post(PAGE, data={**CHOSEN, "then": "propose"})
    page = client.get(PAGE).get_data(as_text=True)
    code, leaves, comes = a_move(world)
    choose = client.get(f"{PAGE}/{code}?leaves={leaves}").get_data(as_text=True)
    changed = {"leaves": leaves, "comes": comes, "revision": "0", "confirm": "1"}
    moved = client.post(f"{PAGE}/{code}", data=changed)
    after = client.get(f"{PAGE}?loc=tay").get_data(as_text=True)
    issued = client.post(f"{PAGE}/giao", data={"revision": "1"})
    last = client.get(PAGE).get_data(as_text=True)

    assert [answer.status_code for answer in (saved, moved, issued)] == [303, 303, 303]
    assert "Phương án số 1, chưa giao cho ai" in page
    assert "Giao phương án này" in page
    assert f'value="{comes}"' in choose
    assert code in after
    assert "Đổi bằng tay" in after
    assert "Đã giao phương án số 1" in last
    with in_tenant(world, world.first):
        ways = sorted(session().scalars(select(Assignment.way).where(Assignment.ended_at.is_(None))))
        assert ways == ["hand", "plan", "plan"]


def test_a_doubtful_move_is_said_and_what_was_chosen_stays(world: World) -> None:
    opened(world, entries=3, judges=3)
    client = office(world)
    client.post(PAGE, data={**CHOSEN, "most": "1", "then": "propose"})
    code, leaves, comes = a_move(world)

    answer = client.post(f"{PAGE}/{code}", data={"leaves": leaves, "comes": comes, "revision": "0"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "sẽ có hơn 1 hồ sơ, quá mức đã đặt" in page
    assert f'value="{comes}" checked' in page


def test_wrong_figures_are_refused_at_their_field_and_kept(world: World) -> None:
    opened(world)

    answer = office(world).post(PAGE, data={**CHOSEN, "k": "hai", "least": "9", "most": "4"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Hãy ghi một số nguyên từ 1 đến 30." in page
    assert "Số nhiều nhất không được nhỏ hơn số ít nhất." in page
    assert 'value="hai"' in page


def test_the_plan_of_a_changed_council_is_not_issued_and_says_why(world: World) -> None:
    opened(world, entries=2, judges=2)
    client = office(world)
    client.post(PAGE, data={**CHOSEN, "then": "propose"})
    client.post("/btc/cham-thi/giam-khao/J2/thoi", data={"reason": "Bận"})

    answer = client.post(f"{PAGE}/giao", data={"revision": "0"})

    assert answer.status_code == 409
    assert "Hãy lập lại phương án" in answer.get_data(as_text=True)
    assert "Phương án này đã cũ" in client.get(PAGE).get_data(as_text=True)


def test_the_whole_council_is_assigned_from_the_same_page(world: World) -> None:
    opened(world, entries=2, judges=2)
    client = office(world)

    answer = client.post(f"{PAGE}/giao", data={"way": "whole"})

    assert answer.status_code == 303
    assert "Đang có 4 lượt chấm được giao" in client.get(PAGE).get_data(as_text=True)


def test_entries_that_nobody_was_given_are_among_what_is_to_do(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = two_rounds(world, first_view)
        make_entry(edition, account())
        make_council(edition)
    client = office(world)
    client.post(PAGE, data=CHOSEN)
    client.post(f"/btc/cham-thi/vong/{ROUND}/mo")

    waiting = client.get("/btc/cham-thi").get_data(as_text=True)
    client.post(f"{PAGE}/lap")
    client.post(f"{PAGE}/giao", data={"revision": "0"})
    after = client.get("/btc/cham-thi").get_data(as_text=True)

    assert "1 hồ sơ chưa giao cho ai" in waiting
    assert "chưa giao cho ai" not in after


def test_before_the_round_opens_the_choices_are_kept(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        two_rounds(world, first_view)
    client = office(world)

    client.post(PAGE, data={**CHOSEN, "k": "4"})

    page = client.get(PAGE).get_data(as_text=True)
    assert "Vòng này chưa mở" in page
    assert 'name="k" type="text" inputmode="numeric" autocomplete="off" value="4"' in page


def test_the_fields_of_a_judge_are_noted(world: World) -> None:
    opened(world)
    client = office(world)
    with in_tenant(world, world.first):
        field = view(world.first).rules.entry_fields()[0]

    page = client.get("/btc/cham-thi/giam-khao/J1/linh-vuc").get_data(as_text=True)
    answer = client.post("/btc/cham-thi/giam-khao/J1/linh-vuc", data={f"field_{field.key}": "near"})

    assert field.name.vi in page
    assert answer.status_code == 303
    assert field.name.vi in client.get("/btc/cham-thi/linh-vuc").get_data(as_text=True)
    with in_tenant(world, world.first):
        assert [dict(one.fits) for one in judges_with_fields(view(world.first))] == [{field.key: "near"}]


def test_the_proposal_needs_the_same_queries_for_1_and_30_entries(world: World) -> None:
    opened(world)
    client = office(world)
    client.post(PAGE, data={**CHOSEN, "then": "propose"})
    client.get(PAGE)
    with count_queries(world.app) as one:
        client.get(PAGE)
    with in_tenant(world, world.first):
        owner = account()
        for _number in range(29):
            make_entry(view(world.first), owner)
        open_round(view(world.first), ROUND, actor=SYSTEM, now=NOW)
    client.post(f"{PAGE}/lap")
    client.get(PAGE)
    with count_queries(world.app) as thirty:
        client.get(PAGE)

    assert thirty.count == one.count, str(thirty)


def test_a_judge_does_not_enter(world: World) -> None:
    opened(world)
    client = client_of(world.app, world.first.slug)
    sign_in(client, JUDGE)

    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}/lap").status_code == 403
    assert client.get("/btc/cham-thi/linh-vuc").status_code == 403


def opened(world: World, *, entries: int = 1, judges: int = 1) -> None:
    """The preliminary round of the first tenant, open, of rules that have fields."""
    with in_tenant(world, world.first) as first_view:
        edition = two_rounds(world, first_view)
        owner = account()
        for number in range(entries):
            make_entry(edition, owner, title=f"Máy sấy chè {number}")
        make_council(edition, judges=judges)
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)


def two_rounds(world: World, edition: EditionView) -> EditionView:
    """The edition under the rules of Bắc Giang."""
    stored = session().get_one(Edition, (session().tenant_id, edition.id))
    stored.plugins = ["stkt_base", "bacgiang_stkt"]
    session().flush()
    return view(world.first)


def a_move(world: World) -> tuple[str, str, str]:
    """The first entry of the proposal, who has it, and the next judge who has not."""
    with in_tenant(world, world.first) as edition:
        proposal = newest_proposal(edition.id, ROUND)
        assert proposal is not None
        code, leaves = planning.pairs_of(proposal)[0]
        numbers = sorted(session().scalars(select(Judge.number)))
        return code, leaves, next(number for number in numbers if number != leaves)


def office(world: World) -> FlaskClient:
    """A client of the first tenant signed in as its committee."""
    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")
    return client
