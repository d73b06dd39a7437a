"""The outbox's states against a real server: refused, put off, cut off, killed, bounced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from core.kernel.bounces import Taken, take_report
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.jobs import run_due_jobs
from core.kernel.mail import WAITS, Mail, MailFacts, send_again, send_mail
from core.kernel.mail_words import remove_words
from core.kernel.smtp import bounce_address
from core.kernel.suppression import lift, suppression_of
from core.kernel.uow import unit_of_work
from tests.support.factories import NOW, World
from tests.support.mail import Post
from tests.support.postgres import DatabaseUrls

TO = "ba.con@example.vn"
BOUNCES = "thu-tra-lai@example.vn"


@pytest.fixture
def mailing(world: World, post: Post) -> World:
    """The world, its mail going to `post`."""
    world.app.config["SMTP_URL"] = f"smtp://127.0.0.1:{post.port}"
    return world


def write(world: World, *, life: timedelta | None = None, is_open: bool = True) -> None:
    html = "<p>Kính gửi…</p>"
    facts = MailFacts(html=html, kind="entry-returned", about="TT-K1-0001", is_open=is_open, life=life)
    with tenant_scope(world.first.id), unit_of_work():
        send_mail(
            to=TO,
            name="Nguyễn Thị Bà Con",
            sender="Cuộc thi thử",
            subject="Cần bổ sung hồ sơ TT-K1-0001",
            body="Kính gửi…\n",
            now=NOW,
            facts=facts,
        )


def the_mail(world: World) -> Mail:
    with tenant_scope(world.first.id):
        found = session().scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
        session().expunge(found)
    return found


def report(
    mail: Mail,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    recipient: str = TO,
    to: str = "khong-tra-loi@example.vn",
) -> bytes:
    """A delivery report as postfix writes it (RFC 3464)."""
    words = f"smtp; 550 {status} No such user here"
    return textwrap.dedent(
        f"""\
        From: MAILER-DAEMON@mx.example.com
        To: {to}
        Subject: Undelivered Mail Returned to Sender
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        I'm sorry.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.com

        Final-Recipient: rfc822; {recipient}
        Action: {action}
        Status: {status}
        Diagnostic-Code: {words}

        --b
        Content-Type: message/rfc822

        Message-ID: <{mail.id.hex}@example.vn>
        Subject: x

        --b--
        """
    ).encode()


def test_a_report_about_a_letter_without_words_marks_no_address(mailing: World, post: Post) -> None:
    with mailing.app.app_context():
        write(mailing)
        run_due_jobs()
        mail = the_mail(mailing)
        with tenant_scope(mailing.first.id), unit_of_work():
            assert remove_words(real_now() + timedelta(seconds=1), now=real_now(), most=10) == 1
        taken = take_report(report(mail, to=bounce_address(mail.id, BOUNCES)), now=real_now())
        with tenant_scope(mailing.first.id):
            held = suppression_of("")
    assert (taken, held) == ([Taken.IGNORED], None)
    assert len(post.messages) == 1


def test_a_letter_that_left_is_sent_in_two_forms_under_one_identifier(mailing: World, post: Post) -> None:
    with mailing.app.app_context():
        write(mailing)
        run_due_jobs()
        mail = the_mail(mailing)
    (message,) = post.messages
    assert message["Message-ID"] == f"<{mail.id.hex}@example.vn>"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert (mail.state, mail.tries, mail.error) == ("sent", 1, None)
    assert mail.body == "Kính gửi…\n"


def test_a_server_that_says_later_is_asked_again_after_growing_waits(mailing: World, post: Post) -> None:
    post.answers = ["451 4.7.1 Greylisted", "451 4.7.1 Greylisted"]
    with (
        mailing.app.app_context(),
        time_machine.travel(datetime(2026, 1, 5, 3, tzinfo=UTC), tick=False) as clock,
    ):
        write(mailing)
        run_due_jobs()
        first = the_mail(mailing)
        clock.shift(WAITS[0])
        run_due_jobs()
        second = the_mail(mailing)
        clock.shift(WAITS[1])
        run_due_jobs()
        last = the_mail(mailing)
    assert (first.state, first.error, first.tries) == ("queued", "451 4.7.1 Greylisted", 1)
    assert second.next_try_at is not None
    assert first.next_try_at is not None
    assert second.next_try_at - first.next_try_at == timedelta(minutes=5)
    assert (last.state, last.tries, len(post.messages)) == ("sent", 3, 1)


def test_a_server_that_never_takes_it_is_given_up_after_days(mailing: World, post: Post) -> None:
    post.answers = ["451 4.3.0 Not now"] * (len(WAITS) + 1)
    with (
        mailing.app.app_context(),
        time_machine.travel(datetime(2026, 1, 5, 3, tzinfo=UTC), tick=False) as clock,
    ):
        write(mailing)
        run_due_jobs()
        for wait in WAITS:
            clock.shift(wait)
            run_due_jobs()
        mail = the_mail(mailing)
    assert (mail.state, mail.error, mail.tries) == ("failed", "451 4.3.0 Not now", len(WAITS) + 1)


def test_a_refused_letter_fails_at_once_in_the_servers_words(mailing: World, post: Post) -> None:
    post.answers = ["554 5.7.1 Looks like spam"]
    with mailing.app.app_context():
        write(mailing)
        run_due_jobs()
        mail = the_mail(mailing)
        with tenant_scope(mailing.first.id):
            held = suppression_of(TO)
    assert (mail.state, mail.error, mail.next_try_at) == ("failed", "554 5.7.1 Looks like spam", None)
    assert held is None


def test_an_address_that_does_not_exist_gets_no_further_letters_until_it_is_lifted(
    mailing: World, post: Post
) -> None:
    post.refused = {TO: "550 5.1.1 No such user"}
    with mailing.app.app_context():
        write(mailing)
        run_due_jobs()
        write(mailing)
        second = the_mail(mailing)
        post.refused = {}
        with tenant_scope(mailing.first.id), unit_of_work():
            lift(TO, now=real_now())
            send_again(session().scalars(select(Mail).where(Mail.id == second.id)).one())
        run_due_jobs()
        again = the_mail(mailing)
    assert second.state == "suppressed"
    assert (again.state, len(post.messages)) == ("sent", 1)


def test_a_code_somebody_asked_for_goes_out_also_to_an_address_that_bounced(
    mailing: World, post: Post
) -> None:
    post.refused = {TO: "550 5.1.1 No such user"}
    with mailing.app.app_context():
        write(mailing)
        run_due_jobs()
        post.refused = {}
        write(mailing, life=timedelta(minutes=15), is_open=False)
        run_due_jobs()
        mail = the_mail(mailing)
    assert (mail.state, mail.subject, mail.body, len(post.messages)) == ("sent", "", "", 1)


def test_a_code_that_has_run_out_is_not_sent_any_more(mailing: World, post: Post) -> None:
    post.answers = ["451 4.7.1 Greylisted"]
    with (
        mailing.app.app_context(),
        time_machine.travel(datetime(2026, 1, 5, 3, tzinfo=UTC), tick=False) as clock,
    ):
        write(mailing, life=timedelta(minutes=15), is_open=False)
        run_due_jobs()
        clock.shift(timedelta(minutes=16))
        run_due_jobs()
        mail = the_mail(mailing)
    assert (mail.state, mail.body, post.messages) == ("failed", "", [])


def test_a_connection_that_is_cut_leaves_the_letter_queued(mailing: World, post: Post) -> None:
    post.answers = ["cut"]
    with mailing.app.app_context():
        write(mailing)
        run_due_jobs()
        mail = the_mail(mailing)
    assert (mail.state, mail.tries, post.messages) == ("queued", 1, [])


def test_a_message_under_way_is_not_taken_by_a_second_worker(mailing: World, post: Post) -> None:
    with mailing.app.app_context():
        write(mailing)
        post.on_data = lambda: None
        with tenant_scope(mailing.first.id), unit_of_work():
            mail = session().scalars(select(Mail)).one()
            mail.state, mail.lease_until = "sending", real_now() + timedelta(minutes=3)
        run_due_jobs()
        held = the_mail(mailing)
    assert (held.state, post.messages) == ("sending", [])


KILLED = """
import sys
from pathlib import Path
from core.app import create_app
from core.kernel.jobs import run_due_jobs
from tests.support.app import test_config
from tests.support.postgres import DatabaseUrls
app = create_app(test_config(DatabaseUrls(*sys.argv[1:3]), Path(sys.argv[3]), smtp_url=sys.argv[4]))
with app.app_context():
    run_due_jobs()
