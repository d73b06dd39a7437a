"""Site visits: planned and told, held and signed by those who were there, fixed; cancelled with a reason."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.minutes import draft_minutes, sections_of
from core.judging.meeting.visit_models import SiteVisit
from core.judging.meeting.visit_paper import fix_visit
from core.judging.meeting.visits import (
    VisitFacts,
    VisitText,
    access_visit,
    add_file,
    cancel_visit,
    files_of,
    goers,
    members_of,
    plan_visit,
    planned_for,
    record_visit,
    sign_visit,
    unsigned,
    visits_of,
)
from core.kernel.actor import Actor
from core.kernel.audit import records
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.files import file_key, file_store
from core.kernel.mail import Mail
from tests.support.entries import account, picture_bytes
from tests.support.factories import NOW, World
from tests.support.judging import ROUND, judge_account, judge_actor
from tests.support.meeting import attendee, conflicted, make_meeting, secretary
from tests.support.voting import in_tenant

AT = NOW + timedelta(days=2)
AFTER = AT + timedelta(hours=3)


def facts(entry: Entry, *numbers: int) -> VisitFacts:
    """J<number> of the council go to the entry."""
    return VisitFacts(
        entry.code or "", AT, "Hợp tác xã chè", frozenset(judge_account(one).id for one in numbers or (1, 2))
    )


def planned(edition: EditionView, entry: Entry, *numbers: int) -> SiteVisit:
    return plan_visit(
        edition, attendee(edition), facts(entry, *numbers), form_token="v1", actor=secretary(), now=NOW
    )


def recorded(
    edition: EditionView, *, found: str = "Máy chạy tốt.", revision: int = 0, actor: Actor | None = None
) -> SiteVisit:
    who = actor or judge_actor()
    present: frozenset[UUID] = frozenset({judge_account(1).id, judge_account(2).id})
    text = VisitText(found, present, revision)
    return record_visit(edition, attendee(edition, who), 1, text, actor=who, now=AFTER)


def signed(edition: EditionView, number: int, revision: int) -> None:
    actor = judge_actor(number)
    sign_visit(edition, attendee(edition, actor), 1, revision, actor=actor, now=AFTER)


def test_the_entrant_is_told_by_letter_and_finds_the_date(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)

        visit = planned(edition, entry)

        (mail,) = session().scalars(select(Mail).where(Mail.kind == "visit-planned"))
        assert mail.recipient == account().email
        assert "Hợp tác xã chè" in mail.body
        assert [one.id for one in planned_for([entry.id], NOW)] == [visit.id]
        assert planned_for([entry.id], AT) == []
        line = records(actions=["visit.planned"])[-1]
        assert (line.subject, line.data["number"], line.data["members"]) == (entry.code, 1, 2)


def test_a_form_sent_twice_plans_and_tells_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)

        assert planned(edition, entry).id == planned(edition, entry).id
        assert len(list(session().scalars(select(Mail).where(Mail.kind == "visit-planned")))) == 1


def test_who_has_a_conflict_does_not_go_and_finds_no_visit(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        conflicted(entry, judge_actor(2))
        assert judge_account(2).id not in {one.account_id for one in goers(edition, ROUND, entry.id)}
        with pytest.raises(Invalid) as refused:
            planned(edition, entry, 1, 2)
        assert list(refused.value.errors) == ["members"]

        planned(edition, entry, 1)

        actor = judge_actor(2)
        with pytest.raises(NotFound):
            access_visit(edition, attendee(edition, actor), 1, actor=actor)


def test_a_leader_with_a_conflict_plans_none_there(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        conflicted(entry, secretary())
        with pytest.raises(Invalid) as refused:
            planned(edition, entry)
        assert list(refused.value.errors) == ["code"]


def test_what_does_not_make_an_appointment_is_told_at_its_place(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        wrong = VisitFacts("KHONG-CO", NOW, "", frozenset())
        with pytest.raises(Invalid) as refused:
            plan_visit(edition, attendee(edition), wrong, form_token="v", actor=secretary(), now=NOW)
        assert sorted(refused.value.errors) == ["code", "day", "members", "place"]


def test_nothing_is_written_before_the_hour(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        planned(edition, entry)
        text = VisitText("Đã xem", frozenset({judge_account().id}), 0)
        with pytest.raises(MeetingRefused):
            record_visit(edition, attendee(edition), 1, text, actor=secretary(), now=NOW)


def test_it_is_fixed_when_all_who_were_there_have_signed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)
        recorded(edition, found="Máy chạy tốt.\nCông suất 200 kg một giờ.")
        signed(edition, 1, 1)
        with pytest.raises(MeetingRefused) as waiting:
            fix_visit(edition, attendee(edition), 1, 1, actor=secretary(), now=AFTER)
        assert "Giám khảo 2" in waiting.value.message
        signed(edition, 2, 1)

        fix_visit(edition, attendee(edition), 1, 1, actor=secretary(), now=AFTER)

        assert (visit.state, unsigned(visit, members_of(visit))) == ("fixed", [])
        assert records(actions=["visit.fixed"])[-1].data["pdf"] == visit.pdf
        pdf = b"".join(file_store().read(file_key(session().tenant_id, visit.pdf or "")))
        words = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
        for said in ("BIÊNBẢNTHẨMĐỊNHTHỰCTẾ", "Côngsuất200kgmộtgiờ.", visit.log_head):
            assert said in words, said
        docx = b"".join(file_store().read(file_key(session().tenant_id, visit.docx or "")))
        assert "Công suất 200 kg một giờ." in [one.text for one in Document(BytesIO(docx)).paragraphs]


def test_a_change_asks_for_the_signatures_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)
        recorded(edition)
        signed(edition, 1, 1)

        recorded(edition, found="Máy chạy tốt, ồn.", revision=1)

        assert len(unsigned(visit, members_of(visit))) == 2
        with pytest.raises(MeetingRefused):
            signed(edition, 1, 1)


def test_two_who_write_are_told_and_nothing_is_overwritten(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)
        recorded(edition, found="Bản một")

        with pytest.raises(MeetingRefused):
            recorded(edition, found="Bản hai", actor=judge_actor(2))

        assert visit.found == "Bản một"
        assert recorded(edition, found="Bản một").revision == 1


def test_pictures_are_looked_at_and_kept_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)
        picture = picture_bytes()
        who = attendee(edition, judge_actor())
        for _again in range(2):
            add_file(edition, who, 1, ("may.jpg", BytesIO(picture)), actor=judge_actor(), now=AFTER)

        with pytest.raises(Invalid) as refused:
            add_file(edition, who, 1, ("may.jpg", BytesIO(b"MZ")), actor=judge_actor(), now=AFTER)

        assert ([one.name for one in files_of(visit)], list(refused.value.errors)) == (["may.jpg"], ["files"])


def test_who_does_not_go_and_does_not_lead_writes_and_signs_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        planned(edition, entry, 1, 2)
        with pytest.raises(Forbidden):
            recorded(edition, actor=judge_actor(3))
        recorded(edition)
        with pytest.raises(MeetingRefused):
            signed(edition, 3, 1)


def test_a_cancelled_visit_stays_with_its_reason_and_the_entrant_is_told_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)

        for _again in range(2):
            cancel_visit(edition, attendee(edition), 1, "Mưa lũ", actor=secretary(), now=NOW)

        assert (visit.state, visit.reason, planned_for([entry.id], NOW)) == ("cancelled", "Mưa lũ", [])
        (mail,) = session().scalars(select(Mail).where(Mail.kind == "visit-cancelled"))
        assert "Mưa lũ" in mail.body
        with pytest.raises(MeetingRefused):
            recorded(edition)


def test_minutes_of_the_council_tell_of_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        planned(edition, entry)
        recorded(edition)

        minutes = draft_minutes(edition, attendee(edition), actor=secretary(), now=AFTER)

        told = next(one for one in sections_of(minutes) if one.key == "visit-001")
        assert (told.entries, "Máy chạy tốt." in told.body, "Giám khảo 2" in told.body) == (
            [entry.code],
            True,
            True,
        )


def test_the_twins_visit_does_not_exist_here(world: World) -> None:
    with in_tenant(world, world.second) as edition:
        entry, *_others = make_meeting(edition)
        planned(edition, entry)
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        assert visits_of(edition, ROUND) == []
        with pytest.raises(NotFound):
            access_visit(edition, attendee(edition), 1, actor=secretary())
