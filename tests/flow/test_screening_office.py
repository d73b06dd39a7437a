"""Screening through HTTP, as officers use it without scripts: in hand, ticked, decided, many at once, the list."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from core.entries.models import EntryVersion
from core.entries.screening.likeness import find_similar
from core.kernel.actor import Role
from core.kernel.db import session, tenant_scope
from tests.flow.test_entries_way import OFFICER, client_for, text_of
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, make_account, view
from tests.support.people import last_letter
from tests.unit.entries.screening.test_similarity import DRYER

SECOND = "btc2@example.vn"


@pytest.fixture
def office(app: Flask, world: World) -> FlaskClient:
    """An officer of the first tenant, signed in; a colleague and three waiting dossiers are stored."""
    with app.app_context(), tenant_scope(world.first.id):
        make_account(SECOND, name="Cán bộ Hai", roles=[Role.COMMITTEE])
        edition, owner = view(world.first), account()
        for code, title in (("A-1", "Máy sấy chè"), ("A-2", "Bếp trấu"), ("A-3", "Xe gom rác")):
            make_entry(edition, owner, state="submitted", code=code, title=title)
        session().commit()
    return client_for(app, OFFICER)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def test_from_the_list_to_a_return_with_its_due_date(app: Flask, world: World, office: FlaskClient) -> None:
    office.post("/btc/ho-so/A-1/nhan", data={"do": "claim"})
    page = office.get("/btc/ho-so/A-1").text
    assert "Bạn đang xử lý hồ sơ này đến 10:" in page
    ticks = {
        "round": "1",
        "item-1": "da_trien_khai",
        "answer-1": "no",
        "remark-1": "Chưa có xác nhận.",
        "confirmed-1": "HTX Thử",
    }

    kept = office.post("/btc/ho-so/A-1/doi-chieu", data=ticks, follow_redirects=True).text
    assert "Có mục chưa đạt: đề xuất trả lại để bổ sung." in kept
    assert "áp dụng có hiệu quả vào thực tiễn: Chưa có xác nhận." in kept
    assert re.search(r'<option value="da_trien_khai" selected>', kept)
    sent = {"do": "return", "reason": "Bổ sung xác nhận.", "clause": "da_trien_khai", "due": "2025-11-20"}
    done = office.post("/btc/ho-so/A-1/xet", data=sent, follow_redirects=True).text

    assert "Đã trả lại hồ sơ A-1 để bổ sung." in done
    assert "Hạn bổ sung: hết ngày 20/11/2025." in done
    with app.app_context(), tenant_scope(world.first.id):
        assert "bổ sung đến hết ngày 20/11/2025." in last_letter("tacgia@example.vn").body


def test_what_a_colleague_has_in_hand_is_told_and_what_was_typed_stays(
    app: Flask, office: FlaskClient
) -> None:
    client_for(app, SECOND).post("/btc/ho-so/A-1/nhan", data={"do": "claim"})

    answer = office.post("/btc/ho-so/A-1/xet", data={"do": "accept", "reason": "Hồ sơ đầy đủ."})

    assert answer.status_code == 409
    assert "Cán bộ Hai đang xử lý hồ sơ này" in text_of(answer)
    assert "Hồ sơ đầy đủ." in answer.text
    office.post("/btc/ho-so/A-1/nhan", data={"do": "take-over"})
    after = office.post("/btc/ho-so/A-1/xet", data={"do": "accept", "reason": ""}, follow_redirects=True)
    assert "Đã chấp nhận hồ sơ A-1." in after.text


def test_ticks_that_could_not_be_stored_are_shown_again(app: Flask, office: FlaskClient) -> None:
    client_for(app, SECOND).post("/btc/ho-so/A-1/nhan", data={"do": "claim"})
    ticks = {"round": "1", "item-1": "da_trien_khai", "answer-1": "no", "remark-1": "Đã gọi hỏi đơn vị."}

    answer = office.post("/btc/ho-so/A-1/doi-chieu", data=ticks)

    assert answer.status_code == 409
    assert 'value="Đã gọi hỏi đơn vị."' in answer.text
    assert re.search(r'value="no" checked', answer.text)


def test_a_reason_that_is_too_long_is_refused_and_kept_whole(office: FlaskClient) -> None:
    answer = office.post("/btc/ho-so/A-1/xet", data={"do": "accept", "reason": "ă" * 5001})

    assert (answer.status_code, "ă" * 5001 in answer.text) == (422, True)
    assert "Lý do dài quá 5.000 ký tự." in text_of(answer)


def test_a_refusal_is_undone_from_its_page(office: FlaskClient) -> None:
    refused = {"do": "refuse", "reason": "Mới là ý tưởng.", "clause": "da_trien_khai"}
    office.post("/btc/ho-so/A-1/xet", data=refused)

    office.post("/btc/ho-so/A-1/xet", data={"do": "reopen", "reason": "Đã có minh chứng."})

    page = office.get("/btc/ho-so/A-1").text
    assert "Ban Tổ chức xét lại hồ sơ" in page
    assert "Đã nộp, chờ xét" in page


def test_many_at_once_are_confirmed_done_and_told_one_by_one(office: FlaskClient) -> None:
    confirm = office.post("/btc/ho-so/hang-loat", data={"do": "accept", "pick": ["A-1", "A-2", "A-9"]}).text
    assert "Chấp nhận: 3 hồ sơ" in confirm
    assert "Chưa có hồ sơ nào được chấp nhận" in office.get("/btc/ho-so/danh-sach").text
    sent = {
        "do": "accept",
        "pick": ["A-1", "A-2", "A-9"],
        "token": hidden(confirm, "token"),
        "reason": "",
    }

    pages = [
        text_of(office.post("/btc/ho-so/hang-loat/lam", data=sent, follow_redirects=True)) for _ in range(2)
    ]

    for page in pages:
        assert "2 đã xong, 1 không làm được" in page
        assert "Không tìm thấy hồ sơ này." in page


def test_all_that_are_filtered_can_be_meant_and_their_number_is_said(office: FlaskClient) -> None:
    sent = {"do": "return", "tat-ca-dang-loc": "1"}
    confirm = office.post("/btc/ho-so/hang-loat?q=bep+trau", data=sent).text

    assert "Trả lại để bổ sung: 1 hồ sơ" in confirm
    lacking = {"do": "return", "pick": "A-2", "token": hidden(confirm, "token"), "reason": " ", "due": ""}
    answer = office.post("/btc/ho-so/hang-loat/lam?q=bep+trau", data=lacking)
    assert answer.status_code == 422
    assert "Bạn hãy chọn hạn bổ sung từ hôm nay trở đi." in text_of(answer)


@pytest.mark.parametrize("sent", [{"do": "accept"}, {"do": "burn", "pick": "A-1"}])
def test_nothing_chosen_leads_back_to_the_list(office: FlaskClient, sent: dict[str, str]) -> None:
    answer = office.post("/btc/ho-so/hang-loat", data=sent)

    assert (answer.status_code, answer.location) == (303, "/btc/ho-so")


def test_two_officers_decide_the_list_and_its_annex_waits_for_number_and_day(
    app: Flask, office: FlaskClient
) -> None:
    for code in ("A-1", "A-2"):
        office.post(f"/btc/ho-so/{code}/xet", data={"do": "accept", "reason": ""})
    second = client_for(app, SECOND)
    office.post("/btc/ho-so/danh-sach/lap", data={})
    page = second.get("/btc/ho-so/danh-sach").text
    own = office.post("/btc/ho-so/danh-sach/quyet-dinh", data={"seen": hidden(page, "seen")})
    assert (own.status_code, "cần một cán bộ khác" in own.text) == (409, True)
    assert "DỰ THẢO" in second.get("/btc/ho-so/danh-sach/1/in").text

    second.post("/btc/ho-so/danh-sach/quyet-dinh", data={"seen": hidden(page, "seen")})

    blank = text_of(second.get("/btc/ho-so/danh-sach/1/in"))
    assert "DỰ THẢO" not in blank
    assert "Danh sách này có 2 hồ sơ./." in blank
    refused = office.post("/btc/ho-so/A-3/xet", data={"do": "accept", "reason": ""})
    assert (refused.status_code, "đã được quyết định" in refused.text) == (409, True)
    issued = {"document_number": "12/QĐ-BTC", "document_day": "2025-12-01"}
    second.post("/btc/ho-so/danh-sach/1/ban-hanh", data=issued)
    printed = text_of(second.get("/btc/ho-so/danh-sach/1/in"))
    assert "Kèm theo Quyết định số 12/QĐ-BTC ngày 01 tháng 12 năm 2025" in printed


def test_the_workbook_holds_exactly_what_is_filtered(office: FlaskClient) -> None:
    office.post("/btc/ho-so/A-2/nhan", data={"do": "claim"})

    answer = office.get("/btc/ho-so/xuat.xlsx?nhan=toi")

    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [(row[0], row[1], row[9]) for row in rows[1:]] == [("A-2", "Bếp trấu", "Cán bộ Thử")]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("nhan=toi", ["A-1"]),
        ("nhan=khac", ["A-2"]),
        ("nhan=chua", ["A-3"]),
        ("trang-thai=tra-lai&han=qua", []),
        ("canh-bao=co", []),
        ("giong=co", []),
        ("nhan=%27;--&han=x&trang-thai=zz", ["A-1", "A-2", "A-3"]),
    ],
)
def test_marks_of_screening_filter_by_the_address(
    app: Flask, office: FlaskClient, query: str, codes: list[str]
) -> None:
    office.post("/btc/ho-so/A-1/nhan", data={"do": "claim"})
    client_for(app, SECOND).post("/btc/ho-so/A-2/nhan", data={"do": "claim"})

    page = office.get(f"/btc/ho-so?{query}").text

    assert re.findall(r'name="pick" value="([^"]+)"', page) == codes


def test_filters_are_kept_under_a_name_and_forgotten_again(app: Flask, office: FlaskClient) -> None:
    saved = office.post(
        "/btc/ho-so/bo-loc", data={"name": "Việc hôm nay", "nhan": "chua"}, follow_redirects=True
    )
    assert 'href="/btc/ho-so?nhan=chua">Việc hôm nay</a>' in saved.text
    assert "Bộ lọc đã lưu" not in client_for(app, SECOND).get("/btc/ho-so").text

    gone = office.post("/btc/ho-so/bo-loc/xoa", data={"name": "Việc hôm nay"}, follow_redirects=True)

    assert 'href="/btc/ho-so?nhan=chua">Việc hôm nay</a>' not in gone.text


def test_a_dossier_opens_beside_the_list_and_its_deed_leads_back_there(office: FlaskClient) -> None:
    page = office.get("/btc/ho-so?q=may+say&mo=A-1").text
    assert 'data-pane-code="A-1"' in page
    part = office.get("/btc/ho-so/A-1?ve=/btc/ho-so?q=x", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div class="pane"')
    back = hidden(page, "ve").replace("&amp;", "&")

    answer = office.post("/btc/ho-so/A-1/xet", data={"do": "accept", "reason": "", "ve": back})

    assert answer.location == "/btc/ho-so?q=may+say&mo=A-1"
    evil = office.post(
        "/btc/ho-so/A-2/xet", data={"do": "accept", "reason": "", "ve": "https://xau.example/"}
    )
    assert evil.location == "/btc/ho-so/A-2"


def test_an_unknown_name_opens_nothing_beside_the_list(office: FlaskClient) -> None:
    answer = office.get("/btc/ho-so?mo=KHONG-CO")

    assert (answer.status_code, "data-pane-code" in answer.text) == (200, False)


def test_similar_dossiers_are_shown_side_by_side_and_judged(
    app: Flask, world: World, office: FlaskClient
) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        edition, owner = view(world.first), account()
        for code in ("B-1", "B-2"):
            entry = make_entry(edition, owner, state="submitted", code=code, title=f"Hồ sơ {code}")
            session().flush()
            version = session().scalars(select(EntryVersion).where(EntryVersion.entry_id == entry.id)).one()
            version.snapshot = {"title": f"Thiết bị {code}", "facts": {"mo_ta": DRYER}}
            session().flush()
            find_similar(entry, now=NOW)
        session().commit()
    assert "trùng 100% nội dung" in office.get("/btc/ho-so/B-2").text

    page = office.get("/btc/ho-so/B-2/giong/B-1").text

    assert "3 đoạn trùng nhau" in page
    assert "<mark>Máy sấy chè dùng năng lượng mặt trời" in page
    empty = office.post("/btc/ho-so/B-2/giong/B-1", data={"do": "dismiss", "dismissal": " "})
    assert (empty.status_code, "vì sao hai hồ sơ không trùng nhau" in empty.text) == (422, True)
    office.post("/btc/ho-so/B-2/giong/B-1", data={"do": "dismiss", "dismissal": "Bản nâng cấp."})
    assert "Không trùng: Bản nâng cấp." in text_of(office.get("/btc/ho-so/B-1"))
    assert office.get("/btc/ho-so/B-2/giong/A-9").status_code == 404
