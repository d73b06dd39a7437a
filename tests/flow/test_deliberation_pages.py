"""The council's pages of deviations and deliberations through HTTP."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.models import Entry
from core.judging.conflict_values import Kind
from core.judging.meeting.ballot_facts import BallotFacts
from core.judging.meeting.ballots import cast, close, open_ballot
from core.judging.models import Sheet
from core.judging.queries import locked_sheets
from core.judging.services import declare
from core.kernel.db import session
from tests.support.app import client_of
from tests.support.deliberations import HIGH, LOW, NEAR, OFFICER, change, closed, differing, opened
from tests.support.factories import NOW, World
from tests.support.judging import JUDGE, ROUND, judge_actor, lock, make_round, points
from tests.support.meeting import SECRETARY, attendee, make_meeting, secretary
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

CODE = "TT-K1-0001"
LIST = f"/hoi-dong/{ROUND}/chenh-lech"
ROOM = f"/hoi-dong/{ROUND}/thao-luan/{CODE}"
TYPED = {"score_doi_moi": "18", "score_hieu_qua": "26", "score_kha_nang": "25", "reason": "Nghe giải trình"}


def test_the_list_shows_the_spread_its_state_and_the_next_thing_to_do(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        differing(edition)
    page = visitor(world, OFFICER).get(LIST).text
    for words in ("từ 49 đến 70,5 trên 80, chênh 21,5", "Cần thảo luận", "Mở thảo luận", "minh họa"):
        assert words in page, words
    assert "giamkhao" not in page


def test_a_judge_sees_it_without_the_buttons_of_a_leader(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        differing(edition)
    page = visitor(world, JUDGE).get(LIST).text
    assert CODE in page
    assert "Mở thảo luận" not in page


@pytest.mark.parametrize(
    ("path", "email"),
    [(LIST, "cutri@example.vn"), (ROOM, "cutri@example.vn"), (f"{ROOM}/luong", "cutri@example.vn")],
)
def test_a_stranger_finds_nothing(world: World, path: str, email: str) -> None:
    with in_tenant(world, world.first) as edition:
        opened(edition, differing(edition))
    assert visitor(world, email).get(path).status_code == 404


def test_a_leader_opens_and_comes_into_the_room(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        differing(edition)
    client = visitor(world, OFFICER)
    assert client.get(f"{LIST}/{CODE}/mo").status_code == 200

    answer = client.post(f"{LIST}/{CODE}/mo", data={"scope": "entry"})

    assert (answer.status_code, answer.headers["Location"]) == (303, ROOM)
    page = client.get(ROOM).text
    for words in ("J1", "J2", "từ 10 đến 18,5 trên 20, chênh 8,5", "Kết thúc thảo luận", "Bàn tiêu chí này"):
        assert words in page, words
    assert "Giám khảo Thử" not in page


def test_a_judge_who_must_lock_first_is_led_to_his_sheet(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=3)
        lock(edition, entry, number=2)
        lock(edition, entry, number=3, scores=LOW)
        opened(edition, entry, reason="Sớm")
    client = visitor(world, JUDGE)
    assert CODE not in client.get(LIST).text

    answer = client.get(ROOM)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cham-thi/{ROUND}/{CODE}")
    assert client.get(f"{ROOM}/dang-xem").status_code == 403
    assert client.get(f"{ROOM}/luong").status_code == 403


def test_a_judge_changes_his_points_and_everybody_in_the_room_reads_before_and_after(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        opened(edition, differing(edition))
    client = visitor(world, "giamkhao2@example.vn")
    assert 'value="10"' in client.get(f"{ROOM}/sua-diem").text

    answer = client.post(f"{ROOM}/sua-diem", data={**TYPED, "revision": "2"})

    assert (answer.status_code, answer.headers["Location"]) == (303, ROOM)
    page = visitor(world, JUDGE).get(ROOM).text
    for words in ("trước: 10", "Nghe giải trình", "10 → 18"):
        assert words in page, words


def test_what_was_typed_when_the_deliberation_closed_is_kept_and_told(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = differing(edition)
        closed(edition, entry, opened(edition, entry))
    answer = visitor(world, "giamkhao2@example.vn").post(f"{ROOM}/sua-diem", data={**TYPED, "revision": "2"})
    assert answer.status_code == 409
    for words in ("Phần thảo luận này đã kết thúc.", "giữ nguyên như trước", "Nghe giải trình", 'value="26"'):
        assert words in answer.text, words
    with in_tenant(world, world.first) as edition:
        taken = {one.judge: one.scores for one in locked_sheets(edition)}
        assert taken["J2"] == points(LOW)


def test_points_beyond_the_maximum_are_refused_at_the_field(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        opened(edition, differing(edition))
    form = {**TYPED, "score_doi_moi": "99", "revision": "2"}
    answer = visitor(world, "giamkhao2@example.vn").post(f"{ROOM}/sua-diem", data=form)
    assert answer.status_code == 422
    assert "Điểm từ 0 đến 20." in answer.text


def test_the_officer_has_no_sheet_to_change(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        opened(edition, differing(edition))
    assert visitor(world, OFFICER).get(f"{ROOM}/sua-diem").status_code == 404


def test_a_conflicted_judge_is_out_by_every_way(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = differing(edition, judges=3)
        opened(edition, entry)
        declare([entry], [Kind.FAMILY.value], "", actor=judge_actor(2), now=NOW)
    client = visitor(world, "giamkhao2@example.vn")
    for path in (ROOM, f"{ROOM}/luong", f"{ROOM}/dang-xem", f"{ROOM}/sua-diem"):
        assert client.get(path).status_code == 404, path
    for path in (f"{ROOM}/sua-diem", f"{ROOM}/dieu-khien", f"{ROOM}/ket-thuc"):
        assert client.post(path, data={**TYPED, "revision": "2", "outcome": "x"}).status_code == 404, path
    assert CODE not in client.get(LIST).text


def test_a_judge_does_not_lead(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        opened(edition, differing(edition))
    client = visitor(world, JUDGE)
    assert client.post(f"{ROOM}/dieu-khien", data={"tieu-chi": "doi_moi"}).status_code == 403
    assert client.post(f"{ROOM}/ket-thuc", data={"outcome": "Xong"}).status_code == 403
    assert client.post(f"{LIST}/{CODE}/mo", data={"scope": "entry"}).status_code == 403


def test_who_asks_by_himself_is_told_what_is_shown_and_nothing_while_nothing_changes(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        opened(edition, differing(edition))
    judge = visitor(world, JUDGE)
    first = judge.get(f"{ROOM}/dang-xem")
    assert first.json == {"version": 1, "criterion": "", "go": "", "open": True}
    again = judge.get(f"{ROOM}/dang-xem", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    visitor(world, OFFICER).post(f"{ROOM}/dieu-khien", data={"tieu-chi": "hieu_qua"})

    after = judge.get(f"{ROOM}/dang-xem", headers={"If-None-Match": first.headers["ETag"]})
    assert after.json == {"version": 2, "criterion": "hieu_qua", "go": "", "open": True}
    assert "Đang bàn" in judge.get(ROOM).text


def test_a_server_that_hands_over_no_connection_says_so(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        opened(edition, differing(edition))
    answer = visitor(world, JUDGE).get(f"{ROOM}/luong")
    assert (answer.status_code, answer.data) == (204, b"")


def test_where_the_room_went_is_told_to_who_may_follow_alone(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, judges=3, entries=2)
        for entry in (first, second):
            for number in (1, 2, 3):
                lock(edition, entry, number=number, scores=HIGH if number == 1 else LOW)
        opened(edition, first)
        opened(edition, second)
        declare([second], [Kind.FAMILY.value], "", actor=judge_actor(2), now=NOW)
    visitor(world, OFFICER).post(f"{ROOM}/dieu-khien", data={"ho-so": "TT-K1-0002"})

    told = {
        email: visitor(world, email).get(f"{ROOM}/dang-xem").json["go"]  # type: ignore[index]
        for email in (JUDGE, "giamkhao2@example.vn")
    }

    assert told == {JUDGE: "TT-K1-0002", "giamkhao2@example.vn": ""}
    assert "TT-K1-0002" in visitor(world, JUDGE).get(ROOM).text
    assert "TT-K1-0002" not in visitor(world, "giamkhao2@example.vn").get(ROOM).text


def test_a_closed_room_tells_the_outcome_and_nobody_follows(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = differing(edition)
        talk = opened(edition, entry)
        change(edition, entry, talk, NEAR)
    client = visitor(world, OFFICER)
    assert client.post(f"{ROOM}/ket-thuc", data={"outcome": " "}).status_code == 422

    answer = client.post(f"{ROOM}/ket-thuc", data={"outcome": "J2 sửa điểm"})

    assert (answer.status_code, answer.headers["Location"]) == (303, LIST)
    page = visitor(world, JUDGE).get(ROOM).text
    assert "J2 sửa điểm" in page
    assert "data-room" not in page
    assert "Xong, có sửa điểm" in client.get(LIST).text


def test_the_room_takes_as_many_queries_for_three_judges_as_for_ten(world: World) -> None:
    counts = []
    for judges, facts in ((3, world.first), (10, world.second)):
        with in_tenant(world, facts) as edition:
            entry = differing(edition, judges=judges)
            opened(edition, entry)
            for sheet in session().scalars(select(Sheet)):
                sheet.remark = "Tốt"
            code = entry.code
        client = client_of(world.app, facts.slug)
        sign_in(client, JUDGE)
        path = f"/hoi-dong/{ROUND}/thao-luan/{code}"
        client.get(path)
        with count_queries(world.app) as seen:
            assert client.get(path).status_code == 200
        counts.append(seen.count)
    assert counts[0] == counts[1]


def test_a_sheet_locked_after_the_talk_brings_the_entry_back_and_each_page_says_why(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=3)
        lock(edition, entry, number=1, scores=HIGH)
        lock(edition, entry, number=2, scores=HIGH)
        closed(edition, entry, opened(edition, entry, reason="J3 đi công tác"))
        lock(edition, entry, number=3, scores=LOW)
    client = visitor(world, OFFICER)
    listed, start, room = client.get(LIST).text, client.get(f"{LIST}/{CODE}/mo").text, client.get(ROOM).text

    for words in ("Cần thảo luận", "có phiếu khóa sau lần thảo luận", "Mở thảo luận lại", "Xem lại"):
        assert words in listed, words
    assert "Có phiếu khóa sau lần thảo luận trước: J3." in start
    for words in (
        "Có phiếu khóa sau lần thảo luận này (J3)",
        "Tổng điểm hiện nay từ 49 đến 70,5 trên 80, chênh 21,5.",
        "Mở thảo luận lại",
    ):
        assert words in room, words


def test_the_room_leads_to_a_ballot_and_shows_those_that_name_the_entry(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, entries=1)
        entry = session().scalars(select(Entry)).one()
        for number in (1, 2, 3):
            lock(edition, entry, number=number, scores=HIGH if number == 1 else LOW)
        opened(edition, entry)
        who = attendee(edition)
        for question in (f"Giữ điểm của {CODE}?", "Nghỉ giải lao?"):
            facts = BallotFacts(question, "Giữ\nKhông giữ", is_secret=False)
            open_ballot(edition, who, facts, form_token=question, actor=secretary(), now=NOW)
        for number in (1, 2, 3):
            actor = judge_actor(number)
            cast(edition, attendee(edition, actor), 1, 1, actor=actor, now=NOW)
        close(edition, who, 1, actor=secretary(), now=NOW)
    page = visitor(world, SECRETARY).get(ROOM).text

    for words in (
        f'href="/hoi-dong/{ROUND}/bieu-quyet/moi?ho-so={CODE}"',
        f'href="/hoi-dong/{ROUND}/bieu-quyet/1"',
        f"Giữ điểm của {CODE}?",
        "Hội đồng chọn “Giữ” với 3 trên 3 phiếu.",
    ):
        assert words in page, words
    assert "Nghỉ giải lao?" not in page
    assert "Đưa ra biểu quyết" not in visitor(world, JUDGE).get(ROOM).text


def visitor(world: World, email: str) -> FlaskClient:
    """A signed-in client of the first tenant."""
    client = client_of(world.app, world.first.slug)
    sign_in(client, email)
    return client
