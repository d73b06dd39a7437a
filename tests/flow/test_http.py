"""What every answer has in common: headers, refusals in words, the unit of work, limits, probes, languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort, redirect
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from core.contests.models import Unit
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, Invalid
from core.kernel.limits import limiter
from core.kernel.security import CSP
from core.kernel.web import Access, allows, declared, is_platform_view
from tests.support.app import client_of, running
from tests.support.factories import World, make_unit
from tests.support.people import sign_in
from tests.support.postgres import DatabaseUrls

HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


def _fail() -> Response:
    raise RuntimeError("a defect, on purpose")


def _busy() -> Response:
    abort(503)


def _store_and_refuse() -> Response:
    make_unit("luu-roi-tu-choi")
    raise Invalid.one("name", "Tên chưa đúng.")


def _store_and_fail() -> Response:
    make_unit("luu-roi-hong")
    return _fail()


def _store_and_say_no() -> tuple[str, int]:
    make_unit("luu-roi-422")
    return "chưa đúng", 422


def _store() -> Response:
    make_unit("luu")
    return redirect("/")


def _answer() -> str:
    return "được"


def _forbid() -> Response:
    raise Forbidden("Việc này dành cho người khác.")


def _add_views(app: Flask) -> None:
    """A few views that do what no view of ours should."""
    routes = (
        ("/thu/hong", _fail, ["GET", "POST"]),
        ("/api/v1/thu/hong", _fail, ["GET"]),
        ("/thu/ban", _busy, ["GET"]),
        ("/thu/cam", _forbid, ["GET"]),
        ("/api/v1/thu/cam", _forbid, ["GET"]),
        ("/thu/tu-choi", _store_and_refuse, ["POST"]),
        ("/api/v1/thu/tu-choi", _store_and_refuse, ["POST"]),
        ("/thu/luu-hong", _store_and_fail, ["POST"]),
        ("/thu/luu-422", _store_and_say_no, ["POST"]),
        ("/thu/luu", _store, ["GET", "POST"]),
        ("/thu/han", limiter.limit("2 per minute")(_answer), ["GET"]),
        ("/api/v1/thu/han", limiter.limit("2 per minute")(_answer), ["GET"]),
    )
    for path, view, methods in routes:
        name = "thu" + path.replace("/", "-")
        app.add_url_rule(path, name, allows(Access.PUBLIC)(view), methods=methods)


@pytest.fixture
def app(database: DatabaseUrls, tmp_path: Path) -> Iterator[Flask]:
    """The application with those views."""
    yield from running(database, tmp_path, _add_views)


@pytest.fixture
def probed(world: World) -> World:
    """The world, in that application."""
    return world


@pytest.fixture
def client(probed: World) -> FlaskClient:
    """A stranger at the first tenant."""
    return client_of(probed.app, "motmot")


def units(world: World) -> int:
    """How many units the first tenant has stored."""
    with world.app.app_context(), tenant_scope(world.first.id):
        return session().scalars(select(func.count()).select_from(Unit)).one()


# -- headers -----------------------------------------------------------------------------------------------------


def every_kind_of_answer(client: FlaskClient) -> Iterator[TestResponse]:
    """A page, a form, a redirect, each refusal, a style sheet, a file of ours, JSON, problem documents, probes."""
    for path in (
        "/binh-chon",
        "/tai-khoan/dang-nhap",
        "/tai-khoan/",
        "/btc/",
        "/giao-dien.css",
        "/khong-co",
        "/thu/hong",
        "/thu/ban",
        "/thu/cam",
        "/api/v1/edition",
        "/api/v1/khong-co",
        "/api/v1/thu/hong",
        "/api/v1/openapi.json",
        "/healthz",
        "/metrics",
    ):
        yield client.get(path, buffered=True)
    yield client.post("/binh-chon")
    yield client.post("/thu/tu-choi")
    yield client.options("/tai-khoan/dang-nhap")
    yield client.get("/", base_url="http://khongco.localhost")
    yield client.get("/", base_url="http://localhost")


def test_a_file_of_ours_is_what_it_says_and_stays_on_its_site(client: FlaskClient) -> None:
    with client.get(static_address(client)) as answer:
        assert answer.mimetype == "text/css"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert "Set-Cookie" not in answer.headers


def static_address(client: FlaskClient) -> str:
    """The address of our style sheet, as a page names it."""
    found = re.search(r'href="(/[^"]*bangvang[^"]*\.css)"', client.get("/tai-khoan/dang-nhap").text)
    assert found is not None
    return str(found[1])


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for answer in every_kind_of_answer(client):
        got = {name: answer.headers.get(name) for name in HEADERS}
        assert got == HEADERS, (answer.request.path, answer.status)
        assert answer.headers["X-Request-Id"]


def test_the_content_policy_allows_nothing_unsafe() -> None:
    assert "unsafe" not in CSP
    assert "*" not in CSP
    rules = dict(part.split(" ", 1) for part in CSP.split("; "))
    assert (
        rules["default-src"] == rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    )
    assert rules["object-src"] == rules["base-uri"] == "'none'"


def test_no_page_holds_what_the_content_policy_forbids(client: FlaskClient) -> None:
    """An inline script, style or handler would be dead in the browser."""
    sign_in(client, "btc@example.vn")
    for path in plain_pages(client.application):
        page = client.get(path, follow_redirects=True).text
        inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", page)
        assert inline == [], path
        assert re.findall(r"<[a-z][^<>]*\s(?:style|on[a-z]+)=\"", page) == [], path
        assert "<style" not in page, path


def plain_pages(app: Flask) -> list[str]:
    """Every page of a tenant that takes no argument; workbooks and calendars are files and no pages."""
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and not is_platform_view(app, rule.endpoint)
        and not rule.rule.startswith(("/thu/", "/api/v1/thu/"))
        and not rule.rule.endswith((".xlsx", ".ics"))
    )


# -- cookies -----------------------------------------------------------------------------------------------------


def test_strangers_who_only_read_get_no_cookie(client: FlaskClient) -> None:
    """Save on a page with a form to send: its token needs one."""
    read = [
        path
        for path in plain_pages(client.application)
        if declared(client.application, endpoint_of(client.application, path))
        in (Access.PUBLIC, Access.ASSET)
    ]
    assert {"/", "/the-le", "/bai-du-thi", "/binh-chon", "/ket-qua", "/api/v1/edition"} <= set(read)
    given = []
    for path in read:
        answer = client.get(path)
        if "Set-Cookie" in answer.headers and 'method="post"' not in answer.text:
            given.append(path)
    assert given == []


def test_the_cookie_of_a_form_is_out_of_reach_of_scripts_and_of_other_sites(client: FlaskClient) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    [cookie] = client.get("/tai-khoan/dang-nhap").headers.getlist("Set-Cookie")
    assert cookie.startswith("bv=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain=" not in cookie


def endpoint_of(app: Flask, path: str) -> str:
    """The endpoint that answers a GET of `path`."""
    return next(
        str(rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.rule == path and "GET" in (rule.methods or ()) and not is_platform_view(app, rule.endpoint)
    )


# -- forms without their token -----------------------------------------------------------------------------------


def test_a_form_without_its_token_is_refused_with_what_to_do(client: FlaskClient) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/tai-khoan/dang-nhap", data={"email": "a@b.vn", "password": "mot hai ba bon"})
    assert answer.status_code == 400
    assert "Trang đã mở quá lâu nên biểu mẫu hết hiệu lực" in answer.text
    assert "tải lại trang rồi gửi lần nữa" in answer.text


def test_a_form_with_its_token_is_taken(client: FlaskClient) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    page = client.get("/tai-khoan/dang-nhap").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    answer = client.post(
        "/tai-khoan/dang-nhap", data={"email": "a@b.vn", "password": "mot hai ba bon", "csrf_token": found[1]}
    )
    assert answer.status_code == 422
    assert "mật khẩu chưa đúng" in answer.text


def test_a_token_of_one_tenant_is_worth_nothing_at_the_other(client: FlaskClient) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/tai-khoan/dang-nhap").text)
    assert found is not None
    answer = client.post(
        "/tai-khoan/dang-nhap", data={"csrf_token": found[1]}, base_url="http://haihai.localhost"
    )
    assert answer.status_code == 400


def test_a_deed_of_the_api_without_the_token_is_a_problem_document(client: FlaskClient) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    sign_in(client, "cutri@example.vn")
    answer = client.post("/api/v1/entries/TT-K1-0001/vote")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.get_json()["type"].endswith("/csrf")
    token = client.get("/api/v1/session").get_json()["csrf_token"]
    again = client.post("/api/v1/entries/TT-K1-0001/vote", headers={"X-CSRFToken": token})
    assert again.status_code == 404


def test_the_api_tells_who_asks_and_gives_strangers_no_cookie(client: FlaskClient) -> None:
    answer = client.get("/api/v1/session")
    assert answer.get_json() == {"signed_in": False, "name": None, "roles": [], "csrf_token": None}
    assert "Set-Cookie" not in answer.headers
    sign_in(client, "giamkhao@example.vn")
    told = client.get("/api/v1/session").get_json()
    assert (told["signed_in"], told["name"], told["roles"]) == (True, "Giám khảo Thử", ["judge"])


# -- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/khong-co-trang-nay", 404, "Không tìm thấy trang này"),
        ("/bai-du-thi/KHONG-CO/binh-chon", 302, ""),
        ("/thu/hong", 500, "Lỗi do hệ thống, không phải do bạn"),
        ("/thu/ban", 503, "Hệ thống đang tạm nghỉ"),
        ("/thu/cam", 403, "Việc này dành cho người khác."),
    ],
)
def test_a_refusal_is_a_page_in_vietnamese(
    client: FlaskClient, path: str, status: int, sentence: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert sentence in answer.text
    assert "Traceback" not in answer.text
    assert "on purpose" not in answer.text


def test_the_page_of_a_defect_names_the_request_to_tell_the_operator(client: FlaskClient) -> None:
    answer = client.get("/thu/hong", headers={"X-Request-Id": "yeu-cau-0042"})
    assert "mã yêu cầu <code>yeu-cau-0042</code>" in answer.text


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/api/v1/khong-co", 404, "not-found"),
        ("/api/v1/thu/hong", 500, "internal"),
        ("/api/v1/thu/cam", 403, "forbidden"),
        ("/api/v1/edition?ky=khong-co", 404, "not-found"),
    ],
)
def test_a_refusal_of_the_api_is_a_problem_document(
    client: FlaskClient, path: str, status: int, kind: str
) -> None:
    answer = client.get(path)
    body = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert (body["status"], body["type"]) == (status, f"https://bangvang.invalid/problems/{kind}")
    assert body["title"]
    assert body["instance"] == f"urn:request:{answer.headers['X-Request-Id']}"
    assert "on purpose" not in answer.text


def test_a_wrong_field_is_the_same_sentence_on_the_page_and_in_the_api(client: FlaskClient) -> None:
    page, answer = client.post("/thu/tu-choi"), client.post("/api/v1/thu/tu-choi")
    assert page.status_code == answer.status_code == 422
    assert "Tên chưa đúng." in page.text
    assert answer.get_json()["errors"] == {"name": ["Tên chưa đúng."]}


def test_a_method_that_is_not_allowed_names_those_that_are(client: FlaskClient) -> None:
    page, answer = client.post("/binh-chon"), client.delete("/api/v1/edition")
    assert page.status_code == answer.status_code == 405
    assert page.mimetype == "text/html"
    assert set(page.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert answer.mimetype == "application/problem+json"
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_too_large_a_body_is_refused_before_it_is_read(client: FlaskClient) -> None:
    client.application.config["MAX_CONTENT_LENGTH"] = 1000
    answer = client.post("/tai-khoan/dang-nhap", data={"email": "a" * 2000})
    assert answer.status_code == 413
    assert "Tệp gửi lên quá lớn" in answer.text


def test_too_many_requests_are_refused_with_when_to_come_back(client: FlaskClient) -> None:
    for path, kind in (("/thu/han", "text/html"), ("/api/v1/thu/han", "application/problem+json")):
        assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]
        answer = client.get(path)
        assert answer.mimetype == kind
        assert 0 < int(answer.headers["Retry-After"]) <= 61
    assert "quá nhiều yêu cầu" in client.get("/thu/han").text


def test_a_limit_counts_each_tenant_each_account_and_each_address_for_itself(probed: World) -> None:
    first, second = client_of(probed.app, "motmot"), client_of(probed.app, "haihai")
    assert [first.get("/thu/han").status_code for _ in range(3)] == [200, 200, 429]
    assert second.get("/thu/han").status_code == 200
    assert first.get("/thu/han", environ_overrides=ELSEWHERE).status_code == 200
    sign_in(first, "cutri@example.vn")
    assert first.get("/thu/han").status_code == 200
    sign_in(first, "tacgia@example.vn")
    assert [first.get("/thu/han").status_code for _ in range(3)] == [200, 200, 429]


# -- the unit of work --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "stored"),
    [
        ("/thu/luu", 302, 2),
        ("/thu/tu-choi", 422, 1),
        ("/api/v1/thu/tu-choi", 422, 1),
        ("/thu/luu-422", 422, 1),
        ("/thu/luu-hong", 500, 1),
    ],
)
def test_a_deed_is_stored_whole_or_not_at_all(
    probed: World, client: FlaskClient, path: str, status: int, stored: int
) -> None:
    assert client.post(path).status_code == status
    assert units(probed) == stored
    assert client.get("/binh-chon").status_code == 200  # the session is clean for who comes next


def test_reading_stores_nothing(probed: World, client: FlaskClient) -> None:
    assert client.get("/thu/luu").status_code == 302
    assert units(probed) == 1


# -- request ids and probes --------------------------------------------------------------------------------------


def test_a_request_id_is_echoed_and_a_strange_one_is_replaced(client: FlaskClient) -> None:
    given = client.get("/binh-chon", headers={"X-Request-Id": "abc-123_XYZ.9"})
    assert given.headers["X-Request-Id"] == "abc-123_XYZ.9"
    for strange in ("short", "x" * 65, "a b c d e f", '"><script>alert(1)'):
        made = client.get("/binh-chon", headers={"X-Request-Id": strange}).headers["X-Request-Id"]
        assert re.fullmatch(r"[0-9a-f]{32}", made)


def test_the_probes_answer_on_any_host(client: FlaskClient) -> None:
    for host in ("motmot.localhost", "localhost", "10.0.0.7:8000", "khongco.example"):
        alive, ready = (client.get(path, base_url=f"http://{host}") for path in ("/healthz", "/readyz"))
        assert (alive.status_code, alive.text) == (200, "ok\n")
        assert (ready.status_code, ready.text) == (200, "ready\n")


def test_figures_are_for_allowed_addresses_only(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_overrides=ELSEWHERE).status_code == 404
    client.application.config["METRICS_FROM"] = ("203.0.113.9",)
    assert client.get("/metrics", environ_overrides=ELSEWHERE).status_code == 200


def test_the_figures_count_the_answers(client: FlaskClient) -> None:
    def counted() -> float:
        lines = client.get("/metrics").text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("bangvang_requests_total{"))

    before = counted()
    client.get("/binh-chon")
    assert counted() >= before + 1


# -- languages ---------------------------------------------------------------------------------------------------


# Public pages that send away who has not just come from the page before.
ON_THE_WAY = {"/tai-khoan/ben-ngoai", "/tai-khoan/dang-nhap/buoc-hai"}


def test_every_public_page_has_an_english_version(client: FlaskClient) -> None:
    app = client.application
    pages = [
        path
        for path in plain_pages(app)
        if declared(app, endpoint_of(app, path)) is Access.PUBLIC
        and not path.startswith("/api/v1/")
        and not path.endswith((".svg", ".css", ".xml", ".txt", ".zip", ".js", ".json", ".webmanifest"))
        and path not in ON_THE_WAY
    ]
    seen = 0
    for path in pages:
        answer = client.get(path, query_string={"lang": "en"})
        assert (answer.status_code, path) == (200, path)
        assert '<html lang="en"' in answer.text, path
        assert "Test motmot" in answer.text, path
        seen += 1
    assert seen >= 8


def test_the_language_chosen_in_an_address_is_remembered(client: FlaskClient) -> None:
    assert '<html lang="vi"' in client.get("/binh-chon").text
    client.get("/binh-chon?lang=en")
    assert '<html lang="en"' in client.get("/binh-chon").text
    assert '<html lang="vi"' in client.get("/binh-chon?lang=vi").text
    assert '<html lang="vi"' in client.get("/binh-chon?lang=fr").text
