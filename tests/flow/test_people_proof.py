"""Proving again who one is, the second step of coming in, and changes that need a proof, through the pages."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select, update

from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.people import passwords
from core.people.models import Account, SecondFactor, SignIn
from tests.support.app import client_of
from tests.support.factories import World, make_account
from tests.support.people import code_in, last_letter, sign_in

EMAIL, PASSWORD = "hoa@example.vn", "con trâu là đầu cơ nghiệp"


@pytest.fixture
def hoa(world: World) -> None:
    """An account with a password."""
    with world.app.app_context(), tenant_scope(world.first.id):
        make_account(EMAIL, name="Nguyễn Thị Hoa").password_hash = passwords.hash_password(PASSWORD)
        session().commit()


def letter_to(world: World, email: str = EMAIL) -> str:
    with world.app.app_context(), tenant_scope(world.first.id):
        return last_letter(email).body


def code_shown(world: World, *, later: int = 0) -> str:
    """What the owner's application shows, `later` half minutes from now."""
    with world.app.app_context(), tenant_scope(world.first.id):
        secret = session().scalars(select(SecondFactor.secret)).one()
    return TOTP(secret).at(real_now() + timedelta(seconds=30 * later))


def come_in(client: FlaskClient) -> None:
    assert client.post("/tai-khoan/dang-nhap", data={"email": EMAIL, "password": PASSWORD}).status_code == 302


def grow_old(world: World) -> None:
    """Eleven minutes later."""
    with world.app.app_context(), tenant_scope(world.first.id):
        session().execute(update(SignIn).values(proved_at=real_now() - timedelta(minutes=11)))
        session().commit()


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the first form of the page's content."""
    form = page[page.index('<form class="form"') :]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[: form.index("</form>")])
    return {name: unescape(value) for name, value in found}


