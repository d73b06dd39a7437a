"""Short messages through the outbox to a gateway that is a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import select

from core.kernel.clock import real_now
from core.kernel.config import read_config
from core.kernel.db import session, tenant_scope
from core.kernel.errors import WrongUse
from core.kernel.jobs import Job, run_due_jobs
from core.kernel.sms import Sms, send_sms, sms_is_configured
from tests.support.factories import World

Taken = list[dict[str, Any]]


@pytest.fixture
def gateway() -> Iterator[tuple[str, Taken, list[int]]]:
    """A gateway: its address, what it took, and the answers it gives next (then 202)."""
    taken: Taken = []
    answers: list[int] = []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append({**json.loads(body), "authorization": self.headers["Authorization"]})
            self.send_response(answers.pop(0) if answers else 202)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/send", taken, answers
    server.shutdown()
    thread.join()
    server.server_close()


def send(world: World, url: str) -> None:
    world.app.config.update(SMS_URL=url, SMS_TOKEN="word")
    with world.app.app_context():
        with tenant_scope(world.first.id):
            send_sms(to="+84912345678", text="Xin chao", now=real_now())
            session().commit()
        run_due_jobs()


def states(world: World) -> tuple[str, str]:
    with world.app.app_context(), tenant_scope(world.first.id):
        return (session().scalars(select(Sms.state)).one(), session().scalars(select(Job.state)).one())


def test_a_message_reaches_the_gateway_by_the_job(
    world: World, gateway: tuple[str, Taken, list[int]]
) -> None:
    url, taken, _answers = gateway

    send(world, url)

    assert states(world) == ("sent", "done")
    (one,) = taken
    assert {**one, "id": ""} == {
        "id": "",
        "to": "+84912345678",
        "text": "Xin chao",
        "authorization": "Bearer word",
    }


def test_a_gateway_that_refuses_is_asked_again_later(
    world: World, gateway: tuple[str, Taken, list[int]]
) -> None:
    url, taken, answers = gateway
    answers.append(503)

    send(world, url)

    assert (states(world), len(taken)) == (("queued", "queued"), 1)


def test_a_demonstration_keeps_its_messages(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        assert sms_is_configured()
        send_sms(to="+84912345678", text="Xin chao", now=real_now())
        session().flush()

        assert session().scalars(select(Sms.state)).one() == "kept"
        assert list(session().scalars(select(Job))) == []


def test_an_address_that_is_none_stops_the_start() -> None:
    with pytest.raises(WrongUse, match="SMS_URL must begin with https:// or http://"):
        read_config({"SMS_URL": "sms.example.vn"})
