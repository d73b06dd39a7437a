"""Councils through HTTP: the office's page, the answer of who was invited, and the pledge before the first dossier."""

from __future__ import annotations

from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from core.contests.models import Edition
from core.judging.council_models import Council, Pledge, Seat
from core.judging.seats import SeatRole
from core.judging.services import CouncilFacts, withdraw_judge
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.people.models import Account
from tests.support.app import client_of
from tests.support.councils import invited, made_council, seated, signed, with_fields
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, set_clock
from tests.support.judging import JUDGE, ROUND, make_round
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

PAGE = f"/btc/cham-thi/hoi-dong/{ROUND}"
ONE = "moi@example.vn"


def office(world: World) -> FlaskClient:
    return _client(world, "btc@example.vn")


def _client(world: World, email: str, *, proved: bool = True) -> FlaskClient:
    with in_tenant(world, world.first):
        set_clock(session().scalars(select(Edition.id)).one(), NOW)
    client = client_of(world.app, world.first.slug)
    sign_in(client, email, proved=proved)
    return client


def test_a_council_is_made_as_on_the_decision_and_people_are_invited(world: World) -> None:
    client = office(world)
    assert "Vòng này chưa lập hội đồng" in client.get(PAGE).get_data(as_text=True)
    typed = {
        "name": "Hội đồng chuyên môn 2025",
        "decision": "12/QĐ-BTC",
        "decided_on": "2025-11-01",
        "answer_by": "2025-11-20",
        "pledge_required": "1",
    }
    assert client.post(f"{PAGE}/thong-tin", data=typed).status_code == 303
    person = {"name": "Lê Văn Thử", "email": ONE, "role": "chair"}

    answer = client.post(f"{PAGE}/moi", data=person)

    assert answer.status_code == 303
    page = client.get(PAGE).get_data(as_text=True)
    for words in (
        "Hội đồng chuyên môn 2025",
        "theo Quyết định số 12/QĐ-BTC",
        "ngày 01/11/2025",
        "Lê Văn Thử",
        "Chủ tịch",
        "Chờ trả lời",
        "Chưa có ai chấm điểm nhận lời",
    ):
        assert words in page


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(world: World) -> None:
    client = office(world)
    answer = client.post(f"{PAGE}/thong-tin", data={"decision": "12/QĐ", "decided_on": "mai"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Ngày chưa đúng" in page, 'value="12/QĐ"' in page) == (422, True, True)
    client.post(f"{PAGE}/thong-tin", data={})

    answer = client.post(f"{PAGE}/moi", data={"name": "Lê Văn Thử", "email": ONE, "role": "king"})

    page = answer.get_data(as_text=True)
    assert (answer.status_code, "Bạn hãy chọn nhiệm vụ" in page, f'value="{ONE}"' in page) == (
        422,
        True,
        True,
    )


def test_the_council_page_takes_as_many_queries_for_twenty_as_for_one(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        seated(edition, ONE)
    client = office(world)
    client.get(PAGE)
    with count_queries(world.app) as few:
        client.get(PAGE)
    with in_tenant(world, world.first) as edition:
        for number in range(20):
            invited(edition, f"nguoi{number}@example.vn")
    client.get(PAGE)
    with count_queries(world.app) as many:
        client.get(PAGE)

    assert few.count == many.count


def test_the_open_round_page_tells_what_is_amiss_and_opening_is_refused(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_entry(edition, account())
        made_council(edition)
        invited(edition, ONE)
    client = office(world)
    page = client.get(f"/btc/cham-thi/vong/{ROUND}/mo").get_data(as_text=True)
    assert "Chưa có ai chấm điểm nhận lời" in page
    assert "1 người chưa trả lời lời mời" in page

    assert client.post(f"/btc/cham-thi/vong/{ROUND}/mo").status_code == 409


def test_groups_are_made_on_their_page(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = with_fields(world.first, first_view)
        made_council(edition, round_key="so_khao")
        seat_id = seated(edition, ONE, round_key="so_khao").id
    client = office(world)
    base = "/btc/cham-thi/hoi-dong/so_khao"

    answer = client.post(
        f"{base}/nhom/moi",
        data={"name": "Nhóm 1", "fields": ["vat_lieu", "y_duoc"], "seats": [str(seat_id)]},
    )

    assert answer.status_code == 303
    page = client.get(base).get_data(as_text=True)
    assert "Nhóm 1" in page
    assert "Lĩnh vực “Giáo dục và đào tạo” chưa thuộc nhóm chấm nào (0 hồ sơ)." in page


def test_an_invited_person_reads_accepts_and_sees_what_comes_next(world: World) -> None:
    seat_id = _invited(world)
    client = _client(world, ONE)
    page = client.get(f"/hoi-dong/loi-moi/{seat_id}").get_data(as_text=True)
    for words in ("Ủy viên", "khoảng 1 hồ sơ", "Nhận lời", "Từ chối lời mời"):
        assert words in page

    assert client.post(f"/hoi-dong/loi-moi/{seat_id}/nhan-loi").status_code == 303

    assert "Đọc và ký cam kết" in client.get(f"/hoi-dong/loi-moi/{seat_id}").get_data(as_text=True)
    assert _state(world) == "accepted"


def test_declining_tells_the_office_what_to_do(world: World) -> None:
    seat_id = _invited(world)
    _client(world, ONE).post(f"/hoi-dong/loi-moi/{seat_id}/tu-choi", data={"reason": "Đi công tác dài ngày"})

    client = office(world)

    assert "Đi công tác dài ngày" in client.get(PAGE).get_data(as_text=True)
    assert "Tìm người thay trong hội đồng" in client.get("/btc/cham-thi").get_data(as_text=True)


def test_nobody_reads_the_invitation_of_another(world: World) -> None:
    seat_id = _invited(world)
    client = _client(world, "tacgia@example.vn")

    assert client.get(f"/hoi-dong/loi-moi/{seat_id}").status_code == 404
    assert client.post(f"/hoi-dong/loi-moi/{seat_id}/nhan-loi").status_code == 404
    assert _state(world) == "invited"


def test_until_the_pledge_is_signed_the_desk_shows_codes_and_leads_to_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        code, title = entry.code or "", entry.title
        made_council(edition)
    client = _client(world, JUDGE)
    page = client.get("/cham-thi/").get_data(as_text=True)
    assert (code in page, title in page, "Đọc và ký cam kết" in page) == (True, False, True)
    for path in (
        f"/cham-thi/{ROUND}/{code}",
        f"/cham-thi/{ROUND}/{code}/khoa",
        f"/cham-thi/{ROUND}/khoa-tat-ca",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/hoi-dong/cam-ket/{ROUND}")

    with in_tenant(world, world.first) as edition:
        signed(edition, JUDGE)

    assert title in client.get("/cham-thi/").get_data(as_text=True)
    assert client.get(f"/cham-thi/{ROUND}/{code}").status_code == 200


def test_the_pledge_is_signed_with_a_fresh_proof(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        made_council(edition)
    client = _client(world, JUDGE)
    page = client.get(f"/hoi-dong/cam-ket/{ROUND}").get_data(as_text=True)
    assert "minh họa" in page
    read = page.split('name="read" value="')[1].split('"')[0]

    unticked = client.post(f"/hoi-dong/cam-ket/{ROUND}", data={"read": read})
    assert (unticked.status_code, _pledges(world)) == (422, [])
    assert client.post(f"/hoi-dong/cam-ket/{ROUND}", data={"read": read, "agreed": "1"}).status_code == 303

    assert _pledges(world) == [read]
    assert read in client.get(f"/hoi-dong/cam-ket/{ROUND}").get_data(as_text=True)


def test_without_a_fresh_proof_nothing_is_signed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        made_council(edition)
    client = _client(world, JUDGE, proved=False)

    page = client.post(f"/hoi-dong/cam-ket/{ROUND}", data={"read": "x", "agreed": "1"})

    assert ("Xác nhận đúng là bạn" in page.get_data(as_text=True), _pledges(world)) == (True, [])


def test_the_office_gives_unfinished_work_to_a_reserve_by_one_button(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, entries=2, judges=2)
        made_council(edition, CouncilFacts(pledge_required=False))
        seat_id = seated(edition, ONE, SeatRole.RESERVE).id
        withdraw_judge(edition, "J1", "Ốm", actor=SYSTEM, now=NOW)
    client = office(world)
    page = client.get(PAGE).get_data(as_text=True)
    assert "(J1) để lại 2 hồ sơ chưa chấm xong" in page

    answer = client.post(f"{PAGE}/thay", data={"number": "J1", "seat": str(seat_id)})

    assert answer.status_code == 303
    page = client.get(PAGE).get_data(as_text=True)
    assert ("Người dự khuyết đã nhận 2 hồ sơ thay J1." in page, "để lại" in page) == (True, False)


def test_once_there_are_councils_people_are_added_there(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
    client = office(world)

    answer = client.post("/btc/cham-thi/giam-khao", data={"name": "Lê Văn Thử", "email": ONE})

    assert answer.status_code == 422
    assert 'id="them"' not in client.get("/btc/cham-thi").get_data(as_text=True)


def _invited(world: World) -> UUID:
    with in_tenant(world, world.first) as edition:
        make_entry(edition, account())
        made_council(edition)
        return invited(edition, ONE).id


def _state(world: World) -> str:
    with in_tenant(world, world.first):
        ask = (
            select(Seat.state)
            .join(Account, Account.id == Seat.account_id)
            .join(Council, Council.id == Seat.council_id)
        )
        return session().scalars(ask.where(Account.email == ONE)).one()


def _pledges(world: World) -> list[str]:
    with in_tenant(world, world.first):
        return list(session().scalars(select(Pledge.text_sha256)))
