"""From the cookie to the actor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, g
from sqlalchemy import select

from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.web import Access, allows
from core.people.models import Account, SignIn
from tests.support.app import client_of, running
from tests.support.factories import World
from tests.support.people import sign_in
from tests.support.postgres import DatabaseUrls
from tests.support.queries import count_queries

WHOAMI = "/_toi"


def _add_whoami(app: Flask) -> None:
    """A page that tells who asks."""

    @app.get(WHOAMI)
    @allows(Access.PUBLIC)
    def page() -> dict[str, object]:
        if g.account is None:
            return {"name": None}
        return {
            "name": g.account.name,
            "initials": g.account.initials,
            "roles": sorted(g.actor.roles),
            "address": g.actor.address,
        }


@pytest.fixture
def app(database: DatabaseUrls, tmp_path: Path) -> Iterator[Flask]:
    """The application with that page."""
    yield from running(database, tmp_path, _add_whoami)


@pytest.fixture
def whoami() -> str:
    """The address of the page that tells who asks."""
    return WHOAMI


def change_sign_ins(world: World, **values: object) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        for row in session().scalars(select(SignIn)):
            for key, value in values.items():
                setattr(row, key, value)
        session().commit()


def test_the_cookie_of_a_sign_in_makes_the_actor(app: Flask, world: World, whoami: str) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")

    assert client.get(whoami).json == {
        "name": "Cán bộ Thử",
        "initials": "CT",
        "roles": [Role.COMMITTEE],
        "address": "127.0.0.1",
    }


def test_finding_the_reader_costs_one_query_and_a_stranger_none(
    app: Flask, world: World, whoami: str
) -> None:
    reader, stranger = client_of(app, "motmot"), client_of(app, "motmot")
    sign_in(reader, "btc@example.vn")
    stranger.get(whoami)

    with count_queries(app) as signed_in:
        reader.get(whoami)
    with count_queries(app) as strange:
        stranger.get(whoami)

    assert signed_in.count - strange.count == 1


def test_a_stranger_gets_no_cookie(app: Flask, world: World, whoami: str) -> None:
    assert "Set-Cookie" not in client_of(app, "motmot").get(whoami).headers


def test_a_reader_is_not_sent_the_cookie_again_with_every_page(app: Flask, world: World, whoami: str) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")

    assert "Set-Cookie" not in client.get(whoami).headers


@pytest.mark.parametrize(
    "values",
    [{"ended_at": real_now()}, {"expires_at": real_now() - timedelta(seconds=1)}],
    ids=["ended", "expired"],
)
def test_a_sign_in_that_is_over_is_nobody(
    app: Flask, world: World, whoami: str, values: dict[str, object]
) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")
    change_sign_ins(world, **values)

    assert client.get(whoami).json == {"name": None}


def test_an_account_that_is_not_verified_is_nobody(app: Flask, world: World, whoami: str) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")
    with app.app_context(), tenant_scope(world.first.id):
        for account in session().scalars(select(Account)):
            account.verified_at = None
        session().commit()

    assert client.get(whoami).json == {"name": None}


def test_the_cookie_of_one_tenant_is_nobody_at_the_other(app: Flask, world: World, whoami: str) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")
    cookie = client.get_cookie("bv", domain="motmot.localhost")
    assert cookie is not None
    other = client_of(app, "haihai")
    other.set_cookie("bv", cookie.value, domain="haihai.localhost")

    assert client.get(whoami).json == {
        "name": "Cán bộ Thử",
        "initials": "CT",
        "roles": ["committee"],
        "address": "127.0.0.1",
    }
    assert other.get(whoami).json == {"name": None}


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "🌸" * 40, "' or 1=1 --"])
def test_a_made_up_token_is_nobody(app: Flask, world: World, whoami: str, token: str) -> None:
    client = client_of(app, "motmot")
    with client.session_transaction(base_url="http://motmot.localhost") as cookie:
        cookie["_user_id"] = token

    assert client.get(whoami).json == {"name": None}
