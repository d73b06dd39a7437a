"""From the cookie to the actor."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, g
from sqlalchemy import select

from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.web import Access, allows
from core.people.models import SignIn
from tests.support.app import client_of
from tests.support.factories import World
from tests.support.people import sign_in
from tests.support.queries import count_queries


def add_whoami(app: Flask) -> None:
    @app.get("/_toi")
    @allows(Access.PUBLIC)
    def whoami() -> dict[str, object]:
        if g.account is None:
            return {"name": None}
        return {
            "name": g.account.name,
            "initials": g.account.initials,
            "roles": sorted(g.actor.roles),
            "address": g.actor.address,
        }


def test_the_cookie_of_a_sign_in_makes_the_actor(app: Flask, world: World) -> None:
    add_whoami(app)
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")

    assert client.get("/_toi").json == {
        "name": "Cán bộ Thử",
        "initials": "CT",
        "roles": [Role.COMMITTEE],
        "address": "127.0.0.1",
    }
