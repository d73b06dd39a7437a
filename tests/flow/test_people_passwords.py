"""The meter beside a new password, with JavaScript and without."""

from __future__ import annotations

from flask import Flask

from tests.support.app import client_of
from tests.support.factories import World

FORM = {"name": "Nguyễn Thị Hoa", "email": "hoa@example.vn", "consent_account": "1"}


def test_the_meter_says_what_the_server_thinks_of_a_password(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")

    weak = client.post("/tai-khoan/do-manh-mat-khau", data={**FORM, "password": "hoanganh2005"})
    strong = client.post(
        "/tai-khoan/do-manh-mat-khau", data={**FORM, "password": "con trâu là đầu cơ nghiệp"}
    )
    empty = client.post("/tai-khoan/do-manh-mat-khau", data=FORM)

    assert (weak.status_code, 'value="2"' in weak.text, "máy đoán ra được" in weak.text) == (200, True, True)
    assert "Mật khẩu này rất khó đoán" in strong.text
    assert empty.text.strip() == ""


def test_a_refused_sign_up_shows_the_meter_and_not_the_password(app: Flask, world: World) -> None:
    answer = client_of(app, "motmot").post("/tai-khoan/dang-ky", data={**FORM, "password": "hoanganh2005"})

    assert answer.status_code == 422
    assert '<meter class="meter"' in answer.text
    assert "hoanganh2005" not in answer.text


def test_a_password_may_be_pasted_and_remembered_by_a_program(app: Flask, world: World) -> None:
    page = client_of(app, "motmot").get("/tai-khoan/dang-ky").text

    assert 'autocomplete="new-password"' in page
    assert "onpaste" not in page
