"""Letters that carry a file, and letters that are told once, against a real mail server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from core.kernel import enclosures
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.enclosures import Enclosed, NotEnclosed, encloses
from core.kernel.jobs import Job, run_due_jobs
from core.kernel.mail import ENCLOSING_TRIES, WAITS, Mail, MailFacts, send_mail
from core.kernel.uow import unit_of_work
from tests.support.factories import NOW, World
from tests.support.mail import Post

TO = "ba.con@example.vn"
PAPER = Enclosed("tests.paper", "giay.pdf", {"n": 7})


@pytest.fixture
def mailing(world: World, post: Post) -> World:
    """The world, its mail going to `post`."""
    world.app.config["SMTP_URL"] = f"smtp://127.0.0.1:{post.port}"
    return world


@pytest.fixture
def press() -> Iterator[list[bytes | NotEnclosed | None]]:
    """A maker of files that gives, each time, the next of what the test puts in; then "%PDF" with its source."""
    told: list[bytes | NotEnclosed | None] = []

    @encloses("tests.paper", "application/pdf")
    def paper(source: Mapping[str, Any], language: str) -> bytes | None:
        made = told.pop(0) if told else f"%PDF {source['n']} {language}".encode()
        if isinstance(made, NotEnclosed):
            raise made
        return made

    yield told
    del enclosures._makers["tests.paper"]


def write(world: World, *, once: str | None = None, to: str = TO) -> None:
    with tenant_scope(world.first.id), unit_of_work():
        send_mail(
            to=to,
            name="Nguyễn Thị Bà Con",
            sender="Cuộc thi thử",
            subject="Đã nhận hồ sơ",
            body="Kính gửi…\n",
            now=NOW,
            facts=MailFacts(html="<p>Kính gửi…</p>", enclosed=PAPER, once=once),
        )


def files_in(post: Post) -> list[list[tuple[str | None, str, bytes]]]:
    """The files of each message that arrived."""
    return [
        [
            (part.get_filename(), part.get_content_type(), bytes(part.get_payload(decode=True)))
            for part in message.walk()
            if part.get_content_disposition() == "attachment"
        ]
        for message in post.messages
    ]


def test_the_file_is_made_when_the_letter_is_sent(
    mailing: World, post: Post, press: list[bytes | NotEnclosed | None]
) -> None:
    with mailing.app.app_context():
        write(mailing)
        assert run_due_jobs() == 1
    assert files_in(post) == [[("giay.pdf", "application/pdf", b"%PDF 7 vi")]]
    assert [part.get_content_type() for part in post.messages[0].walk()][:4] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_a_file_that_cannot_be_made_now_puts_the_letter_off(
    mailing: World, post: Post, press: list[bytes | NotEnclosed | None]
) -> None:
    press.append(NotEnclosed("the press is busy"))
    with mailing.app.app_context():
        write(mailing)
        run_due_jobs()
        with tenant_scope(mailing.first.id):
            held = session().scalars(select(Mail)).one()
            assert (held.state, held.error, held.tries) == ("queued", "the press is busy", 1)
        assert post.messages == []
        with time_machine.travel(real_now() + WAITS[0] + timedelta(seconds=1), tick=False):
            run_due_jobs()
    assert files_in(post) == [[("giay.pdf", "application/pdf", b"%PDF 7 vi")]]


def test_after_some_tries_the_letter_goes_without_its_file(
    mailing: World, post: Post, press: list[bytes | NotEnclosed | None]
) -> None:
    press.extend(NotEnclosed("broken") for _one in range(ENCLOSING_TRIES))
    at = real_now()
    with mailing.app.app_context():
        write(mailing)
        for wait in (timedelta(0), *WAITS[: ENCLOSING_TRIES - 1]):
            at += wait + timedelta(minutes=5)
            with time_machine.travel(at, tick=False):
                run_due_jobs()
    assert files_in(post) == [[]]
    assert press == []


def test_what_is_no_longer_there_is_not_enclosed(
    mailing: World, post: Post, press: list[bytes | NotEnclosed | None]
) -> None:
    press.append(None)
    with mailing.app.app_context():
        write(mailing)
        run_due_jobs()
    assert files_in(post) == [[]]


def test_what_is_told_once_is_one_letter_and_one_job(
    mailing: World, post: Post, press: list[bytes | NotEnclosed | None]
) -> None:
    with mailing.app.app_context():
        write(mailing, once="receipt:1")
        write(mailing, once="receipt:1", to="khac@example.vn")
        write(mailing, once="receipt:2")
        run_due_jobs()
        with tenant_scope(mailing.first.id):
            assert session().scalar(select(func.count()).select_from(Mail)) == 2
            assert session().scalar(select(func.count()).select_from(Job)) == 2
    assert [message["To"] for message in post.messages] == [post.messages[0]["To"]] * 2


def test_the_twin_tenant_tells_the_same_once_too(
    mailing: World, press: list[bytes | NotEnclosed | None]
) -> None:
    with mailing.app.app_context():
        write(mailing, once="receipt:1")
        with tenant_scope(mailing.second.id), unit_of_work():
            send_mail(
                to=TO, name="", sender="", subject="", body="", now=NOW, facts=MailFacts(once="receipt:1")
            )
        with tenant_scope(mailing.second.id):
            assert session().scalar(select(func.count()).select_from(Mail)) == 1
