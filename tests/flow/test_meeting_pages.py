"""The council's common work through HTTP: draw and ballot, as leader, member, entrant, stranger and conflicted."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from core.contests.models import Edition
from core.entries.models import Entry
from core.judging.meeting.ballot_facts import BallotFacts
from core.judging.meeting.ballot_models import Ballot
from core.judging.meeting.ballots import open_ballot
from core.kernel.db import session
from tests.support.app import client_of
from tests.support.factories import NOW, World, set_clock
from tests.support.judging import JUDGE, ROUND, judge_actor
from tests.support.meeting import SECRETARY, attendee, conflicted, drawn, make_meeting, secretary
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

DRAWS = f"/hoi-dong/{ROUND}/boc-tham"
BALLOTS = f"/hoi-dong/{ROUND}/bieu-quyet"
ORDER = f"/thu-tu-trinh-bay/{ROUND}"


def client_as(world: World, email: str) -> FlaskClient:
    with in_tenant(world, world.first):
        set_clock(session().scalars(select(Edition.id)).one(), NOW)
    client = client_of(world.app, world.first.slug)
    sign_in(client, email)
    return client


def meeting(world: World, *, entries: int = 3) -> list[str]:
    with in_tenant(world, world.first) as edition:
        return [one.code or "" for one in make_meeting(edition, entries=entries)]


def test_a_leader_fixes_the_list_and_draws_with_the_value_said_before(world: World) -> None:
    codes = meeting(world)
    client = client_as(world, SECRETARY)
    assert "Chốt danh sách để bốc thăm" in client.get(DRAWS).text

    answer = client.post(DRAWS, data={"scope": "", "source": "Xổ số tối 20/11"})
    assert answer.headers["Location"] == f"{DRAWS}/1"
    assert "Chờ bốc thăm" in client.get(f"{DRAWS}/1").text
    missing = client.post(f"{DRAWS}/1", data={"said": ""})
    assert (missing.status_code, "Bạn hãy nhập giá trị đã công bố" in missing.text) == (422, True)
    assert client.post(f"{DRAWS}/1", data={"said": "07-15-23"}).status_code == 303

    page = client.get(f"{DRAWS}/1").text
    assert all(code in page for code in codes)
    assert "07-15-23" in page
    assert client.get(f"{DRAWS}/1/tinh-lai.py").text.startswith("#!/usr/bin/env python3")


def test_a_second_draw_without_a_reason_keeps_what_was_typed(world: World) -> None:
    meeting(world)
    client = client_as(world, SECRETARY)
    client.post(DRAWS, data={"scope": ""})

    answer = client.post(DRAWS, data={"scope": "", "source": "Xổ số tối mai"})

    assert (answer.status_code, "bạn hãy ghi lý do bốc lại" in answer.text) == (422, True)
    assert 'value="Xổ số tối mai"' in answer.text


def test_members_read_and_have_no_button(world: World) -> None:
    meeting(world)
    client = client_as(world, JUDGE)
    page = client.get(DRAWS).text
    assert ("Chốt danh sách để bốc thăm" in page, "Chưa bốc thăm lần nào" in page) == (False, True)
    assert client.post(DRAWS, data={"scope": ""}).status_code == 403


def test_the_whole_order_is_public_only_when_the_council_says_so(world: World) -> None:
    codes = meeting(world)
    with in_tenant(world, world.first) as edition:
        drawn(edition)
    stranger = client_of(world.app, world.first.slug)
    assert stranger.get(ORDER).status_code == 404
    assert stranger.get(f"{ORDER}/1/tinh-lai.py").status_code == 404

    client_as(world, SECRETARY).post(f"{DRAWS}/1/cong-bo", data={"shown": "all"})

    page = stranger.get(ORDER).text
    assert all(code in page for code in codes)
    assert "Máy sấy chè" not in page
    assert stranger.get(f"{ORDER}/1/tinh-lai.py").status_code == 200


def test_an_entrant_sees_the_own_place_beside_the_dossier(world: World) -> None:
    meeting(world)
    with in_tenant(world, world.first) as edition:
        order = drawn(edition).drawn or []
        ref, code = session().execute(select(Entry.ref, Entry.code).where(Entry.code == order[1])).one()

    page = client_as(world, "tacgia@example.vn").get(f"/du-thi/{ref}").text

    assert ("Thứ tự trình bày" in page, "2/3" in page, code == order[1]) == (True, True, True)


def test_who_has_a_conflict_reads_the_page_without_that_dossier_and_gets_no_program(world: World) -> None:
    codes = meeting(world)
    with in_tenant(world, world.first) as edition:
        drawn(edition)
        conflicted(session().scalars(select(Entry).where(Entry.code == codes[0])).one(), judge_actor())
    client = client_as(world, JUDGE)

    page = client.get(f"{DRAWS}/1").text

    assert (codes[0] in page, codes[1] in page) == (False, True)
    assert client.get(f"{DRAWS}/1/tinh-lai.py").status_code == 404


def test_a_question_is_put_voted_on_and_counted(world: World) -> None:
    codes = meeting(world)
    leader = client_as(world, SECRETARY)
    form = leader.get(f"{BALLOTS}/moi").text
    typed = {
        "form_token": "mot",
        "question": "Chọn giải nhất",
        "options": f"{codes[0]}\n{codes[1]}",
        "secret": "1",
        "quorum": "two_thirds",
        "majority": "half",
        "voters": re.findall(r'name="voters" value="([^"]+)"', form),
    }
    assert "minh họa" in form
    assert leader.post(f"{BALLOTS}/moi", data=typed).headers["Location"] == f"{BALLOTS}/1"
    assert leader.post(f"{BALLOTS}/moi", data=typed).headers["Location"] == f"{BALLOTS}/1"
    members = [client_as(world, one) for one in (JUDGE, "giamkhao2@example.vn")]
    assert "Bạn chọn phương án nào?" in members[0].get(f"{BALLOTS}/1").text
    nothing = members[0].post(f"{BALLOTS}/1", data={})
    assert (nothing.status_code, "Bạn hãy chọn một phương án hoặc phiếu trắng" in nothing.text) == (422, True)

    for one in members:
        assert one.post(f"{BALLOTS}/1", data={"choice": "2"}).status_code == 303
    again = members[0].post(f"{BALLOTS}/1", data={"choice": "1"}, follow_redirects=True).text
    assert "Phiếu đầu được giữ" in again
    assert "Số phiếu của từng phương án" not in leader.get(f"{BALLOTS}/1").text
    assert leader.post(f"{BALLOTS}/1/kiem-phieu").status_code == 303

    page = members[1].get(f"{BALLOTS}/1").text
    assert f"Hội đồng chọn “{codes[1]}: Máy sấy chè" in page
    assert "với 2 trên 2 phiếu" in page
    late = client_as(world, "giamkhao3@example.vn").post(f"{BALLOTS}/1", data={"choice": "1"})
    assert (late.status_code, "đã kết thúc" in late.text) == (409, True)


def test_a_ballot_about_a_dossier_does_not_exist_for_who_has_a_conflict_with_it(world: World) -> None:
    codes = meeting(world)
    with in_tenant(world, world.first):
        conflicted(session().scalars(select(Entry).where(Entry.code == codes[0])).one(), judge_actor())
    leader = client_as(world, SECRETARY)
    voters = re.findall(r'name="voters" value="([^"]+)"', leader.get(f"{BALLOTS}/moi").text)
    typed = {"question": "Chọn", "options": f"{codes[0]}\n{codes[1]}", "quorum": "half", "majority": "most"}
    leader.post(f"{BALLOTS}/moi", data={**typed, "voters": voters, "form_token": "hai"})
    client = client_as(world, JUDGE)

    assert "Chưa có lần biểu quyết nào" in client.get(BALLOTS).text
    assert client.get(f"{BALLOTS}/1").status_code == 404
    assert client.post(f"{BALLOTS}/1", data={"choice": "1"}).status_code == 404


def test_an_open_vote_tells_who_chose_what_after_the_count_and_not_before(world: World) -> None:
    meeting(world)
    leader = client_as(world, SECRETARY)
    voters = re.findall(r'name="voters" value="([^"]+)"', leader.get(f"{BALLOTS}/moi").text)
    typed = {
        "question": "Họp tiếp?",
        "options": "Có\nKhông",
        "secret": "0",
        "quorum": "half",
        "majority": "most",
    }
    leader.post(f"{BALLOTS}/moi", data={**typed, "voters": voters, "form_token": "ba"})
    client_as(world, JUDGE).post(f"{BALLOTS}/1", data={"choice": "1"})
    assert "Phương án đã chọn" not in leader.get(f"{BALLOTS}/1").text

    leader.post(f"{BALLOTS}/1/kiem-phieu")

    assert "Phương án đã chọn" in leader.get(f"{BALLOTS}/1").text
    with in_tenant(world, world.first):
        assert session().scalars(select(Ballot.state)).one() == "closed"


def test_a_blank_vote_is_chosen_like_an_option_and_told_apart(world: World) -> None:
    meeting(world)
    leader = client_as(world, SECRETARY)
    form = leader.get(f"{BALLOTS}/moi").text
    voters = re.findall(r'name="voters" value="([^"]+)"', form)
    assert re.search(r'name="basis" value="valid" checked', form)
    typed = {"question": "Họp tiếp?", "options": "Có\nKhông", "secret": "0", "quorum": "half"}
    typed |= {"majority": "half", "basis": "cast", "form_token": "bon"}
    leader.post(f"{BALLOTS}/moi", data={**typed, "voters": voters})
    member = client_as(world, JUDGE)
    assert 'name="choice" value="0"' in member.get(f"{BALLOTS}/1").text
    for email, choice in ((JUDGE, "0"), ("giamkhao2@example.vn", "0"), ("giamkhao3@example.vn", "1")):
        client_as(world, email).post(f"{BALLOTS}/1", data={"choice": choice})

    page = leader.get(f"{BALLOTS}/1").text

    assert "“Có” được nhiều phiếu nhất (1 trên 3 phiếu) nhưng chưa đủ tỷ lệ cần thiết." in page
    assert "Có 2 phiếu trắng, được tính vào tổng số phiếu." in page
    assert "quá nửa số phiếu, tính cả phiếu trắng" in page
    assert page.count("Phiếu trắng") >= 3  # in the table of counts, and beside the two who cast one


def test_the_pages_take_as_many_queries_for_twenty_as_for_three(world: World) -> None:
    meeting(world, entries=3)
    with in_tenant(world, world.first) as edition:
        drawn(edition)
    client = client_as(world, JUDGE)
    client.get(f"{DRAWS}/1")
    with count_queries(world.app) as few:
        client.get(f"{DRAWS}/1")
        client.get(DRAWS)
    with in_tenant(world, world.first) as edition:
        for _again in range(6):
            drawn(edition, reason="Bốc lại")
    with count_queries(world.app) as many:
        client.get(f"{DRAWS}/7")
        client.get(DRAWS)

    assert few.count == many.count


def test_a_ballot_takes_as_many_queries_with_ten_options_as_with_two(world: World) -> None:
    meeting(world)
    with in_tenant(world, world.first) as edition:
        for count in (2, 10):
            asked = BallotFacts("Chọn", "\n".join(f"Phương án {one}" for one in range(count)))
            form = f"f{count}"
            open_ballot(edition, attendee(edition), asked, form_token=form, actor=secretary(), now=NOW)
    client = client_as(world, JUDGE)
    client.get(f"{BALLOTS}/1")
    with count_queries(world.app) as few:
        client.get(f"{BALLOTS}/1")
    with count_queries(world.app) as many:
        client.get(f"{BALLOTS}/2")

    assert few.count == many.count


def test_strangers_and_the_twins_people_find_no_room(world: World) -> None:
    meeting(world)
    client = client_as(world, "cutri@example.vn")
    for path in (DRAWS, f"{DRAWS}/1", BALLOTS, f"{BALLOTS}/moi", f"{BALLOTS}/1"):
        assert client.get(path).status_code == 404, path


def test_an_entrant_reads_how_the_own_place_was_drawn_and_no_other_code(world: World) -> None:
    codes = meeting(world)
    with in_tenant(world, world.first) as edition:
        order = drawn(edition).drawn or []
        ref = session().scalars(select(Entry.ref).where(Entry.code == order[1])).one()
    client = client_as(world, "tacgia@example.vn")
    page = f"/du-thi/{ref}/boc-tham/{ROUND}/1"
    assert page in client.get(f"/du-thi/{ref}").text

    told, program = client.get(page).text, client.get(f"{page}/tinh-lai.py").text

    assert [(one in told, one in program) for one in codes if one != order[1]] == [(False, False)] * 2
    assert ("2/3" in told, order[1] in told, order[1] in program) == (True, True, True)
    assert client.get(f"/du-thi/{ref}/boc-tham/{ROUND}/2").status_code == 404
    assert client_as(world, JUDGE).get(page).status_code == 404


def test_a_ballot_begins_from_dossiers_that_tie_and_leads_back(world: World) -> None:
    codes = meeting(world)
    client = client_as(world, SECRETARY)

    form = client.get(f"{BALLOTS}/moi?ho-so={codes[0]}&ho-so={codes[1]}").text
    one = client.get(f"{BALLOTS}/moi?ho-so={codes[0]}").text
    stranger = client.get(f"{BALLOTS}/moi?ho-so=KHONG-CO").text

    assert (
        "Chọn hồ sơ xếp trên trong các hồ sơ bằng điểm" in form,
        f">\n{codes[0]}\n{codes[1]}<" in form,
    ) == (
        True,
        True,
    )
    assert f"Ý kiến của hội đồng về hồ sơ {codes[0]}" in one
    assert "Ý kiến của hội đồng" not in stranger
    with in_tenant(world, world.first) as edition:
        facts = BallotFacts("Chọn hồ sơ xếp trên", f"{codes[0]}\n{codes[1]}")
        open_ballot(edition, attendee(edition), facts, form_token="x", actor=secretary(), now=NOW)
    back = client.get(f"{BALLOTS}/1").text
    assert f"/hoi-dong/{ROUND}/xep-hang" in back
