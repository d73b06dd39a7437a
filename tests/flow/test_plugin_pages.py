"""Pages of a plugin through HTTP: found where it is enabled, nowhere else, and kept from breaking the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from core.kernel.db import tenant_scope
from core.tenancy.scope import touch_public
from tests.support.app import client_of
from tests.support.factories import World, make_edition
from tests.support.handbook import plugin as handbook
from tests.support.people import sign_in
from tests.support.plugins import enable, installed

ENTRANT = "tacgia@example.vn"
OFFICER = "btc@example.vn"


@pytest.fixture
def handed(world: World) -> Iterator[World]:
    """The world, its first tenant with the handbook and its second without."""
    with installed(handbook):
        with world.app.app_context():
            enable(world.first, "handbook")
        yield world


def of(world: World, slug: str = "motmot", email: str | None = None) -> FlaskClient:
    """A client of a tenant, signed in as `email`."""
    client = client_of(world.app, slug)
    if email is not None:
        sign_in(client, email)
    return client


def plain(page: str) -> str:
    """An error page without the code of its request."""
    return re.sub(r"[0-9a-f]{32}", "", page)


def test_page_is_served_where_the_plugin_is_enabled(handed: World) -> None:
    answer = of(handed).get("/p/handbook/")

    assert answer.status_code == 200
    assert "<h1>Sổ tay</h1>" in answer.text
    assert 'href="/p/handbook/quyen/mot"' in answer.text
    assert 'class="masthead"' in answer.text
    assert 'class="phasebar"' in answer.text


def test_another_tenant_answers_as_to_any_unknown_address(handed: World) -> None:
    client = of(handed, "haihai")
    for path in ("/p/handbook/", "/p/handbook/ban", "/p/handbook/quyen/mot", "/p/khong-co/"):
        answer, unknown = client.get(path), client.get("/khong/co/gi")
        assert answer.status_code == 404
        assert plain(answer.text).replace(path, "") == plain(unknown.text).replace("/khong/co/gi", "")


def test_unknown_page_of_an_enabled_plugin_is_not_found(handed: World) -> None:
    client = of(handed)

    assert client.get("/p/handbook/khong-co").status_code == 404
    assert client.get("/p/handbook/quyen/ba").status_code == 404


def test_another_edition_of_the_tenant_without_the_plugin_has_no_page(handed: World) -> None:
    with handed.app.app_context(), tenant_scope(handed.first.id) as current:
        make_edition("k0", ordinal=0)
        touch_public()
        current.commit()
    client = of(handed)

    assert client.get("/p/handbook/?ky=k0").status_code == 404
    assert client.get("/p/handbook/?ky=k1").status_code == 200


def test_head_is_answered_as_get_without_a_body(handed: World) -> None:
    answer = of(handed).head("/p/handbook/")

    assert (answer.status_code, answer.data) == (200, b"")


def test_plugin_with_an_undeclared_page_pauses_its_tenant_and_no_other(world: World) -> None:
    undeclared = replace(handbook, pages=(replace(handbook.pages[0], access=None),))
    with installed(undeclared):
        with world.app.app_context():
            enable(world.first, "handbook")
        assert of(world).get("/p/handbook/").status_code == 503
        assert of(world, "haihai").get("/").status_code == 200


def test_method_that_the_page_does_not_take_is_refused(handed: World) -> None:
    answer = of(handed).post("/p/handbook/tai")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_menu_leads_to_the_plugins_page(handed: World) -> None:
    assert 'href="/p/handbook/"' in of(handed).get("/the-le").text
    assert 'href="/p/handbook/"' not in of(handed, "haihai").get("/the-le").text


def test_stranger_is_sent_to_sign_in_and_back(handed: World) -> None:
    answer = of(handed).get("/p/handbook/cua-toi?a=1")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/tai-khoan/dang-nhap?next=/p/handbook/cua-toi?a%3D1"


def test_account_without_the_role_is_refused(handed: World) -> None:
    assert of(handed, email=ENTRANT).get("/p/handbook/ban").status_code == 403


def test_page_of_the_committee_stands_in_the_office(handed: World) -> None:
    page = of(handed, email=OFFICER).get("/p/handbook/ban").text

    assert 'class="office__nav' in page
    assert "<h1>Bàn của Ban Tổ chức</h1>" in page


def test_person_is_told_by_a_reference_that_stays_and_is_no_id(handed: World) -> None:
    with handed.app.app_context():
        enable(handed.second, "handbook")
    refs = []
    for slug in ("motmot", "motmot", "haihai"):
        page = of(handed, slug, ENTRANT).get("/p/handbook/cua-toi").text
        refs.append(re.findall(r'<p id="ref">([0-9a-f]{32})</p>', page)[0])

    assert refs[0] == refs[1]
    assert refs[0] != refs[2]


def test_template_sees_neither_configuration_nor_request(handed: World) -> None:
    assert '<p id="hidden">[]</p>' in of(handed, email=ENTRANT).get("/p/handbook/cua-toi").text


def test_value_of_a_view_cannot_take_the_place_of_the_cores(handed: World) -> None:
    page = of(handed).get("/p/handbook/quyen/mot").text

    assert "<p>Quyển một</p><p>của plugin</p>" in page
    assert 'class="masthead__nav wide-only"' in page
    assert ">Thể lệ</a>" in page


def test_what_comes_from_the_address_is_escaped(handed: World) -> None:
    page = of(handed).get("/p/handbook/?tim=<script>alert(1)</script>")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_words_of_a_template_come_from_the_plugins_own_catalogue(handed: World) -> None:
    client = of(handed)
    client.set_cookie("lang", "en", domain="motmot.localhost")
    page = client.get("/p/handbook/").text

    assert "<h1>Handbook</h1>" in page
    assert "Volumes of Test contest k1" in page
    assert "Read in order." in page
    assert "End of the handbook." in page
    assert "<p>The plugin's own word</p>" in page
    assert ">Home</a>" in page
    assert "illustration" in page
    assert "The plugin's own word" not in client.get("/the-le").text


def test_refused_form_keeps_what_was_typed(handed: World) -> None:
    answer = of(handed, email=OFFICER).post("/p/handbook/ban", data={"word": "ab"})

    assert answer.status_code == 422
    assert 'value="ab"' in answer.text
    assert "Quá ngắn." in answer.text


def test_good_form_leads_on_with_a_word(handed: World) -> None:
    client = of(handed, email=OFFICER)
    answer = client.post("/p/handbook/ban", data={"word": "abc"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/p/handbook/ban?da=ghi")
    assert "Đã ghi." in client.get("/p/handbook/ban").text


def test_form_without_its_token_is_refused(handed: World) -> None:
    handed.app.config["WTF_CSRF_ENABLED"] = True
    client = of(handed, email=OFFICER)

    assert client.post("/p/handbook/ban", data={"word": "abc"}).status_code == 400
    token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get("/p/handbook/ban").text)[0]
    assert client.post("/p/handbook/ban", data={"word": "abc", "csrf_token": token}).status_code == 303


def test_file_is_saved_and_never_opened_as_a_page(handed: World) -> None:
    answer = of(handed).get("/p/handbook/tai")

    assert answer.data == b"a,b\n"
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''s%E1%BB%95%20tay.csv"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_failing_page_is_recorded_by_name_and_tells_the_reader_nothing(handed: World, method: str) -> None:
    client = of(handed)
    with capture_logs() as logs:
        answer = client.open("/p/handbook/hong", method=method)

    assert answer.status_code == 500
    assert "handbook" not in answer.text.replace('href="/p/handbook/"', "").replace("/p/handbook/hong", "")
    assert "4711" not in answer.text
    [failed] = [line for line in logs if line["event"] == "plugin_page_failed"]
    assert (failed["plugin"], failed["page"], failed["tenant"]) == ("handbook", "hong", "motmot")
    assert client.get("/p/handbook/").status_code == 200
    assert of(handed, "haihai").get("/").status_code == 200
