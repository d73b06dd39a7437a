"""Wall 4: every address of the application, asked as a stranger, as the wrong tenant, without the right, with it.

A rule with arguments that `ARGUMENTS` does not know fails: whoever adds an address says here what names its thing.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.kernel.web import Access
from tests.support.app import client_of
from tests.support.factories import World
from tests.support.people import sign_in
from tests.support.urls import (
    EVERYBODY,
    NOBODY,
    SHARED,
    Twin,
    Twins,
    access_of,
    build_twins,
    leaked,
    path_of,
    platform_rules_of,
    rules_of,
)

# What an address's argument names: endpoint → argument → the twin's name for it.
ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "contests_office.phase": {"kind": "phase"},
    "contests_office.phase_send": {"kind": "phase"},
    "people.consent": {"purpose": "purpose"},
    "people.end_device": {"sign_in_id": "sign_in_id"},
    "people_office.change_role": {"account_id": "account_id"},
    "people_office.show": {"account_id": "account_id"},
    "voting.ask": {"code": "entry_code"},
    "voting.cast": {"code": "entry_code"},
    "voting.receipt": {"code": "vote_receipt"},
    "voting_api.vote": {"code": "entry_code"},
}
# What stands in the edition that is published, and not in the running one.
EDITION: Mapping[str, str] = {}
# The person who may; who has every role stands for the others.
OWN: Mapping[str, str] = {}

# Things of one person, which do not exist for any other account of the same tenant.
PERSONAL = {"draft_ref", "submitted_ref", "private_file_id", "vote_receipt", "sign_in_id"}
# Deeds that take away what other addresses need come last.
LAST: set[str] = {"people.sign_out"}
PLATFORM_NAMES: Mapping[str, str] = {}
READABLE = {
    "text/html",
    "text/css",
    "text/plain",
    "text/csv",
    "application/json",
    "image/svg+xml",
    "application/xml",
}


@pytest.fixture
def twins(world: World) -> Twins:
    """Both tenants, filled alike."""
    return build_twins(world)


def names_of(rule: Rule) -> Mapping[str, str]:
    """What the arguments of `rule` name."""
    return ARGUMENTS.get(rule.endpoint, {})


def known(app: Flask) -> list[tuple[Rule, str]]:
    """The rules whose arguments `ARGUMENTS` knows; the first test names the others."""
    return [(rule, method) for rule, method in rules_of(app) if set(rule.arguments) == set(names_of(rule))]


def address(rule: Rule, twin: Twin) -> str:
    """The address of the twin's own thing."""
    path = path_of(rule, {name: twin.names[thing] for name, thing in names_of(rule).items()})
    return f"{path}?ky={EDITION[rule.endpoint]}" if rule.endpoint in EDITION else path


def ask(client: FlaskClient, path: str, method: str) -> TestResponse:
    """Send one request; a file's answer is read to its end and closed."""
    return client.open(path, method=method, buffered=True)


def names_a_thing(rule: Rule) -> bool:
    """Whether the address names something that belongs to one tenant."""
    return any(thing not in SHARED for thing in names_of(rule).values())


def test_every_rule_with_arguments_says_what_they_name(app: Flask) -> None:
    unknown = sorted(
        f"{rule.endpoint} {rule.rule}"
        for rule, _method in rules_of(app)
        if set(rule.arguments) != set(names_of(rule))
    )
    assert unknown == []


def test_no_recipe_is_left_of_a_rule_that_is_gone(app: Flask) -> None:
    endpoints = {rule.endpoint for rule, _method in rules_of(app)}
    assert sorted({*ARGUMENTS, *EDITION, *OWN} - endpoints) == []


def test_strangers_see_what_is_public_and_are_sent_to_sign_in_for_the_rest(twins: Twins) -> None:
    client, wrong = client_of(twins.app, twins.first.facts.slug), []
    for rule, method in known(twins.app):
        access = access_of(twins.app, rule)
        if access is Access.PUBLIC and method != "GET":
            continue  # a stranger's own forms; their rooms test them
        answer = ask(client, address(rule, twins.first), method)
        if not _fits_a_stranger(access, rule, answer):
            wrong.append(f"{method} {rule.rule}: {answer.status_code} {answer.headers.get('Location', '')}")
    assert wrong == []


def _fits_a_stranger(access: Access, rule: Rule, answer: TestResponse) -> bool:
    if access in (Access.PUBLIC, Access.ASSET):
        return answer.status_code in (200, 302, 303)
    if rule.rule.startswith("/api/"):
        return answer.status_code == 403 and answer.mimetype == "application/problem+json"
    return answer.status_code == 302 and answer.headers["Location"].startswith("/tai-khoan/dang-nhap?next=")


