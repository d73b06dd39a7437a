"""Personal data through HTTP: a person asks, the office answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, select, text

from core.entries.models import EntryAuthor
from core.judging.services import appoint_judge, open_round
from core.kernel.actor import SYSTEM, Role
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.ids import token
from core.kernel.jobs import run_due_jobs
from core.privacy import services
from core.privacy.models import DossierOpening
from tests.support.app import client_of
from tests.support.entries import account, make_attachment, make_entry
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.support.people import sign_in
from tests.support.queries import count_queries

OFFICE = "btc@example.vn"
PERSON = "tacgia@example.vn"


def test_a_person_asks_and_reads_the_answer(world: World) -> None:
    person, officer = (client_of(world.app, world.first.slug) for _ in range(2))
    sign_in(person, PERSON)
    sign_in(officer, OFFICE)
    form = person.get("/tai-khoan/du-lieu/yeu-cau?loai=correct").text
    (form_token,) = re.findall(r'name="form_token" value="([^"]+)"', form)
    typed = {"kind": "correct", "text": "Sửa năm sinh thành 1979", "form_token": form_token}

    sent = person.post("/tai-khoan/du-lieu/yeu-cau", data=typed)
    again = person.post("/tai-khoan/du-lieu/yeu-cau", data=typed)

    assert (sent.status_code, sent.headers["Location"]) == (303, again.headers["Location"])
    code = sent.headers["Location"].rpartition("/")[2]
    assert "Sửa năm sinh thành 1979" in officer.get(f"/btc/du-lieu-ca-nhan/{code}").text
    assert "Trả lời yêu cầu về dữ liệu cá nhân" in officer.get("/btc/").text
    missing = officer.post(f"/btc/du-lieu-ca-nhan/{code}", data={"do": "finish", "words": " "})
    assert missing.status_code == 422
    done = officer.post(f"/btc/du-lieu-ca-nhan/{code}", data={"do": "finish", "words": "Đã sửa."})
    assert done.status_code == 303
    assert "Đã sửa." in person.get(f"/tai-khoan/du-lieu/yeu-cau/{code}").text
    assert "Trả lời yêu cầu về dữ liệu cá nhân" not in officer.get("/btc/").text


def test_what_was_typed_stays_when_something_is_missing(world: World) -> None:
    person = client_of(world.app, world.first.slug)
    sign_in(person, PERSON)
    answer = person.post(
        "/tai-khoan/du-lieu/yeu-cau", data={"text": "Lời tôi đã viết dài", "form_token": token()}
    )
    assert answer.status_code == 422
    assert "Lời tôi đã viết dài" in answer.text
    assert "Bạn hãy chọn điều bạn yêu cầu." in answer.text


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_needs_the_same_statements_for_one_request_and_for_thirty(world: World, count: int) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        for number in range(count):
            owner = account(PERSON if number % 2 else "cutri@example.vn")
            services.ask("see", f"Xem {number}", form_token=token(), actor=actor_of(owner), now=real_now())
        session().commit()
    officer = client_of(world.app, world.first.slug)
    sign_in(officer, OFFICE)
    officer.get("/btc/du-lieu-ca-nhan")
    with count_queries(world.app) as counted:
        page = officer.get("/btc/du-lieu-ca-nhan")
    assert page.text.count("data-href=") == count
    assert counted.count == 6, counted


def test_a_consent_is_withdrawn_on_the_page_and_stays_in_its_history(world: World) -> None:
    person = client_of(world.app, world.first.slug)
    sign_in(person, PERSON)
    person.post("/tai-khoan/dong-y/publish_dossier", data={"give": "1"})
    person.post("/tai-khoan/dong-y/publish_dossier", data={"give": "0"})

    history = person.get("/tai-khoan/du-lieu/dong-y").text
    mine = person.get("/tai-khoan/du-lieu/").text

    assert "Đã rút lại" in history
    assert "Tôi đồng ý để Ban Tổ chức đăng lên trang công khai" in history
    assert "Rút lại sự đồng ý" in mine


def test_two_officers_erase_an_account_on_the_page(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        make_account("btc2@example.vn", name="Cán bộ Hai", roles=[Role.COMMITTEE])
        asked = services.ask(
            "delete", "Xóa hết", form_token=token(), actor=actor_of(account(PERSON)), now=real_now()
        )
        code = asked.code
        session().commit()
    one, two, person = (client_of(world.app, world.first.slug) for _ in range(3))
    sign_in(one, OFFICE)
    sign_in(two, "btc2@example.vn")
    sign_in(person, PERSON)
    address = f"/btc/du-lieu-ca-nhan/{code}"

    assert one.post(f"{address}/xoa", data={"do": "propose"}).status_code == 303
    assert one.post(f"{address}/xoa", data={"do": "confirm"}).status_code == 403
    assert "Xác nhận xóa" not in one.get(address).text
    assert "Xác nhận xóa" in two.get(address).text
    assert two.post(f"{address}/xoa", data={"do": "confirm"}).status_code == 303

    assert "Cán bộ Thử đề nghị, Cán bộ Hai xác nhận." in one.get(address).text
    assert person.get("/tai-khoan/").headers["Location"].startswith("/tai-khoan/dang-nhap")
    assert "Người dùng đã xóa" in one.get("/btc/tai-khoan/").text


def test_the_copy_is_asked_for_followed_and_fetched(world: World) -> None:
    person, other = (client_of(world.app, world.first.slug) for _ in range(2))
    sign_in(person, PERSON)
    sign_in(other, "cutri@example.vn")
    assert person.post("/tai-khoan/du-lieu/ban-sao").status_code == 303
    assert "hx-trigger" in person.get("/tai-khoan/du-lieu/").text
    assert "hx-trigger" in person.get("/tai-khoan/du-lieu/ban-sao/tien-do").text

    with world.app.app_context():
        run_due_jobs()

    page = person.get("/tai-khoan/du-lieu/").text
    (address,) = re.findall(r'href="(/tai-khoan/du-lieu/ban-sao/[0-9a-f-]+)"', page)
    answer = person.get(address)
    assert (answer.status_code, answer.mimetype, answer.data[:2]) == (200, "application/zip", b"PK")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert other.get(address).status_code == 404


def test_the_owner_sees_who_opened_a_dossier_and_no_judges_name(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        entry = make_entry(edition, account(PERSON))
        file = make_attachment(entry)
        appoint_judge(edition, account("giamkhao@example.vn").id, actor=SYSTEM, now=NOW)
        judging = edition.rules.deciding_round().key
        open_round(edition, judging, actor=SYSTEM, now=NOW)
        code, ref, file_id = entry.code, entry.ref, file.id
        session().commit()
    owner, officer, judge = (client_of(world.app, world.first.slug) for _ in range(3))
    sign_in(owner, PERSON)
    sign_in(officer, OFFICE)
    sign_in(judge, "giamkhao@example.vn")
    assert "Chưa có ai ngoài bạn mở hồ sơ này." in owner.get(f"/du-thi/{ref}").text

    owner.get(f"/du-thi/tep/{file_id}").close()
    for _twice in range(2):
        assert officer.get(f"/btc/ho-so/{code}").status_code == 200
        assert judge.get(f"/cham-thi/{judging}/{code}").status_code == 200
        judge.get(f"/du-thi/tep/{file_id}").close()
    assert officer.post(f"/btc/ho-so/{code}/cong-bo", data={"do": "publish"}).status_code == 303

    page = owner.get(f"/du-thi/{ref}").text
    assert page.count("Thành viên hội đồng chấm <") == 1
    assert page.count("Ban Tổ chức: Cán bộ Thử") == 1
    assert "có mở tệp" in page
    assert "Giám khảo Thử" not in page
    with world.app.app_context(), tenant_scope(world.first.id):
        found = session().execute(select(DossierOpening.role, DossierOpening.what)).all()
    assert sorted(map(tuple, found)) == [("committee", "dossier"), ("judge", "dossier"), ("judge", "file")]


def test_nothing_of_a_dossier_is_shown_when_its_line_cannot_be_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        entry = make_entry(view(world.first), account(PERSON), title="Nội dung riêng")
        code = entry.code
        session().commit()
    officer = client_of(world.app, world.first.slug)
    sign_in(officer, OFFICE)
    monkeypatch.setitem(world.app.config, "PROPAGATE_EXCEPTIONS", False)
    assert "Nội dung riêng" in officer.get(f"/btc/ho-so/{code}").text

    with _table_away(world):
        answer = officer.get(f"/btc/ho-so/{code}")

    assert answer.status_code in (500, 503)
    assert "Nội dung riêng" not in answer.text


@contextmanager
def _table_away(world: World) -> Iterator[None]:
    """The table of openings cannot be written to inside."""
    owner = create_engine(world.app.config["BANGVANG"].owner_url)
    with owner.begin() as connection:
        connection.execute(text("alter table dossier_opening rename to dossier_opening_away"))
    try:
        yield
    finally:
        with owner.begin() as connection:
            connection.execute(text("alter table dossier_opening_away rename to dossier_opening"))
        owner.dispose()


def test_a_guardian_is_recorded_on_the_page_that_the_finding_leads_to(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        entry = make_entry(
            view(world.first), account(PERSON), state="draft", authors=(("Em Thử", "chief", 2012),)
        )
        ref = entry.ref
        session().commit()
    person = client_of(world.app, world.first.slug)
    sign_in(person, PERSON)
    address = f"/du-thi/{ref}/nguoi-giam-ho"
    assert f'href="{address}"' in person.get(f"/du-thi/{ref}/kiem-tra").text
    wrong = person.post(f"{address}/1", data={"name_1": "Phạm Thị Mẹ", "guardian_agrees_1": "1"})
    assert wrong.status_code == 422
    assert 'value="Phạm Thị Mẹ"' in wrong.text
    typed = {
        "name_1": "Phạm Thị Mẹ",
        "relation_1": "parent",
        "contact_1": "0912 000 111",
        "guardian_agrees_1": "1",
        "child_agrees_1": "1",
    }
    assert person.post(f"{address}/1", data=typed).status_code == 303
    assert "Người giám hộ đã đồng ý" in person.get(address).text
    assert f'href="{address}"' not in person.get(f"/du-thi/{ref}/kiem-tra").text


def test_a_public_page_tells_neither_year_nor_place_of_a_child(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        entry = make_entry(view(world.first), account(PERSON), authors=(("Em Thử", "chief", 2013),))
        author = session().scalars(select(EntryAuthor).where(EntryAuthor.entry_id == entry.id)).one()
        author.workplace = "Trường Riêng"
        code = entry.code
        session().commit()
    page = client_of(world.app, world.first.slug).get(f"/bai-du-thi/{code}").text
    assert "Em Thử" in page
    assert [word for word in ("2013", "Trường Riêng") if word in page] == []


def test_the_office_sees_what_is_due_and_changes_the_times(world: World) -> None:
    officer = client_of(world.app, world.first.slug)
    sign_in(officer, OFFICE)
    assert "không tự xóa" in officer.get("/btc/du-lieu-ca-nhan/luu-giu").text
    wrong = officer.post("/btc/du-lieu-ca-nhan/luu-giu", data={"days_tries": "x", "dated": "17/02/2026"})
    assert wrong.status_code == 422
    assert "17/02/2026" in wrong.text
    saved = officer.post("/btc/du-lieu-ca-nhan/luu-giu", data={"days_tries": "45", "dated": "17/02/2026"})
    assert saved.status_code == 303
    assert "45 ngày" in officer.get("/btc/du-lieu-ca-nhan/luu-giu").text
