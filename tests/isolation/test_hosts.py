"""Who answers at which host: a tenant by its exact name, the platform at the bare one, nobody anywhere else."""

from __future__ import annotations

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.app import client_of
from tests.support.factories import World, make_tenant
from tests.support.people import sign_in

OWN = (
    "motmot.localhost",
    "motmot.localhost:8000",
    "MotMot.LOCALHOST",
    "MOTMOT.localhost:65535",
    "motmot.localhost.",
    "motmot.localhost.:8000",
)
FOREIGN = (
    "motmot.localhost.evil.com",
    "motmot.localhost.evil.com:8000",
    "MOTMOT.localhost.evil.com.",
    "motmot.localhost..",
    "evil.com",
    "evil.com.motmot.localhost",
    "www.motmot.localhost",
    "motmot.evil.localhost",
    "xmotmot.localhost",
    "motmot.localhost.localhost",
    "motmotlocalhost",
    "motmot",
    "motmot_.localhost",
    "-motmot.localhost",
    ".localhost",
    "khongco.localhost",
    "127.0.0.1",
    "127.0.0.1:8000",
    "[::1]",
    "[::1]:8000",
    "0x7f000001",
    "2130706433",
    "motmot.127.0.0.1",
    "motmot.localhost:8000:9000",
    "motmot.localhost:cong",
    "motmot.localhost@evil.com",
    "motmot.localhost/evil.com",
    "motmot.localhost%2eevil.com",
    "mötmot.localhost",
)
PATHS = (
    "/",
    "/the-le",
    "/tai-khoan/dang-nhap",
    "/btc/",
    "/api/v1/edition",
    "/khong-co-trang-nay",
    "/tai-khoan",
)


def ask(app: Flask, host: str, path: str = "/tai-khoan/dang-nhap", method: str = "GET") -> TestResponse:
    """One request with this Host header."""
    client = app.test_client()
    scope = {"HTTP_HOST": host.encode().decode("latin-1")}
    return client.open(path, method=method, environ_overrides=scope, buffered=True)


def test_a_tenant_answers_to_its_name_however_it_is_written(world: World) -> None:
    for host in OWN:
        answer = ask(world.app, host)
        assert (answer.status_code, host) == (200, host)
        assert "Thử motmot" in answer.text, host


def test_a_host_that_is_nobodys_is_a_plain_404_that_names_no_tenant(world: World) -> None:
    wrong = []
    for host in FOREIGN:
        for path in PATHS:
            for method in ("GET", "POST", "HEAD"):
                answer = ask(world.app, host, path, method)
                body = answer.text.lower()
                told = [word for word in ("motmot", "haihai", "thử") if word in body]
                if answer.status_code != 404 or told or "Set-Cookie" in answer.headers:
                    wrong.append(f"{method} {path} at {host}: {answer.status_code} {told}")
    assert not wrong, "\n".join(wrong)


def test_a_host_with_letters_that_are_no_host_is_refused(world: World) -> None:
    """werkzeug itself refuses these; the answer names no tenant either."""
    for host in ("motmot.localhost\t", "motmot .localhost", "<b>.localhost"):
        answer = ask(world.app, host)
        assert answer.status_code in (400, 404)
        assert "motmot" not in answer.text


def test_the_answer_for_an_unknown_host_is_a_page_for_people_in_vietnamese(world: World) -> None:
    answer = ask(world.app, "khongco.localhost", "/")
    assert answer.mimetype == "text/html"
    assert "Không có trang ở địa chỉ này" in answer.text


def test_a_tenants_name_in_another_header_changes_nothing(world: World) -> None:
    client = client_of(world.app, "haihai")
    told = {
        "X-Forwarded-Host": "motmot.localhost",
        "X-Host": "motmot.localhost",
        "Forwarded": "host=motmot.localhost",
    }
    answer = client.get("/tai-khoan/dang-nhap", headers=told)
    assert "Thử haihai" in answer.text
    assert "motmot" not in answer.text


def test_a_tenant_that_is_made_later_answers_at_once_and_the_others_stay(world: World) -> None:
    assert ask(world.app, "bababa.localhost").status_code == 404
    with world.app.app_context():
        make_tenant("bababa")
    assert ask(world.app, "bababa.localhost").status_code == 200
    assert "Thử motmot" in ask(world.app, "motmot.localhost").text


def test_a_good_cookie_at_a_host_that_is_nobodys_is_a_404_too(world: World) -> None:
    client = client_of(world.app, "motmot")
    sign_in(client, "btc@example.vn")
    [cookie] = (client._cookies or {}).values()
    for host in ("khongco.localhost", "motmot.localhost.evil.com", "localhost"):
        answer = world.app.test_client(use_cookies=False).get(
            "/tai-khoan/", base_url=f"http://{host}", headers={"Cookie": f"bv={cookie.value}"}
        )
        assert answer.status_code == 404, host
        assert "motmot" not in answer.text
