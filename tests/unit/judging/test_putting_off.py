"""A judge lays dossiers behind the others of his list, and takes them up again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.queries import desk_queue
from core.judging.services import planning, put_off, take_up
from core.judging.setups import NextBy, Setup
from core.judging.values import Queue
from core.kernel.actor import SYSTEM
from core.kernel.errors import Forbidden
from tests.support.factories import NOW, World
from tests.support.judging import ROUND, fill, judge_actor, make_round, place_of
from tests.support.voting import in_tenant

FIRST, SECOND, THIRD = "TT-K1-0001", "TT-K1-0002", "TT-K1-0003"
MINUTE = timedelta(minutes=1)


def queue_of(edition: EditionView, entry: Entry, *, number: int = 1) -> Queue:
    """The list of J<number>."""
    place = place_of(edition, entry, number=number)
    return desk_queue(edition, place.judge, place.round)


def test_what_was_put_off_stands_last_and_comes_when_nothing_else_is_left(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second, third = make_round(edition, entries=3)
        put_off(place_of(edition, first), actor=judge_actor(), now=NOW)
        queue = queue_of(edition, first)
        assert [row.code for row in queue.rows] == [SECOND, THIRD, FIRST]
        assert (queue.put_off, queue.row(FIRST) == queue.rows[-1]) == (1, True)
        assert queue.next_unscored == queue.rows[0]
        assert queue.unscored_after(THIRD) == SECOND
        fill(edition, second)
        fill(edition, third)
        assert queue_of(edition, first).unscored_after(THIRD) == FIRST


def test_what_is_put_off_again_goes_behind_what_was_put_off_meanwhile(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second, third = make_round(edition, entries=3)
        for minutes, entry in enumerate((first, second, first)):
            put_off(place_of(edition, entry), actor=judge_actor(), now=NOW + minutes * MINUTE)
        assert [row.code for row in queue_of(edition, third).rows] == [THIRD, SECOND, FIRST]


def test_taking_up_gives_the_dossier_its_place_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, _second = make_round(edition, entries=2)
        place = place_of(edition, first)
        put_off(place, actor=judge_actor(), now=NOW)
        take_up(place, actor=judge_actor())
        queue = queue_of(edition, first)
        assert ([row.code for row in queue.rows], queue.put_off) == ([FIRST, SECOND], 0)


def test_a_whole_sheet_is_not_put_off_any_more(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, _second = make_round(edition, entries=2)
        put_off(place_of(edition, first), actor=judge_actor(), now=NOW)
        fill(edition, first)
        queue = queue_of(edition, first)
        assert ([row.code for row in queue.rows], queue.put_off) == ([FIRST, SECOND], 0)


def test_it_goes_behind_those_that_the_fewest_have_finished_too(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        planning.save_setup(edition, ROUND, Setup(next_by=NextBy.LEAST), actor=SYSTEM, now=NOW)
        ahead = queue_of(edition, first).order[0]
        put_off(place_of(edition, first if ahead == FIRST else second), actor=judge_actor(), now=NOW)
        assert queue_of(edition, first).order[-1] == ahead


def test_one_judges_order_is_nobody_elses(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, _second = make_round(edition, entries=2, judges=2)
        put_off(place_of(edition, first), actor=judge_actor(), now=NOW)
        assert [row.code for row in queue_of(edition, first, number=2).rows] == [FIRST, SECOND]
        with pytest.raises(Forbidden):
            put_off(place_of(edition, first), actor=judge_actor(2), now=NOW)
