"""Until when a returned dossier is completed, the letters that say so, and what is undone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from core.contests.policies import PhaseClosed
from core.entries.deadlines import handing_in_ends, may_hand_in
from core.entries.errors import MoveRefused
from core.entries.queries import last_screening
from core.entries.screening.due import default_due, due_of, send_reminders, tenants_with_due
from core.entries.services import accept, refuse, reopen, return_, save_draft, submit
from core.entries.services import publish as publish_entries
from core.kernel.clock import end_of
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Invalid
from core.kernel.mail import mailbox
from tests.support.entries import complete_draft, make_entry
from tests.support.factories import NOW, set_clock
from tests.unit.entries.conftest import Here

# NOW is 12/11/2025 10:00 in Viet Nam; the screening of the test world ends on 22/12/2025.
AFTER_ALL = end_of(date(2026, 1, 15))


def test_the_usual_due_date_is_the_end_of_a_day(here: Here) -> None:
    assert default_due(here.edition, NOW) == end_of(date(2025, 11, 19))


def test_the_letter_says_until_when(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    return_(entry, here.edition, reason="Thiếu ảnh.", actor=here.officer, now=NOW)

    assert "bổ sung đến hết ngày 19/11/2025." in mailbox()[0].body


@pytest.mark.parametrize("due", [NOW, NOW - timedelta(seconds=1), NOW + timedelta(days=367)])
def test_a_due_date_that_is_past_or_far_is_refused(here: Here, due: datetime) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    with pytest.raises(Invalid) as refusal:
        return_(entry, here.edition, reason="Thiếu ảnh.", due_at=due, actor=here.officer, now=NOW)

    assert (list(refusal.value.errors), entry.state) == (["due"], "submitted")


@pytest.mark.parametrize(("seconds", "is_taken"), [(-1, True), (0, False), (1, False)])
def test_a_returned_dossier_is_handed_in_until_its_due_date_after_every_phase(
    here: Here, seconds: int, is_taken: bool
) -> None:
    entry = complete_draft(here.edition, here.owner)
    submit(entry, here.edition, actor=here.entrant, now=NOW)
    return_(entry, here.edition, reason="Thiếu ảnh.", due_at=AFTER_ALL, actor=here.officer, now=NOW)
    at = AFTER_ALL + timedelta(seconds=seconds)

    assert may_hand_in(entry, here.edition, at) is is_taken
    assert handing_in_ends(entry, here.edition) == AFTER_ALL
    if is_taken:
        assert submit(entry, here.edition, actor=here.entrant, now=at).number == 2
    else:
        with pytest.raises(PhaseClosed):
            submit(entry, here.edition, actor=here.entrant, now=at)


def test_one_that_is_not_completed_can_be_refused(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    return_(entry, here.edition, reason="Thiếu ảnh.", actor=here.officer, now=NOW)

    refuse(entry, here.edition, reason="Quá hạn.", clause="da_trien_khai", actor=here.officer, now=NOW)

    assert entry.state == "refused"
    assert "gửi kiến nghị bằng văn bản đến Ban Tổ chức" in mailbox()[0].body


def test_reminders_go_out_three_days_and_one_day_before_and_once_each(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    due = end_of(date(2025, 11, 19))
    return_(entry, here.edition, reason="Thiếu ảnh.", due_at=due, actor=here.officer, now=NOW)
    sent = []
    for before in (timedelta(days=3, minutes=1), timedelta(days=2), timedelta(days=2), timedelta(hours=5)):
        set_clock(here.edition.id, due - before)
        session().flush()
        sent.append(send_reminders())

    kept = last_screening(entry)
    assert kept is not None
    assert (sent, kept.reminded) == ([0, 1, 0, 1], 2)
    assert mailbox()[0].subject == f"Nhớ bổ sung hồ sơ {entry.code} đến hết ngày 19/11/2025"
    assert "còn" in mailbox()[0].body


def test_what_was_handed_in_again_is_not_reminded_of(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)
    submit(entry, here.edition, actor=here.entrant, now=NOW)
    due = end_of(date(2025, 11, 19))
    return_(entry, here.edition, reason="Thiếu ảnh.", due_at=due, actor=here.officer, now=NOW)
    submit(entry, here.edition, actor=here.entrant, now=NOW + timedelta(minutes=1))
    set_clock(here.edition.id, due - timedelta(hours=2))
    session().flush()

    assert send_reminders() == 0
    session().commit()
    assert tenants_with_due() == []


def test_a_return_due_tomorrow_has_no_reminders_left_behind_it(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    return_(entry, here.edition, reason="Ảnh.", due_at=NOW + timedelta(hours=20), actor=here.officer, now=NOW)

    kept = last_screening(entry)
    assert kept is not None
    assert kept.reminded == 2


def test_tenants_with_due_dates_are_found_from_outside(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    return_(entry, here.edition, reason="Thiếu ảnh.", actor=here.officer, now=NOW)
    session().commit()

    assert tenants_with_due() == [here.world.first.id]
    with tenant_scope(here.world.second.id):
        assert send_reminders() == 0


@pytest.mark.parametrize("state", ["accepted", "refused"])
def test_a_decision_is_undone_with_a_reason_and_the_entrant_is_told(here: Here, state: str) -> None:
    entry = make_entry(here.edition, here.owner, state=state, published=False)

    with pytest.raises(Invalid):
        reopen(entry, here.edition, reason=" ", actor=here.officer, now=NOW)
    reopen(entry, here.edition, reason="Bấm nhầm.", actor=here.officer, now=NOW)

    assert (entry.state, mailbox()[0].subject) == ("submitted", f"Hồ sơ {entry.code} được xét lại")
    accept(entry, here.edition, actor=here.officer, now=NOW)
    assert entry.state == "accepted"


def test_what_stands_in_the_gallery_is_taken_down_before_it_is_undone(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, published=False)
    publish_entries([entry], actor=here.officer, now=NOW)

    with pytest.raises(MoveRefused, match="gỡ xuống trước"):
        reopen(entry, here.edition, reason="Bấm nhầm.", actor=here.officer, now=NOW)


def test_a_return_is_taken_back_only_while_nothing_was_changed(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)
    submit(entry, here.edition, actor=here.entrant, now=NOW)
    return_(entry, here.edition, reason="Thiếu ảnh.", actor=here.officer, now=NOW)
    reopen(entry, here.edition, reason="Bấm nhầm.", actor=here.officer, now=NOW)
    assert (entry.state, due_of(entry)) == ("submitted", None)

    return_(entry, here.edition, reason="Thiếu ảnh.", actor=here.officer, now=NOW)
    save_draft(entry, here.edition, {"title": "Tên đã sửa"}, actor=here.entrant, now=NOW)

    with pytest.raises(MoveRefused, match="đã sửa hồ sơ"):
        reopen(entry, here.edition, reason="Bấm nhầm.", actor=here.officer, now=NOW)
