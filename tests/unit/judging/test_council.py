"""The council and its rounds: numbers that stay, rounds that open when the rules say so, progress without scores."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from core.contests.models import Edition
from core.contests.policies import PhaseClosed
from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.errors import RoundNotOpen, RoundUnfinished
from core.judging.models import Sheet, SheetScore
from core.judging.queries import (
    desk_queue,
    entry_progress,
    judge_progress,
    locked_sheets,
    open_rounds,
    passing,
    round_standings,
    round_totals,
    sheets_unlike_their_commitment,
)
from core.judging.services import appoint_judge, open_round, save_scores, withdraw_judge
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.support.judging import (
    ROUND,
    fill,
    judge_actor,
    lock,
    make_council,
    make_round,
    place_of,
    points,
)
from tests.support.voting import in_tenant

END = NOW + timedelta(days=10)


def test_judges_are_numbered_and_keep_their_number(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        council = make_council(edition, judges=2)
        withdraw_judge(edition, "J1", "Đi công tác", actor=SYSTEM, now=NOW)
        back = appoint_judge(edition, council[0].account_id, actor=SYSTEM, now=NOW)
        third = appoint_judge(edition, make_account("ba@example.vn").id, actor=SYSTEM, now=NOW)
        assert [one.number for one in (*council, back, third)] == ["J1", "J2", "J1", "J3"]
        assert "judge" in account("ba@example.vn").roles


def test_the_twin_tenant_counts_its_judges_by_itself(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_council(edition, judges=3)
    with in_tenant(world, world.second) as edition:
        assert [one.number for one in make_council(edition)] == ["J1"]
        assert [row.number for row in judge_progress(edition, ROUND)] == ["J1"]


def test_only_the_committee_appoints_withdraws_and_opens(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        actor = judge_actor()
        with pytest.raises(Forbidden):
            appoint_judge(edition, account().id, actor=actor, now=NOW)
        with pytest.raises(Forbidden):
            withdraw_judge(edition, "J1", "lý do", actor=actor, now=NOW)
        with pytest.raises(Forbidden):
            open_round(edition, ROUND, actor=actor, now=NOW)


def test_opening_the_first_round_takes_accepted_entries_and_freezes_the_rules(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        owner, chief = account(), actor_of(account("btc@example.vn"))
        accepted = make_entry(edition, owner, published=False)
        make_entry(edition, owner, state="submitted")
        make_entry(edition, owner, state="refused")
        assert open_round(edition, ROUND, actor=chief, now=NOW) == 1
        late = make_entry(edition, owner)
        assert open_round(edition, ROUND, actor=chief, now=NOW) == 1
        assert open_round(edition, ROUND, actor=chief, now=NOW) == 0
        rows, total = entry_progress(edition, ROUND)
        assert ([row.code for row in rows], total) == ([accepted.code, late.code], 2)
        assert session().get_one(Edition, (session().tenant_id, edition.id)).frozen is not None


def test_a_round_without_entries_or_after_the_end_does_not_open(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        with pytest.raises(RoundNotOpen):
            open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        make_entry(edition, account())
        with pytest.raises(PhaseClosed):
            open_round(edition, ROUND, actor=SYSTEM, now=END)
        assert open_round(edition, ROUND, actor=SYSTEM, now=END - timedelta(seconds=1)) == 1


def test_progress_counts_sheets_and_leaves_out_entries_that_left(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second, gone = make_round(edition, entries=3, judges=2)
        lock(edition, first, number=1)
        fill(edition, second, number=1)
        lock(edition, gone, number=1)
        gone.state = "withdrawn"
        session().flush()
        council = judge_progress(edition, ROUND)
        assert [(row.number, row.locked, row.drafts, row.abstained, row.total) for row in council] == [
            ("J1", 1, 1, 0, 2),
            ("J2", 0, 0, 0, 2),
        ]
        (standing,) = round_standings(edition)
        assert (standing.entries, standing.locked, standing.expected) == (2, 1, 4)
        rows, _total = entry_progress(edition, ROUND)
        assert [(row.code, row.locked, row.drafts, row.is_complete) for row in rows] == [
            (first.code, 1, 0, False),
            (second.code, 0, 1, False),
        ]
        assert [row.entry for row in locked_sheets(edition)] == [first.code, gone.code]
        place = place_of(edition, first)
        assert [row.code for row in desk_queue(edition, place.judge, place.round).rows] == [
            first.code,
            second.code,
        ]


def test_a_judge_who_leaves_keeps_his_locked_sheets_and_is_not_waited_for(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock(edition, entry, number=1)
        withdraw_judge(edition, "J1", "Nghỉ", actor=SYSTEM, now=NOW)
        lock(edition, entry, number=2)
        ((row,), _total) = entry_progress(edition, ROUND)
        assert (row.locked, row.judges, row.is_complete) == (2, 1, True)
        assert [sheet.judge for sheet in locked_sheets(edition)] == ["J1", "J2"]
        with pytest.raises(Invalid):
            withdraw_judge(edition, "J2", "", actor=SYSTEM, now=NOW)


def test_round_totals_are_the_rules_own_means(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock(edition, entry, number=1)
        lock(edition, entry, number=2, scores={"doi_moi": "10", "hieu_qua": "20", "kha_nang": "20"})
        judging_round = edition.rules.deciding_round()
        assert round_totals(edition, judging_round) == {entry.code: Decimal("60.25")}


def test_the_final_takes_who_reaches_the_threshold_after_all_sheets_are_in(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = _two_rounds(world, first_view)
        good, poor = make_round(edition, entries=2, round_key="so_khao")
        most = {one.key: str(one.maximum) for one in edition.rules.rounds()[0].criteria}
        least = dict.fromkeys(most, "0")
        lock(edition, good, scores=most, round_key="so_khao")
        with pytest.raises(RoundUnfinished):
            open_round(edition, "chung_khao", actor=SYSTEM, now=NOW)
        lock(edition, poor, scores=least, round_key="so_khao")
        assert [(row.code, row.passes) for row in passing(edition, edition.rules.rounds()[0])] == [
            (good.code, True),
            (poor.code, False),
        ]
        assert open_round(edition, "chung_khao", actor=SYSTEM, now=NOW) == 1
        assert [one.key for one in open_rounds(edition)] == ["so_khao", "chung_khao"]
        rows, _total = entry_progress(edition, "chung_khao")
        assert [row.code for row in rows] == [good.code]


def test_an_earlier_round_is_closed_once_the_next_is_open(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = _two_rounds(world, first_view)
        (entry,) = make_round(edition, round_key="so_khao")
        most = {one.key: str(one.maximum) for one in edition.rules.rounds()[0].criteria}
        lock(edition, entry, scores=most, round_key="so_khao")
        open_round(edition, "chung_khao", actor=SYSTEM, now=NOW)
        place = place_of(edition, entry, round_key="so_khao")
        with pytest.raises(RoundNotOpen):
            save_scores(edition, place, points({}), "sửa", 0, actor=judge_actor(), now=NOW)
        with pytest.raises(RoundNotOpen):
            open_round(edition, "so_khao", actor=SYSTEM, now=NOW)


def test_a_locked_sheet_changed_in_the_database_is_found(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        lock(edition, first)
        lock(edition, second)
        assert sheets_unlike_their_commitment(edition) == []
        _tamper(first)
        assert sheets_unlike_their_commitment(edition) == [(ROUND, "J1", first.code)]
        assert audit.first_false_record() is None


def _two_rounds(world: World, edition: EditionView) -> EditionView:
    """The edition under the rules of Bắc Giang: a preliminary round with a threshold, then the final."""
    stored = session().get_one(Edition, (session().tenant_id, edition.id))
    stored.plugins = ["stkt_base", "bacgiang_stkt"]
    session().flush()
    return view(world.first)


def _tamper(entry: Entry) -> None:
    """Change points behind the application's back."""
    own = select(Sheet.id).where(Sheet.entry_id == entry.id)
    statement = update(SheetScore).where(SheetScore.criterion == "doi_moi", SheetScore.sheet_id.in_(own))
    session().execute(statement.values(points=Decimal(20)), execution_options={"synchronize_session": False})
