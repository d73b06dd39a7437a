"""A form that cannot be taken loses no word: the answer keeps what was typed and sends it again."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.models import Entry
from core.kernel.db import session, tenant_scope
from tests.flow.test_entries_way import ENTRANT
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import World, view
from tests.support.people import sign_in

HERE = {"Sec-Fetch-Site": "same-origin"}
WORDS = "Dòng một “<b>”\nDòng hai & hết"


def draft_of(app: Flask, world: World) -> str:
    with app.app_context(), tenant_scope(world.first.id):
        ref = make_entry(view(world.first), account(), state="draft").ref
        session().commit()
    return ref


def stored(app: Flask, world: World, ref: str) -> str:
    with app.app_context(), tenant_scope(world.first.id):
        return session().scalars(select(Entry).where(Entry.ref == ref)).one().title


def kept(page: str) -> dict[str, str]:
    """The hidden fields of the form that sends it again."""
    form = page[page.index('class="typed"') :]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def token_of(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def test_a_sign_in_that_ended_while_typing_keeps_the_words_and_takes_them_afterwards(
    app: Flask, world: World
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    ref = draft_of(app, world)
    browser = client_of(app, "motmot")
    sign_in(browser, ENTRANT)
    path = f"/du-thi/{ref}/sua/chung"
    typed = {"csrf_token": token_of(browser, path), "title": "Máy sấy chè mới", "la": WORDS, "do": "next"}
    browser.delete_cookie("bv", domain="motmot.localhost")

    ended = browser.post(path, data=typed, headers=HERE)
    sign_in(browser, ENTRANT)
    again = browser.post(path, data=kept(ended.text), headers=HERE)
    taken = browser.post(path, data=kept(again.text), headers=HERE)

    assert (ended.status_code, again.status_code, taken.status_code) == (401, 400, 303)
    assert "Phiên đăng nhập đã hết, chưa gửi được" in ended.text
    assert "/tai-khoan/dang-nhap?next=/tai-khoan/da-vao" in unescape(ended.text)
    assert kept(ended.text)["la"] == WORDS
    assert "Biểu mẫu này mở từ trước lần đăng nhập hiện nay" in again.text
    assert stored(app, world, ref) == "Máy sấy chè mới"


def test_where_a_sign_in_beside_ends_it_says_to_go_back(app: Flask, world: World) -> None:
    browser = client_of(app, "motmot")
    sign_in(browser, ENTRANT)

    assert "trở lại thẻ có nội dung vừa gõ" in browser.get("/tai-khoan/da-vao").text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://motmot.localhost"},
        {"Origin": "http://haihai.localhost"},
        {"Origin": "null"},
    ],
)
def test_a_form_of_another_site_is_not_repeated(app: Flask, world: World, headers: dict[str, str]) -> None:
    answer = client_of(app, "motmot").post("/du-thi/moi", data={"title": "Kẻ khác gõ"}, headers=headers)

    assert (answer.status_code, "Kẻ khác gõ" in answer.text) == (302, False)


def test_the_origin_tells_where_a_form_comes_from_when_nothing_else_does(app: Flask, world: World) -> None:
    answer = client_of(app, "motmot").post(
        "/du-thi/moi", data={"title": "Tôi gõ"}, headers={"Origin": "http://motmot.localhost"}
    )

    assert (answer.status_code, kept(answer.text)["title"]) == (401, "Tôi gõ")


def test_a_secret_is_never_written_into_a_page(app: Flask, world: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client_of(app, "motmot").post(
        "/tai-khoan/dang-nhap", data={"email": "a@b.vn", "password": "mot hai ba bon"}, headers=HERE
    )

    assert (answer.status_code, "mot hai ba bon" in answer.text, 'class="typed"' in answer.text) == (
        400,
        False,
        False,
    )


def test_a_file_is_not_kept_and_the_page_says_so(app: Flask, world: World) -> None:
    ref = draft_of(app, world)
    with app.open_resource("static/svg/mark.svg") as file:
        answer = client_of(app, "motmot").post(
            f"/du-thi/{ref}/sua", data={"title": "Máy sấy", "facts.tep": (file, "a.svg")}, headers=HERE
        )

    assert "Riêng tệp đã chọn không giữ được" in answer.text
    assert set(kept(answer.text)) == {"csrf_token", "title"}


def test_a_refusal_that_stands_shows_the_words_without_sending_them_again(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.second.id):
        ref = make_entry(view(world.second), account(), state="draft").ref
        session().commit()
    browser = client_of(app, "motmot")
    sign_in(browser, ENTRANT)

    answer = browser.post(f"/du-thi/{ref}/sua", data={"title": "Máy của ai"}, headers=HERE)

    assert answer.status_code == 404
    assert "Máy của ai</textarea>" in answer.text
    assert "Gửi lại</button>" not in answer.text


def test_the_operator_is_kept_the_words_too(app: Flask, world: World) -> None:
    answer = app.test_client().post(
        "/quan-tri/motmot/chay-lai", data={"reason": "Tạm dừng để bảo trì"}, headers=HERE
    )

    assert (answer.status_code, kept(answer.text)["reason"]) == (401, "Tạm dừng để bảo trì")
