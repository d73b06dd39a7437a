"""The next round opens over no open deliberation, and over entries that wait for one only with a reason."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.council_room import access_council_room
from core.judging.deliberation_minutes import not_talked_about
from core.judging.deliberation_policies import access_room_entry
from core.judging.errors import RoundUnfinished, StillDeliberated
from core.judging.finalists import Verdict
from core.judging.models import RoundEntry
from core.judging.queries.deliberations import not_deliberated
from core.judging.services import close_deliberation, open_deliberation, open_round
from core.judging.services.finalists import choose
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.errors import Invalid
from tests.support.deliberations import FIRST_ROUND, officer, two_judged
from tests.support.factories import NOW, World
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

FINAL = "chung_khao"
WHY = "Hội đồng xem lại ở vòng sau"


def talk_about(edition: EditionView, entry: Entry, *, closes: bool = False) -> None:
    attendee = access_council_room(edition, officer(), FIRST_ROUND)
    place = access_room_entry(edition, officer(), attendee, entry.code or "")
    talk = open_deliberation(edition, place, "entry", "", actor=officer(), now=NOW)
    if closes:
        close_deliberation(edition, place, talk.id, "Giữ nguyên", actor=officer(), now=NOW)


def in_final() -> int:
    return session().scalars(select(func.count()).where(RoundEntry.round == FINAL)).one()


def test_an_open_deliberation_keeps_the_next_round_closed(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, _first, (entry, _other) = two_judged(world, found, (100, 60), (90, 90))
        talk_about(edition, entry)

        with pytest.raises(StillDeliberated, match="còn 1 hồ sơ đang thảo luận"):
            open_round(edition, FINAL, reason=WHY, actor=SYSTEM, now=NOW)
        with pytest.raises(RoundUnfinished):
            choose(edition, FINAL, entry.code or "", Verdict.IN, WHY, seen=0, actor=SYSTEM, now=NOW)

        assert in_final() == 0


def test_once_it_is_closed_the_round_opens_without_a_reason(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, _first, (entry, _other) = two_judged(world, found, (100, 60), (90, 90))
        talk_about(edition, entry, closes=True)

        assert open_round(edition, FINAL, actor=SYSTEM, now=NOW) == 2

        (line,) = audit.records(subject=f"{edition.key}/{FINAL}", actions=["round.opened"])
        assert "not_deliberated" not in line.data


def test_entries_that_wait_for_a_talk_need_a_reason_which_goes_into_log_and_minutes(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, first, (entry, _other) = two_judged(world, found, (100, 60), (90, 90))
        assert not_deliberated(edition, first) == [entry.code]
        with pytest.raises(Invalid) as refused:
            open_round(edition, FINAL, actor=SYSTEM, now=NOW)
        assert list(refused.value.errors) == ["reason"]
        assert in_final() == 0

        assert open_round(edition, FINAL, reason=f" {WHY} ", actor=SYSTEM, now=NOW) == 2

        (line,) = audit.records(subject=f"{edition.key}/{FINAL}", actions=["round.opened"])
        assert (line.data["not_deliberated"], line.data["reason"]) == ([entry.code], WHY)
        (part,) = not_talked_about(edition, first, NOW)
        assert (sorted(part.entries), part.lines[1]) == ([entry.code], f"Lý do không thảo luận: {WHY}")


def test_a_reason_that_is_too_long_is_told_at_its_place(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, _first, _entries = two_judged(world, found, (100, 60))
        with pytest.raises(Invalid) as refused:
            open_round(edition, FINAL, reason="x" * 1001, actor=SYSTEM, now=NOW)
        assert list(refused.value.errors) == ["reason"]


def test_where_nobody_differs_a_reason_is_not_kept(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, first, _entries = two_judged(world, found, (90, 90))

        open_round(edition, FINAL, reason=WHY, actor=SYSTEM, now=NOW)

        (line,) = audit.records(subject=f"{edition.key}/{FINAL}", actions=["round.opened"])
        assert "reason" not in line.data
        assert [part.lines for part in not_talked_about(edition, first, NOW)] == [()]


@pytest.mark.parametrize("entries", [1, 12])
def test_what_waits_is_found_in_the_same_queries(world: World, entries: int) -> None:
    with in_tenant(world, world.first) as found:
        edition, first, made = two_judged(world, found, *[(100, 60)] * entries)
        with count_queries(world.app) as seen:
            waiting = not_deliberated(edition, first)
        assert waiting == [one.code for one in made]
        assert seen.count == 4, seen