@pytest.mark.usefixtures("hoa")
def test_who_came_in_a_moment_ago_is_not_asked_again(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    come_in(client)

    assert client.get("/tai-khoan/dia-chi-thu").status_code == 200


@pytest.mark.usefixtures("hoa")
def test_after_ten_minutes_a_link_leads_to_the_proof_and_back(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    come_in(client)
    grow_old(world)

    asked = client.get("/tai-khoan/buoc-hai?a=1")
    assert (asked.status_code, asked.location) == (302, "/tai-khoan/xac-thuc?next=/tai-khoan/buoc-hai?a%3D1")
    page = client.get(asked.location)
    proved = client.post(asked.location, data={**fields_of(page.text), "proof_password": PASSWORD})

    assert "Xác nhận đúng là bạn" in page.text
    assert (proved.status_code, proved.location) == (302, "/tai-khoan/buoc-hai?a=1")
    assert client.get(proved.location).status_code == 200


@pytest.mark.usefixtures("hoa")
def test_a_form_that_needs_a_proof_keeps_what_was_typed_and_goes_through_with_it(
    app: Flask, world: World
) -> None:
    client = client_of(app, "motmot")
    come_in(client)
    grow_old(world)

    page = client.post("/tai-khoan/dia-chi-thu", data={"email": "moi&<@example.vn"})
    wrong = client.post("/tai-khoan/dia-chi-thu", data={**fields_of(page.text), "proof_password": "sai rồi"})
    right = client.post(
        "/tai-khoan/dia-chi-thu",
        data={**fields_of(wrong.text), "email": "moi@example.vn", "proof_password": PASSWORD},
    )

    assert (page.status_code, fields_of(page.text)["email"]) == (422, "moi&<@example.vn")
    assert (wrong.status_code, "Mật khẩu chưa đúng" in wrong.text) == (422, True)
    assert fields_of(wrong.text)["email"] == "moi&<@example.vn"
    assert (right.status_code, right.location) == (302, "/tai-khoan/dia-chi-thu/ma")


@pytest.mark.usefixtures("hoa")
def test_a_proof_holds_also_when_the_form_is_then_found_wrong(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    come_in(client)
    grow_old(world)

    refused = client.post("/tai-khoan/dia-chi-thu", data={"email": "không phải", "proof_password": PASSWORD})
    again = client.post("/tai-khoan/dia-chi-thu", data={"email": "moi@example.vn"})

    assert (refused.status_code, "Địa chỉ thư điện tử chưa đúng" in refused.text) == (422, True)
    assert again.status_code == 302


def test_without_a_password_the_proof_is_a_code_by_mail(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "tacgia@example.vn", proved=False)
    asked = client.get("/tai-khoan/mat-khau")
    assert asked.location.startswith("/tai-khoan/xac-thuc?next=")

    sent = client.post(asked.location, data={"proof_send": "1"})
    code = code_in(letter_to(world, "tacgia@example.vn"))
    wrong = client.post(asked.location, data={"proof_code": "000000" if code != "000000" else "111111"})
    proved = client.post(asked.location, data={"proof_code": f" {code[:3]} {code[3:]}"})

    assert (sent.status_code, "proof_code" in sent.text) == (200, True)
    assert (wrong.status_code, "Mã chưa đúng" in wrong.text) == (422, True)
    assert (proved.status_code, proved.location) == (302, "/tai-khoan/mat-khau")
    assert client.get("/tai-khoan/mat-khau").status_code == 200


@pytest.mark.usefixtures("hoa")
def test_a_proof_on_one_device_proves_nothing_on_another(app: Flask, world: World) -> None:
    here, there = client_of(app, "motmot"), client_of(app, "motmot")
    come_in(here)
    come_in(there)
    grow_old(world)
    here.post("/tai-khoan/xac-thuc", data={"proof_password": PASSWORD})

    assert (
        here.get("/tai-khoan/dia-chi-thu").status_code,
        there.get("/tai-khoan/dia-chi-thu").status_code,
    ) == (200, 302)


@pytest.mark.usefixtures("hoa")
def test_guessing_the_proof_is_slowed_down(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    come_in(client)
    grow_old(world)

    tries = [
        client.post("/tai-khoan/xac-thuc", data={"proof_password": "sai rồi"}).status_code
        for _try in range(6)
    ]

    assert tries == [422] * 5 + [429]


@pytest.mark.usefixtures("hoa")
def test_the_address_changes_by_a_code_to_the_new_one_and_the_old_one_is_told(
    app: Flask, world: World
) -> None:
    here, there = client_of(app, "motmot"), client_of(app, "motmot")
    come_in(there)
    come_in(here)

    here.post("/tai-khoan/dia-chi-thu", data={"email": "moi@example.vn"})
    code = code_in(letter_to(world, "moi@example.vn"))
    before = here.get("/tai-khoan/").text
    changed = here.post("/tai-khoan/dia-chi-thu/ma", data={"code": code})

    assert EMAIL in before
    assert (changed.status_code, changed.location) == (302, "/tai-khoan/")
    assert "moi@example.vn" in here.get("/tai-khoan/").text
    assert there.get("/tai-khoan/").status_code == 302
    assert "địa chỉ này không còn mở được tài khoản" in letter_to(world)
    assert (
        client_of(app, "motmot")
        .post("/tai-khoan/dang-nhap", data={"email": EMAIL, "password": PASSWORD})
        .status_code
        == 422
    )


@pytest.mark.usefixtures("hoa")
def test_an_address_of_somebody_else_is_not_taken_and_not_told_of(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    come_in(client)

    answer = client.post("/tai-khoan/dia-chi-thu", data={"email": "tacgia@example.vn"})

    assert (answer.status_code, answer.location) == (302, "/tai-khoan/dia-chi-thu/ma")
    assert "đã có tài khoản từ trước" in letter_to(world, "tacgia@example.vn")


@pytest.mark.usefixtures("hoa")
def test_an_address_that_was_never_proved_goes_to_who_proves_it(app: Flask, world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        make_account("moi@example.vn").verified_at = None
        session().commit()
    client = client_of(app, "motmot")
    come_in(client)
    client.post("/tai-khoan/dia-chi-thu", data={"email": "moi@example.vn"})

    changed = client.post(
        "/tai-khoan/dia-chi-thu/ma", data={"code": code_in(letter_to(world, "moi@example.vn"))}
    )

    assert changed.status_code == 302
    with world.app.app_context(), tenant_scope(world.first.id):
        row = session().scalars(select(Account).where(Account.email == "moi@example.vn")).one()
        assert row.name == "Nguyễn Thị Hoa"


@pytest.mark.usefixtures("hoa")
def test_the_second_factor_from_its_setup_to_coming_in_by_it(app: Flask, world: World) -> None:
    client, other = client_of(app, "motmot"), client_of(app, "motmot")
    come_in(client)
    client.post("/tai-khoan/buoc-hai")
    setup = client.get("/tai-khoan/buoc-hai").text
    wrong = client.post("/tai-khoan/buoc-hai/xac-nhan", data={"code": "000000"})
    done = client.post("/tai-khoan/buoc-hai/xac-nhan", data={"code": code_shown(world)})
    codes = re.findall(r"<li>([0-9A-Z]{5}-[0-9A-Z]{5})</li>", done.text)

    first = other.post("/tai-khoan/dang-nhap?next=/du-thi/", data={"email": EMAIL, "password": PASSWORD})
    not_yet = other.get("/tai-khoan/")
    page = other.get(first.location)
    second = other.post(first.location, data={"code": code_shown(world, later=1)})

    assert ("<svg" in setup, "otpauth://totp/" in setup) == (True, True)
    assert (wrong.status_code, "Mã chưa khớp" in wrong.text) == (422, True)
    assert len(codes) == 10
    assert first.location == "/tai-khoan/dang-nhap/buoc-hai?next=/du-thi/"
    assert (not_yet.status_code, "/tai-khoan/dang-nhap?" in not_yet.location) == (302, True)
    assert "Nhập mã của ứng dụng xác thực" in page.text
    assert (second.status_code, second.location) == (302, "/du-thi/")
    assert other.get("/tai-khoan/").status_code == 200


@pytest.mark.usefixtures("hoa")
def test_a_code_by_mail_and_a_new_password_lead_to_the_second_step_too(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    come_in(client)
    client.post("/tai-khoan/buoc-hai")
    client.post("/tai-khoan/buoc-hai/xac-nhan", data={"code": code_shown(world)})
    ways = []
    for purpose, path, more in (
        ("sign_in", "/tai-khoan/dang-nhap/ma", {}),
        ("reset", "/tai-khoan/quen-mat-khau/dat-lai", {"password": "mười hai con giáp ơi"}),
    ):
        other = client_of(app, "motmot")
        other.post("/tai-khoan/gui-ma", data={"email": EMAIL, "purpose": purpose})
        form = {"email": EMAIL, "code": code_in(letter_to(world)), **more}
        ways.append((other.post(path, data=form).location, other.get("/tai-khoan/").status_code))

    assert ways == [("/tai-khoan/dang-nhap/buoc-hai", 302)] * 2
    with world.app.app_context(), tenant_scope(world.first.id):
        row = session().scalars(select(Account).where(Account.email == EMAIL)).one()
        assert passwords.matches(row.password_hash, "mười hai con giáp ơi")


@pytest.mark.usefixtures("hoa")
def test_turning_it_off_needs_a_proof(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    come_in(client)
    client.post("/tai-khoan/buoc-hai")
    client.post("/tai-khoan/buoc-hai/xac-nhan", data={"code": code_shown(world)})
    grow_old(world)

    asked = client.post("/tai-khoan/buoc-hai/tat")
    off = client.post("/tai-khoan/buoc-hai/tat", data={"proof_password": PASSWORD})

    assert (asked.status_code, "Xác nhận đúng là bạn" in asked.text) == (422, True)
    assert off.status_code == 302
    come_in(client_of(app, "motmot"))


@pytest.mark.usefixtures("hoa")
def test_a_browser_is_known_after_its_first_sign_in_and_a_forged_cookie_is_not(
    app: Flask, world: World
) -> None:
    client, stranger = client_of(app, "motmot"), client_of(app, "motmot")
    come_in(client)
    client.post("/tai-khoan/dang-xuat")
    cookie = client.get_cookie("bv_may", domain="motmot.localhost")
    assert cookie is not None
    for _try in range(8):
        stranger.post("/tai-khoan/dang-nhap", data={"email": EMAIL, "password": "sai rồi nhé bạn ơi"})

    from_here = stranger.post("/tai-khoan/dang-nhap", data={"email": EMAIL, "password": PASSWORD})
    stranger.set_cookie("bv_may", cookie.value[:40] + cookie.value[40:].swapcase(), domain="motmot.localhost")
    forged = stranger.post("/tai-khoan/dang-nhap", data={"email": EMAIL, "password": PASSWORD})

    assert (from_here.status_code, forged.status_code) == (429, 429)
    come_in(client)


@pytest.mark.usefixtures("hoa")
def test_every_other_device_is_signed_out_at_once(app: Flask, world: World) -> None:
    here, there = client_of(app, "motmot"), client_of(app, "motmot")
    come_in(there)
    come_in(here)

    here.post("/tai-khoan/thiet-bi/dang-xuat-het")

    assert (here.get("/tai-khoan/").status_code, there.get("/tai-khoan/").status_code) == (200, 302)
