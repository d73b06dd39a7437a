"""The committee's pages of letters through the browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.jobs import run_due_jobs
from core.kernel.mail import Mail, MailFacts, send_mail
from core.kernel.mail_words import remove_words
from core.kernel.suppression import suppress, suppression_of
from core.letters.models import LetterText
from core.letters.post import Reader, send_letter
from tests.support.app import client_of
from tests.support.factories import NOW, World
from tests.support.letters import old_letter
from tests.support.mail import Post
from tests.support.people import sign_in
from tests.support.queries import count_queries

TO = "tacgia@example.vn"
VALUES = {"ma_ho_so": "TT-K1-0001", "ten_ho_so": "Máy sấy chè", "dia_chi": "http://x/du-thi/X"}


@pytest.fixture
def office(world: World) -> FlaskClient:
    """The committee of the first tenant, signed in."""
    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")
    return client


def write(world: World, *, count: int = 1) -> None:
    for facts in (world.first, world.second):
        with world.app.app_context(), tenant_scope(facts.id):
            for number in range(count):
                values = VALUES | {"ma_ho_so": f"{facts.slug}-{number}"}
                about = f"{facts.slug}-{number:04d}"
                send_letter("entry-accepted", Reader(TO, "Tác giả"), values, about=about, now=NOW)
            session().commit()


def test_a_letter_that_did_not_arrive_stands_first_and_is_sent_again(
    world: World, office: FlaskClient, post: Post
) -> None:
    world.app.config["SMTP_URL"] = f"smtp://127.0.0.1:{post.port}"
    post.refused = {TO: "550 5.1.1 No such user"}
    write(world)
    with world.app.app_context():
        run_due_jobs()
    post.refused = {}

    listed = office.get("/btc/thu?trang-thai=khong-den")
    with world.app.app_context(), tenant_scope(world.first.id):
        mail = session().scalars(select(Mail)).one()
    shown = office.get(f"/btc/thu/{mail.id}")
    first = office.post(f"/btc/thu/{mail.id}/gui-lai", follow_redirects=True)
    with world.app.app_context():
        run_due_jobs()
    second = office.post(f"/btc/thu/{mail.id}/gui-lai", follow_redirects=True)

    assert "550 5.1.1 No such user" in listed.text
    assert "haihai" not in listed.text
    assert "Hồ sơ “Máy sấy chè” đủ điều kiện tham dự" in shown.text
    assert "Thư đã được đưa vào hàng chờ gửi lại." in first.text
    assert "không cần gửi lại" in second.text
    assert len(post.messages) == 1


def test_a_code_is_never_shown_to_the_committee(world: World, office: FlaskClient) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        send_letter("account-code", Reader(TO, "Tác giả"), {"ma": "918273"}, now=NOW)
        other = send_mail(
            to=TO, name="A", sender="B", subject="Bí mật 918273", body="918273", now=NOW, facts=MailFacts()
        )
        session().commit()

    listed, shown = office.get("/btc/thu"), office.get(f"/btc/thu/{other}")

    assert "Mã dùng một lần" in listed.text
    assert "918273" not in listed.text + shown.text
    assert "Ban Tổ chức không xem nội dung" in shown.text


def test_a_letter_whose_words_were_removed_says_so_and_offers_no_sending(
    world: World, office: FlaskClient
) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        mail = old_letter(real_now() - timedelta(days=366), "failed", to=TO)
        session().add(mail)
        session().flush()
        remove_words(real_now(), now=real_now(), most=10)
        mail_id = mail.id
        session().commit()

    listed, shown = office.get("/btc/thu"), office.get(f"/btc/thu/{mail_id}")
    again = office.post(f"/btc/thu/{mail_id}/gui-lai", follow_redirects=True)

    assert "được xóa sau 365 ngày" in listed.text
    assert "được xóa sau 365 ngày" in shown.text
    assert "Thư này xóa lúc" in shown.text
    assert "Không gửi được" in shown.text
    assert "gui-lai" not in shown.text
    assert TO not in listed.text + shown.text
    assert "không còn lời thư" in again.text


def test_another_tenants_letter_does_not_exist(world: World, office: FlaskClient) -> None:
    write(world)
    with world.app.app_context(), tenant_scope(world.second.id):
        mail_id = session().scalars(select(Mail.id)).one()

    assert office.get(f"/btc/thu/{mail_id}").status_code == 404
    assert office.post(f"/btc/thu/{mail_id}/gui-lai").status_code == 404


def test_an_address_that_bounced_is_told_in_the_office_and_on_the_persons_page(
    world: World, office: FlaskClient
) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        suppress(TO, "550 5.1.1 No such user", now=NOW)
        session().commit()
    people = office.get("/btc/tai-khoan/?q=tacgia").text
    person = office.get("/btc/tai-khoan/" + people.split('data-href="/btc/tai-khoan/')[1].split('"')[0])

    listed = office.get("/btc/thu")
    lifted = office.post("/btc/thu/dia-chi", data={"address": TO}, follow_redirects=True)
    with world.app.app_context(), tenant_scope(world.first.id):
        held = suppression_of(TO)

    assert "Thư không đến được địa chỉ này" in person.text
    assert "1 địa chỉ không nhận được thư" in listed.text
    assert f"Từ nay thư lại được gửi đến {TO}." in lifted.text
    assert held is None


def test_the_outbox_asks_as_much_for_one_letter_as_for_thirty(world: World, office: FlaskClient) -> None:
    counts = []
    office.get("/btc/thu")
    for count in (1, 29):
        write(world, count=count)
        with count_queries(world.app) as counted:
            assert office.get("/btc/thu").status_code == 200
        counts.append(counted.count)
    assert counts == [6, 6]


def test_a_wording_is_previewed_saved_refused_at_its_place_and_taken_back(
    world: World, office: FlaskClient
) -> None:
    where = "/btc/thu/mau/entry-accepted?tieng=vi"
    good = {"subject": "Chúc mừng {ma_ho_so}", "body": "Chào {nguoi_nhan}\n\n{dia_chi}"}

    preview = office.post(where, data={**good, "do": "preview"})
    bad = office.post(where, data={**good, "subject": "Chúc mừng {ma_ho}", "do": "save"})
    saved = office.post(where, data={**good, "do": "save"}, follow_redirects=True)
    listed = office.get("/btc/thu/mau")
    reset = office.post(where, data={"do": "reset"}, follow_redirects=True)
    with world.app.app_context(), tenant_scope(world.first.id):
        kept = session().scalars(select(LetterText.text).order_by(LetterText.number)).all()
    old = office.get(f"{where}&ban=1")

    assert "Chúc mừng TN-2026-0042" in preview.text
    assert (bad.status_code, "Có phải {ma_ho_so}?" in bad.text) == (422, True)
    assert 'value="Chúc mừng {ma_ho}"' in bad.text
    assert "Đã lưu mẫu thư" in saved.text
    assert "Ban Tổ chức đã sửa" in listed.text
    assert "Đã trở về mẫu mặc định" in reset.text
    assert kept == ["# Chúc mừng {ma_ho_so}\n\nChào {nguoi_nhan}\n\n{dia_chi}\n", ""]
    assert 'value="Chúc mừng {ma_ho_so}"' in old.text
