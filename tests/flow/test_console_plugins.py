"""The operator chooses which plugins an edition runs on, and in which order."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.contests.models import Edition
from core.kernel import audit
from core.kernel.db import session, tenant_scope
from tests.support.app import client_of
from tests.support.factories import TenantFacts, World

PASSWORD = "năm từ rất dài đây"
PAGE = "/quan-tri/motmot/plugin/k1"


@pytest.fixture
def operator(app: Flask, world: World) -> FlaskClient:
    """The operator, signed in on the bare host."""
    app.config["OPERATOR_PASSWORD"] = PASSWORD
    client = client_of(app, "")
    assert client.post("/quan-tri/dang-nhap", data={"password": PASSWORD}).status_code == 302
    return client


def names_of(app: Flask, facts: TenantFacts) -> list[str]:
    """The plugins of the tenant's edition as stored."""
    with app.app_context(), tenant_scope(facts.id):
        return list(session().scalars(select(Edition.plugins)).one())


def records(app: Flask, facts: TenantFacts) -> list[Any]:
    """What the tenant's log says of its plugins."""
    with app.app_context(), tenant_scope(facts.id):
        return [(one.actor_name, one.data) for one in audit.records(actions=("plugins.changed",))]


def test_the_page_offers_what_is_installed_with_its_place(operator: FlaskClient) -> None:
    page = operator.get(PAGE).text

    assert (
        'name="place-thainguyen_innovation" type="text" inputmode="numeric" autocomplete="off" value="1"'
        in page
    )
    assert 'name="place-stkt_base"' in page


def test_a_new_order_is_stored_and_logged_for_this_tenant_alone(
    app: Flask, world: World, operator: FlaskClient
) -> None:
    answer = operator.post(
        PAGE,
        data={
            "place-stkt_base": "1",
            "place-backan_stkt": "2",
            "place-thainguyen_innovation": "",
            "reason": "Đổi",
        },
    )

    assert answer.status_code == 302
    assert names_of(app, world.first) == ["stkt_base", "backan_stkt"]
    assert names_of(app, world.second) == ["thainguyen_innovation"]
    assert [(who, data["after"], data["reason"]) for who, data in records(app, world.first)] == [
        ("Người vận hành", ["stkt_base", "backan_stkt"], "Đổi")
    ]
    assert records(app, world.second) == []


def test_the_same_list_again_changes_nothing(app: Flask, world: World, operator: FlaskClient) -> None:
    assert operator.post(PAGE, data={"place-thainguyen_innovation": "7"}).status_code == 302
    assert records(app, world.first) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"place-backan_stkt": "1", "reason": "Đổi"}, "cần stkt_base đứng trước"),
        ({"reason": "Đổi"}, "cần ít nhất một plugin"),
        ({"place-stkt_base": "1"}, "Cần ghi lý do thay đổi."),
        ({"place-stkt_base": "một", "reason": "Đổi"}, "Viết một số thứ tự từ 1 đến 99"),
        ({"place-stkt_base": "0", "reason": "Đổi"}, "Viết một số thứ tự từ 1 đến 99"),
        ({"place-stkt_base": "1", "place-backan_stkt": "1", "reason": "Đổi"}, "Số thứ tự này đã dùng cho"),
        ({"place-stkt_base": "1", "reason": "x" * 501}, "Dài quá 500 ký tự"),
    ],
)
def test_a_list_that_cannot_run_is_refused_and_what_was_typed_stays(
    app: Flask, world: World, operator: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    answer = operator.post(PAGE, data=typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    for value in typed.values():
        assert value in answer.text
    assert names_of(app, world.first) == ["thainguyen_innovation"]
    assert records(app, world.first) == []


def test_settings_of_a_plugin_that_leaves_go_with_it_and_the_log_keeps_them(
    app: Flask, world: World, operator: FlaskClient
) -> None:
    given: dict[str, dict[str, Any]] = {"thainguyen_innovation": {"confirmed": []}}
    with app.app_context(), tenant_scope(world.first.id) as current:
        current.scalars(select(Edition)).one().settings = given
        current.commit()

    operator.post(PAGE, data={"place-stkt_base": "1", "reason": "Đổi"})

    with app.app_context(), tenant_scope(world.first.id) as current:
        assert current.scalars(select(Edition)).one().settings == {}
    assert records(app, world.first)[0][1]["settings_dropped"] == given


def test_a_frozen_list_is_shown_and_does_not_change(app: Flask, world: World, operator: FlaskClient) -> None:
    with app.app_context(), tenant_scope(world.first.id) as current:
        current.scalars(select(Edition)).one().frozen = {
            "plugins": [{"name": "thainguyen_innovation", "version": "1.0.0"}],
            "settings": {},
        }
        current.commit()

    assert "Thể lệ của kỳ này đã chốt" in operator.get(PAGE).text
    assert operator.post(PAGE, data={"place-stkt_base": "1", "reason": "Đổi"}).status_code == 409
    assert names_of(app, world.first) == ["thainguyen_innovation"]


@pytest.mark.parametrize("path", ["/quan-tri/motmot/plugin/k9", "/quan-tri/khong-co/plugin/k1"])
def test_what_does_not_exist_is_not_found(operator: FlaskClient, path: str) -> None:
    assert operator.get(path).status_code == 404
    assert operator.post(path, data={}).status_code == 404


def test_a_stranger_and_a_tenants_host_have_no_such_page(app: Flask, world: World) -> None:
    assert client_of(app, "").get(PAGE).status_code == 302
    assert client_of(app, "motmot").get(PAGE).status_code == 404
