"""Mail through the outbox, to a real SMTP server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from core.app import create_app
from core.kernel.db import db, session, tenant_scope
from core.kernel.jobs import run_due_jobs
from core.kernel.mail import Mail, mailbox, send_mail
from core.kernel.uow import unit_of_work
from tests.support.app import test_config
from tests.support.factories import NOW, World, build_world
from tests.support.postgres import DatabaseUrls


class Keeper:
    """An SMTP handler that keeps what arrives."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one message."""
        self.messages.append(message_from_bytes(envelope.content))
        return "250 OK"


def free_port() -> int:
    """A port that is free now on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def post() -> Iterator[tuple[Keeper, int]]:
    """A mail server on loopback and what it has received."""
    keeper = Keeper()
    controller = Controller(keeper, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield keeper, controller.port
    controller.stop()


@pytest.fixture
def mailing_app(database: DatabaseUrls, tmp_path: Path, post: tuple[Keeper, int]) -> Iterator[Flask]:
    """An application that sends its mail to `post`."""
    made = create_app(test_config(database, tmp_path / "var", smtp_url=f"smtp://127.0.0.1:{post[1]}"))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def write() -> None:
    send_mail(
        to="ba.con@example.vn",
        name="Nguyễn Thị Bà Con",
        sender="Cuộc thi thử",
        subject="Mã xác nhận của bạn là 123456",
        body="Chào bạn,\n\nMã xác nhận: 123456\n",
        now=NOW,
    )


def test_a_message_leaves_once_after_its_deed_is_stored(mailing_app: Flask, post: tuple[Keeper, int]) -> None:
    world = build_world(mailing_app)
    with mailing_app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            write()
        assert post[0].messages == []
        run_due_jobs()
        run_due_jobs()
        (message,) = post[0].messages
        assert str(make_header(decode_header(message["Subject"]))) == "Mã xác nhận của bạn là 123456"
        payload = message.get_payload(decode=True)
        assert isinstance(payload, bytes)
        assert "Mã xác nhận: 123456" in payload.decode()
        with tenant_scope(world.first.id):
            assert session().scalars(select(Mail.state)).all() == ["sent"]


def test_a_server_that_is_down_keeps_the_message_queued(database: DatabaseUrls, tmp_path: Path) -> None:
    app = create_app(test_config(database, tmp_path / "var", smtp_url="smtp://127.0.0.1:9"))
    world = build_world(app)
    with app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            write()
        run_due_jobs()
        with tenant_scope(world.first.id):
            assert session().scalars(select(Mail.state)).all() == ["queued"]
        db.engine.dispose()


def test_a_demonstration_keeps_its_mail_in_the_tenants_own_mailbox(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            write()
        with tenant_scope(world.first.id):
            assert [(mail.subject, mail.state) for mail in mailbox()] == [
                ("Mã xác nhận của bạn là 123456", "kept")
            ]
        with tenant_scope(world.second.id):
            assert mailbox() == []
