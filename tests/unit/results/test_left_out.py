"""The page of results as it is shown to who has a conflict with one of its entries."""

from __future__ import annotations

from core.results.pipeline import pipeline_of, without
from tests.support.factories import World
from tests.support.results import LATER, computed, judge_edition
from tests.support.voting import in_tenant


def test_nothing_of_an_entry_that_the_reader_has_a_conflict_with_is_shown(world: World) -> None:
    with in_tenant(world, world.first):
        judged = judge_edition(world.first)
        computed(judged)
        whole = pipeline_of(judged.edition, LATER)
        code = judged.codes[0]

        shown = without(whole, {code})

        told = (shown.rows, shown.specials, shown.not_ranked, shown.steps)
        assert code in repr((whole.rows, whole.specials, whole.not_ranked, whole.steps))
        assert code not in repr(told)
        assert len(shown.rows) == len(whole.rows) - 1
        assert without(whole, ()) is whole
