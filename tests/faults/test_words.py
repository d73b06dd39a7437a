"""Words that break things elsewhere: each way in takes or refuses them in words, and nothing of them is lost or lies.

What is typed comes by the form, field by field from the form's script, and by the API of a program.
"""

from __future__ import annotations

import json
import unicodedata

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.models import Entry
from core.kernel.db import session, tenant_scope
from tests.flow.test_entries_way import ENTRANT, client_for
from tests.support.entries import account, make_entry
from tests.support.factories import World, view

SUMMARY = "tom_tat"
LONG = "Máy sấy chè " * 60
# As typed, and as it is kept in one line.
WORDS = {
    "emoji": ("Máy sấy chè ☀️🍃👩‍🌾", "Máy sấy chè ☀️🍃👩‍🌾"),
    "decomposed": (unicodedata.normalize("NFD", "Đổi mới ở Định Hóa"), "Đổi mới ở Định Hóa"),
    "control": ("Máy\x00 sấy\x1b chè\x07", "Máy sấy chè"),
    "direction": ("Máy\u202e sấy\u2066 chè\u200f", "Máy sấy chè"),
    "markup": ("<script>alert(1)</script> & {{ 7*7 }}", "<script>alert(1)</script> & {{ 7*7 }}"),
    "half a pair": ("Máy\ud800 sấy chè", "Máy sấy chè"),
    "noncharacter": ("Máy\uffff sấy\ufdd0 chè", "Máy sấy chè"),
}


@pytest.fixture
def ref(app: Flask, world: World) -> str:
    with app.app_context(), tenant_scope(world.first.id):
        made = make_entry(view(world.first), account(), state="draft", title="").ref
        session().commit()
    return made


@pytest.fixture
def client(app: Flask, world: World) -> FlaskClient:
    return client_for(app, ENTRANT)


def stored(app: Flask, world: World, ref: str) -> Entry:
    with app.app_context(), tenant_scope(world.first.id):
        entry = session().scalars(select(Entry).where(Entry.ref == ref)).one()
        session().expunge(entry)
        return entry


def by_script(client: FlaskClient, ref: str, path: str, value: object) -> int:
    body = json.dumps({"path": path, "value": value, "op": "saving-a", "base": 0, "mine": []})
    return client.post(f"/du-thi/{ref}/muc", data=body, content_type="application/json").status_code


@pytest.mark.parametrize("name", WORDS)
def test_words_typed_into_the_form_are_kept_clean(
    app: Flask, world: World, client: FlaskClient, ref: str, name: str
) -> None:
    typed, kept = WORDS[name]
    sent = typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    if name == "half a pair":
        kept = unicodedata.normalize("NFC", sent)

    answer = client.post(f"/du-thi/{ref}/sua/chung", data={"title": sent, "do": "save"})

    assert answer.status_code == 303
    assert stored(app, world, ref).title == kept
    assert "<script>alert" not in client.get(f"/du-thi/{ref}/sua/chung").text


@pytest.mark.parametrize("name", WORDS)
def test_words_saved_by_the_script_are_kept_clean(
    app: Flask, world: World, client: FlaskClient, ref: str, name: str
) -> None:
    typed, kept = WORDS[name]

    statuses = [by_script(client, ref, path, typed) for path in ("title", f"facts.{SUMMARY}")]

    assert statuses == [200, 200]
    entry = stored(app, world, ref)
    assert (entry.title, entry.facts[SUMMARY]) == (kept, kept)


@pytest.mark.parametrize("name", WORDS)
def test_words_that_do_not_pass_are_kept_too(
    app: Flask, world: World, client: FlaskClient, ref: str, name: str
) -> None:
    typed, kept = WORDS[name]

    assert by_script(client, ref, "title", typed + LONG) == 422

    assert stored(app, world, ref).unsaved["title"].startswith(kept)
    assert client.get(f"/du-thi/{ref}/sua/chung").status_code == 200


def test_a_line_of_ten_thousand_characters_comes_back_whole_with_how_much_to_cut(
    client: FlaskClient, ref: str
) -> None:
    line = "ạ" * 10_000

    answer = client.post(f"/du-thi/{ref}/sua/chung", data={"title": line, "do": "next"})

    assert answer.status_code == 422
    assert "Nội dung dài 10000 ký tự, tối đa 500; cần bớt 9500." in answer.text
    assert line in client.get(f"/du-thi/{ref}/sua/chung").text


@pytest.mark.parametrize("name", WORDS)
def test_words_of_a_search_are_words_of_a_search(client: FlaskClient, name: str) -> None:
    sent = WORDS[name][0].encode("utf-8", "surrogatepass").decode("utf-8", "replace")

    answer = client.get("/bai-du-thi", query_string={"q": sent})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/bai-du-thi/%00",
        "/du-thi/%00",
        "/du-thi/%00/sua/chung",
        "/bai-du-thi?linh-vuc=%00",
        "/bai-du-thi?trang=99999999999999999999",
        "/api/v1/entries/%00",
        "/api/v1/entries?q=%00",
        "/xac-minh/%00",
    ],
)
def test_an_address_that_no_column_can_hold_is_answered_in_words(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code in {200, 302, 400, 404, 422}
    assert "Traceback" not in answer.text


def test_a_sign_in_with_what_no_column_can_hold_is_answered_in_words(client: FlaskClient) -> None:
    form = client.post("/tai-khoan/dang-nhap", data={"email": "a\x00@b.vn", "password": "mot\x00hai ba"})
    program = client.post("/api/v1/entries", json={"title": "a\x00" * 10})

    assert form.status_code in {302, 400, 422}
    assert program.status_code in {201, 400, 404, 405, 409, 422}
