"""Who signs what a visit saw: also who has left the council since; and why somebody does not."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.services.submission import withdraw
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.minutes import sections_of
from core.judging.meeting.minutes_drafting import draft_minutes
from core.judging.meeting.visit_changes import NewDate, move_visit
from core.judging.meeting.visit_models import SiteVisit, VisitMember
from core.judging.meeting.visit_paper import fix_visit
from core.judging.meeting.visit_record import VisitText, record_visit
from core.judging.meeting.visit_signing import (
    Waiver,
    access_visit_room,
    is_guest,
    sign_visit,
    unsigned,
    waive_signature,
)
from core.judging.meeting.visits import VisitFacts, members_of, plan_visit, planned_for
from core.judging.services import withdraw_judge
from core.kernel.actor import SYSTEM
from core.kernel.audit import records
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.files import file_key, file_store
from core.kernel.mail import Mail
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import ROUND, judge_account, judge_actor
from tests.support.meeting import attendee, conflicted, make_meeting, secretary
from tests.support.voting import in_tenant

AT = NOW + timedelta(days=2)
AFTER = AT + timedelta(hours=3)
WHY = "Đã chuyển công tác,\nkhông liên lạc được"


def held(edition: EditionView) -> tuple[Entry, SiteVisit]:
    """A visit of J1 and J2 of which J1 wrote; nobody has signed."""
    entry, *_others = make_meeting(edition)
    going = frozenset(judge_account(one).id for one in (1, 2))
    facts = VisitFacts(entry.code or "", AT, "Hợp tác xã chè", going)
    visit = plan_visit(edition, attendee(edition), facts, form_token="v1", actor=secretary(), now=NOW)
    written(edition)
    return entry, visit


def written(edition: EditionView, found: str = "Máy chạy tốt.", revision: int = 0) -> None:
    going = frozenset(judge_account(one).id for one in (1, 2))
    text = VisitText(found, going, revision)
    record_visit(edition, attendee(edition, judge_actor()), 1, text, actor=judge_actor(), now=AFTER)


def signed(edition: EditionView, number: int, revision: int = 1) -> None:
    actor = judge_actor(number)
    who = access_visit_room(edition, actor, ROUND, 1)
    sign_visit(edition, who, 1, revision, actor=actor, now=AFTER)


def waived(edition: EditionView, number: int, why: str = WHY, revision: int = 1) -> VisitMember:
    typed = Waiver(judge_account(number).id, why, revision)
    return waive_signature(edition, attendee(edition), 1, typed, actor=secretary(), now=AFTER)


def fixed(edition: EditionView, revision: int = 1) -> SiteVisit:
    return fix_visit(edition, attendee(edition), 1, revision, actor=secretary(), now=AFTER)


def test_who_was_there_and_left_the_council_since_signs_as_a_guest_of_that_page(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        held(edition)
        withdraw_judge(edition, "J2", "Chuyển công tác", actor=SYSTEM, now=AFTER)
        signed(edition, 1)

        signed(edition, 2)

        who = access_visit_room(edition, judge_actor(2), ROUND, 1)
        assert (is_guest(who), who.leads, who.judge, fixed(edition).state) == (True, False, None, "fixed")
        with pytest.raises(NotFound):
            attendee(edition, judge_actor(2))


def test_the_page_of_a_visit_is_no_way_in_for_who_was_not_there_or_is_kept_from_the_dossier(
    world: World,
) -> None:
    with in_tenant(world, world.first) as edition:
        entry, _visit = held(edition)
        for number in ("J2", "J3"):
            withdraw_judge(edition, number, "Chuyển công tác", actor=SYSTEM, now=AFTER)
        conflicted(entry, judge_actor(2))

        with pytest.raises(NotFound):
            access_visit_room(edition, judge_actor(3), ROUND, 1)
        with pytest.raises(NotFound):
            access_visit_room(edition, judge_actor(2), ROUND, 2)
        with pytest.raises(NotFound):
            signed(edition, 2)


def test_why_somebody_does_not_sign_stands_in_both_minutes_and_he_is_told_as_present(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        held(edition)
        signed(edition, 1)
        with pytest.raises(MeetingRefused):
            fixed(edition)

        waived(edition, 2)

        visit = fixed(edition)
        pdf = b"".join(file_store().read(file_key(session().tenant_id, visit.pdf or "")))
        words = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
        assert "Giámkhảo2khôngký.Lýdo:Đãchuyểncôngtác,khôngliênlạcđược(" in words
        minutes = draft_minutes(edition, attendee(edition), actor=secretary(), now=AFTER)
        told = next(one.body for one in sections_of(minutes) if one.key == "visit-001")
        assert "Giám khảo 2 không ký. Lý do: Đã chuyển công tác, không liên lạc được (" in told
        assert "Giám khảo 2" in next(line for line in told.split("\n") if line.startswith("Người có mặt"))
        line = records(actions=["visit.signature_waived"])[-1]
        assert line.data == {"number": 1, "revision": 1}


def test_a_note_is_of_what_was_written_then_and_a_signature_goes_before_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        _entry, visit = held(edition)
        waived(edition, 2)
        written(edition, "Máy chạy tốt, hơi ồn.", 1)
        assert len(unsigned(visit, members_of(visit))) == 2
        waived(edition, 2, revision=2)

        signed(edition, 2, 2)

        assert [one.name for one in unsigned(visit, members_of(visit))] == [judge_account(1).name]


def test_somebody_must_sign_and_only_a_leader_with_a_reason_notes_who_does_not(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        held(edition)
        with pytest.raises(Invalid) as refused:
            waived(edition, 3, " ")
        assert sorted(refused.value.errors) == ["because", "member"]
        member, typed = attendee(edition, judge_actor()), Waiver(judge_account(2).id, WHY, 1)
        with pytest.raises(Forbidden):
            waive_signature(edition, member, 1, typed, actor=judge_actor(), now=AFTER)
        for _again in range(2):
            waived(edition, 2)

        with pytest.raises(MeetingRefused):
            waived(edition, 1)

        assert len(records(actions=["visit.signature_waived"])) == 1


def test_a_visit_to_a_dossier_withdrawn_since_is_off_and_who_goes_is_told(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, other, *_more = make_meeting(edition)
        for number, one in enumerate((entry, other), start=1):
            facts = VisitFacts(one.code or "", AT, "Hợp tác xã chè", frozenset({judge_account(number).id}))
            plan_visit(edition, attendee(edition), facts, form_token=f"v{number}", actor=secretary(), now=NOW)

        officer = actor_of(account("btc@example.vn"))
        withdraw(entry, edition, reason="Trùng với hồ sơ khác", actor=officer, now=NOW)

        states = select(SiteVisit.state, SiteVisit.reason).order_by(SiteVisit.number)
        assert [tuple(one) for one in session().execute(states)] == [
            ("cancelled", "Hồ sơ đã rút khỏi cuộc thi."),
            ("planned", ""),
        ]
        assert planned_for([entry.id], NOW) == []
        told = session().execute(select(Mail.recipient, Mail.body).where(Mail.kind == "visit-goer-cancelled"))
        assert [(to, "Hồ sơ đã rút khỏi cuộc thi." in body) for to, body in told] == [
            (judge_account(1).email, True)
        ]
        assert records(actions=["visit.cancelled"])[-1].data == {"number": 1, "why": "withdrawn"}
        date = NewDate(AT + timedelta(days=1), "Nơi khác", "Mưa", 0)
        with pytest.raises(MeetingRefused):
            move_visit(edition, attendee(edition), 1, date, actor=secretary(), now=NOW)
