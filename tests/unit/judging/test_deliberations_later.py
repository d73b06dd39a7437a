"""What becomes of a deliberation when something happens after it: a sheet that is locked late, an entry that leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.services.submission import withdraw
from core.judging.council_room import access_council_room
from core.judging.deliberation_minutes import deliberations as told
from core.judging.deliberation_values import DeviationRow, Standing
from core.judging.errors import DeliberationRefused
from core.judging.queries.deliberations import deliberations_of, deviations, open_deliberations
from core.judging.services import open_deliberation
from core.kernel import audit
from core.kernel.errors import NotFound
from tests.support.deliberations import HIGH, LOW, NEAR, change, closed, differing, officer, opened, room_of
from tests.support.factories import NOW, World
from tests.support.judging import ROUND, lock, make_round
from tests.support.voting import in_tenant

LATER = NOW + timedelta(hours=2)


def only(edition: EditionView) -> DeviationRow:
    """The one row of the officer's list."""
    (row,) = deviations(edition, access_council_room(edition, officer(), ROUND))
    return row


def talked_early(edition: EditionView) -> Entry:
    """J1 and J2 have talked and are close now; J3 has not locked."""
    (entry,) = make_round(edition, judges=3)
    lock(edition, entry, number=1, scores=HIGH)
    lock(edition, entry, number=2, scores=LOW)
    talk = opened(edition, entry, reason="Giám khảo thứ ba đi công tác")
    change(edition, entry, talk)
    closed(edition, entry, talk)
    return entry


class TestLaterSheet:
    def test_a_sheet_that_is_locked_far_away_after_the_talk_brings_the_entry_back(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = talked_early(edition)
            assert (only(edition).standing, only(edition).is_back) == (Standing.CHANGED, False)

            lock(edition, entry, number=3, scores={"doi_moi": "1", "hieu_qua": "1", "kha_nang": "1"})

            assert (only(edition).standing, only(edition).is_back, only(edition).number) == (
                Standing.WAITING,
                True,
                1,
            )

    def test_a_later_sheet_near_the_others_leaves_it_done(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = talked_early(edition)

            lock(edition, entry, number=3, scores=NEAR)

            assert (only(edition).standing, only(edition).is_back) == (Standing.CHANGED, False)

    def test_what_the_talk_knew_and_left_apart_stays_done(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            closed(edition, entry, opened(edition, entry))

            assert (only(edition).standing, only(edition).is_back) == (Standing.KEPT, False)

    def test_a_sheet_locked_while_the_talk_was_open_was_known_to_it(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            (entry,) = make_round(edition, judges=3)
            lock(edition, entry, number=1, scores=HIGH)
            lock(edition, entry, number=2, scores=LOW)
            talk = opened(edition, entry, reason="Sớm")
            lock(edition, entry, number=3, scores=LOW)
            closed(edition, entry, talk)

            assert only(edition).standing is Standing.KEPT

    def test_a_second_talk_takes_it_from_the_list_and_both_stand_in_the_minutes(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = talked_early(edition)
            lock(edition, entry, number=3, scores=LOW)

            again = opened(edition, entry, reason="Có phiếu khóa sau", now=LATER)
            closed(edition, entry, again, "Giữ nguyên", now=LATER)

            assert (only(edition).standing, only(edition).is_back) == (Standing.KEPT, False)
            assert [one.deliberation.number for one in deliberations_of(edition, ROUND)] == [1, 2]
            round_ = edition.rules.deciding_round()
            assert [part.heading for part in told(edition, round_, LATER)] == [
                "Thảo luận lại lần 1",
                "Thảo luận lại lần 2",
            ]


class TestEntryThatLeaves:
    def test_its_open_talk_ends_with_it_and_is_counted_no_more(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            opened(edition, entry)
            assert open_deliberations(edition.id, ROUND) == 1

            withdraw(entry, edition, reason="Tác giả xin rút", actor=officer(), now=LATER)

            assert open_deliberations(edition.id, ROUND) == 0
            (record,) = deliberations_of(edition, ROUND)
            talk = record.deliberation
            assert (talk.state, talk.closed_at, talk.outcome) == ("ended", LATER, "")
            assert talk.after == talk.before
            (line,) = audit.records(actions=["deliberation.closed"])
            assert (line.subject, line.data) == (
                entry.code,
                {"round": ROUND, "number": 1, "changes": 0, "why": "withdrawn"},
            )

    def test_the_minutes_say_why_it_stopped_and_claim_no_agreement(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            opened(edition, entry)
            withdraw(entry, edition, reason="Tác giả xin rút", actor=officer(), now=LATER)

            (part,) = told(edition, edition.rules.deciding_round(), LATER)

            assert "vì hồ sơ rút khỏi kỳ thi" in part.lines[1]
            assert "Các giám khảo giữ nguyên điểm." not in part.lines

    def test_a_closed_talk_stays_as_it_was(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            closed(edition, entry, opened(edition, entry))

            withdraw(entry, edition, reason="Tác giả xin rút", actor=officer(), now=LATER)

            (record,) = deliberations_of(edition, ROUND)
            assert (record.deliberation.state, record.deliberation.closed_at) == ("closed", NOW)

    def test_who_opens_a_talk_as_the_entry_leaves_is_refused(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            place = room_of(edition, entry, officer())
            withdraw(entry, edition, reason="Tác giả xin rút", actor=officer(), now=NOW)

            with pytest.raises(DeliberationRefused):
                open_deliberation(edition, place, "entry", "", actor=officer(), now=NOW)
            with pytest.raises(NotFound):
                room_of(edition, entry, officer())
