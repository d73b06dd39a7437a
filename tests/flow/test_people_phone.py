"""From a telephone number to a signed-in account, through the pages; and where no gateway is."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from core.kernel.db import session, tenant_scope
from core.kernel.sms import Sms
from tests.support.app import client_of
from tests.support.factories import World
from tests.support.people import code_in, last_letter

FORM = {
    "name": "Lò Thị Mai",
    "email": "0912 345 678",
    "password": "con trâu là đầu cơ nghiệp",
    "consent_account": "1",
}


def newest_code(world: World) -> str:
    with world.app.app_context(), tenant_scope(world.first.id):
        return code_in(session().scalars(select(Sms).order_by(Sms.id.desc()).limit(1)).one().text)


def test_a_farmer_signs_up_by_telephone_and_comes_in_again_by_code(app: Flask, world: World) -> None:
    client, again = client_of(app, "motmot"), client_of(app, "motmot")

    sent = client.post("/tai-khoan/dang-ky", data=FORM)
    page = client.get(sent.location).text
    box = client.get("/hop-thu?to=0912 345 678").text
    verified = client.post("/tai-khoan/xac-nhan", data={"email": "0912 345 678", "code": newest_code(world)})
    own = client.get("/tai-khoan/").text
    asked = again.post("/tai-khoan/gui-ma", data={"email": "+84912345678", "purpose": "sign_in"})
    entered = again.post("/tai-khoan/dang-nhap/ma", data={"email": "0912345678", "code": newest_code(world)})

    assert "bằng tin nhắn đến 0912 345 678" in page
    assert "la ma xac nhan tai khoan" in box
    assert (verified.status_code, verified.location) == (302, "/")
    assert "0912 345 678" in own
    assert (asked.status_code, entered.status_code) == (302, 302)
    assert again.get("/tai-khoan/").status_code == 200


def test_a_wrong_number_is_refused_at_the_field_and_kept(app: Flask, world: World) -> None:
    answer = client_of(app, "motmot").post("/tai-khoan/dang-ky", data={**FORM, "email": "0912 345 67"})

    assert answer.status_code == 422
    assert 'value="0912 345 67"' in answer.text
    assert "Bạn hãy nhập số di động 10 chữ số" in answer.text


def test_a_number_is_added_in_the_own_account_and_dropped(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    client.post("/tai-khoan/gui-ma", data={"email": "tacgia@example.vn", "purpose": "sign_in"})
    with app.app_context(), tenant_scope(world.first.id):
        code = code_in(last_letter("tacgia@example.vn").body)
    client.post("/tai-khoan/dang-nhap/ma", data={"email": "tacgia@example.vn", "code": code})

    sent = client.post("/tai-khoan/dien-thoai", data={"phone": "0912 345 678"})
    added = client.post(sent.location, data={"code": newest_code(world)})
    with_number = client.get("/tai-khoan/").text
    dropped = client.post("/tai-khoan/dien-thoai/bo")

    assert (sent.location, added.location, dropped.location) == (
        "/tai-khoan/dien-thoai/ma",
        "/tai-khoan/",
        "/tai-khoan/",
    )
    assert "0912 345 678" in with_number
    assert "0912 345 678" not in client.get("/tai-khoan/").text


def test_without_a_gateway_no_number_is_offered_or_taken(app: Flask, world: World) -> None:
    app.config["BANGVANG"] = replace(app.config["BANGVANG"], mode="production")
    client = client_of(app, "motmot")

    page = client.get("/tai-khoan/dang-ky").text
    answer = client.post("/tai-khoan/dang-ky", data=FORM)

    assert "số di động" not in page
    assert (answer.status_code, "Địa chỉ thư điện tử chưa đúng" in answer.text) == (422, True)
