"""The demonstration's clock, the committee's page of the edition, and the edition for programs."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.app import create_app
from core.contests.models import Edition, Phase
from core.contests.services import freeze_rules
from core.kernel.actor import SYSTEM
from core.kernel.clock import real_now
from core.kernel.db import db, session, tenant_scope
from core.kernel.formats import datetime_
from tests.support.app import client_of, test_config
from tests.support.factories import NOW, TenantFacts, World, build_world, make_edition
from tests.support.people import sign_in
from tests.support.postgres import DatabaseUrls
from tests.support.queries import count_queries

REASON = "Gia hạn theo đề nghị của các xã vùng cao."


@pytest.fixture
def office(app: Flask, world: World) -> FlaskClient:
    """The committee of the first tenant."""
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")
    return client


def shown(world: World, facts: TenantFacts) -> timedelta:
    """How far the clock of the edition is from NOW."""
    with world.app.app_context(), tenant_scope(facts.id):
        offset = session().scalars(select(Edition.clock_offset)).one()
    return real_now() + timedelta(seconds=offset) - NOW


def closes(world: World, facts: TenantFacts, kind: str) -> timedelta:
    with world.app.app_context(), tenant_scope(facts.id):
        return session().scalars(select(Phase.closes_at).where(Phase.kind == kind)).one() - NOW


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        ("gio", timedelta(hours=1)),
        ("ngay", timedelta(days=1)),
        ("tuan", timedelta(days=7)),
        ("toi-han", timedelta(days=5, minutes=-1)),
        ("qua-han", timedelta(days=5)),
    ],
)
def test_anyone_moves_the_clock_of_one_tenant(
    app: Flask, world: World, move: str, expected: timedelta
) -> None:
    client = client_of(app, "motmot")

    answer = client.post("/dong-ho", data={"move": move, "next": "/the-le"})

    assert (answer.status_code, answer.location) == (302, "/the-le")
    assert abs(shown(world, world.first) - expected) < timedelta(seconds=20)
    assert abs(shown(world, world.second)) < timedelta(seconds=20)


def test_the_clock_is_set_to_a_time_typed_and_set_back(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")

    client.post("/dong-ho", data={"when": "17/11/2025", "when_time": "23:59"})
    page = client.get("/dong-ho").text
    client.post("/dong-ho", data={"move": "dat-lai"})

    assert "23:59 ngày 17/11/2025" in page
    assert abs(shown(world, world.first) + NOW - real_now()) < timedelta(seconds=20)


@pytest.mark.parametrize(
    "form",
    [{"when": "hôm qua"}, {"when": "01/01/9999"}, {"when": "17/11/2025", "when_time": "99:99"}, {}],
)
def test_a_time_that_cannot_be_is_refused_and_kept(app: Flask, world: World, form: dict[str, str]) -> None:
    answer = client_of(app, "motmot").post("/dong-ho", data=form)

    assert answer.status_code == 422
    assert f'value="{form.get("when", "")}"' in answer.text
    assert abs(shown(world, world.first)) < timedelta(seconds=20)


def test_the_clock_page_does_not_exist_in_production(database: DatabaseUrls, tmp_path: Path) -> None:
    made = create_app(test_config(database, tmp_path / "var", mode="production"))
    made.config["WTF_CSRF_ENABLED"] = False
    build_world(made)
    client = client_of(made, "motmot")

    answers = [
        client.get("/dong-ho", base_url="https://motmot.localhost"),
        client.post("/dong-ho", data={"move": "ngay"}, base_url="https://motmot.localhost"),
    ]

    with made.app_context():
        db.engine.dispose()
    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_clock_needs_its_csrf_token(app: Flask, world: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    assert client_of(app, "motmot").post("/dong-ho", data={"move": "ngay"}).status_code == 400


def test_the_committee_moves_a_deadline_with_a_reason(world: World, office: FlaskClient) -> None:
    form = office.get("/btc/ky-thi/giai-doan/voting")
    answer = office.post(
        "/btc/ky-thi/giai-doan/voting",
        data={"closes": "25/11/2025", "closes_time": "", "reason": REASON},
    )
    page = office.get("/btc/ky-thi/").text

    assert 'value="17/11/2025"' in form.text
    assert answer.status_code == 302
    assert "hết ngày 25/11/2025" in page
    assert REASON in page
    assert closes(world, world.first, "voting") == timedelta(days=13, hours=14)
    assert closes(world, world.second, "voting") == timedelta(days=5)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"closes": "25/11/2025", "reason": ""}, "Bạn hãy nêu lý do"),
        ({"closes": "01/01/2025", "reason": REASON}, "phải sau"),
        ({"closes": "32/11/2025", "reason": REASON}, "Ngày chưa đúng. Viết như 20/11/2025."),
        (
            {"closes": "25/11/2025", "closes_time": "lúc nào đó", "reason": REASON},
            "Giờ chưa đúng. Viết như 17:00.",
        ),
    ],
)
def test_a_wrong_deadline_is_said_at_the_field_and_what_was_typed_stays(
    world: World, office: FlaskClient, form: dict[str, str], sentence: str
) -> None:
    answer = office.post("/btc/ky-thi/giai-doan/voting", data=form)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{form["closes"]}"' in answer.text
    assert form["reason"] in answer.text
    assert closes(world, world.first, "voting") == timedelta(days=5)


def test_after_freezing_the_dates_before_judging_are_read_only(
    app: Flask, world: World, office: FlaskClient
) -> None:
    with app.app_context(), tenant_scope(world.first.id) as current:
        edition_id = current.scalars(select(Edition.id)).one()
        freeze_rules(edition_id, actor=SYSTEM, now=NOW)
        current.commit()

    page = office.get("/btc/ky-thi/").text
    answer = office.post("/btc/ky-thi/giai-doan/voting", data={"closes": "25/11/2025", "reason": REASON})

    assert re.findall(r'href="/btc/ky-thi/giai-doan/([a-z]+)"', page) == ["judging", "results"]
    assert "Quy tắc đã chốt" in page
    assert answer.status_code == 409
    assert "Đã bắt đầu chấm điểm" in answer.text


def test_an_unknown_phase_is_not_found(office: FlaskClient) -> None:
    assert office.get("/btc/ky-thi/giai-doan/khai-mac").status_code == 404


@pytest.mark.parametrize("email", ["tacgia@example.vn", "giamkhao@example.vn", "donvi@example.vn"])
def test_the_edition_page_is_for_the_committee_only(app: Flask, world: World, email: str) -> None:
    client = client_of(app, "motmot")
    sign_in(client, email)

    assert client.get("/btc/ky-thi/").status_code == 403
    assert client.post("/btc/ky-thi/giai-doan/voting", data={}).status_code == 403


def test_settings_without_a_document_are_marked_as_illustrations(office: FlaskClient) -> None:
    page = office.get("/btc/ky-thi/").text

    assert "Bộ quy tắc thainguyen_innovation, phiên bản" in page
    assert 'class="illustration"' in page


def test_the_committee_chooses_which_edition_visitors_see(
    app: Flask, world: World, office: FlaskClient
) -> None:
    with app.app_context(), tenant_scope(world.first.id) as current:
        make_edition("k2", ordinal=2)
        current.commit()

    answer = office.post("/btc/ky-thi/hien-hanh", data={"key": "k2"})

    assert answer.status_code == 302
    visitor: Any = client_of(app, "motmot").get("/api/v1/edition").json
    assert visitor["key"] == "k2"
    assert office.post("/btc/ky-thi/hien-hanh", data={"key": "k7"}).status_code == 404


def test_the_edition_page_needs_the_same_queries_for_any_number_of_editions(
    app: Flask, world: World, office: FlaskClient
) -> None:
    def count() -> int:
        office.get("/btc/ky-thi/")
        with count_queries(app) as counted:
            office.get("/btc/ky-thi/")
        return counted.count

    one = count()
    with app.app_context(), tenant_scope(world.first.id) as current:
        for number in range(2, 31):
            make_edition(f"k{number}", ordinal=number)
        current.commit()

    assert (one, count()) == (3, 3)


def test_the_edition_for_programs(app: Flask, world: World) -> None:
    answer = client_of(app, "motmot").get("/api/v1/edition")

    assert answer.status_code == 200
    document: Any = answer.json
    assert (document["tenant"], document["key"], document["is_frozen"]) == ("motmot", "k1", False)
    assert [phase["kind"] for phase in document["phases"] if phase["is_open"]] == [
        "submission",
        "screening",
        "voting",
        "judging",
    ]
    assert document["phases"][2]["closes_at"] == "2025-11-17T03:00:00+00:00"
    assert document["terms"]["entry"] == {"vi": "công trình", "en": "work"}
    (round_,) = document["rounds"]
    assert [(one["key"], one["maximum"]) for one in round_["criteria"]] == [
        ("doi_moi", "20"),
        ("hieu_qua", "30"),
        ("kha_nang", "30"),
    ]
    assert {clause["official"] for clause in document["clauses"]} <= {True, False}


def test_an_unknown_edition_is_a_problem_document(app: Flask, world: World) -> None:
    answer = client_of(app, "motmot").get("/api/v1/edition?ky=k9")

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_the_time_on_the_page_is_the_clocks(app: Flask, world: World) -> None:
    page = client_of(app, "motmot").get("/dong-ho").text

    assert datetime_(NOW) in page or datetime_(NOW + timedelta(minutes=1)) in page
