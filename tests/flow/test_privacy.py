"""Personal data through HTTP: a person asks, the office answers."""

from __future__ import annotations

import re

import pytest

from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.ids import token
from core.kernel.jobs import run_due_jobs
from core.privacy import services
from tests.support.app import client_of
from tests.support.entries import account
from tests.support.factories import World, actor_of, make_account
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
    assert counted.count == 5, counted


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
