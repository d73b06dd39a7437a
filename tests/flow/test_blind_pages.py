"""The office's way through a blind round: make it blind, look dossiers through, cover, approve; the judge's page."""

from __future__ import annotations

import io
import re
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.models import Attachment, Entry
from core.judging.blind_models import BlindCopy, BlindScan
from core.judging.blind_scan import Finding
from core.judging.services import appoint_judge, open_round
from core.kernel.actor import SYSTEM
from core.kernel.db import session, tenant_scope
from core.kernel.jobs import run_due_jobs
from tests.support.app import client_of
from tests.support.blind import AUTHOR, OFFICER, SECRETS, SHOWN, UNIT, make_telling_entry, telling_pdf
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, view
from tests.support.judging import JUDGE, ROUND
from tests.support.people import sign_in
from tests.support.queries import count_queries

CODE = "MO-K1-7743"
PAGE = f"/btc/cham-thi/vong/{ROUND}/an-danh"


def filled(world: World, *, is_open: bool = True) -> None:
    """A dossier that tells its authors, and a judge who is to judge it."""
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        edition = view(world.first)
        make_telling_entry(edition, code=CODE)
        appoint_judge(edition, account(JUDGE).id, actor=SYSTEM, now=NOW)
        if is_open:
            open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        current.commit()


def officer(world: World) -> FlaskClient:
    client = client_of(world.app, world.first.slug)
    sign_in(client, OFFICER)
    return client


def judge(world: World) -> FlaskClient:
    client = client_of(world.app, world.first.slug)
    sign_in(client, JUDGE)
    return client


def jobs(world: World) -> None:
    with world.app.app_context():
        while run_due_jobs():
            pass


def make_blind(client: FlaskClient) -> None:
    answer = client.post(PAGE, data={"is_on": "1", "questions": list(SHOWN), "sure": "1"})
    assert answer.status_code == 303, answer.text


def file_id(world: World, ending: str) -> UUID:
    with world.app.app_context(), tenant_scope(world.first.id):
        entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
        rows = session().scalars(select(Attachment).where(Attachment.entry_id == entry.id))
        return next(one.id for one in rows if one.name.endswith(ending))


def copy_of(world: World, ending: str) -> BlindCopy:
    with world.app.app_context(), tenant_scope(world.first.id):
        ask = select(BlindCopy).where(BlindCopy.attachment_id == file_id(world, ending))
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        found = current.scalars(ask).one()
        current.expunge(found)
        return found


def findings(world: World) -> list[Finding]:
    with world.app.app_context(), tenant_scope(world.first.id):
        return [Finding.of(one) for one in session().scalars(select(BlindScan)).one().findings]


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def told(words: str) -> list[str]:
    return [one for one in SECRETS if one in words]


def test_from_a_round_that_is_made_blind_to_the_judges_page(world: World) -> None:
    filled(world)
    office = officer(world)
    make_blind(office)
    hidden = judge(world).get("/cham-thi/").text
    jobs(world)
    page = office.get(f"{PAGE}/{CODE}").text
    assert "1 hồ sơ đang chờ bản ẩn danh" in hidden
    assert "Máy sấy chè của [đã ẩn]" in page

    kept = [str(file_id(world, one)) for one in ("pdf", "jpg")]
    answer = office.post(f"{PAGE}/{CODE}/duyet", data={"seen": seen_in(page), "keep": kept, "then": "next"})

    assert answer.status_code == 303
    read = judge(world).get(f"/cham-thi/{ROUND}/{CODE}").text
    assert "Chấm ẩn danh" in read
    assert told(read) == []
    assert f"{CODE}-tep-1.pdf" in read
    copy = judge(world).get(f"/cham-thi/{ROUND}/{CODE}/tep/1", buffered=True)
    assert (copy.status_code, copy.mimetype) == (200, "application/pdf")
    assert f"{CODE}-tep-1.pdf" in copy.headers["Content-Disposition"]
    assert "Giám khảo đọc được bản ẩn danh này" in office.get(f"{PAGE}/{CODE}").text


def test_an_open_round_is_made_blind_only_when_the_officer_says_that_he_knows(world: World) -> None:
    filled(world)

    answer = officer(world).post(PAGE, data={"is_on": "1", "questions": list(SHOWN)})

    assert answer.status_code == 422
    assert "Bạn hãy xác nhận: hồ sơ chưa duyệt bản ẩn danh sẽ biến khỏi bàn chấm ngay." in answer.text
    assert f'value="{SHOWN[0]}" checked' in answer.text


def test_pages_say_how_many_wait_before_a_round_opens_and_after(world: World) -> None:
    filled(world, is_open=False)
    office = officer(world)
    make_blind(office)

    before = office.get(f"/btc/cham-thi/vong/{ROUND}/mo").text
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        open_round(view(world.first), ROUND, actor=SYSTEM, now=NOW)
        current.commit()
    after = office.get(f"/btc/cham-thi/vong/{ROUND}").text

    assert "1 hồ sơ chưa duyệt bản ẩn danh" in before
    assert "1 hồ sơ chưa duyệt bản ẩn danh" in after


