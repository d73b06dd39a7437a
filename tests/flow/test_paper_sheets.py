"""Paper score sheets through HTTP: printing, two people who key in, what the second does not see, the judge's page."""

from __future__ import annotations

import io

from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from core.judging.paper_models import PaperSheet
from core.judging.queries import locked_sheets
from core.kernel.actor import Role
from core.kernel.db import session
from tests.support.app import client_of
from tests.support.entries import pdf_bytes
from tests.support.factories import World, make_account
from tests.support.judging import JUDGE, ROUND, make_round
from tests.support.people import sign_in
from tests.support.voting import in_tenant

FIRST, SECOND = "thu-ky-mot@example.vn", "thu-ky-hai@example.vn"
PAPERS = f"/hoi-dong/{ROUND}/phieu-giay"
TYPED = {"score_doi_moi": "18,5", "score_hieu_qua": "27", "score_kha_nang": "25", "remark": "Rõ"}


def test_from_the_printed_sheet_to_the_judges_page(world: World) -> None:
    first, second = opened(world, entries=2)
    pdf = first.post(f"{PAPERS}/in", data={"judge": "J1"})
    code, _other = codes(world)
    pages = PdfReader(io.BytesIO(pdf.data)).pages
    words = pages[0].extract_text()
    assert len(pages) == 2
    for said in (code, "Máy sấy chè 1", "Độc lập - Tự do - Hạnh phúc", "Giám khảo"):
        assert said in words

    assert first.get(f"{PAPERS}?ma={code.lower()}").headers["Location"] == f"{PAPERS}/{code}"
    assert first.get(f"{PAPERS}?ma=http://x/{PAPERS}/{code}").headers["Location"] == f"{PAPERS}/{code}"
    first.post(f"{PAPERS}/{code}/ban-quet", data={"scan": (io.BytesIO(pdf_bytes()), "phieu.pdf")})
    assert first.post(f"{PAPERS}/{code}", data={**TYPED, "then": "done"}).headers["Location"] == PAPERS
    blind = second.get(f"{PAPERS}/{code}").text
    assert "18,5" not in blind
    assert "Nhập lại để kiểm tra" in blind
    second.post(f"{PAPERS}/{code}", data={**TYPED, "score_doi_moi": "8,5", "then": "done"})
    differing = first.get(f"{PAPERS}/{code}").text
    assert "lệch" in differing
    assert 'value="18,5"' in differing
    assert '"8,5"' not in differing
    assert "18,5" not in second.get(f"{PAPERS}/{code}").text
    second.post(f"{PAPERS}/{code}", data={**TYPED, "then": "done"})
    with in_tenant(world, world.first) as edition:
        assert [sheet.judge for sheet in locked_sheets(edition)] == ["J1"]

    judge = signed_in(world, JUDGE)
    own = f"/cham-thi/{ROUND}/phieu-giay/{code}"
    assert "18,5" in judge.get(own).text
    assert judge.get(f"{own}/ban-quet").status_code == 200
    assert judge.post(own, data={"words": ""}).status_code == 422
    assert judge.post(own, data={"words": "Sai ô đầu"}).status_code == 303
    assert "Giám khảo không đồng ý" in first.get(PAPERS).text
    reply = {"answer": "Đã xem lại bản quét", "seen": "Sai ô đầu"}
    assert first.post(f"{PAPERS}/{code}/tra-loi", data={**reply, "answer": ""}).status_code == 422
    assert first.post(f"{PAPERS}/{code}/tra-loi", data=reply).status_code == 303
    assert "Giám khảo không đồng ý" not in first.get(PAPERS).text
    assert "Đã xem lại bản quét" in judge.get(own).text


def test_other_words_are_shown_once_the_points_agree_and_can_be_taken(world: World) -> None:
    first, second = opened(world)
    first.post(f"{PAPERS}/in", data={"judge": "J1"})
    (code,) = codes(world)
    path = f"{PAPERS}/{code}"
    first.post(f"{path}/ban-quet", data={"scan": (io.BytesIO(pdf_bytes()), "phieu.pdf")})
    first.post(path, data={**TYPED, "then": "done"})
    second.post(path, data={**TYPED, "remark": "Rỏ", "then": "done"})
    page = second.get(path).text
    assert [words for words in ("lời nhận xét thì chưa", "Lấy lời của người kia") if words not in page] == []

    second.post(path, data={**TYPED, "remark": "Rõ", "then": "done"})

    with in_tenant(world, world.first) as edition:
        assert [sheet.judge for sheet in locked_sheets(edition)] == ["J1"]


def test_a_third_person_takes_over_from_who_left(world: World) -> None:
    first, second = opened(world)
    first.post(f"{PAPERS}/in", data={"judge": "J1"})
    (code,) = codes(world)
    path = f"{PAPERS}/{code}"
    first.post(path, data={**TYPED, "then": "draft"})
    assert "Nhập thay" in second.get(path).text

    answer = second.post(f"{path}/nhap-thay", data={"turn": "1"})

    page = second.get(path).text
    assert (answer.status_code, "Nhập thay" in page, "18,5" in page) == (303, False, False)


def test_what_was_typed_wrong_comes_back_at_its_field_and_a_draft_waits(world: World) -> None:
    first, _second = opened(world)
    first.post(f"{PAPERS}/in", data={"judge": "J1"})
    (code,) = codes(world)
    answer = first.post(f"{PAPERS}/{code}", data={**TYPED, "score_doi_moi": "21", "then": "draft"})
    assert answer.status_code == 422
    assert "Điểm từ 0 đến 20." in answer.text
    assert 'value="21"' in answer.text
    assert first.post(f"{PAPERS}/{code}", data={"score_doi_moi": "20", "then": "draft"}).status_code == 303
    assert 'value="20"' in first.get(f"{PAPERS}/{code}").text


def test_a_judge_does_not_reach_the_papers_of_others(world: World) -> None:
    first, _second = opened(world)
    first.post(f"{PAPERS}/in", data={"judge": "J1"})
    (code,) = codes(world)
    judge = signed_in(world, JUDGE)
    assert judge.get(PAPERS).status_code == 403
    assert judge.get(f"{PAPERS}/{code}").status_code == 403
    assert judge.get(f"/cham-thi/{ROUND}/phieu-giay/{code}").status_code == 404


def opened(world: World, *, entries: int = 1) -> tuple[FlaskClient, FlaskClient]:
    """A round with one judge; two officers signed in."""
    with in_tenant(world, world.first) as edition:
        make_round(edition, entries=entries)
        for email in (FIRST, SECOND):
            make_account(email, roles=[Role.COMMITTEE])
    return signed_in(world, FIRST), signed_in(world, SECOND)


def codes(world: World) -> list[str]:
    """The codes of the printed sheets in the order of their entries."""
    with in_tenant(world, world.first):
        return list(session().scalars(select(PaperSheet.code).order_by(PaperSheet.entry_id)))


def signed_in(world: World, email: str) -> FlaskClient:
    client = client_of(world.app, world.first.slug)
    sign_in(client, email)
    return client
