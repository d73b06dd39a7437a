"""Accounts through the browser's eyes: forms, letters, cookies."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.app import create_app
from core.kernel.db import db, session, tenant_scope
from core.kernel.jobs import run_due_jobs
from core.people import passwords
from core.people.models import Account
from tests.support.app import client_of, test_config
from tests.support.factories import World, build_world, make_account
from tests.support.people import code_in, last_letter, sign_in
from tests.support.postgres import DatabaseUrls
from tests.support.queries import count_queries

EMAIL, PASSWORD = "hoa@example.vn", "con trâu là đầu cơ nghiệp"
FORM = {"name": "Nguyễn Thị Hoa", "email": EMAIL, "password": PASSWORD, "consent_account": "1"}


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def letter_to(world: World, email: str = EMAIL) -> str:
    with world.app.app_context(), tenant_scope(world.first.id):
        return last_letter(email).body


def with_password(world: World, email: str = EMAIL) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        make_account(email, name="Nguyễn Thị Hoa").password_hash = passwords.hash_password(PASSWORD)
        session().commit()


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def test_from_a_protected_page_through_sign_up_back_to_it_with_csrf_on(app: Flask, world: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = client_of(app, "motmot")
    wanted = "/tai-khoan/mat-khau?a=1"

    turned_away = client.get(wanted)
    assert turned_away.status_code == 302
    sign_in_page = client.get(turned_away.location)
    link = re.search(r'href="(/tai-khoan/dang-ky[^"]*)"', sign_in_page.text)
    assert link is not None
    page = client.get(unescape(link[1]))
    sent = client.post("/tai-khoan/dang-ky", data={**FORM, "next": wanted, "csrf_token": token_of(page.text)})
    assert sent.status_code == 302
    page = client.get(sent.location)
    assert f'value="{EMAIL}"' in page.text
    assert "/hop-thu?to=hoa@example.vn" in page.text
    verified = client.post(
        "/tai-khoan/xac-nhan",
        data={
            "email": EMAIL,
            "code": code_in(letter_to(world)),
            "next": wanted,
            "csrf_token": token_of(page.text),
        },
    )

    assert (verified.status_code, verified.location) == (302, wanted)
    assert is_signed_in(client)


def test_a_form_without_its_csrf_token_is_refused(app: Flask, world: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    answer = client_of(app, "motmot").post("/tai-khoan/dang-ky", data=FORM)

    assert answer.status_code == 400
    assert "biểu mẫu hết hiệu lực" in answer.text


def test_coming_in_by_password_begins_a_new_session(app: Flask, world: World) -> None:
    with_password(world)
    client = client_of(app, "motmot")
    with client.session_transaction(base_url="http://motmot.localhost") as cookie:
        cookie["_user_id"] = "a token somebody else planted"

    answer = client.post("/tai-khoan/dang-nhap", data={"email": EMAIL.upper(), "password": PASSWORD})

    assert (answer.status_code, answer.location) == (302, "/")
    with client.session_transaction(base_url="http://motmot.localhost") as cookie:
        assert set(cookie) == {"_permanent", "_user_id"}
        assert cookie["_user_id"] != "a token somebody else planted"
    header = answer.headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


@pytest.mark.parametrize(
    ("target", "goes"),
    [
        ("/du-thi/?a=1", "/du-thi/?a=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_sent_to_a_foreign_site(app: Flask, world: World, target: str, goes: str) -> None:
    with_password(world)

    answer = client_of(app, "motmot").post(
        "/tai-khoan/dang-nhap", data={"email": EMAIL, "password": PASSWORD, "next": target}
    )

    assert (answer.status_code, answer.location) == (302, goes)


def test_each_role_comes_in_at_its_own_desk(app: Flask, world: World) -> None:
    homes = {"btc": "/btc/", "giamkhao": "/cham-thi/", "donvi": "/don-vi/", "tacgia": "/"}
    for name, home in homes.items():
        client = client_of(app, "motmot")
        email = f"{name}@example.vn"
        client.post("/tai-khoan/gui-ma", data={"email": email, "purpose": "sign_in"})
        code = code_in(letter_to(world, email))
        answer = client.post("/tai-khoan/dang-nhap/ma", data={"email": email, "code": code})
        assert (answer.status_code, answer.location) == (302, home)


def test_who_signs_in_from_the_home_page_comes_to_their_desk(app: Flask, world: World) -> None:
    for wanted in ("/", "/?lang=vi", "/tai-khoan/dang-nhap?next=/", "/tai-khoan/dang-ky"):
        client = client_of(app, "motmot")
        with app.app_context(), tenant_scope(world.first.id) as current:
            row = current.scalars(select(Account).where(Account.email == "btc@example.vn")).one()
            row.password_hash = passwords.hash_password(PASSWORD)
            current.commit()
        form = {"email": "btc@example.vn", "password": PASSWORD, "next": wanted}
        assert client.post("/tai-khoan/dang-nhap", data=form).location == "/btc/"


def test_a_refused_form_keeps_what_was_typed_and_never_the_password(app: Flask, world: World) -> None:
    answer = client_of(app, "motmot").post("/tai-khoan/dang-ky", data={**FORM, "password": "1234567890"})

    assert answer.status_code == 422
    assert 'value="Nguyễn Thị Hoa"' in answer.text
    assert f'value="{EMAIL}"' in answer.text
    assert "1234567890" not in answer.text
    assert "quá quen thuộc" in answer.text


def test_the_boxes_of_consent_are_not_ticked_beforehand(app: Flask, world: World) -> None:
    page = client_of(app, "motmot").get("/tai-khoan/dang-ky").text

    boxes = re.findall(r'<input[^>]*name="consent_[a-z]+"[^>]*>', page)
    assert len(boxes) == 2
    assert [box for box in boxes if "checked" in box] == []


def test_known_and_unknown_addresses_are_answered_alike(app: Flask, world: World) -> None:
    answers = []
    for email in ("btc@example.vn", "moi.tinh@example.vn"):
        client = client_of(app, "motmot")
        sent = client.post("/tai-khoan/dang-ky", data={**FORM, "email": email})
        asked = client_of(app, "motmot").post("/tai-khoan/gui-ma", data={"email": email, "purpose": "reset"})
        answers.append((sent.status_code, sent.location, asked.status_code, asked.location))

    assert answers[0] == answers[1]


def test_a_wrong_password_is_said_at_the_field_and_too_many_are_429(app: Flask, world: World) -> None:
    with_password(world)
    client = client_of(app, "motmot")
    wrong = {"email": EMAIL, "password": "sai rồi nhé bạn ơi"}

    statuses = [client.post("/tai-khoan/dang-nhap", data=wrong).status_code for _try in range(6)]
    last = client.post("/tai-khoan/dang-nhap", data={"email": EMAIL, "password": PASSWORD})

    assert statuses == [422] * 5 + [429]
    assert last.status_code == 429
    assert "hoặc đăng nhập ngay bằng mã gửi qua thư" in last.text


def test_a_forgotten_password_is_set_anew_by_code(app: Flask, world: World) -> None:
    with_password(world)
    client = client_of(app, "motmot")
    client.post("/tai-khoan/gui-ma", data={"email": EMAIL, "purpose": "reset"})
    code = code_in(letter_to(world))

    answer = client.post(
        "/tai-khoan/quen-mat-khau/dat-lai",
        data={"email": EMAIL, "code": code, "password": "mười hai con giáp ơi"},
    )

    assert answer.status_code == 302
    assert is_signed_in(client)


def test_signing_out_ends_the_sign_in_behind_the_cookie(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "tacgia@example.vn")
    cookie = client.get_cookie("bv", domain="motmot.localhost")
    assert cookie is not None

    client.post("/tai-khoan/dang-xuat")
    stolen = client_of(app, "motmot")
    stolen.set_cookie("bv", cookie.value, domain="motmot.localhost")

    assert not is_signed_in(client)
    assert not is_signed_in(stolen)


def test_another_device_is_signed_out_from_the_list(app: Flask, world: World) -> None:
    here, there = client_of(app, "motmot"), client_of(app, "motmot")
    sign_in(there, "tacgia@example.vn")
    sign_in(here, "tacgia@example.vn")
    page = here.get("/tai-khoan/").text
    actions = re.findall(r'action="(/tai-khoan/thiet-bi/[^"]+)"', page)

    answer = here.post(actions[1])

    assert answer.status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_nobody_signs_out_the_device_of_another_person(app: Flask, world: World) -> None:
    victim, other = client_of(app, "motmot"), client_of(app, "motmot")
    sign_in(victim, "tacgia@example.vn")
    sign_in(other, "cutri@example.vn")
    (action,) = re.findall(r'action="(/tai-khoan/thiet-bi/[^"]+)"', victim.get("/tai-khoan/").text)

    assert other.post(action).status_code == 404
    assert is_signed_in(victim)


def test_the_profile_is_changed_and_a_wrong_number_refused(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "tacgia@example.vn")

    wrong = client.post("/tai-khoan/", data={"name": "Lê Văn Đổi", "phone": "không có"})
    right = client.post("/tai-khoan/", data={"name": "Lê Văn Đổi", "phone": "0912 345 678"})

    assert wrong.status_code == 422
    assert 'value="không có"' in wrong.text
    assert right.status_code == 302
    assert 'value="0912345678"' in client.get("/tai-khoan/").text


def test_a_consent_is_given_and_withdrawn_on_the_page(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "tacgia@example.vn")

    client.post("/tai-khoan/dong-y/news", data={"give": "1"})
    given = client.get("/tai-khoan/").text
    client.post("/tai-khoan/dong-y/news", data={"give": "0"})
    withdrawn = client.get("/tai-khoan/").text

    assert ("Rút lại sự đồng ý" in given, "Rút lại sự đồng ý" in withdrawn) == (True, False)
    assert client.post("/tai-khoan/dong-y/quang-cao", data={"give": "1"}).status_code == 404


def test_the_mailbox_shows_the_code_in_a_demonstration(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    client.post("/tai-khoan/dang-ky", data=FORM)

    page = client.get("/hop-thu").text
    other = client_of(app, "haihai").get("/hop-thu").text

    assert code_in(letter_to(world)) in page
    assert EMAIL not in other


def test_the_mailbox_does_not_exist_in_production(database: DatabaseUrls, tmp_path: Path) -> None:
    made = create_app(test_config(database, tmp_path / "var", mode="production"))
    build_world(made)

    answer = client_of(made, "motmot").get("/hop-thu", base_url="https://motmot.localhost")

    with made.app_context():
        db.engine.dispose()
    assert answer.status_code == 404


def test_the_committee_invites_a_judge_who_comes_in(app: Flask, world: World) -> None:
    office, judge = client_of(app, "motmot"), client_of(app, "motmot")
    sign_in(office, "btc@example.vn")

    invited = office.post(
        "/btc/tai-khoan/moi", data={"name": "Phạm Thị Chấm", "email": "cham@example.vn", "role": "judge"}
    )
    code = code_in(letter_to(world, "cham@example.vn"))
    entered = judge.post("/tai-khoan/dang-nhap/ma", data={"email": "cham@example.vn", "code": code})

    assert invited.status_code == 302
    assert (entered.status_code, entered.location) == (302, "/cham-thi/")
    assert "Giám khảo" in office.get(invited.location).text


def test_the_role_of_a_unit_without_a_unit_is_refused_at_the_field(app: Flask, world: World) -> None:
    office = client_of(app, "motmot")
    sign_in(office, "btc@example.vn")

    answer = office.post(
        "/btc/tai-khoan/moi", data={"name": "Lê Thị Xã", "email": "xa@example.vn", "role": "unit"}
    )

    assert answer.status_code == 422
    assert "Bạn hãy chọn đơn vị" in answer.text
    assert "Không có tài khoản nào khớp" in office.get("/btc/tai-khoan/?q=xa@example.vn").text


@pytest.mark.parametrize("email", ["tacgia@example.vn", "giamkhao@example.vn", "donvi@example.vn"])
def test_the_list_of_accounts_is_for_the_committee_only(app: Flask, world: World, email: str) -> None:
    client = client_of(app, "motmot")
    sign_in(client, email)

    assert client.get("/btc/tai-khoan/").status_code == 403


def test_the_list_of_accounts_needs_the_same_queries_for_any_number_of_rows(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")
    client.get("/btc/tai-khoan/")

    with count_queries(app) as one:
        client.get("/btc/tai-khoan/?q=giamkhao")
    with app.app_context(), tenant_scope(world.first.id) as current:
        for number in range(30):
            make_account(f"a{number}@example.vn")
        current.commit()
    with count_queries(app) as thirty:
        page = client.get("/btc/tai-khoan/")

    assert page.text.count("data-href=") == 30
    assert (one.count, thirty.count) == (7, 7), str(thirty)


@pytest.fixture
def smtp() -> Iterator[tuple[str, list[str]]]:
    """A real mail server: its address, and the letters it took."""
    taken: list[str] = []

    class Keep(Message):
        def handle_message(self, message: object) -> None:
            plain = next(part for part in message.walk() if part.get_content_type() == "text/plain")  # type: ignore[attr-defined]
            taken.append(plain.get_payload(decode=True).decode())

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Keep(), hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}", taken
    controller.stop()


def test_with_a_mail_server_the_code_arrives_there_through_the_job(
    database: DatabaseUrls, tmp_path: Path, smtp: tuple[str, list[str]]
) -> None:
    url, taken = smtp
    made = create_app(test_config(database, tmp_path / "var", smtp_url=url))
    made.config["WTF_CSRF_ENABLED"] = False
    build_world(made)
    client = client_of(made, "motmot")

    client.post("/tai-khoan/dang-ky", data=FORM)
    with made.app_context():
        ran = run_due_jobs()
    (letter,) = taken
    answer = client.post("/tai-khoan/xac-nhan", data={"email": EMAIL, "code": code_in(letter)})
    hidden = "Chưa có thư nào" in client.get("/hop-thu").text
    with made.app_context():
        db.engine.dispose()

    assert ran == 1
    assert letter.startswith("Kính gửi Nguyễn Thị Hoa,")
    assert answer.status_code == 302
    assert hidden
