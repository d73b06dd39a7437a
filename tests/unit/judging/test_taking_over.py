"""A reserve or a newcomer takes over what somebody has not finished."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.assigning import Ending, TakenOver, end, take_over
from core.judging.models import Assignment, Judge
from core.judging.queries import locked_sheets
from core.judging.services import appoint_judge, planning, withdraw_judge
from core.judging.setups import Assigned, Setup
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from tests.support.factories import NOW, World, make_account
from tests.support.judging import ROUND, fill, lock, make_round
from tests.support.voting import in_tenant


def judge_id(number: str) -> UUID:
    return session().scalars(select(Judge.id).where(Judge.number == number)).one()


def of(number: str) -> list[tuple[str, str, str]]:
    """(entry, way, why it ended) of a judge's assignments."""
    ask = (
        select(Entry.code, Assignment.way, Assignment.why)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.judge_id == judge_id(number))
    )
    return sorted((row[0] or "", row[1], row[2]) for row in session().execute(ask))


def with_reserve(edition: EditionView, entries: int) -> tuple[list[Entry], str]:
    """A round that J1 judges, and J2 who joined with nothing."""
    made = make_round(edition, entries=entries)
    planning.save_setup(edition, ROUND, Setup(way=Assigned.PLAN, k=1), actor=SYSTEM, now=NOW)
    return made, appoint_judge(edition, make_account("duphong@example.vn").id, actor=SYSTEM, now=NOW).number


def test_what_is_unfinished_goes_over_and_what_is_locked_stays(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (done, half, untouched), reserve = with_reserve(edition, 3)
        lock(edition, done)
        fill(edition, half)

        taken = take_over(judge_id("J1"), judge_id(reserve), now=NOW)

        assert taken == TakenOver(2, ())
        assert of(reserve) == [(half.code, "reserve", ""), (untouched.code, "reserve", "")]
        assert of("J1") == [
            (done.code, "whole", ""),
            (half.code, "whole", "moved"),
            (untouched.code, "whole", "moved"),
        ]
        assert [(sheet.judge, sheet.entry) for sheet in locked_sheets(edition)] == [("J1", done.code)]


def test_who_has_left_already_is_taken_over_too(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,), reserve = with_reserve(edition, 1)
        withdraw_judge(edition, "J1", "Nghỉ", actor=SYSTEM, now=NOW)

        take_over(judge_id("J1"), judge_id(reserve), now=NOW)

        assert of(reserve) == [(entry.code, "reserve", "")]


def test_taking_over_again_does_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        _entries, reserve = with_reserve(edition, 2)
        take_over(judge_id("J1"), judge_id(reserve), now=NOW)

        assert take_over(judge_id("J1"), judge_id(reserve), now=NOW) == TakenOver(0, ())


def test_an_entry_in_conflict_is_taken_over_when_it_is_named(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry, _other), reserve = with_reserve(edition, 2)
        lock(edition, entry)
        end(Ending.CONFLICT, judge_id=judge_id("J1"), entry_id=entry.id, now=NOW)

        taken = take_over(judge_id("J1"), judge_id(reserve), entry_id=entry.id, now=NOW)

        assert (taken, of(reserve)) == (TakenOver(1, ()), [(entry.code, "reserve", "")])
        assert (entry.code, "whole", "conflict") in of("J1")


def test_what_the_reserve_may_not_judge_stays_and_is_named(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (first, second), reserve = with_reserve(edition, 2)
        second.owner_id = session().scalars(select(Judge.account_id).where(Judge.number == reserve)).one()
        session().flush()

        taken = take_over(judge_id("J1"), judge_id(reserve), now=NOW)

        assert taken == TakenOver(1, (second.id,))
        assert of("J1") == [(first.code, "whole", "moved"), (second.code, "whole", "")]


def test_nobody_takes_over_from_himself(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        with_reserve(edition, 1)

        with pytest.raises(ValueError, match="another judge"):
            take_over(judge_id("J1"), judge_id("J1"), now=NOW)
