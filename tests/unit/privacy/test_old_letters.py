"""Letters lose their words after their time of keeping: that they went and when stays, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.kernel import audit
from core.kernel.clock import real_now
from core.kernel.db import bind_tenant, session, tenant_scope
from core.kernel.jobs import Job, run_due_jobs
from core.kernel.mail import Mail, send_again
from core.kernel.mail_words import remove_words
from core.kernel.uow import unit_of_work
from core.messages.services import resend
from core.privacy import services
from core.privacy.services import keeping
from tests.support.entries import account
from tests.support.factories import World, actor_of
from tests.support.letters import old_letter

YEAR, STILL = timedelta(days=366), timedelta(days=364)


def words() -> list[tuple[Any, ...]]:
    """What the bound tenant's letters still say, by state."""
    session().expire_all()
    ask = select(
        Mail.state, Mail.recipient, Mail.recipient_name, Mail.subject, Mail.body, Mail.html, Mail.error
    )
    return [tuple(row) for row in session().execute(ask.order_by(Mail.state, Mail.id))]


def put(*letters: Mail) -> None:
    """Letters into the bound tenant's outbox."""
    session().add_all(letters)
    session().commit()


def told(states: Sequence[str]) -> list[tuple[Any, ...]]:
    """Letters in these states as they were written."""
    whole = ("x@y.vn", "Người Nhận", "Tiêu đề", "Lời thư", "<p>Lời thư</p>", "550 <x@y.vn>")
    return [(state, *whole) for state in states]


@pytest.mark.usefixtures("tenant")
def test_an_old_letter_keeps_what_it_was_and_when_and_loses_whom_and_what_it_said() -> None:
    at = real_now() - YEAR
    put(old_letter(at))

    assert keeping.remove_old_words(now=real_now()) == 1

    (mail,) = session().scalars(select(Mail))
    assert (mail.kind, mail.about, mail.state, mail.at, mail.sent_at) == (
        "entry-accepted",
        "TT-K1-0001",
        "sent",
        at,
        at,
    )
    assert words() == [("sent", "", "", "", "", None, None)]
    assert mail.words_removed_at is not None


@pytest.mark.usefixtures("tenant")
def test_what_waits_what_is_young_and_what_is_another_tenants_keeps_its_words(tenant: World) -> None:
    now = real_now()
    over = ("bounced", "failed", "kept", "sent", "suppressed")
    put(
        *(
            old_letter(now - YEAR, one, number=number)
            for number, one in enumerate((*over, "queued", "sending"))
        )
    )
    put(old_letter(now - STILL))
    with tenant_scope(tenant.second.id):
        put(*(old_letter(now - YEAR, one, number=number) for number, one in enumerate(over)))
    bind_tenant(session(), tenant.first.id)

    assert keeping.remove_old_words(now=now) == len(over)

    emptied = [(one, "", "", "", "", None, None) for one in over]
    assert words() == sorted(emptied + told(["queued", "sending", "sent"]), key=lambda row: (row[0], row[1]))
    with tenant_scope(tenant.second.id):
        assert words() == told(over)


@pytest.mark.usefixtures("tenant")
def test_where_letters_are_kept_for_ever_none_loses_its_words() -> None:
    put(old_letter(real_now() - timedelta(days=4000)))
    services.change_settings({"days_letters": ""}, actor=actor_of(account("btc@example.vn")), now=real_now())

    assert keeping.remove_old_words(now=real_now()) == 0

    assert words() == told(["sent"])


@pytest.mark.usefixtures("tenant")
def test_the_night_takes_them_in_steps_and_a_second_run_of_every_step_finds_nothing(tenant: World) -> None:
    count = keeping.BATCH + 1
    put(*(old_letter(real_now() - YEAR, number=number) for number in range(count)))
    keeping.ask_for_night("2026-11-26")
    session().commit()

    for _turn in range(4):
        run_due_jobs()
    bind_tenant(session(), tenant.first.id)
    jobs = session().scalars(select(Job).where(Job.kind == keeping.WORDS).order_by(Job.id)).all()
    assert [job.payload["removed"] for job in jobs] == [0, keeping.BATCH, count]
    for job in jobs:
        job.state = "queued"
    session().commit()
    run_due_jobs()
    bind_tenant(session(), tenant.first.id)

    left = select(func.count()).where(Mail.words_removed_at.is_(None))
    assert session().scalars(left).one() == 0
    assert [one.data for one in audit.records(actions=(keeping.RAN,))][-1:] == [{"letters": count}]


@pytest.mark.usefixtures("tenant")
def test_a_letter_without_words_is_not_sent_again() -> None:
    put(old_letter(real_now() - YEAR, "failed"))
    keeping.remove_old_words(now=real_now())
    mail = session().scalars(select(Mail)).one()

    assert not resend(mail, actor=actor_of(account("btc@example.vn")), now=real_now())
    assert not send_again(mail)

    assert mail.state == "failed"
    assert session().scalars(select(Job).where(Job.kind == "mail.send")).all() == []


def test_a_letter_that_somebody_sends_again_at_that_moment_keeps_its_words(app: Flask, world: World) -> None:
    now = real_now()
    with app.app_context(), tenant_scope(world.first.id):
        put(old_letter(now - YEAR, "failed"))

    def remove() -> int:
        with app.app_context(), tenant_scope(world.first.id), unit_of_work():
            return remove_words(now - timedelta(days=365), now=now, most=10)

    with ThreadPoolExecutor(1) as pool, app.app_context(), tenant_scope(world.first.id):
        # The row is held until the commit below: whoever takes words out waits for it and looks once more.
        assert send_again(session().scalars(select(Mail)).one())
        removing = pool.submit(remove)
        with suppress(TimeoutError):
            removing.result(timeout=0.5)
        session().commit()
        assert removing.result() == 0
        session().expire_all()
        ((state, recipient, *_rest),) = words()
    assert (state, recipient) == ("queued", "x@y.vn")


@pytest.mark.usefixtures("tenant")
def test_the_keys_of_letters_tell_their_age_whatever_a_demonstration_clock_said() -> None:
    mail = old_letter(real_now())
    mail.at = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
    put(mail)

    assert keeping.remove_old_words(now=real_now()) == 0
