"""Choosing others to go on a planned visit: who is told, who may not be chosen, and what does not change it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.visit_changes import NewGoers, cancel_visit, change_goers
from core.judging.meeting.visit_models import SiteVisit
from core.judging.meeting.visit_record import VisitText, record_visit
from core.judging.meeting.visits import VisitFacts, members_of, plan_visit
from core.kernel.actor import Actor
from core.kernel.audit import records
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.formats import datetime_
from core.kernel.mail import Mail
from tests.support.factories import NOW, World
from tests.support.judging import judge_account, judge_actor
from tests.support.meeting import attendee, conflicted, make_meeting, secretary
from tests.support.voting import in_tenant

AT = NOW + timedelta(days=2)


def accounts(*numbers: int) -> frozenset[UUID]:
    """The accounts of J<number>."""
    return frozenset(judge_account(one).id for one in numbers)


def planned(edition: EditionView, entry: Entry, *numbers: int) -> SiteVisit:
    """J<number> of the council are to go to the entry."""
    facts = VisitFacts(entry.code or "", AT, "Hợp tác xã chè", accounts(*numbers))
    return plan_visit(edition, attendee(edition), facts, form_token="v1", actor=secretary(), now=NOW)


def changed(
    edition: EditionView,
    *numbers: int,
    seen: tuple[int, ...] = (1, 2),
    reason: str = "Bận đột xuất",
    actor: Actor | None = None,
    now: datetime = NOW,
) -> SiteVisit:
    """A leader whose page showed `seen` lets J<number> go."""
    who = actor or secretary()
    typed = NewGoers(accounts(*numbers), accounts(*seen), reason)
    return change_goers(edition, attendee(edition, who), 1, typed, actor=who, now=now)


def told(kind: str) -> list[str | None]:
    """Who has a letter of this kind."""
    return list(session().scalars(select(Mail.recipient).where(Mail.kind == kind).order_by(Mail.recipient)))


def test_who_comes_in_is_told_all_of_it_and_who_goes_out_why(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry, 1, 2)

        changed(edition, 1, 3)

        assert {one.account_id for one in members_of(visit)} == accounts(1, 3)
        assert set(told("visit-goer-planned")) == {judge_account(one).email for one in (1, 2, 3)}
        (left,) = session().scalars(select(Mail).where(Mail.kind == "visit-goer-released"))
        assert left.recipient == judge_account(2).email
        assert all(said in left.body for said in ("Bận đột xuất", datetime_(AT), entry.code or ""))
        assert entry.title not in left.body
        assert len(told("visit-planned")) == 1  # the entrant, when it was planned
        line = records(actions=["visit.goers_changed"])[-1]
        assert (line.subject, line.data) == (entry.code, {"number": 1, "came": 1, "left": 1})


def test_who_goes_out_and_comes_in_again_is_told_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        planned(edition, entry, 1, 2)
        changed(edition, 1)

        changed(edition, 1, 2, seen=(1,))

        assert told("visit-goer-planned").count(judge_account(2).email) == 2


def test_the_same_form_sent_twice_changes_and_tells_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry, 1, 2)

        for _again in range(2):
            changed(edition, 1, 3)

        assert {one.account_id for one in members_of(visit)} == accounts(1, 3)
        assert (len(told("visit-goer-released")), len(records(actions=["visit.goers_changed"]))) == (1, 1)


def test_a_second_leader_is_told_that_others_were_chosen_and_changes_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry, 1, 2)
        changed(edition, 1, 3)

        with pytest.raises(MeetingRefused, match="vừa đổi người đi"):
            changed(edition, 2, 3)

        assert {one.account_id for one in members_of(visit)} == accounts(1, 3)


@pytest.mark.parametrize(
    ("numbers", "reason", "fields"),
    [((), "Bận", ["members"]), ((1, 2), "Bận", ["members"]), ((1,), " ", ["because"])],
    ids=["nobody", "nobody changes", "no reason"],
)
def test_what_does_not_make_a_change_is_told_at_its_place(
    world: World, numbers: tuple[int, ...], reason: str, fields: list[str]
) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry, 1, 2)

        with pytest.raises(Invalid) as refused:
            changed(edition, *numbers, reason=reason)

        assert sorted(refused.value.errors) == fields
        assert {one.account_id for one in members_of(visit)} == accounts(1, 2)


def test_who_has_a_conflict_is_not_chosen(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry, 1, 2)
        conflicted(entry, judge_actor(3))

        with pytest.raises(Invalid) as refused:
            changed(edition, 1, 3)

        assert list(refused.value.errors) == ["members"]
        assert {one.account_id for one in members_of(visit)} == accounts(1, 2)


def test_who_goes_out_because_of_a_conflict_is_told_nothing_of_the_dossier(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry, 1, 2)
        conflicted(entry, judge_actor(2))

        changed(edition, 1)

        assert {one.account_id for one in members_of(visit)} == accounts(1)
        assert told("visit-goer-released") == []


def test_a_visit_that_took_place_or_is_off_keeps_who_went(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry, 1, 2)
        after = AT + timedelta(hours=3)
        text = VisitText("Máy chạy tốt.", frozenset({judge_account(1).id}), 0)
        record_visit(edition, attendee(edition, judge_actor()), 1, text, actor=judge_actor(), now=after)
        with pytest.raises(MeetingRefused):
            changed(edition, 1, now=after)
        assert {one.account_id for one in members_of(visit)} == accounts(1, 2)


def test_a_cancelled_visit_is_not_given_to_others(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        planned(edition, entry, 1, 2)
        cancel_visit(edition, attendee(edition), 1, "Mưa lũ", actor=secretary(), now=NOW)
        with pytest.raises(MeetingRefused):
            changed(edition, 1)


def test_a_member_chooses_nobody_and_a_leader_with_a_conflict_finds_no_visit(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        planned(edition, entry, 1, 2)
        with pytest.raises(Forbidden):
            changed(edition, 1, actor=judge_actor())
        conflicted(entry, secretary())
        with pytest.raises(NotFound):
            changed(edition, 1)