"""


def test_a_worker_killed_between_send_and_mark_sends_again_under_the_same_identifier(
    mailing: World, post: Post, database: DatabaseUrls, tmp_path: Path
) -> None:
    smtp_url = f"smtp://127.0.0.1:{post.port}"
    with mailing.app.app_context():
        write(mailing)
        arguments = [database.app_url, database.owner_url, str(tmp_path / "var"), smtp_url]
        with subprocess.Popen([sys.executable, "-c", KILLED, *arguments]) as worker:
            post.on_data = lambda: os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        post.on_data = None
        killed = the_mail(mailing)
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6)):
            run_due_jobs()
            mail = the_mail(mailing)
    assert killed.state == "sending"
    assert (mail.state, mail.tries) == ("sent", 2)
    assert [one["Message-ID"] for one in post.messages] == [f"<{mail.id.hex}@example.vn>"] * 2


def test_a_delivery_report_marks_its_letter_and_stops_further_ones(mailing: World) -> None:
    with mailing.app.app_context():
        write(mailing)
        run_due_jobs()
        raw = report(the_mail(mailing))
        assert take_report(raw, now=NOW) == [Taken.SUPPRESSED]
        assert take_report(raw, now=NOW) == [Taken.SUPPRESSED]
        mail = the_mail(mailing)
        with tenant_scope(mailing.second.id):
            other = suppression_of(TO)
    assert (mail.state, mail.error, mail.bounced_at) == ("bounced", "550 5.1.1 No such user here", NOW)
    assert other is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"action": "delayed", "status": "4.4.1"}, Taken.IGNORED),
        ({"status": "5.2.2"}, Taken.BOUNCED),
        ({"recipient": "nguoi.khac@example.vn"}, Taken.UNKNOWN),
    ],
)
def test_a_report_does_what_its_status_and_recipient_say(
    mailing: World, given: dict[str, str], expected: Taken
) -> None:
    with mailing.app.app_context():
        write(mailing)
        run_due_jobs()
        taken = take_report(report(the_mail(mailing), **given), now=NOW)
        with tenant_scope(mailing.first.id):
            held = suppression_of(TO)
    assert (taken, held) == ([expected], None)


def test_a_marked_address_is_believed_whatever_the_recipient_is_called(mailing: World, post: Post) -> None:
    mailing.app.config["MAIL_BOUNCES"] = BOUNCES
    with mailing.app.app_context():
        write(mailing)
        run_due_jobs()
        mail = the_mail(mailing)
        to = bounce_address(mail.id, BOUNCES)
        forged = to.replace(".", ".0", 1).replace("@", "@", 1)
        raw = report(mail, recipient="hop.thu.that@example.com", to=to)
        taken = take_report(raw, now=NOW)
        untaken = take_report(raw.replace(to.encode(), forged.encode()), now=NOW)
    assert post.envelopes == [(to, [TO])]
    assert (taken, untaken) == ([Taken.SUPPRESSED], [Taken.UNKNOWN])


def test_what_is_no_report_changes_nothing(mailing: World) -> None:
    with mailing.app.app_context():
        assert take_report(b"Subject: Out of office\r\n\r\nI am away.\r\n", now=NOW) == []
        assert take_report(b"\x00\xff broken", now=NOW) == []
