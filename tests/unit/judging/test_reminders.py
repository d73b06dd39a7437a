"""Reminders to judges: once a day, not to who is done, by hand or some days before the end, none after it."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from core.judging.assigning import Way, assign
from core.judging.blind_models import BlindDossier, BlindRound
from core.judging.errors import RoundNotOpen
from core.judging.forecast import Outlook
from core.judging.models import Assignment
from core.judging.queries import judge_progress, outstanding_sheets
from core.judging.queries.progress import round_outlook
from core.judging.reminder_jobs import remind, remind_each_hour
from core.judging.services.blinding import set_blind
from core.judging.services.reminders import (
    DEFAULT_DAYS,
    remind_by_itself,
    remind_judges,
    reminder_rule,
    save_reminder_rule,
)
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.jobs import Job
from core.kernel.mail import Mail
from tests.support.councils import with_fields
from tests.support.factories import NOW, World, set_clock, view
from tests.support.judging import ROUND, fill, judge_account, judge_actor, lock, make_round, place_of
from tests.support.voting import in_tenant

END = NOW + timedelta(days=10)
BOTH = ["J1", "J2"]


def letters() -> list[Mail]:
    ask = select(Mail).where(Mail.kind == "judging-reminder").order_by(Mail.recipient)
    return list(session().scalars(ask))


def test_only_who_has_something_left_is_reminded_and_once_a_day(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2, judges=2)
        lock(edition, first)
        lock(edition, second)
        assert remind_judges(edition, ROUND, BOTH, actor=SYSTEM, now=NOW) == ["J2"]
        assert remind_judges(edition, ROUND, BOTH, actor=SYSTEM, now=NOW) == []
        tomorrow = NOW + timedelta(days=1)
        assert remind_judges(edition, ROUND, BOTH, actor=SYSTEM, now=tomorrow) == ["J2"]
        assert [one.recipient for one in letters()] == ["giamkhao2@example.vn"] * 2
        assert "bạn còn 2 hồ sơ chưa khóa phiếu" in letters()[0].body
        by_number = {one.number: one.reminded_at for one in round_outlook(edition, ROUND, NOW).judges}
        assert by_number == {"J1": None, "J2": tomorrow}


def test_a_letter_is_in_its_readers_language(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        judge_account().language = "en"
        remind_judges(edition, ROUND, ["J1"], actor=SYSTEM, now=NOW)
        assert "still wait for you" in letters()[0].subject


def test_nobody_is_reminded_after_the_end_by_a_judge_or_of_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        with pytest.raises(RoundNotOpen):
            remind_judges(edition, ROUND, ["J1"], actor=SYSTEM, now=END)
        with pytest.raises(Forbidden):
            remind_judges(edition, ROUND, ["J1"], actor=judge_actor(), now=NOW)
        with pytest.raises(Invalid):
            remind_judges(edition, ROUND, [], actor=SYSTEM, now=NOW)


@pytest.mark.parametrize(("before", "told"), [(4, []), (3, ["J1"]), (2, []), (1, ["J1"]), (0, [])])
def test_by_itself_on_the_days_that_are_set(world: World, before: int, told: list[str]) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        # The phase ends at ten in the morning of its last day.
        assert remind_by_itself(edition, now=END - timedelta(days=before, hours=1)) == told


def test_nothing_goes_out_before_seven_in_the_morning(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        assert remind_by_itself(edition, now=END - timedelta(days=3, hours=4)) == []


def test_days_are_set_switched_off_and_refused(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        assert reminder_rule(edition.id) == (DEFAULT_DAYS, "")
        assert save_reminder_rule(edition, "1; 7, 3", "Kế hoạch số 5", actor=SYSTEM, now=NOW)
        assert reminder_rule(edition.id) == ((7, 3, 1), "Kế hoạch số 5")
        assert not save_reminder_rule(edition, "7,3,1", "Kế hoạch số 5", actor=SYSTEM, now=NOW)
        save_reminder_rule(edition, "", "", actor=SYSTEM, now=NOW)
        make_round(edition)
        assert remind_by_itself(edition, now=END - timedelta(days=3, hours=1)) == []
        for typed in ("ba", "-1", "400"):
            with pytest.raises(Invalid):
                save_reminder_rule(edition, typed, "", actor=SYSTEM, now=NOW)


def test_the_job_sends_once_a_day_on_the_editions_clock(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        set_clock(edition.id, END - timedelta(days=3, hours=1))
        view(world.first)
        remind({})
        remind({})
        assert len(letters()) == 1


def test_each_hour_one_job_is_asked_for_in_each_tenant_with_judges(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
    with world.app.app_context():
        remind_each_hour(NOW)
        remind_each_hour(NOW)
    for facts, count in ((world.first, 1), (world.second, 0)):
        with in_tenant(world, facts):
            asked = session().scalars(select(Job).where(Job.kind == "judging.remind"))
            assert len(list(asked)) == count


def test_last_activity_and_what_is_left_are_told_for_each_judge(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2, judges=2)
        later = NOW + timedelta(hours=5)
        lock(edition, first)
        fill(edition, second, now=later)
        one, two = round_outlook(edition, ROUND, later).judges
        assert (one.left, one.total, one.last_at) == (1, 2, later)
        assert (two.left, two.total, two.last_at) == (2, 2, None)


def test_nobody_is_reminded_of_a_dossier_he_cannot_open_yet(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, _second = make_round(edition, entries=2, judges=2)
        set_blind(edition, ROUND, [], is_on=True, actor=SYSTEM, now=NOW)
        assert remind_judges(edition, ROUND, BOTH, actor=SYSTEM, now=NOW) == []
        blind = {"round": ROUND, "edition_id": edition.id, "title": "Máy", "approved_at": NOW}
        session().add(BlindDossier(entry_id=first.id, version=first.version, **blind))
        session().flush()
        lock(edition, first, number=2)

        assert remind_judges(edition, ROUND, BOTH, actor=SYSTEM, now=NOW) == ["J1"]

        assert "bạn còn 1 hồ sơ chưa khóa phiếu" in letters()[0].body
        found = round_outlook(edition, ROUND, NOW)
        assert [(one.left, one.waiting, one.total) for one in found.judges] == [(1, 1, 2), (0, 1, 2)]
        assert found.judges[1].forecast.outlook is Outlook.WAITING
        assert (found.left, found.waiting) == (1, 2)
        assert outstanding_sheets(edition, ROUND) == 3


def test_who_reads_a_dossier_blind_for_another_round_waits_for_it_here_as_well(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition = with_fields(world.first, found)
        (entry,) = make_round(edition, judges=2, round_key="so_khao")
        session().add(BlindRound(edition_id=edition.id, round="chung_khao", is_on=True, changed_at=NOW))
        judge = place_of(edition, entry, round_key="so_khao").judge
        assign(edition.id, "chung_khao", [(judge.id, entry.id)], Way.HAND, now=NOW)

        found_of = {one.number: (one.left, one.waiting) for one in judge_progress(edition, "so_khao")}

        assert found_of == {"J1": (0, 1), "J2": (1, 0)}


def test_a_reserve_of_today_is_foretold_by_the_pace_of_the_round(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries = make_round(edition, entries=5, judges=2)
        for day, entry in enumerate(entries[:4]):
            lock(edition, entry, now=NOW + timedelta(days=day))
        today = NOW + timedelta(days=3)
        for one in session().scalars(select(Assignment)):
            one.at = today

        first, second = round_outlook(edition, ROUND, today).judges

        assert (first.forecast.pace, first.forecast.is_borrowed) == (Fraction(1), False)
        assert (second.forecast.pace, second.forecast.is_borrowed) == (Fraction(1), True)
