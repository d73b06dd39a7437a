"""Saving criterion by criterion from devices that each know a part of the sheet: nothing is overwritten unread."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.errors import SheetConflict
from core.judging.queries import sheet_of
from core.judging.services import save_scores
from core.judging.values import Saved
from tests.support.factories import NOW, World
from tests.support.judging import fill, judge_actor, make_round, place_of, points
from tests.support.voting import in_tenant

BLANK: dict[str, Decimal | None] = {"doi_moi": None, "hieu_qua": None, "kha_nang": None}


def change(
    edition: EditionView,
    entry: Entry,
    scores: dict[str, Decimal | None],
    *,
    base: dict[str, Decimal | None],
    revision: int = 0,
    remark: str | None = None,
    base_remark: str | None = None,
) -> Saved:
    """One change of J1's sheet as a device sends it that knew `base`."""
    return save_scores(
        edition,
        place_of(edition, entry),
        scores,
        remark,
        revision,
        base=base,
        base_remark=base_remark,
        actor=judge_actor(),
        now=NOW,
    )


def test_two_devices_that_change_different_criteria_meet_in_one_sheet(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        change(edition, entry, points({"doi_moi": "10"}), base=BLANK)
        both = change(edition, entry, points({"hieu_qua": "20"}), base=BLANK)
        assert (dict(both.sheet.scores), both.sheet.revision) == (
            points({"doi_moi": "10", "hieu_qua": "20"}),
            2,
        )


def test_a_criterion_changed_elsewhere_to_other_points_is_named_and_nothing_is_written(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        first = change(edition, entry, points({"doi_moi": "10"}), base=BLANK)
        with pytest.raises(SheetConflict) as conflict:
            change(edition, entry, points({"doi_moi": "15", "hieu_qua": "20"}), base=BLANK)
        assert conflict.value.fields == ("doi_moi",)
        assert conflict.value.stored == first.sheet
        assert sheet_of(place_of(edition, entry)) == first.sheet


def test_the_same_change_sent_twice_is_one(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        first = change(edition, entry, points({"doi_moi": "10"}), base=BLANK, remark="Tốt", base_remark="")
        again = change(edition, entry, points({"doi_moi": "10"}), base=BLANK, remark="Tốt", base_remark="")
        assert (again.sheet, again.sheet.revision) == (first.sheet, 1)


def test_points_that_were_cleared_elsewhere_are_a_conflict_for_who_knew_them(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        known = fill(edition, entry, scores={"doi_moi": "10"})
        change(edition, entry, {"doi_moi": None}, base=points({"doi_moi": "10"}), revision=known.revision)
        with pytest.raises(SheetConflict) as conflict:
            change(edition, entry, points({"doi_moi": "11"}), base=points({"doi_moi": "10"}), revision=1)
        assert conflict.value.fields == ("doi_moi",)


def test_a_criterion_of_which_the_device_says_nothing_falls_back_to_the_revision(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        fill(edition, entry, scores={"hieu_qua": "20"})
        with pytest.raises(SheetConflict) as conflict:
            change(edition, entry, points({"doi_moi": "10"}), base={})
        assert conflict.value.fields == ("doi_moi",)


def test_a_remark_written_on_two_devices_is_a_conflict_and_beside_other_points_none(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        change(edition, entry, points({"doi_moi": "10"}), base=BLANK)
        written = change(edition, entry, {}, base={}, remark="Cần thêm số liệu", base_remark="")
        assert (written.sheet.remark, written.sheet.revision) == ("Cần thêm số liệu", 2)
        with pytest.raises(SheetConflict) as conflict:
            change(edition, entry, {}, base={}, remark="Tốt", base_remark="")
        assert conflict.value.fields == ("remark",)
