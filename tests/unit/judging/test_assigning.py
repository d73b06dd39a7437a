"""Who is to judge what: begun with the round, ended with a reason, and all that follows from it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from core.judging.assigning import Ending, Way, assign, end, is_assigned
from core.judging.models import Assignment, Judge
from core.judging.policies import access_sheet
from core.judging.queries import (
    desk_queue,
    entry_progress,
    judge_progress,
    locked_sheets,
    outstanding_sheets,
    round_standings,
)
from core.judging.services import appoint_judge, withdraw_judge
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.errors import NotFound
from tests.support.factories import NOW, World, make_account
from tests.support.judging import ROUND, fill, judge_account, judge_actor, lock, make_round, place_of
from tests.support.voting import in_tenant


def assigned() -> list[tuple[str, str, str]]:
    """Number of the judge, how it came about and why it ended, of each assignment of the bound tenant."""
    ask = select(Judge.number, Assignment.way, Assignment.why).join(Judge, Judge.id == Assignment.judge_id)
    return sorted((row[0], row[1], row[2]) for row in session().execute(ask))


def judge_id(number: str) -> UUID:
    return session().scalars(select(Judge.id).where(Judge.number == number)).one()


def test_a_round_that_opens_is_put_before_the_whole_council(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, entries=2, judges=2)

        assert assigned() == [("J1", "whole", "")] * 2 + [("J2", "whole", "")] * 2


def test_who_joins_later_judges_the_round_that_is_open(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, entries=2)

        late = appoint_judge(edition, make_account("moi@example.vn").id, actor=SYSTEM, now=NOW)

        assert [row.total for row in judge_progress(edition, ROUND)] == [2, 2]
        assert len(desk_queue(edition, late, edition.rules.rounds()[0]).rows) == 2


def test_who_leaves_is_awaited_no_more_and_what_he_finished_stands(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        done, half = make_round(edition, entries=2, judges=2)
        lock(edition, done, number=1)
        fill(edition, half, number=1)

        withdraw_judge(edition, "J1", "Nghỉ", actor=SYSTEM, now=NOW)

        assert assigned() == [("J1", "whole", ""), ("J1", "whole", "left"), *[("J2", "whole", "")] * 2]
        (standing,) = round_standings(edition)
        assert (standing.locked, standing.expected) == (1, 3)
        assert outstanding_sheets(edition, ROUND) == 2


def test_an_entry_waits_for_who_stayed_even_when_who_left_had_locked(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock(edition, entry, number=1)
        withdraw_judge(edition, "J1", "Nghỉ", actor=SYSTEM, now=NOW)

        ((row,), _total) = entry_progress(edition, ROUND)

        assert (row.locked, row.judges, row.awaited, row.is_complete) == (1, 1, 1, False)


def test_who_comes_back_goes_on_where_he_was(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        fill(edition, entry, number=1)
        withdraw_judge(edition, "J1", "Nghỉ", actor=SYSTEM, now=NOW)

        appoint_judge(edition, judge_account(1).id, actor=SYSTEM, now=NOW)

        assert assigned() == [("J1", "whole", ""), ("J2", "whole", "")]
        assert place_of(edition, entry, number=1).judge.number == "J1"


def test_a_conflict_closes_the_dossier_and_takes_the_sheet_out_of_the_count(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock(edition, entry, number=1)
        lock(edition, entry, number=2)

        end(Ending.CONFLICT, judge_id=judge_id("J1"), entry_id=entry.id, now=NOW)

        assert [sheet.judge for sheet in locked_sheets(edition)] == ["J2"]
        ((row,), _total) = entry_progress(edition, ROUND)
        assert (row.locked, row.judges, row.is_complete) == (1, 1, True)
        with pytest.raises(NotFound):
            access_sheet(edition, judge_actor(1), ROUND, entry.code or "")
        assert not is_assigned(judge_account(1).id, entry)
        assert is_assigned(judge_account(2).id, entry)


def test_a_conflict_is_not_undone_by_assigning_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        end(Ending.CONFLICT, entry_id=entry.id, now=NOW)

        begun = assign(edition.id, ROUND, [(judge_id("J1"), entry.id)], Way.HAND, now=NOW)

        assert (begun, assigned()) == (0, [("J1", "whole", "conflict")])


def test_an_ending_of_nothing_in_particular_is_a_defect(world: World) -> None:
    with in_tenant(world, world.first), pytest.raises(ValueError, match="names a judge or an entry"):
        end(Ending.MOVED, now=NOW)


def test_the_twin_tenant_keeps_its_own(world: World) -> None:
    with in_tenant(world, world.second) as edition:
        make_round(edition)
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        end(Ending.CONFLICT, entry_id=entry.id, now=NOW)
    with in_tenant(world, world.second):
        assert assigned() == [("J1", "whole", "")]