def test_what_changed_meanwhile_is_not_approved_and_nothing_is_shown(world: World) -> None:
    filled(world)
    office = officer(world)
    make_blind(office)
    jobs(world)

    answer = office.post(f"{PAGE}/{CODE}/duyet", data={"seen": "0" * 64})

    assert answer.status_code == 409
    assert "Bản ẩn danh vừa thay đổi. Bạn hãy xem lại rồi duyệt." in answer.text
    assert judge(world).get(f"/cham-thi/{ROUND}/{CODE}").status_code == 404


def test_a_finding_is_dismissed_by_one_click_and_words_are_kept_when_refused(world: World) -> None:
    filled(world)
    office = officer(world)
    make_blind(office)
    jobs(world)
    unit = next(one for one in findings(world) if one.place == "facts.tom_tat" and one.found == UNIT)

    office.post(f"{PAGE}/{CODE}/chon", data={"key": unit.key, "do": "dismiss"})
    page = office.get(f"{PAGE}/{CODE}").text
    wrong = office.post(f"{PAGE}/{CODE}/chon", data={"key": unit.key, "do": "words", "words": "x" * 201})
    unknown = office.post(f"{PAGE}/{CODE}/chon", data={"key": "khong-co", "do": "dismiss"})

    assert f"Bà con {UNIT} dùng." in page
    assert (wrong.status_code, unknown.status_code) == (422, 404)
    assert "x" * 201 in wrong.text
    assert "không quá 200 ký tự" in wrong.text


def test_a_page_of_a_file_is_covered_by_numbers_and_uncovered_again(world: World) -> None:
    filled(world)
    office = officer(world)
    make_blind(office)
    jobs(world)
    file = f"{PAGE}/{CODE}/tep/{file_id(world, 'pdf')}"

    typed = office.post(
        f"{file}/o", data={"trang": "1", "trai": "10", "tren": "20", "phai": "30", "duoi": "40"}
    )
    half = office.post(f"{file}/o", data={"trang": "1", "trai": "10"})
    drawn = office.post(f"{file}/o", data={"trang": "1", "o": "1,0,0,5000,5000"})
    gone = office.post(f"{file}/o", data={"trang": "1", "bo": "0"})

    assert [one.status_code for one in (typed, half, drawn, gone)] == [303, 422, 303, 303]
    assert "Bạn hãy ghi đủ bốn số từ 0 đến 100." in half.text
    assert copy_of(world, "pdf").boxes == [[1, 0, 0, 5000, 5000]]
    jobs(world)
    assert copy_of(world, "pdf").state == "ready"
    page = office.get(file)
    assert page.text.count('class="cover__own"') == 1
    assert AUTHOR in page.text
    assert office.get(f"{file}/trang/1").mimetype == "image/webp"
    assert office.get(f"{file}/trang/9").status_code == 404
    assert office.get(f"{file}/ban-che", buffered=True).mimetype == "application/pdf"


def test_a_cleaned_file_is_sent_in_place_of_a_document_and_what_is_none_is_refused(world: World) -> None:
    filled(world)
    office = officer(world)
    make_blind(office)
    jobs(world)
    file = f"{PAGE}/{CODE}/tep/{file_id(world, 'pptx')}"

    wrong = office.post(f"{file}/tep-rieng", data={"own": (io.BytesIO(b"MZ"), "a.exe")})
    none = office.post(f"{file}/tep-rieng", data={})
    fine = office.post(f"{file}/tep-rieng", data={"own": (io.BytesIO(telling_pdf("Sạch")), "sach.pdf")})
    jobs(world)

    assert [one.status_code for one in (wrong, none, fine)] == [422, 422, 303]
    assert copy_of(world, "pptx").state == "ready"
    office.post(f"{file}/tep-rieng", data={"do": "drop"})
    assert copy_of(world, "pptx").own is None


def test_the_committee_alone_comes_here(world: World) -> None:
    filled(world)
    make_blind(officer(world))
    file = f"{PAGE}/{CODE}/tep/{file_id(world, 'pdf')}"

    answers = [
        judge(world).get(path).status_code for path in (PAGE, f"{PAGE}/{CODE}", file, f"{file}/trang/1")
    ]

    assert answers == [403, 403, 403, 403]


def test_the_list_needs_the_same_queries_for_1_and_20_dossiers(world: World) -> None:
    filled(world)
    office = officer(world)
    make_blind(office)
    with count_queries(world.app) as one:
        office.get(PAGE)
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        edition = view(world.first)
        for _number in range(19):
            make_entry(edition, account())
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        current.commit()
    with count_queries(world.app) as twenty:
        page = office.get(PAGE).text

    assert page.count("<tr data-href") == 20
    assert one.count == twenty.count
