"""The figures of a round through HTTP: who is let in, what a page tells, and what it costs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.models import Entry
from core.judging.conflict_values import Kind
from core.judging.seats import SeatRole
from core.judging.services import CouncilFacts, declare
from core.kernel.actor import Role
from core.kernel.db import session
from core.privacy.models import DossierOpening
from tests.support.app import client_of
from tests.support.councils import made_council, seated
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.judging import JUDGE, ROUND, WHOLE, fill, lock, make_round
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

OFFICER = "can-bo-so-lieu@example.vn"
LOW = {"doi_moi": "10", "hieu_qua": "10", "kha_nang": "10"}
RANKING = f"/hoi-dong/{ROUND}/xep-hang"
FREE = CouncilFacts(pledge_required=False)


def test_who_leads_the_council_reads_the_order_so_far(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2, judges=2)
        made_council(edition, FREE)
        seated(edition, "thu-ky@example.vn", SeatRole.SECRETARY)
        lock(edition, first, scores=LOW)
        lock(edition, second)
        lock(edition, second, number=2, scores=LOW)

    page = signed_in(world, "thu-ky@example.vn").get(RANKING).text

    assert page.index("Máy sấy chè 2") < page.index("Máy sấy chè 1")
    for words in ("50,25", "40,5", "30–70,5", "Đây chưa phải kết quả"):
        assert words in page


def test_a_judge_who_does_not_lead_is_refused(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        lock(edition, entry)
    answer = signed_in(world, JUDGE).get(RANKING)
    assert answer.status_code == 403
    assert "70,5" not in answer.text


@pytest.mark.parametrize("path", [RANKING, f"{RANKING}.csv", f"{RANKING}.xlsx"])
def test_who_leads_and_has_a_sheet_open_is_led_to_it(world: World, path: str) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        lock(edition, first)
        fill(edition, second)
        code = second.code or ""
        account(JUDGE).roles = [str(Role.JUDGE), str(Role.COMMITTEE)]
    client = signed_in(world, JUDGE)

    answer = client.get(path)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cham-thi/?vong={ROUND}")
    assert "Bạn còn 1 phiếu chưa xong ở vòng này." in client.get("/cham-thi/").text
    with in_tenant(world, world.first) as edition:
        lock(edition, again(code))
    assert client.get(path).status_code == 200


def test_who_has_a_conflict_finds_the_others_and_no_gap_where_it_stood(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        lock(edition, first)
        lock(edition, second, scores=LOW)
        officer = make_account(OFFICER, roles=[Role.COMMITTEE])
        declare([first], [Kind.FAMILY.value], "", actor=actor_of(officer), now=NOW)
    client = signed_in(world, OFFICER)

    page, table = client.get(RANKING).text, rows_of(client)

    assert "Máy sấy chè 1" not in page
    assert "1 hồ sơ không hiện vì bạn có liên quan." in page
    assert [(row["Hạng"], row["Tên"]) for row in table] == [("1", "Máy sấy chè 2")]


def test_the_spreadsheet_holds_what_is_filtered(world: World) -> None:
    officer(world)
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        first.field = "mot"
        lock(edition, first)
        lock(edition, second)
    client = signed_in(world, OFFICER)

    assert len(rows_of(client)) == 2
    (row,) = rows_of(client, "?linh-vuc=mot")
    assert (row["Hạng"], row["Số phiếu"], row["Điểm tạm tính"]) == ("1", "1", "70,5")
    assert "Máy sấy chè 2" not in client.get(f"{RANKING}?linh-vuc=mot").text


def test_nothing_of_the_twin_stands_there(world: World) -> None:
    officer(world)
    with in_tenant(world, world.second) as edition:
        (entry,) = make_round(edition)
        lock(edition, entry, scores=WHOLE)
    with in_tenant(world, world.first) as edition:
        make_round(edition)

    assert "Chưa có phiếu nào khóa" in signed_in(world, OFFICER).get(RANKING).text


def test_a_page_of_one_and_of_fifty_rows_takes_the_same_queries(world: World) -> None:
    officer(world)
    counts = []
    with in_tenant(world, world.first) as edition:
        entries = make_round(edition, entries=50)
        codes = [one.code or "" for one in entries]
    client = signed_in(world, OFFICER)
    client.get(RANKING)
    for part in (codes[:1], codes[1:]):
        with in_tenant(world, world.first) as edition:
            for code in part:
                lock(edition, again(code))
        with count_queries(world.app) as asked:
            client.get(RANKING)
        counts.append(len(asked.statements))
    assert counts == [8, 8]


def test_what_has_not_changed_is_not_drawn_again(world: World) -> None:
    officer(world)
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        lock(edition, first)
        code = second.code or ""
    client = signed_in(world, OFFICER)
    before = client.get(RANKING).text
    with count_queries(world.app) as asked:
        assert client.get(RANKING).text == before
    assert len(asked.statements) == 5
    with in_tenant(world, world.first) as edition:
        lock(edition, again(code))

    assert "Máy sấy chè 2" in client.get(RANKING).text


def test_a_page_that_is_kept_is_its_readers_alone(world: World) -> None:
    officer(world)
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock(edition, entry)
        lock(edition, entry, number=2)
        account(JUDGE).roles = [str(Role.JUDGE), str(Role.COMMITTEE)]
        account(JUDGE).name = "Lê Người Khác"
    first, second = signed_in(world, OFFICER), signed_in(world, JUDGE)
    for _time in range(3):
        first.get(RANKING)

    page = second.get(RANKING).text

    assert "Nguyễn Văn Thử" in first.get(RANKING).text
    assert "Nguyễn Văn Thử" not in page
    assert second.get(RANKING).status_code == 200


STATISTICS = f"/hoi-dong/{ROUND}/thong-ke"
OWN = f"/cham-thi/{ROUND}/cua-toi"


def test_the_chair_reads_who_is_strict_and_what_other_ways_of_adding_up_would_give(world: World) -> None:
    officer(world)
    with in_tenant(world, world.first) as edition:
        for entry in make_round(edition, entries=2, judges=2):
            lock(edition, entry, scores=LOW)
            lock(edition, entry, number=2)

    page = signed_in(world, OFFICER).get(STATISTICS).text

    for words in ("−40,5", "+40,5", "kết quả chỉ tính theo thể lệ", "Theo thể lệ", "50,25", "Giám khảo 2"):
        assert words in page


def test_statistics_of_one_and_of_many_sheets_take_the_same_queries(world: World) -> None:
    officer(world)
    with in_tenant(world, world.first) as edition:
        codes = [one.code or "" for one in make_round(edition, entries=20, judges=2)]
    client = signed_in(world, OFFICER)
    client.get(STATISTICS)
    counts = []
    for part in (codes[:1], codes[1:]):
        with in_tenant(world, world.first) as edition:
            for code in part:
                lock(edition, again(code))
                lock(edition, again(code), number=2, scores=LOW)
        with count_queries(world.app) as asked:
            client.get(STATISTICS)
        counts.append(len(asked.statements))
    assert counts == [10, 10]


def test_times_from_first_opening_to_locking_are_told_with_care(world: World) -> None:
    officer(world)
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        lock(edition, entry, now=NOW + timedelta(minutes=12))
        opening = {"role": "judge", "what": "dossier", "hour": NOW, "at": NOW}
        session().add(DossierOpening(entry_id=entry.id, account_id=account(JUDGE).id, **opening))

    page = signed_in(world, OFFICER).get(STATISTICS).text

    assert "12 phút" in page
    assert "Đừng kết luận về một người từ con số này" in page


def test_a_conflict_keeps_an_entry_out_of_the_statistics(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        lock(edition, first)
        lock(edition, second, scores=LOW)
        person = make_account(OFFICER, roles=[Role.COMMITTEE])
        declare([first], [Kind.FAMILY.value], "", actor=actor_of(person), now=NOW)

    page = signed_in(world, OFFICER).get(STATISTICS).text

    assert "70,5" not in page
    assert "Máy sấy chè 1" not in page


def test_a_judge_sees_his_own_line_and_only_once_everything_is_locked(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2, judges=2)
        lock(edition, first, scores=LOW)
        lock(edition, first, number=2)
        code = second.code or ""
    client = signed_in(world, JUDGE)
    assert client.get(OWN).headers["Location"] == f"/cham-thi/?vong={ROUND}"
    with in_tenant(world, world.first) as edition:
        lock(edition, again(code), scores=LOW)

    page = client.get(OWN).text

    assert "Trung bình bạn cho thấp hơn các giám khảo cùng chấm 40,5 điểm." in page
    assert "Giám khảo 2" not in page


def officer(world: World) -> None:
    with in_tenant(world, world.first):
        make_account(OFFICER, roles=[Role.COMMITTEE])


def again(code: str) -> Entry:
    """The stored entry of that code, in the session at hand."""
    return session().scalars(select(Entry).where(Entry.code == code)).one()


def rows_of(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    """The rows of the spreadsheet for programs."""
    text = client.get(f"{RANKING}.csv{query}").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def signed_in(world: World, email: str) -> FlaskClient:
    client = client_of(world.app, world.first.slug)
    sign_in(client, email)
    return client
