"""Minutes: drafted from what happened, edited by several, fixed for good, and read by each as he may."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from core.contests.values import EditionView
from core.judging.assigning import Way, assign
from core.judging.meeting.ballot_facts import BallotFacts
from core.judging.meeting.ballots import cast, open_ballot
from core.judging.meeting.errors import MeetingRefused, SectionMoved
from core.judging.meeting.minutes import (
    MeetingFacts,
    SectionText,
    access_minutes,
    lines_shown,
    minutes_of,
    save_facts,
    save_section,
    sections_for,
    sections_of,
)
from core.judging.meeting.minutes_drafting import bring_up_to_date, draft_minutes
from core.judging.meeting.minutes_models import Minutes, MinutesSection
from core.judging.meeting.minutes_paper import (
    add_scan,
    digest_seen,
    fix_minutes,
    head_words,
    paper_of,
    scans_of,
)
from core.judging.models import RoundEntry
from core.judging.seats import SeatRole
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.audit import records
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.files import file_key, file_store
from tests.support.councils import seated
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import ROUND, fill, judge_actor, lock
from tests.support.meeting import attendee, conflicted, drawn, make_meeting, secretary
from tests.support.voting import in_tenant


def drafted(edition: EditionView, *, corrects: int | None = None) -> Minutes:
    return draft_minutes(edition, attendee(edition), corrects=corrects, actor=secretary(), now=NOW)


def body_of(minutes: Minutes, key: str) -> str:
    return next(one.body for one in sections_of(minutes) if one.key == key)


def saved(
    edition: EditionView, key: str, body: str, revision: int, *, actor: Actor | None = None
) -> MinutesSection:
    who = actor or secretary()
    typed = SectionText(key, body, revision)
    return save_section(edition, attendee(edition, who), 1, typed, actor=who, now=NOW)


def fixed(edition: EditionView, *, number: int = 1) -> Minutes:
    who = attendee(edition)
    minutes = access_minutes(edition, who, number)
    seen = digest_seen(minutes, sections_for(minutes, who, actor=secretary()))
    return fix_minutes(edition, who, number, seen, actor=secretary(), now=NOW)


def kept(digest: str | None) -> bytes:
    return b"".join(file_store().read(file_key(session().tenant_id, digest or "")))


def test_they_are_drafted_from_draws_ballots_numbers_and_the_council(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition, entries=2)
        drawn(edition, source="Xổ số", said="07")
        facts = BallotFacts("Họp tiếp không?", "Có\nKhông", quorum="half")
        open_ballot(edition, attendee(edition), facts, form_token="t", actor=secretary(), now=NOW)
        for number, choice in ((1, 1), (2, 1), (3, 2)):
            actor = judge_actor(number)
            cast(edition, attendee(edition, actor), 1, choice, actor=actor, now=NOW)

        minutes = drafted(edition)

        assert [one.key for one in sections_of(minutes)] == ["work", "draw-001", "ballot-001", "conclusion"]
        assert "Số hồ sơ trong" in body_of(minutes, "work")
        assert "Giá trị công khai: Xổ số, là 07." in body_of(minutes, "draw-001")
        assert all(one.code in body_of(minutes, "draw-001") for one in made if one.code)
        told = body_of(minutes, "ballot-001")
        assert "Có: 2 phiếu." in told
        assert "Hội đồng chọn “Có” với 2 trên 3 phiếu." in told
        assert "Giám khảo" not in told
        assert {one["role"] for one in minutes.people} == {"secretary", "member"}
        assert all(one["here"] for one in minutes.people)


def test_the_list_of_points_is_drafted_only_when_no_sheet_is_awaited(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_meeting(edition, entries=1, judges=2)
        lock(edition, entry, number=1)
        minutes = drafted(edition)
        assert "result" not in {one.key for one in sections_of(minutes)}
        lock(edition, entry, number=2)

        changed = bring_up_to_date(edition, attendee(edition), 1, actor=secretary(), now=NOW)

        assert changed.changed == 2  # the numbers, and the list
        assert body_of(minutes, "result") == f"1. {entry.code}: {entry.title}, 70,5 điểm."


def test_what_somebody_wrote_is_not_drafted_anew(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_meeting(edition, entries=1, judges=1)
        minutes = drafted(edition)
        saved(edition, "work", "Lời của thư ký.", 0)
        lock(edition, entry)

        bring_up_to_date(edition, attendee(edition), 1, actor=secretary(), now=NOW)

        assert body_of(minutes, "work") == "Lời của thư ký."


def test_two_at_one_section_are_told_and_nothing_is_overwritten(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        seated(edition, "chutich@example.vn", SeatRole.CHAIR)
        minutes = drafted(edition)
        saved(edition, "conclusion", "Bản của thư ký", 0)

        with pytest.raises(SectionMoved) as moved:
            saved(edition, "conclusion", "Bản của chủ tịch", 0)

        assert (moved.value.stored, moved.value.typed) == ("Bản của thư ký", "Bản của chủ tịch")
        assert body_of(minutes, "conclusion") == "Bản của thư ký"
        assert saved(edition, "conclusion", "Bản của thư ký", 0).revision == 1


def test_place_time_and_who_was_absent_are_kept(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        minutes = drafted(edition)
        first, *others = [str(one["seat"]) for one in minutes.people]
        facts = MeetingFacts("Hội trường A", NOW, frozenset(others))

        save_facts(edition, attendee(edition), 1, facts, 0, actor=secretary(), now=NOW)

        assert (minutes.place, minutes.held_at, minutes.revision) == ("Hội trường A", NOW, 1)
        assert [one["seat"] for one in minutes.people if not one["here"]] == [first]
        with pytest.raises(MeetingRefused):
            save_facts(
                edition,
                attendee(edition),
                1,
                MeetingFacts("Phòng B", NOW, frozenset()),
                0,
                actor=secretary(),
                now=NOW,
            )


def test_fixed_minutes_are_kept_as_papers_under_their_hashes_with_the_head_of_the_log(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, entries=2)
        drawn(edition)
        drafted(edition)
        saved(edition, "conclusion", "Hội đồng nhất trí.\nBuổi họp kết thúc lúc 17:00.", 0)
        head = audit.log_head()

        minutes = fixed(edition)

        assert (minutes.state, minutes.log_size, minutes.log_head) == ("fixed", head.size, head.root)
        line = records(actions=["minutes.fixed"])[-1]
        assert line.seq == head.size
        assert line.data == {
            "number": 1,
            "corrects": None,
            "sha256": minutes.sha256,
            "pdf": minutes.pdf,
            "docx": minutes.docx,
            "log_size": head.size,
            "log_head": head.root,
        }
        pdf, docx = kept(minutes.pdf), kept(minutes.docx)
        assert hashlib.sha256(pdf).hexdigest() == minutes.pdf
        words = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
        flat = "".join(words.split())
        for said in (
            "BIÊNBẢN",
            "CỘNGHÒAXÃHỘICHỦNGHĨAVIỆTNAM",
            "HỘIĐỒNGCHUYÊNMÔN",
            "Hộiđồngnhấttrí.",
            head.root,
        ):
            assert said in flat, said
        written = Document(BytesIO(docx))
        paragraphs = [one.text for one in written.paragraphs]
        assert "Hội đồng nhất trí." in paragraphs
        assert any(head.root in one for one in paragraphs)
        assert any(
            "THƯ KÝ" in cell.text for table in written.tables for row in table.rows for cell in row.cells
        )


def test_the_code_on_the_paper_says_the_head_of_the_log(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        drafted(edition)
        minutes = fixed(edition)

        paper = paper_of(edition, minutes, sections_for(minutes, attendee(edition), actor=secretary()))

        assert paper.qr == head_words(minutes.log_size, minutes.log_head, edition)
        assert paper.qr == f"bangvang.head/1 motmot k1 {minutes.log_size} {minutes.log_head}"


def test_nothing_of_fixed_minutes_changes(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        drafted(edition)
        minutes = fixed(edition)
        sha256 = minutes.sha256

        with pytest.raises(MeetingRefused):
            saved(edition, "conclusion", "Sửa trộm", 0)
        with pytest.raises(MeetingRefused):
            bring_up_to_date(edition, attendee(edition), 1, actor=secretary(), now=NOW)
        with pytest.raises(MeetingRefused):
            save_facts(
                edition,
                attendee(edition),
                1,
                MeetingFacts("", None, frozenset()),
                0,
                actor=secretary(),
                now=NOW,
            )

        assert fixed(edition).sha256 == sha256
        assert len(records(actions=["minutes.fixed"])) == 1


def test_who_fixes_must_have_read_what_is_stored(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        minutes = drafted(edition)
        who = attendee(edition)
        seen = digest_seen(minutes, sections_for(minutes, who, actor=secretary()))
        saved(edition, "conclusion", "Thêm sau", 0)

        with pytest.raises(MeetingRefused):
            fix_minutes(edition, who, 1, seen, actor=secretary(), now=NOW)

        assert minutes.state == "draft"


def test_a_correction_is_further_minutes_that_name_the_first(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        drafted(edition)
        saved(edition, "conclusion", "Ghi nhầm", 0)
        fixed(edition)

        second = drafted(edition, corrects=1)

        assert (second.number, second.corrects, body_of(second, "conclusion")) == (2, 1, "Ghi nhầm")
        paper = paper_of(edition, second, sections_for(second, attendee(edition), actor=secretary()))
        words = "".join(run.text for block in paper.blocks for run in getattr(block, "words", ()))
        assert "Biên bản này đính chính Biên bản số 1" in words
        assert [one.state for one in minutes_of(edition, ROUND)] == ["draft", "fixed"]


def test_one_draft_at_a_time(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        assert drafted(edition).id == drafted(edition).id


def test_who_has_a_conflict_reads_other_lines_edits_nothing_of_it_and_does_not_fix(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition)
        drawn(edition)
        seated(edition, "chutich@example.vn", SeatRole.CHAIR)
        minutes = drafted(edition)
        chair = actor_of(account("chutich@example.vn"))
        conflicted(made[0], chair)
        who = attendee(edition, chair)

        shown = {one.key: one for one in sections_for(minutes, who, actor=chair)}

        assert [(one.code or "") in shown["draw-001"].body for one in made[:2]] == [False, True]
        assert shown["draw-001"].hidden == 1
        with pytest.raises(NotFound):
            saved(edition, "draw-001", "Không còn gì", 0, actor=chair)
        seen = digest_seen(minutes, list(shown.values()))
        with pytest.raises(MeetingRefused):
            fix_minutes(edition, who, 1, seen, actor=chair, now=NOW)
        excerpt = paper_of(edition, minutes, list(shown.values()))
        words = "".join(run.text for block in excerpt.blocks for run in getattr(block, "words", ()))
        assert [(one.code or "") in words for one in made[:2]] == [False, True]


def test_a_dossier_named_by_title_alone_hides_the_whole_section(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition)
        made[0].title = "Lò nung bí mật"
        session().flush()
        drafted(edition)
        section = saved(edition, "conclusion", "Hội đồng khen Lò nung bí mật.\nHọp xong.", 0)

        assert section.entries == [made[0].code]
        assert lines_shown(section, frozenset({made[0].code or ""})) == ([], 2)


def test_points_wait_for_who_has_a_sheet_left_to_lock(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, other = make_meeting(edition, entries=2, judges=1)
        lock(edition, entry)
        lock(edition, other)
        minutes = drafted(edition)
        judge = judge_actor()
        assert {one.key: one.waits for one in sections_for(minutes, attendee(edition, judge), actor=judge)}[
            "result"
        ] is False
        late = make_entry(edition, account())
        session().add(RoundEntry(edition_id=edition.id, round=ROUND, entry_id=late.id))
        who = attendee(edition, judge)
        assert who.judge is not None
        assign(edition.id, ROUND, [(who.judge.id, late.id)], Way.HAND, now=NOW)
        fill(edition, late)

        shown = {one.key: one for one in sections_for(minutes, who, actor=judge)}

        assert (shown["result"].waits, shown["result"].body) == (True, "")
        assert shown["work"].waits is False


def test_a_sheet_of_a_dossier_withdrawn_since_keeps_no_points_from_its_judge(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, gone = make_meeting(edition, entries=2, judges=1)
        lock(edition, entry)
        fill(edition, gone)
        gone.state = "withdrawn"
        session().flush()
        minutes = drafted(edition)
        judge = judge_actor()

        shown = {one.key: one for one in sections_for(minutes, attendee(edition, judge), actor=judge)}

        assert (shown["result"].waits, shown["result"].is_whole) == (False, True)


def test_a_member_reads_and_writes_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        drafted(edition)
        with pytest.raises(Forbidden):
            draft_minutes(edition, attendee(edition, judge_actor()), actor=judge_actor(), now=NOW)
        with pytest.raises(Forbidden):
            saved(edition, "conclusion", "Lời thêm", 0, actor=judge_actor())


def test_a_scan_of_the_signed_paper_is_kept_once_and_only_of_fixed_minutes(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        minutes = drafted(edition)
        who = attendee(edition)
        with pytest.raises(MeetingRefused):
            add_scan(edition, who, 1, "ky.pdf", BytesIO(b"%PDF-1.7"), actor=secretary(), now=NOW)
        fixed(edition)
        content = kept(minutes.pdf)

        for _again in range(2):
            add_scan(edition, who, 1, "ky.pdf", BytesIO(content), actor=secretary(), now=NOW)
        with pytest.raises(Invalid):
            add_scan(edition, who, 1, "ky.exe", BytesIO(b"MZ"), actor=secretary(), now=NOW)

        assert [one.name for one in scans_of(minutes)] == ["ky.pdf"]
        assert len(records(actions=["minutes.scanned"])) == 1


def test_the_twins_minutes_do_not_exist_here(world: World) -> None:
    with in_tenant(world, world.second) as edition:
        make_meeting(edition)
        drafted(edition)
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        assert minutes_of(edition, ROUND) == []
        with pytest.raises(NotFound):
            access_minutes(edition, attendee(edition), 1)
