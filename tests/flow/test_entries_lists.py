"""Lists of dossiers: paging, search, filters; the same number of queries for 1 and for 30 rows."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from core.kernel.db import session, tenant_scope
from tests.flow.test_entries_way import ENTRANT, OFFICER, client_for, text_of
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import World, make_unit, view
from tests.support.queries import count_queries

GALLERY_QUERIES = 9
MINE_QUERIES = 15
QUEUE_QUERIES = 18


def fill(world: World, rows: int, *, state: str = "accepted") -> None:
    """`rows` dossiers in the first tenant, each with two authors and a unit."""
    with world.app.app_context(), tenant_scope(world.first.id):
        edition, owner = view(world.first), account()
        for number in range(rows):
            unit = make_unit(f"xa-{number}", name=f"Xã Số {number}")
            authors = ((f"Tác giả {number}", "chief", 1960), ("Đồng tác giả", "member", None))
            make_entry(edition, owner, state=state, title=f"Bài số {number}", unit=unit, authors=authors)
        session().commit()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_gallery_needs_the_same_queries_for_one_and_thirty(app: Flask, world: World, rows: int) -> None:
    fill(world, rows)
    stranger = client_of(app, "motmot")

    with count_queries(app) as counted:
        answer = stranger.get("/bai-du-thi")

    assert (answer.status_code, counted.count) == (200, GALLERY_QUERIES), str(counted)


@pytest.mark.parametrize("rows", [1, 30])
def test_my_dossiers_need_the_same_queries_for_one_and_thirty(app: Flask, world: World, rows: int) -> None:
    fill(world, rows, state="draft")
    entrant = client_for(app, ENTRANT)

    with count_queries(app) as counted:
        answer = entrant.get("/du-thi/")

    assert (answer.status_code, counted.count) == (200, MINE_QUERIES), str(counted)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_queue_needs_the_same_queries_for_one_and_thirty(app: Flask, world: World, rows: int) -> None:
    fill(world, rows, state="submitted")
    officer = client_for(app, OFFICER)

    with count_queries(app) as counted:
        answer = officer.get("/btc/ho-so")

    assert (answer.status_code, counted.count) == (200, QUEUE_QUERIES), str(counted)


def test_the_gallery_has_twenty_four_on_a_page_by_code(app: Flask, world: World) -> None:
    fill(world, 30)
    stranger = client_of(app, "motmot")

    codes = [
        re.findall(r'entrycard__code">(TT-K1-\d+)', stranger.get(f"/bai-du-thi?trang={page}").text)
        for page in (1, 2, 9)
    ]

    expected = [f"TT-K1-{number:04d}" for number in range(1, 31)]
    assert codes == [expected[:24], expected[24:], expected[24:]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("BEP TRAU", ["TT-2"]),
        ("đặng đức huỳnh", ["TT-1"]),
        ("dang huynh may", ["TT-1"]),
        ("%", []),
        ("tt-2", ["TT-2"]),
    ],
)
def test_search_needs_no_marks_and_takes_every_word(
    app: Flask, world: World, words: str, found: list[str]
) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        edition, owner = view(world.first), account()
        make_entry(edition, owner, code="TT-1", title="Máy sấy", authors=(("Đặng Đức Huỳnh", "chief", None),))
        make_entry(edition, owner, code="TT-2", title="Bếp trấu")
        session().commit()

    page = client_of(app, "motmot").get("/bai-du-thi", query_string={"q": words}).get_data(as_text=True)

    assert re.findall(r'entrycard__code">(TT-\d+)', page) == found


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "99999999999999", "²"])
def test_a_nonsense_page_is_a_page(app: Flask, world: World, asked: str) -> None:
    fill(world, 1)

    assert "Bài số 0" in text_of(client_of(app, "motmot").get("/bai-du-thi", query_string={"trang": asked}))


def test_the_queue_shows_those_that_wait_and_filters_by_address(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        edition, owner = view(world.first), account()
        unit = make_unit("xa-dai-tu", name="Xã Đại Từ")
        make_entry(edition, owner, state="draft", title="Nháp")
        make_entry(edition, owner, state="submitted", title="Chờ một", unit=unit)
        make_entry(edition, owner, state="submitted", title="Chờ hai")
        make_entry(edition, owner, state="refused", title="Từ chối")
        session().commit()
    officer = client_for(app, OFFICER)

    def titles(query: str) -> list[str]:
        page = officer.get(f"/btc/ho-so{query}").get_data(as_text=True)
        return re.findall(r'<a href="/btc/ho-so/TT-[^"]+">([^<]+)</a>', page)

    assert titles("") == ["Chờ một", "Chờ hai"]
    assert titles("?trang-thai=tat-ca") == ["Chờ một", "Chờ hai", "Từ chối"]
    assert titles("?don-vi=xa-dai-tu") == ["Chờ một"]
    assert titles("?q=cho+hai") == ["Chờ hai"]
