"""Site visits: planned and told, held and signed by those who were there, fixed; cancelled with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.minutes import sections_of
from core.judging.meeting.minutes_drafting import draft_minutes
from core.judging.meeting.minutes_paper import head_words
from core.judging.meeting.visit_changes import NewDate, cancel_visit, move_visit
from core.judging.meeting.visit_goers import goers
from core.judging.meeting.visit_models import SiteVisit
from core.judging.meeting.visit_paper import fix_visit, visit_paper
from core.judging.meeting.visit_record import (
    VisitText,
    add_file,
    record_visit,
)
from core.judging.meeting.visit_signing import sign_visit, unsigned
from core.judging.meeting.visits import (
    VisitFacts,
    access_visit,
    files_of,
    members_of,
    moves_of,
    plan_visit,
    planned_for,
    title_of,
    visits_of,
)
from core.judging.services.blinding import set_blind
from core.kernel.actor import SYSTEM, Actor
from core.kernel.audit import records
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.files import file_key, file_store
from core.kernel.formats import datetime_
from core.kernel.mail import Mail
from core.kernel.paper import Paragraph
from tests.support.entries import account, picture_bytes
from tests.support.factories import NOW, World
from tests.support.judging import ROUND, judge_account, judge_actor
from tests.support.meeting import attendee, conflicted, make_meeting, secretary
from tests.support.qr import codes_on
from tests.support.voting import in_tenant

AT = NOW + timedelta(days=2)
AFTER = AT + timedelta(hours=3)
LATER = AT + timedelta(days=5)


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


def moved(
    edition: EditionView,
    *,
    at: datetime | None = LATER,
    place: str = "Hợp tác xã chè",
    why: str = "Mưa lũ",
    moves: int = 0,
    now: datetime = NOW,
    actor: Actor | None = None,
) -> SiteVisit:
    who = actor or secretary()
    typed = NewDate(at, place, why, moves)
    return move_visit(edition, attendee(edition, who), 1, typed, actor=who, now=now)


def letters(kind: str) -> list[Mail]:
    return list(session().scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.recipient)))


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
        head = head_words(visit.log_size, visit.log_head, edition)
        assert [code for page in codes_on(pdf) for code in page] == [head]
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


def test_a_moved_visit_keeps_its_date_before_and_tells_the_entrant_and_who_goes(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)

        moved(edition, place="Xưởng chè La Bằng")

        assert (visit.state, visit.at, visit.place) == ("planned", LATER, "Xưởng chè La Bằng")
        (move,) = moves_of([visit.id])
        assert (move.was_at, move.was_place, move.reason) == (AT, "Hợp tác xã chè", "Mưa lũ")
        assert [one.at for one in planned_for([entry.id], NOW)] == [LATER]
        (told,) = letters("visit-moved")
        assert told.recipient == account().email
        for said in ("Xưởng chè La Bằng", "Hợp tác xã chè", "Mưa lũ", datetime_(AT), datetime_(LATER)):
            assert said in told.body, said
        goers_told = letters("visit-goer-moved")
        assert {one.recipient for one in goers_told} == {judge_account(1).email, judge_account(2).email}
        assert all(entry.title not in one.body and datetime_(LATER) in one.body for one in goers_told)
        line = records(actions=["visit.moved"])[-1]
        assert line.subject == entry.code
        assert line.data == {
            "number": 1,
            "move": 1,
            "was_at": AT.isoformat(),
            "at": LATER.isoformat(),
        }


def test_who_goes_is_told_of_the_plan_and_that_it_is_off(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        planned(edition, entry, 1)
        cancel_visit(edition, attendee(edition), 1, "Mưa lũ", actor=secretary(), now=NOW)

        assert [one.recipient for one in letters("visit-goer-planned")] == [judge_account(1).email]
        assert [one.recipient for one in letters("visit-goer-cancelled")] == [judge_account(1).email]


def test_who_has_a_conflict_since_is_told_nothing_of_the_new_date(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        planned(edition, entry, 1, 2)
        conflicted(entry, judge_actor(2))

        moved(edition)

        assert [one.recipient for one in letters("visit-goer-moved")] == [judge_account(1).email]


def test_the_same_move_sent_twice_moves_and_tells_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)

        for _again in range(2):
            moved(edition)

        assert (len(moves_of([visit.id])), len(letters("visit-moved"))) == (1, 1)
        assert len(records(actions=["visit.moved"])) == 1


def test_a_second_officer_is_told_the_new_date_and_moves_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)
        moved(edition)

        with pytest.raises(MeetingRefused) as refused:
            moved(edition, at=LATER + timedelta(days=1))

        assert datetime_(LATER) in refused.value.message
        assert (visit.at, len(moves_of([visit.id]))) == (LATER, 1)
        moved(edition, at=LATER + timedelta(days=1), moves=1)
        assert [one.was_at for one in moves_of([visit.id])] == [AT, LATER]


@pytest.mark.parametrize(
    ("at", "place", "why", "fields"),
    [
        (None, "Nơi khác", "Mưa", ["day"]),
        (NOW, "Nơi khác", "Mưa", ["day"]),
        (AT, "Hợp tác xã chè", "Mưa", ["day"]),
        (LATER, "", "", ["place", "why"]),
    ],
)
def test_what_does_not_make_a_move_is_told_at_its_place(
    world: World, at: datetime | None, place: str, why: str, fields: list[str]
) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)
        with pytest.raises(Invalid) as refused:
            moved(edition, at=at, place=place, why=why)
        assert (sorted(refused.value.errors), moves_of([visit.id])) == (fields, [])


def test_a_visit_that_took_place_or_is_off_is_not_moved(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)
        recorded(edition)
        with pytest.raises(MeetingRefused) as refused:
            moved(edition, now=AFTER)
        assert "đã diễn ra" in refused.value.message
        visit.state = "cancelled"
        with pytest.raises(MeetingRefused) as off:
            moved(edition, now=AFTER)
        assert "đã hủy" in off.value.message
        assert (visit.at, moves_of([visit.id])) == (AT, [])


def test_a_visit_that_did_not_come_about_is_moved_after_its_hour(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)

        moved(edition, now=AFTER)

        assert (visit.at, visit.state) == (LATER, "planned")
        with pytest.raises(MeetingRefused):
            recorded(edition)


def test_a_member_moves_nothing_and_a_leader_with_a_conflict_finds_no_visit(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        planned(edition, entry)
        with pytest.raises(Forbidden):
            moved(edition, actor=judge_actor())
        conflicted(entry, secretary())
        with pytest.raises(NotFound):
            moved(edition)


def test_the_dates_before_stand_in_its_paper_and_in_the_minutes(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)
        moved(edition, at=AT + timedelta(hours=1))
        recorded(edition)

        paper = visit_paper(edition, visit, members_of(visit), [])
        minutes = draft_minutes(edition, attendee(edition), actor=secretary(), now=AFTER)

        said = f"Trước đó hẹn lúc {datetime_(AT)}, tại Hợp tác xã chè;"
        lines = ["".join(run.text for run in one.words) for one in paper.blocks if isinstance(one, Paragraph)]
        assert [one.endswith("Lý do: Mưa lũ") for one in lines if one.startswith(said)] == [True]
        told = next(one for one in sections_of(minutes) if one.key == "visit-001")
        assert said in told.body


def test_in_a_blind_round_the_visit_is_named_by_its_code(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        visit = planned(edition, entry)
        set_blind(edition, ROUND, [], is_on=True, actor=SYSTEM, now=NOW)

        paper = visit_paper(edition, visit, members_of(visit), [])

        assert (title_of(edition, visit), paper.subtitle) == (entry.code, entry.code)


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
