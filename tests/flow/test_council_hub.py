"""The front page of a council's common work."""

from __future__ import annotations

from core.judging.council_room import access_council_room
from core.judging.meeting.ballot_facts import BallotFacts
from core.judging.meeting.ballots import open_ballot
from core.judging.seats import SeatRole
from tests.support.app import client_of
from tests.support.councils import made_council, seated, signed
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import JUDGE, ROUND, make_round
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

PAGE = f"/hoi-dong/{ROUND}/"
CHAIR = "chu-tich@example.vn"


def page_of(world: World, email: str) -> str:
    client = client_of(world.app, world.first.slug)
    sign_in(client, email)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def prepare(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, judges=2)
        made_council(edition)
        seated(edition, CHAIR, SeatRole.SECRETARY)
        for email in (CHAIR, JUDGE):
            signed(edition, email)


def test_a_leader_finds_the_figures_and_a_judge_does_not(world: World) -> None:
    prepare(world)
    chair, judge = page_of(world, CHAIR), page_of(world, JUDGE)
    ways = [f'href="/hoi-dong/{ROUND}/{one}"' for one in ("xep-hang", "thong-ke", "phieu-giay")]
    assert [way in chair for way in ways] == [True, True, True]
    assert [way in judge for way in ways] == [False, False, False]
    assert f'href="/hoi-dong/{ROUND}/bien-ban"' in judge


def test_it_says_what_waits(world: World) -> None:
    prepare(world)
    with in_tenant(world, world.first) as edition:
        actor = actor_of(account(CHAIR))
        attendee = access_council_room(edition, actor, ROUND)
        facts = BallotFacts("Có gia hạn buổi họp không?", "Có\nKhông")
        open_ballot(edition, attendee, facts, form_token="mot", actor=actor, now=NOW)
    assert "1 lần đang mở" in page_of(world, CHAIR)


def test_a_judge_with_open_sheets_is_told_what_to_do_first(world: World) -> None:
    prepare(world)
    assert "Bạn còn 1 phiếu chưa xong ở vòng này" in page_of(world, JUDGE)


def test_it_takes_as_many_queries_for_ten_ballots_as_for_none(world: World) -> None:
    prepare(world)
    client = client_of(world.app, world.first.slug)
    sign_in(client, CHAIR)
    client.get(PAGE)
    with count_queries(world.app) as few:
        client.get(PAGE)
    with in_tenant(world, world.first) as edition:
        actor = actor_of(account(CHAIR))
        attendee = access_council_room(edition, actor, ROUND)
        for number in range(10):
            facts = BallotFacts(f"Câu hỏi {number}?", "Có\nKhông")
            open_ballot(edition, attendee, facts, form_token=f"{number}", actor=actor, now=NOW)
    client.get(PAGE)
    with count_queries(world.app) as many:
        client.get(PAGE)
    assert many.count == few.count
