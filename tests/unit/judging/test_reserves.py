"""Reserves: exactly what was left unfinished goes over, what was locked stays, nothing is given out twice."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.assigning import Ending, Way, end
from core.judging.council_models import Seat, StandIn
from core.judging.errors import CouncilRefused
from core.judging.models import Assignment, Judge
from core.judging.queries import judge_progress, locked_sheets
from core.judging.seating import waiting_answers
from core.judging.seats import SeatRole
from core.judging.services import (
    CouncilFacts,
    appoint_judge,
    freed_work,
    step_in,
    withdraw_judge,
)
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.errors import Forbidden, NotFound
from core.kernel.mail import Mail
from tests.support.councils import invited, made_council, seated
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import ROUND, fill, judge_account, lock, make_round
from tests.support.voting import in_tenant

RESERVE = "dukhuyet@example.vn"


def left_half_done(edition: EditionView, *, automatic: bool = False) -> tuple[list[Entry], Seat]:
    """J1 locked one of three entries, began another, and left; a reserve waits."""
    entries = make_round(edition, entries=3, judges=2)
    made_council(edition, CouncilFacts(pledge_required=False, reserves_step_in=automatic))
    seat = seated(edition, RESERVE, SeatRole.RESERVE)
    lock(edition, entries[0])
    fill(edition, entries[1])
    withdraw_judge(edition, "J1", "Ốm", actor=SYSTEM, now=NOW)
    return entries, seat


def of_reserve() -> list[tuple[str | None, str, bool]]:
    ask = (
        select(Entry.code, Assignment.way, Assignment.ended_at)
        .select_from(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Judge.number == "J3")
        .order_by(Entry.code)
    )
    return [(row[0], row[1], row[2] is None) for row in session().execute(ask)]


def test_a_reserve_takes_over_exactly_what_is_unfinished(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries, seat = left_half_done(edition)
        assert [(row.number, row.entries) for row in freed_work(edition, ROUND)] == [("J1", 2)]

        taken = step_in(edition, ROUND, "J1", seat.id, actor=SYSTEM, now=NOW)

        assert taken == 2
        assert of_reserve() == [(one.code, Way.RESERVE, True) for one in entries[1:]]
        assert [sheet.judge for sheet in locked_sheets(edition)] == ["J1"]
        assert freed_work(edition, ROUND) == []


def test_it_is_logged_and_the_reserve_is_told(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries, seat = left_half_done(edition)

        step_in(edition, ROUND, "J1", seat.id, actor=SYSTEM, now=NOW)

        (line,) = [one for one in audit.records() if one.action == "council.stood_in"]
        assert line.data == {"for": "J1", "reserve": "J3", "entries": [one.code for one in entries[1:]]}
        (letter,) = session().scalars(select(Mail).where(Mail.kind == "council-stand-in"))
        assert (letter.recipient, "2 hồ sơ" in letter.subject) == (RESERVE, True)


def test_what_was_taken_over_is_not_given_out_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        _entries, seat = left_half_done(edition)
        step_in(edition, ROUND, "J1", seat.id, actor=SYSTEM, now=NOW)

        with pytest.raises(CouncilRefused):
            step_in(edition, ROUND, "J1", seat.id, actor=SYSTEM, now=NOW)

        assert len(session().scalars(select(StandIn)).all()) == 2


def test_who_comes_back_does_not_judge_beside_the_reserve(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        _entries, seat = left_half_done(edition)
        step_in(edition, ROUND, "J1", seat.id, actor=SYSTEM, now=NOW)
        back = invited(edition, judge_account().email or "")
        back.state = "accepted"

        appoint_judge(edition, judge_account().id, actor=SYSTEM, now=NOW)

        assert [(row.number, row.total) for row in judge_progress(edition, ROUND)] == [
            ("J1", 1),
            ("J2", 3),
            ("J3", 2),
        ]


def test_a_sheet_under_a_conflict_is_judged_anew_by_the_reserve(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        made_council(edition, CouncilFacts(pledge_required=False))
        seat = seated(edition, RESERVE, SeatRole.RESERVE)
        lock(edition, entry)
        end(Ending.CONFLICT, entry_id=entry.id, now=NOW)

        taken = step_in(edition, ROUND, "J1", seat.id, actor=SYSTEM, now=NOW)

        assert (taken, locked_sheets(edition)) == (1, [])


def test_where_the_committee_set_it_the_reserve_steps_in_by_himself(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries, _seat = left_half_done(edition, automatic=True)

        assert of_reserve() == [(one.code, Way.RESERVE, True) for one in entries[1:]]


def test_only_an_accepted_reserve_steps_in_and_only_by_the_committee(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        _entries, seat = left_half_done(edition)
        open_seat = invited(edition, "hai@example.vn", SeatRole.RESERVE)
        member = seated(edition, "ba@example.vn")

        for wrong in (open_seat, member):
            with pytest.raises(CouncilRefused):
                step_in(edition, ROUND, "J1", wrong.id, actor=SYSTEM, now=NOW)
        with pytest.raises(NotFound):
            step_in(edition, ROUND, "J9", seat.id, actor=SYSTEM, now=NOW)
        with pytest.raises(Forbidden):
            step_in(edition, ROUND, "J1", seat.id, actor=actor_of(account()), now=NOW)


def test_who_left_is_to_be_replaced_until_a_reserve_has_the_work(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        _entries, seat = left_half_done(edition)
        assert waiting_answers(edition) == {ROUND: (0, 1)}

        step_in(edition, ROUND, "J1", seat.id, actor=SYSTEM, now=NOW)

        assert waiting_answers(edition) == {}
