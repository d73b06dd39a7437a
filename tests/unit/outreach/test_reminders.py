"""Who is reminded of what, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.kernel.errors import Forbidden
from core.kernel.mail import mailbox
from core.outreach.reminders import Reason, pending
from core.outreach.services import send_reminders, send_report
from tests.support.entries import make_entry
from tests.support.factories import NOW, make_unit
from tests.support.outreach import NOVEMBER, UnitWorld, make_target, report_form


def test_a_unit_is_told_once_a_day_what_is_missing(here: UnitWorld) -> None:
    first = send_reminders(here.edition, Reason.REPORT, NOVEMBER, actor=here.officer, now=NOW)
    again = send_reminders(here.edition, Reason.REPORT, NOVEMBER, actor=here.officer, now=NOW)
    tomorrow = NOW + timedelta(days=1)
    later = send_reminders(here.edition, Reason.REPORT, NOVEMBER, actor=here.officer, now=tomorrow)

    assert (first, again, later) == (1, 0, 1)
    letter = mailbox()[-1]
    asked = "Nhắc gửi báo cáo tháng 11/2025 đến hết ngày 29/11/2025"
    assert (letter.recipient, letter.subject) == ("donvi@example.vn", asked)
    assert "Hạn gửi: hết ngày 29/11/2025" in letter.body
    assert "/don-vi/bao-cao/2025-11" in letter.body


def test_who_has_reported_is_left_in_peace(here: UnitWorld) -> None:
    send_report(here.edition, here.unit, NOVEMBER, report_form(), actor=here.speaker, now=NOW)

    assert send_reminders(here.edition, Reason.REPORT, NOVEMBER, actor=here.officer, now=NOW) == 0


def test_only_units_below_their_target_are_reminded_of_it(here: UnitWorld) -> None:
    done = make_unit("so-thu", name="Sở Thử")
    make_target(here.edition, done)
    make_entry(here.edition, here.owner, state="submitted", unit=done)

    waiting = pending(here.edition, Reason.TARGET, None, NOW)

    assert [(one.unit.code, [person.email for person in one.people]) for one in waiting] == [
        ("xa-thu", ["donvi@example.vn"])
    ]


def test_a_unit_cannot_remind(here: UnitWorld) -> None:
    with pytest.raises(Forbidden):
        send_reminders(here.edition, Reason.TARGET, actor=here.speaker, now=NOW)
