"""The committee's pages between rounds, through HTTP."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

from flask.testing import FlaskClient
from sqlalchemy import select

from core.contests.rules import change_settings
from core.contests.settings_plan import digest_of
from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.council_room import access_council_room
from core.judging.deliberation_policies import access_room_entry
from core.judging.finalists import Selection, Ties
from core.judging.models import Assignment
from core.judging.queries import entry_progress
from core.judging.services import abstain, declare, open_deliberation, open_round
from core.judging.services.finalists import save_selection
from core.kernel.actor import SYSTEM, Role
from core.kernel.db import session
from core.kernel.mail import Mail
from core.plugin_host import dump_one
from tests.support.app import client_of
from tests.support.councils import with_fields
from tests.support.deliberations import officer, two_judged
from tests.support.entries import account, make_entry, pdf_bytes
from tests.support.factories import NOW, World, actor_of, make_unit, set_clock, view
from tests.support.judging import JUDGE, ROUND, fill, judge_actor, lock, make_council, make_round, place_of
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

FINAL = "chung_khao"
OPEN = f"/btc/cham-thi/vong/{FINAL}/mo"
HOW = f"/btc/cham-thi/vong/{FINAL}/cach-chon"


def office(world: World) -> FlaskClient:
    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")
    return client


def preliminary(world: World, found: EditionView, *shares: int) -> list[Entry]:
    edition = with_fields(world.first, found)
    entries = make_round(edition, entries=len(shares), round_key="so_khao")
    for entry, share in zip(entries, shares, strict=True):
        scores = {
            one.key: str((one.maximum * share / 100 / one.step).to_integral_value() * one.step)
            for one in edition.rules.rounds()[0].criteria
        }
        lock(edition, entry, scores=scores, round_key="so_khao")
    return entries


def test_the_page_says_who_goes_on_and_opens_what_it_showed(world: World) -> None:
    with in_tenant(world, world.first) as found:
        preliminary(world, found, 100, 90, 10)
    client = office(world)
    typed = {"most": "1", "ties": "all", "sheets": "1", "basis": "", "revision": "0"}
    assert client.post(HOW, data=typed).status_code == 303
    page = client.get(OPEN).get_data(as_text=True)
    for words in ("Hết số suất", "Dưới mức điểm", "minh họa", 'name="seen" value="TT-K1-0001"'):
        assert words in page
    stale = client.post(OPEN, data={"shown": "1", "seen": ["TT-K1-0001", "TT-K1-0002"]})
    assert (stale.status_code, "vừa thay đổi" in stale.get_data(as_text=True)) == (409, True)
    assert client.post(OPEN, data={"shown": "1", "seen": ["TT-K1-0001"]}).status_code == 303
    with in_tenant(world, world.first) as edition:
        assert [row.code for row in entry_progress(edition, FINAL)[0]] == ["TT-K1-0001"]


def test_a_tie_is_decided_on_its_own_page_and_the_reason_stands_in_the_list(world: World) -> None:
    with in_tenant(world, world.first) as found:
        preliminary(world, found, 90, 90)
        edition = with_fields(world.first, found)
        save_selection(edition, FINAL, Selection(most=1, ties=Ties.DECIDE), actor=SYSTEM, now=NOW)
    client = office(world)
    assert "2 hồ sơ bằng điểm ở suất cuối" in client.get(OPEN).get_data(as_text=True)
    place = f"/btc/cham-thi/vong/{FINAL}/chon/TT-K1-0002"
    assert client.get(place).status_code == 200
    refused = client.post(place, data={"verdict": "out", "reason": "", "seen": "0"})
    assert (refused.status_code, "ghi lý do" in refused.get_data(as_text=True)) == (422, True)
    data = {"verdict": "out", "reason": "Trùng đề tài năm trước", "seen": "0"}
    assert client.post(place, data=data).status_code == 303
    assert "Trùng đề tài năm trước" in client.get(OPEN).get_data(as_text=True)


def test_while_sheets_are_open_no_points_are_shown(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition = with_fields(world.first, found)
        make_round(edition, entries=2, round_key="so_khao")
    page = office(world).get(OPEN).get_data(as_text=True)
    assert "Chưa mở được vòng này" in page
    assert "TT-K1-0001" not in page


def test_who_has_a_conflict_sees_no_list_that_would_be_wrong_without_the_dossier(world: World) -> None:
    with in_tenant(world, world.first) as found:
        first, _second = preliminary(world, found, 100, 90)
        edition = with_fields(world.first, found)
        declare([first], ["unit"], "", actor=actor_of(account("btc@example.vn")), now=NOW)
        save_selection(edition, FINAL, Selection(most=1), actor=SYSTEM, now=NOW)
    client = office(world)
    page = client.get(OPEN).get_data(as_text=True)
    assert "Việc này do cán bộ khác làm" in page
    assert "TT-K1-0002" not in page
    assert client.get(f"/btc/cham-thi/vong/{FINAL}/chon/TT-K1-0002").status_code == 403


def test_a_wrong_number_keeps_what_was_typed(world: World) -> None:
    with in_tenant(world, world.first) as found:
        preliminary(world, found, 100)
    answer = office(world).post(HOW, data={"most": "ba", "ties": "all", "sheets": "1", "revision": "0"})
    assert (answer.status_code, 'value="ba"' in answer.get_data(as_text=True)) == (422, True)


def test_the_list_takes_the_same_queries_whatever_its_length(world: World) -> None:
    with in_tenant(world, world.first) as found:
        preliminary(world, found, 100)
    client = office(world)
    client.get(OPEN)
    with count_queries(world.app) as few:
        client.get(OPEN)
    with in_tenant(world, world.first) as edition:
        owner = account()
        for number in range(9):
            make_entry(edition, owner, title=f"Bơm {number}")
        open_round(edition, "so_khao", actor=SYSTEM, now=NOW)
        for entry in session().scalars(select(Entry).where(Entry.title.like("Bơm%"))):
            abstain(
                edition, place_of(edition, entry, round_key="so_khao"), "bận", actor=judge_actor(), now=NOW
            )
    with count_queries(world.app) as many:
        client.get(OPEN)
    assert many.count == few.count, str(many)


def test_what_waits_for_a_talk_is_shown_and_let_pass_only_with_a_reason(world: World) -> None:
    with in_tenant(world, world.first) as found:
        _edition, _first, (entry, _other) = two_judged(world, found, (100, 60), (90, 90))
        code = entry.code or ""
    client = office(world)
    page = client.get(OPEN).text
    for words in ("1 hồ sơ chênh điểm ở", f"<p>{code}. Mở vòng này rồi", "/hoi-dong/so_khao/chenh-lech"):
        assert words in page, words

    refused = client.post(OPEN, data={"reason": " "})

    assert (refused.status_code, "bạn hãy ghi lý do mở vòng này" in refused.text) == (422, True)
    assert client.post(OPEN, data={"reason": "Xem lại ở vòng sau"}).status_code == 303
    assert "chưa thảo luận" not in client.get(OPEN).text


def test_an_open_talk_is_told_with_the_way_to_it(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, _first, (entry, _other) = two_judged(world, found, (100, 60), (90, 90))
        attendee = access_council_room(edition, officer(), "so_khao")
        place = access_room_entry(edition, officer(), attendee, entry.code or "")
        open_deliberation(edition, place, "entry", "", actor=officer(), now=NOW)
    client = office(world)

    for answer in (client.get(OPEN), client.post(OPEN, data={"reason": "Vội"})):
        for words in ("còn 1 hồ sơ đang thảo luận", "Mở danh sách đang thảo luận"):
            assert words in answer.text, words
        assert "Lý do mở vòng mà không thảo luận" not in answer.text


PROGRESS = f"/btc/cham-thi/vong/{ROUND}/tien-do"


def test_the_progress_page_says_what_is_left_and_is_honest_about_little_data(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, _second = make_round(edition, entries=2, judges=2)
        lock(edition, first)
    page = office(world).get(PROGRESS).get_data(as_text=True)
    for words in ("Chưa đủ dữ liệu", "1/2", "2/2", "Số phiếu xong mỗi ngày", "minh họa", 'value="3, 1"'):
        assert words in page


def test_ticked_judges_are_reminded_and_nobody_without_a_tick(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, judges=2)
    client = office(world)
    refused = client.post(f"{PROGRESS}/nhac")
    assert (refused.status_code, "Bạn chưa chọn giám khảo nào." in refused.text) == (422, True)
    assert client.post(f"{PROGRESS}/nhac", data={"numbers": ["J2"]}).status_code == 303
    with in_tenant(world, world.first):
        to = session().scalars(select(Mail.recipient).where(Mail.kind == "judging-reminder"))
        assert list(to) == ["giamkhao2@example.vn"]


def test_wrong_days_keep_what_was_typed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
    answer = office(world).post(f"{PROGRESS}/lich-nhac", data={"days": "ba ngày", "basis": ""})
    assert (answer.status_code, 'value="ba ngày"' in answer.text) == (422, True)


def test_hours_are_counted_from_what_the_office_typed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, entries=3)
    page = office(world).get(f"{PROGRESS}?phut=30&gio=1").text
    assert "3 phiếu cần 1,5 giờ làm việc" in page


def test_a_change_of_criteria_waits_on_the_desk_until_the_judge_has_read_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_council(edition)
        make_entry(edition, account())
        held = edition.values.settings["thainguyen_innovation"]
        wanted = {**dump_one("thainguyen_innovation", held), "points_doi_moi": "25"}
        seen = digest_of("thainguyen_innovation", held)
        change_settings(
            edition, "thainguyen_innovation", wanted, "Sửa thang điểm", seen=seen, actor=SYSTEM, now=NOW
        )
        open_round(view(world.first), ROUND, actor=SYSTEM, now=NOW)
    client = client_of(world.app, world.first.slug)
    sign_in(client, JUDGE)
    assert "Tiêu chí chấm vừa thay đổi" in client.get("/cham-thi/").text
    page = client.get("/cham-thi/tieu-chi").text
    assert "điểm tối đa từ 20 thành 25." in page
    assert client.post("/cham-thi/tieu-chi", data={"number": "2"}).status_code == 303
    assert "Tiêu chí chấm vừa thay đổi" not in client.get("/cham-thi/").text
    assert client.post("/cham-thi/tieu-chi", data={"number": "9"}).location == "/cham-thi/tieu-chi"
    kept = office(world).get("/btc/cham-thi/tieu-chi").text
    assert "Đã báo 1 giám khảo; 1 người đã xác nhận đọc." in kept


MATERIAL = f"/btc/cham-thi/vong/{ROUND}/tai-lieu"


def test_more_is_asked_for_sent_and_read(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        ref, code = entry.ref, entry.code
    client = office(world)
    wrong = client.post(
        MATERIAL, data={"opens": "mai", "closes": "", "title_1": "Trình chiếu", "revision": "0"}
    )
    assert (wrong.status_code, 'value="Trình chiếu"' in wrong.text) == (422, True)
    typed = {"opens": "12/11/2025", "opens_time": "11:00", "closes": "15/11/2025", "title_1": "Trình chiếu"}
    assert client.post(MATERIAL, data={**typed, "required_1": "1", "revision": "0"}).status_code == 303
    with in_tenant(world, world.first) as edition:
        set_clock(edition.id, NOW + timedelta(hours=3))
    entrant = client_of(world.app, world.first.slug)
    sign_in(entrant, "tacgia@example.vn")
    page = f"/du-thi/{ref}/tai-lieu-bo-sung"
    assert "Nộp tài liệu bổ sung" in entrant.get("/du-thi/").text
    bad = entrant.post(page, data={"q1": (BytesIO(b"MZ"), "la.exe")})
    assert bad.status_code == 422
    sent = entrant.post(page, data={"q1": (BytesIO(pdf_bytes()), "trinh-chieu.pdf")})
    assert sent.status_code == 303
    assert "Mã biên nhận" in entrant.get(page).text
    judge = client_of(world.app, world.first.slug)
    sign_in(judge, JUDGE)
    sheet = judge.get(f"/cham-thi/{ROUND}/{code}").text
    assert "Tài liệu bổ sung" in sheet
    (href,) = set(re.findall(r"/du-thi/tai-lieu-bo-sung/tep/[0-9a-f-]+", sheet))
    assert judge.get(href).mimetype == "application/pdf"
    assert href in client.get(MATERIAL).text
    assert client.get(href).mimetype == "application/pdf"
    assert "trinh-chieu.pdf" not in client_of(world.app, world.first.slug).get(href).text
    with in_tenant(world, world.first) as edition:
        set_clock(edition.id, NOW + timedelta(days=4))
    late = entrant.post(page, data={"q1": (BytesIO(pdf_bytes(pages=2)), "moi.pdf")})
    assert (late.status_code, "Đã hết hạn nộp tài liệu bổ sung" in late.text) == (409, True)


def test_a_draft_saved_while_the_dossier_was_given_away_leads_to_a_page_that_says_so(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, _second = make_round(edition, entries=2)
        fill(edition, first)
        held = session().scalars(select(Assignment).where(Assignment.entry_id == first.id)).one()
        held.ended_at, held.why = NOW, "moved"
    client = client_of(world.app, world.first.slug)
    sign_in(client, JUDGE)
    answer = client.get(f"/cham-thi/{ROUND}/TT-K1-0001", follow_redirects=True)
    assert (answer.status_code, "vừa được giao cho người khác chấm" in answer.text) == (200, True)
    assert client.get(f"/cham-thi/{ROUND}/TT-K1-0009").status_code == 404


def test_a_judge_ticks_his_own_fields(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition = with_fields(world.first, found)
        make_round(edition, round_key="so_khao")
        key = edition.rules.entry_fields()[0].key
    client = client_of(world.app, world.first.slug)
    sign_in(client, JUDGE)
    assert "Lĩnh vực của tôi" in client.get("/cham-thi/").text
    assert client.post("/cham-thi/linh-vuc", data={f"field_{key}": "match"}).status_code == 303
    assert re.search(f'name="field_{key}" value="match" checked', client.get("/cham-thi/linh-vuc").text)


def test_a_declared_conflict_waits_on_the_offices_first_page(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        declare([entry], ["unit"], "", actor=judge_actor(), now=NOW)
    assert "Quyết định xung đột lợi ích" in office(world).get("/btc/").text


def test_a_units_contact_with_a_conflict_sees_of_his_units_dossier_what_every_contact_does(
    world: World,
) -> None:
    with in_tenant(world, world.first) as edition:
        contact = account(JUDGE)
        unit = make_unit("xa-rieng")
        entry = make_entry(edition, account(), unit=unit, title="Máy tách hạt")
        contact.unit_id, contact.roles = unit.id, [str(Role.UNIT), *contact.roles]
        session().flush()
        make_council(edition, judges=2)
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        lock(edition, entry, number=2, scores={"doi_moi": "19.5", "hieu_qua": "29.5", "kha_nang": "28.5"})
        declare([entry], ["unit"], "", actor=actor_of(contact), now=NOW)
        code = entry.code or ""
    client = client_of(world.app, world.first.slug)
    sign_in(client, JUDGE)
    page = client.get("/don-vi/").text
    assert "Máy tách hạt" in page
    for told in ("19,5", "29,5", "77,5", f"/btc/ho-so/{code}", f"/cham-thi/{ROUND}/{code}"):
        assert told not in page
    assert client.get(f"/cham-thi/{ROUND}/{code}").status_code == 404


def test_the_rounds_own_end_is_set_shown_to_judges_and_kept_as_typed_when_wrong(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
    client = office(world)
    wrong = client.post(f"{PROGRESS}/han", data={"closes": "mai", "closes_time": "", "closes_basis": "QĐ 5"})
    assert wrong.status_code == 422
    for words in ("Ngày chưa đúng", 'value="mai"', 'value="QĐ 5"'):
        assert words in wrong.text
    day = (NOW + timedelta(days=5)).strftime("%d/%m/%Y")
    assert client.post(f"{PROGRESS}/han", data={"closes": day}).status_code == 303
    page = client.get(PROGRESS).text
    assert f"Hạn chấm của vòng: hết ngày {day}" in page
    assert f'value="{day}"' in page
    judge = client_of(world.app, world.first.slug)
    sign_in(judge, JUDGE)
    assert day in judge.get("/cham-thi/").text
