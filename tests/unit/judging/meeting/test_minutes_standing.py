"""Minutes are not fixed stale: what is open or newer is said; and what they tell begins where the last ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.contests.values import EditionView
from core.judging.council_room import access_council_room
from core.judging.finalists import Selection, Ties, Verdict
from core.judging.meeting.ballot_facts import BallotFacts
from core.judging.meeting.ballots import close, open_ballot
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.minutes import (
    MeetingFacts,
    SectionText,
    access_minutes,
    save_facts,
    save_section,
    sections_for,
    sections_of,
)
from core.judging.meeting.minutes_drafting import Refreshed, bring_up_to_date, draft_minutes
from core.judging.meeting.minutes_models import Minutes
from core.judging.meeting.minutes_paper import digest_seen, fix_minutes, paper_of
from core.judging.meeting.minutes_standing import Settled, Standing, settle_section, standing_of
from core.judging.seats import SeatRole
from core.judging.services import CouncilFacts, abstain, step_in, withdraw_judge
from core.judging.services.blinding import set_blind
from core.judging.services.finalists import choose, save_selection
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.paper import Table
from tests.support.councils import made_council, seated
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import ROUND, judge_actor, lock, make_round, place_of
from tests.support.meeting import attendee, conflicted, drawn, make_meeting, secretary
from tests.support.voting import in_tenant
from tests.unit.judging.test_finalists import FINAL, judged_round

LATER = NOW + timedelta(hours=2)


def drafted(edition: EditionView) -> Minutes:
    return draft_minutes(edition, attendee(edition), actor=secretary(), now=NOW)


def bodies(minutes: Minutes) -> dict[str, str]:
    return {one.key: one.body for one in sections_of(minutes)}


def refreshed(edition: EditionView, number: int = 1) -> Refreshed:
    return bring_up_to_date(edition, attendee(edition), number, actor=secretary(), now=LATER)


def saved(edition: EditionView, key: str, body: str, revision: int = 0) -> None:
    typed = SectionText(key, body, revision)
    save_section(edition, attendee(edition), 1, typed, actor=secretary(), now=NOW)


def stands(edition: EditionView, number: int = 1) -> Standing:
    who = attendee(edition)
    minutes = access_minutes(edition, who, number)
    return standing_of(edition, who, minutes, actor=secretary(), now=LATER)


def fixed(edition: EditionView, number: int = 1, *, why: str = "") -> Minutes:
    who = attendee(edition)
    minutes = access_minutes(edition, who, number)
    seen = digest_seen(minutes, sections_for(minutes, who, actor=secretary()))
    return fix_minutes(edition, who, number, seen, why=why, actor=secretary(), now=LATER)


def asked(edition: EditionView, question: str = "Họp tiếp không?", form: str = "b1") -> None:
    facts = BallotFacts(question, "Có\nKhông", quorum="half")
    open_ballot(edition, attendee(edition), facts, form_token=form, actor=secretary(), now=NOW)


def counted(edition: EditionView, number: int = 1) -> None:
    close(edition, attendee(edition), number, actor=secretary(), now=NOW)


def test_an_open_ballot_is_told_and_minutes_are_fixed_only_with_the_reason_which_stands_in_them(
    world: World,
) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        asked(edition)
        drafted(edition)
        assert [one.words for one in stands(edition).open] == ["Biểu quyết lần 1 chưa kiểm phiếu."]
        with pytest.raises(Invalid) as refused:
            fixed(edition)
        assert list(refused.value.errors) == ["why"]

        minutes = fixed(edition, why="Bỏ phiếu tiếp ngày mai")

        assert (minutes.state, bodies(minutes)["open"]) == (
            "fixed",
            "Biểu quyết lần 1 chưa kiểm phiếu.\nLý do vẫn chốt: Bỏ phiếu tiếp ngày mai",
        )


def test_what_happened_since_the_draft_is_told_and_bringing_it_up_to_date_is_enough(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        drafted(edition)
        drawn(edition)
        assert [(one.key, one.by_hand) for one in stands(edition).newer] == [("draw-001", False)]
        with pytest.raises(Invalid):
            fixed(edition)

        refreshed(edition)

        assert (stands(edition).is_clear, fixed(edition).state) == (True, "fixed")


def test_a_section_written_by_hand_is_named_as_older_and_its_leader_chooses(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        asked(edition)
        minutes = drafted(edition)
        saved(edition, "ballot-001", "Hội đồng đang bỏ phiếu.")
        counted(edition)

        found = refreshed(edition)

        assert found == Refreshed(0, ("Biểu quyết lần 1",))
        (newer,) = stands(edition).newer
        assert (newer.key, newer.by_hand, "đang" in " ".join(newer.lines)) == ("ballot-001", True, False)
        who = attendee(edition)
        with pytest.raises(MeetingRefused):
            settle_section(
                edition, who, 1, Settled("ballot-001", "0", keeps=True), actor=secretary(), now=LATER
            )
        kept = Settled("ballot-001", newer.told, keeps=True)
        settle_section(edition, who, 1, kept, actor=secretary(), now=LATER)
        assert (stands(edition).is_clear, bodies(minutes)["ballot-001"]) == (True, "Hội đồng đang bỏ phiếu.")
        taken = Settled("ballot-001", newer.told, keeps=False)
        settle_section(edition, who, 1, taken, actor=secretary(), now=LATER)
        assert bodies(minutes)["ballot-001"].split("\n") == list(newer.lines)


def test_who_is_kept_from_an_open_matter_reads_nothing_of_it_and_does_not_fix(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        drafted(edition)
        asked(edition, f"Có xét lại {entry.code} không?")
        conflicted(entry, secretary())

        standing = stands(edition)

        assert (standing.open, standing.newer, standing.hides) == ((), (), True)
        with pytest.raises(MeetingRefused):
            fixed(edition, why="Vẫn chốt")


def test_what_is_told_no_more_goes_unless_somebody_wrote_in_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition, entries=1, judges=1)
        lock(edition, entry)
        minutes = drafted(edition)
        entry.state = "withdrawn"
        session().flush()

        refreshed(edition)

        assert "result" not in bodies(minutes)


def test_second_minutes_begin_where_the_first_ended(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        drawn(edition)
        asked(edition)
        counted(edition)
        drafted(edition)
        fixed(edition)
        asked(edition, "Trao giải phụ không?", "b2")
        counted(edition, 2)

        second = drafted(edition)

        assert list(bodies(second)) == ["since", "ballot-002", "conclusion"]
        assert bodies(second)["since"].startswith("Biên bản này ghi những việc sau Biên bản số 1, chốt lúc ")
        assert stands(edition, 2).is_clear


def test_who_sits_on_the_council_is_renewed_and_who_left_after_the_meeting_was_there(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, judges=3)
        minutes = drafted(edition)
        first, second, *_rest = [one["seat"] for one in minutes.people if one["role"] == "member"]
        here = frozenset(one["seat"] for one in minutes.people if one["seat"] != second)
        facts = MeetingFacts("", NOW + timedelta(hours=1), here)
        save_facts(edition, attendee(edition), 1, facts, 0, actor=secretary(), now=NOW)
        seated(edition, "moi@example.vn", SeatRole.MEMBER)
        withdraw_judge(edition, "J1", "Ốm", actor=SYSTEM, now=NOW)
        withdraw_judge(edition, "J3", "Chuyển công tác", actor=SYSTEM, now=LATER)
        late = NOW + timedelta(hours=3)

        found = bring_up_to_date(edition, attendee(edition), 1, actor=secretary(), now=late)

        people = {one["seat"]: one["here"] for one in minutes.people}
        assert (first in people, people[second], len(people)) == (False, False, 4)
        assert "Giám khảo 3" in {one["name"] for one in minutes.people}
        assert found.changed >= 1


def test_without_a_council_the_judges_stand_on_the_list(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, entries=1, judges=2)
        officer = actor_of(account("btc@example.vn"))
        who = access_council_room(edition, officer, ROUND)

        minutes = draft_minutes(edition, who, actor=officer, now=NOW)

        assert [(one["name"], one["role"]) for one in minutes.people] == [
            (account("giamkhao@example.vn").name, ""),
            ("Giám khảo 2", ""),
        ]
        paper = paper_of(edition, minutes, sections_for(minutes, who, actor=officer))
        table = next(one for one in paper.blocks if isinstance(one, Table))
        assert "".join(run.text for run in table.rows[1][2]) == "Giám khảo"


def test_abstentions_stand_with_their_reason_and_without_it_in_a_blind_round(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        place = place_of(edition, entry)
        abstain(edition, place, "Tác giả là học trò\ncủa tôi", actor=judge_actor(), now=NOW)
        minutes = drafted(edition)
        assert bodies(minutes)["abstained"] == (
            f"J1 không chấm {entry.code}. Lý do: Tác giả là học trò của tôi"
        )
        set_blind(edition, ROUND, [], is_on=True, actor=SYSTEM, now=NOW)

        refreshed(edition)

        assert bodies(minutes)["abstained"] == f"J1 không chấm {entry.code}."


def test_reserves_and_conflicts_are_told_as_numbers_without_a_name_or_a_dossier(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition, judges=2)
        made_council(edition, CouncilFacts(pledge_required=False))
        seat = seated(edition, "dukhuyet@example.vn", SeatRole.RESERVE)
        conflicted(entry, judge_actor(2))
        withdraw_judge(edition, "J1", "Ốm", actor=SYSTEM, now=NOW)
        step_in(edition, ROUND, "J1", seat.id, actor=SYSTEM, now=NOW)

        told = bodies(drafted(edition))["council"]

        assert told.split("\n") == [
            "J3 (dự khuyết) chấm thay J1: 3 hồ sơ.",
            "1 lượt chấm không thực hiện hoặc không tính vì giám khảo có liên quan với hồ sơ (1 giám khảo).",
        ]


def test_who_goes_on_is_told_with_ties_and_the_committees_choices_and_their_reasons(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, (first, second, third) = judged_round(world, found, 100, 90, 90)
        save_selection(edition, FINAL, Selection(most=2, ties=Ties.DECIDE), actor=SYSTEM, now=NOW)
        officer = actor_of(account("btc@example.vn"))
        who = access_council_room(edition, officer, "so_khao")
        minutes = draft_minutes(edition, who, actor=officer, now=NOW)
        before = bodies(minutes)["going-on"].split("\n")
        for entry, verdict in ((second, Verdict.OUT), (third, Verdict.IN)):
            choose(edition, FINAL, entry.code or "", verdict, "Hội đồng họp", seen=0, actor=officer, now=NOW)

        bring_up_to_date(edition, who, 1, actor=officer, now=NOW)

        final = edition.rules.rounds()[1].name.vi
        assert before[1:] == [
            f"Vào {final}: {first.code}: {first.title}.",
            f"Chờ quyết định vì bằng điểm ở suất cuối: {second.code}: {second.title}.",
            f"Chờ quyết định vì bằng điểm ở suất cuối: {third.code}: {third.title}.",
        ]
        decided = "Ban Tổ chức quyết định, lý do: Hội đồng họp (Cán bộ Thử)"
        assert bodies(minutes)["going-on"].split("\n")[2:] == [
            f"Không vào {final}: {second.code}: {second.title}. {decided}",
            f"Vào {final}, bằng điểm ở suất cuối: {third.code}: {third.title}. {decided}",
        ]
