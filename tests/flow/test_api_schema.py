"""The OpenAPI document is true: requests made up from it get only the answers it names, and never a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.app import client_of
from tests.support.factories import World
from tests.support.people import sign_in
from tests.support.urls import EVERYBODY, Twins, build_twins

HOST = "http://motmot.localhost"


@pytest.fixture
def twins(world: World) -> Twins:
    """Tenants with something behind every address."""
    return build_twins(world)


def document_of(app: Flask) -> dict[str, Any]:
    """The document as it is served."""
    answer = client_of(app, "motmot").get("/api/v1/openapi.json")
    assert answer.status_code == 200
    document: dict[str, Any] = json.loads(answer.text)
    return document


def test_every_refusal_in_the_document_is_a_problem_document(app: Flask, world: World) -> None:
    document = document_of(app)
    refused = document["components"]["responses"]["DEFAULT_ERROR"]
    assert list(refused["content"]) == ["application/problem+json"]
    name = refused["content"]["application/problem+json"]["schema"]["$ref"].rpartition("/")[2]
    fields = document["components"]["schemas"][name]["properties"]
    assert {*fields} == {"type", "title", "status", "detail", "errors", "clause", "instance"}


def test_every_operation_tells_what_it_does(app: Flask, world: World) -> None:
    silent = [
        f"{method} {path}"
        for path, item in document_of(app)["paths"].items()
        for method, operation in item.items()
        if method != "parameters" and not operation.get("summary")
    ]
    assert silent == []


@pytest.mark.parametrize("email", [None, EVERYBODY], ids=["stranger", "everybody"])
def test_made_up_requests_get_only_the_answers_that_are_documented(twins: Twins, email: str | None) -> None:
    document = document_of(twins.app)
    client = client_of(twins.app, "motmot")
    headers = {}
    if email is not None:
        sign_in(client, email)
        [cookie] = [one for one in (client._cookies or {}).values() if one.key == "bv"]
        headers["Cookie"] = f"bv={cookie.value}"
    schema = schemathesis.openapi.from_dict(document)
    schema.app = twins.app
    checks = [status_code_conformance, content_type_conformance, response_schema_conformance]
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()

        @settings(
            max_examples=8,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            answer = case.call(base_url=HOST, headers=headers)
            assert answer.status_code < 500, f"{case.method} {case.path}: {answer.text}"
            case.validate_response(answer, checks=checks)

        ask()


def test_the_page_of_the_api_shows_every_operation_and_loads_nothing_from_elsewhere(
    app: Flask, world: World
) -> None:
    client = client_of(app, "motmot")
    page = client.get("/api/docs").text
    for path, item in document_of(app)["paths"].items():
        for method in set(item) - {"parameters"}:
            assert f"{method.upper()} {path}" in page
    assert 'href="/api/v1/openapi.json"' in page
    assert "application/problem+json" in page
    assert not [part for part in page.split('"') if part.startswith(("http://", "https://", "//"))]


def test_every_named_schema_on_the_page_can_be_jumped_to(app: Flask, world: World) -> None:
    page = client_of(app, "motmot").get("/api/docs").text
    named = {part.partition('"')[0] for part in page.split('href="#schema-')[1:]}
    placed = {part.partition('"')[0] for part in page.split('id="schema-')[1:]}
    assert named
    assert named <= placed