def test_the_wrong_tenant_has_none_of_the_others_things(twins: Twins) -> None:
    """Who may do everything at one tenant asks for each thing of the other by its name: it does not exist."""
    client, wrong = client_of(twins.app, twins.second.facts.slug), []
    sign_in(client, EVERYBODY)
    for rule, method in known(twins.app):
        if not names_a_thing(rule):
            continue
        path = address(rule, twins.first)
        answer = ask(client, path, method)
        told = leaked(answer.text, [secret for secret in twins.first.secrets if secret not in path])
        if answer.status_code != 404 or told:
            wrong.append(f"{method} {rule.rule}: {answer.status_code} {told}")
    assert wrong == []


def test_a_stranger_at_the_wrong_tenant_learns_nothing_either(twins: Twins) -> None:
    """404, or the way to sign in that every address has; a thing that exists elsewhere answers as one that does not."""
    client, wrong = client_of(twins.app, twins.second.facts.slug), []
    for rule, method in known(twins.app):
        if not names_a_thing(rule):
            continue
        answer = ask(client, address(rule, twins.first), method)
        public = access_of(twins.app, rule) in (Access.PUBLIC, Access.ASSET)
        if answer.status_code not in ((404,) if public else (302, 403)):
            wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert wrong == []


def test_an_account_without_the_role_is_refused(twins: Twins) -> None:
    client, wrong = client_of(twins.app, twins.first.facts.slug), []
    sign_in(client, NOBODY)
    for rule, method in known(twins.app):
        if access_of(twins.app, rule) not in (Access.COMMITTEE, Access.JUDGE, Access.UNIT):
            continue
        answer = ask(client, address(rule, twins.first), method)
        if answer.status_code != 403:
            wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert wrong == []


def test_what_is_one_persons_does_not_exist_for_another(twins: Twins) -> None:
    client, wrong = client_of(twins.app, twins.first.facts.slug), []
    sign_in(client, NOBODY)
    for rule, method in known(twins.app):
        if access_of(twins.app, rule) is not Access.ACCOUNT or not PERSONAL & set(names_of(rule).values()):
            continue
        answer = ask(client, address(rule, twins.first), method)
        if answer.status_code != 404:
            wrong.append(f"{method} {rule.rule}: {answer.status_code}")
    assert wrong == []


def test_who_has_the_right_is_let_in_and_sees_nothing_of_the_other_tenant(twins: Twins) -> None:
    """The other side of the walls above: each address does answer, so that a 404 there says something."""
    people, wrong = signed_in(twins, twins.second), []
    for rule, method in sorted(known(twins.app), key=lambda pair: pair[0].endpoint in LAST):
        client = people[OWN.get(rule.endpoint, EVERYBODY)]
        answer = ask(client, address(rule, twins.second), method)
        fine = answer.status_code in (
            (200, 302, 303) if method == "GET" else (200, 201, 302, 303, 400, 409, 422)
        )
        told = leaked(answer.text, twins.first.secrets) if answer.mimetype in READABLE else []
        if not fine or told:
            wrong.append(f"{method} {rule.rule}: {answer.status_code} {told}")
    assert wrong == []


def test_a_cookie_of_one_tenant_is_a_strangers_at_the_other(twins: Twins) -> None:
    home, away = (client_of(twins.app, twin.facts.slug) for twin in (twins.first, twins.second))
    sign_in(home, EVERYBODY)
    assert ask(home, "/tai-khoan/", "GET").status_code == 200
    [cookie] = [one for one in (home._cookies or {}).values() if one.key == "bv"]
    away.set_cookie("bv", cookie.value, domain=twins.second.host)
    answer = ask(away, "/tai-khoan/", "GET")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/tai-khoan/dang-nhap?next=/tai-khoan/")


def test_the_platform_has_no_page_of_a_tenant_and_a_tenant_none_of_the_platform(twins: Twins) -> None:
    bare, wrong = client_of(twins.app, ""), []
    for rule, method in known(twins.app):
        if access_of(twins.app, rule) is Access.ASSET:
            continue
        answer = ask(bare, address(rule, twins.first), method)
        shared = rule.rule in {one.rule for one, _method in platform_rules_of(twins.app)}
        if answer.status_code != 404 and not shared:
            wrong.append(f"bare {method} {rule.rule}: {answer.status_code}")
    client = client_of(twins.app, twins.first.facts.slug)
    sign_in(client, EVERYBODY)
    own = {rule.rule for rule, _method in known(twins.app)}
    for rule, method in platform_rules_of(twins.app):
        if rule.rule in own:
            continue
        answer = ask(client, path_of(rule, PLATFORM_NAMES), method)
        if answer.status_code != 404:
            wrong.append(f"tenant {method} {rule.rule}: {answer.status_code}")
    assert wrong == []


def signed_in(twins: Twins, twin: Twin) -> dict[str, FlaskClient]:
    """A client for each person whom `OWN` names, and for who has every role."""
    people = {}
    for email in {EVERYBODY, *OWN.values()}:
        people[email] = client_of(twins.app, twin.facts.slug)
        sign_in(people[email], email)
    return people
