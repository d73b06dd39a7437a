"""The bare host: the contests, and the operator's console."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.kernel.actor import SYSTEM
from core.kernel.audit import append
from core.kernel.clock import real_now
from core.kernel.db import tenant_scope
from core.kernel.jobs import Job
from core.plugin_api import Text
from core.rehearsal.accounts import DemoAccount
from tests.support.app import client_of
from tests.support.factories import World
from tests.support.people import sign_in
from tests.support.publishing import synced
from tests.support.tampering import tamper

__all__ = ["synced"]

PASSWORD = "năm từ rất dài đây"


@pytest.fixture
def operator(app: Flask, world: World) -> FlaskClient:
    """The operator, signed in on the bare host."""
    app.config["OPERATOR_PASSWORD"] = PASSWORD
    client = client_of(app, "")
    assert client.post("/quan-tri/dang-nhap", data={"password": PASSWORD}).status_code == 302
    return client


def test_the_platform_lists_the_contests_with_their_hosts_and_port(synced: Flask) -> None:
    page = client_of(synced, "").get("/", base_url="http://localhost:8123").text

    for slug in ("thainguyen", "backan", "bacgiang"):
        assert f'href="http://{slug}.localhost:8123/"' in page
    assert "data:image/svg+xml;base64," in page


def test_one_address_leads_to_the_platform_or_to_the_contest(app: Flask, world: World) -> None:
    assert "Các cuộc thi đang được tổ chức tại đây" in client_of(app, "").get("/").text
    assert "Cuộc thi thử motmot" in client_of(app, "motmot").get("/").text


def test_demonstration_accounts_are_offered_in_a_demonstration_only(app: Flask, world: World) -> None:
    app.extensions["demo_accounts"] = [
        DemoAccount("motmot", "btc@motmot.demo", "xin mời", Text("Ban Tổ chức"))
    ]

    assert "btc@motmot.demo" in client_of(app, "").get("/").text
    del app.extensions["demo_accounts"]
    assert "Tài khoản trình diễn" not in client_of(app, "").get("/").text


def test_without_a_password_the_console_says_how_to_set_one(app: Flask, world: World) -> None:
    client = client_of(app, "")

    assert client.get("/quan-tri/").headers["Location"] == "/quan-tri/dang-nhap"
    assert "OPERATOR_PASSWORD" in client.get("/quan-tri/dang-nhap").text
    assert client.post("/quan-tri/dang-nhap", data={"password": ""}).status_code == 422
    assert client.get("/quan-tri/").status_code == 302


def test_a_wrong_password_opens_nothing(app: Flask, world: World) -> None:
    app.config["OPERATOR_PASSWORD"] = PASSWORD
    client = client_of(app, "")
    answer = client.post("/quan-tri/dang-nhap", data={"password": "sai"})

    assert answer.status_code == 422
    assert "Mật khẩu chưa đúng." in answer.text
    assert client.get("/quan-tri/").status_code == 302


def test_guessing_the_password_is_slowed_down(app: Flask, world: World) -> None:
    app.config["OPERATOR_PASSWORD"] = PASSWORD
    client = client_of(app, "")
    answers = [client.post("/quan-tri/dang-nhap", data={"password": "sai"}).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_the_operator_sees_tenants_plugins_and_jobs(operator: FlaskClient) -> None:
    page = operator.get("/quan-tri/").text

    assert "Cuộc thi thử motmot" in page
    assert "Cuộc thi thử haihai" in page
    assert "thainguyen_innovation" in page
    assert operator.get("/quan-tri/motmot").status_code == 200
    assert operator.get("/quan-tri/khongco").status_code == 404


def test_a_new_password_ends_old_sessions(app: Flask, operator: FlaskClient) -> None:
    app.config["OPERATOR_PASSWORD"] = "một câu khác hẳn"

    assert operator.get("/quan-tri/").status_code == 302


def test_signing_out_ends_the_session(operator: FlaskClient) -> None:
    operator.post("/quan-tri/dang-xuat")

    assert operator.get("/quan-tri/").status_code == 302


def test_the_console_is_nowhere_on_a_tenants_host(app: Flask, world: World) -> None:
    app.config["OPERATOR_PASSWORD"] = PASSWORD
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")

    for path in ("/quan-tri/", "/quan-tri/motmot", "/quan-tri/dang-nhap"):
        assert client.get(path).status_code == 404


def test_a_changed_line_of_the_log_is_found(operator: FlaskClient, world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        for number in range(3):
            append("thu.nghiem", f"việc {number}", {}, actor=SYSTEM, now=real_now())
        current.commit()
    assert "Nhật ký nguyên vẹn" in operator.get("/quan-tri/motmot/nhat-ky").text
    with world.app.app_context():
        tamper(world.app, "update audit_record set subject = 'việc khác' where seq = 1")

    assert "Dòng số 1 đã bị thay đổi" in operator.get("/quan-tri/motmot/nhat-ky").text


def test_failed_jobs_run_again_for_that_tenant_alone(operator: FlaskClient, world: World) -> None:
    with world.app.app_context():
        for facts in (world.first, world.second):
            with tenant_scope(facts.id) as current:
                job = Job(
                    kind="mail", payload={}, state="failed", dedupe="mail:1", run_at=real_now(), tries=8
                )
                job.error = "máy chủ thư không trả lời"
                current.add(job)
                current.commit()
    assert "máy chủ thư không trả lời" in operator.get("/quan-tri/motmot").text
    operator.post("/quan-tri/motmot/chay-lai")

    states = []
    with world.app.app_context():
        for facts in (world.first, world.second):
            with tenant_scope(facts.id) as current:
                states.append(current.scalars(select(Job.state)).one())
    assert states[1] == "failed"
    assert states[0] != "failed"
