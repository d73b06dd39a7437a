"""Mail through the outbox, to a real SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core.app import create_app
from core.kernel.db import db, session, tenant_scope
from core.kernel.jobs import run_due_jobs
from core.kernel.mail import Mail, mailbox, send_mail
from core.kernel.uow import unit_of_work
from tests.support.app import test_config
from tests.support.factories import NOW, World, build_world
from tests.support.mail import Post
from tests.support.postgres import DatabaseUrls


@pytest.fixture
def mailing_app(database: DatabaseUrls, tmp_path: Path, post: Post) -> Iterator[Flask]:
    """An application that sends its mail to `post`."""
    made = create_app(test_config(database, tmp_path / "var", smtp_url=f"smtp://127.0.0.1:{post.port}"))
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


def test_a_message_leaves_once_after_its_deed_is_stored(mailing_app: Flask, post: Post) -> None:
    world = build_world(mailing_app)
    with mailing_app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            write()
        assert post.messages == []
        run_due_jobs()
        run_due_jobs()
        (message,) = post.messages
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
