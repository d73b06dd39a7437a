"""Kept totals: what they follow, what they are compared with, and rules that leave nothing to keep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.conflict_models import Conflict
from core.judging.conflict_values import ConflictState, Kind
from core.judging.queries import sheet_of
from core.judging.queries.ranking import RankRow, ranking
from core.judging.services import abstain, decide, declare, lock_sheet, withdraw_judge
from core.judging.totals import check, check_and_mend, looks_across, rebuild, tally_of
from core.judging.totals_jobs import compare_each_night
from core.judging.totals_models import RoundTally, RoundTotal
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.db import session
from core.kernel.jobs import run_due_jobs
from core.plugin_api import (
    Aggregate,
    Plugin,
    PluginInfo,
    Round,
    Sheet,
    Text,
    exact_sum,
    hookimpl,
    mean,
    round_half_up,
)
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.judging import (
    ROUND,
    WHOLE,
    fill,
    judge_actor,
    lock,
    make_round,
    place_of,
)
from tests.support.plugins import enable, installed
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

LOW = {"doi_moi": "10", "hieu_qua": "10", "kha_nang": "10"}


def the_round(edition: EditionView) -> Round:
    return edition.rules.rounds()[0]


def shown(edition: EditionView) -> list[tuple[int, str, Decimal, int]]:
    found = ranking(edition, the_round(edition))
    assert found.is_kept
    return [(row.place, row.code[-1], row.total, row.sheets) for row in found.rows]


def test_a_locked_sheet_stands_in_the_order_at_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2, judges=2)
        lock(edition, first, scores=LOW)
        lock(edition, second)
        lock(edition, second, number=2, scores=LOW)

        assert shown(edition) == [(1, "2", Decimal("50.25"), 2), (2, "1", Decimal(30), 1)]


def test_what_a_row_tells_of_the_sheets(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock(edition, entry, scores=LOW)
        lock(edition, entry, number=2)

        (row,) = ranking(edition, the_round(edition)).rows

        assert row == RankRow(
            place=1,
            code=entry.code or "",
            title=entry.title,
            field=None,
            sheets=2,
            total=Decimal("50.25"),
            mean=Fraction(201, 4),
            least=Decimal(30),
            most=Decimal("70.5"),
        )
        assert row.spread == Decimal("40.5")


def test_equal_totals_share_a_place_and_the_next_is_left_free(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second, third = make_round(edition, entries=3)
        for entry, scores in ((first, WHOLE), (second, WHOLE), (third, LOW)):
            lock(edition, entry, scores=scores)

        assert [place for place, *_rest in shown(edition)] == [1, 1, 3]


def test_places_go_on_over_the_pages_and_ties_keep_theirs(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        for entry in make_round(edition, entries=3):
            lock(edition, entry)
        pages = [ranking(edition, the_round(edition), page=page, per_page=2) for page in (1, 2)]
        assert [[row.place for row in one.rows] for one in pages] == [[1, 1], [1]]
        assert len({row.code for one in pages for row in one.rows}) == 3


def test_drafts_and_abstentions_are_not_in_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        fill(edition, first)
        abstain(edition, place_of(edition, second), "Người quen", actor=judge_actor(), now=NOW)

        assert ranking(edition, the_round(edition)).rows == ()


def test_a_sheet_under_a_conflict_leaves_and_comes_back_when_it_is_dismissed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock(edition, entry, scores=LOW)
        lock(edition, entry, number=2)
        declare([entry], [Kind.FAMILY.value], "", actor=judge_actor(1), now=NOW)
        assert shown(edition) == [(1, "1", Decimal("70.5"), 1)]
        held = session().scalars(select(Conflict)).one()

        decide({held.id: held.revision}, ConflictState.DISMISSED, "Nhầm", actor=officer(), now=NOW)

        assert shown(edition) == [(1, "1", Decimal("50.25"), 2)]


def test_what_who_left_had_locked_stays(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock(edition, entry)
        withdraw_judge(edition, "J1", "Nghỉ", actor=SYSTEM, now=NOW)
        assert shown(edition) == [(1, "1", Decimal("70.5"), 1)]


def test_an_entry_that_leaves_the_contest_leaves_the_order(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        lock(edition, first)
        lock(edition, second)
        session().flush()
        first.state = "withdrawn"
        session().flush()

        assert [code for _place, code, *_rest in shown(edition)] == ["2"]
        tally = tally_of(edition.id, ROUND)
        assert tally is not None
        assert tally.entries == 1


def test_totals_are_stored_with_the_commit_and_a_rollback_leaves_them(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        lock(edition, first)
    with in_tenant(world, world.first) as edition:
        assert len(list(session().scalars(select(RoundTotal)))) == 1
        lock(edition, session().merge(second))
        session().rollback()
        assert [code for _place, code, *_rest in shown(edition)] == ["1"]
        assert check(edition, the_round(edition)).differences == ()


def test_the_comparison_tells_what_was_changed_behind_our_back_and_the_rebuild_mends_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        lock(edition, first)
        lock(edition, second)
        session().commit()
        session().execute(
            update(RoundTotal).where(RoundTotal.entry_id == first.id).values(total=Decimal(80)),
            execution_options={"synchronize_session": False},
        )
        session().expire_all()

        (told,) = check(edition, the_round(edition)).differences
        assert told.kept is not None
        assert told.found is not None
        assert (told.entry_id, told.kept.total, told.found.total) == (first.id, Decimal(80), Decimal("70.5"))
        assert len(rebuild(edition, the_round(edition), now=NOW).differences) == 1
        assert check(edition, the_round(edition)).differences == ()


def test_a_round_whose_totals_were_never_kept_is_computed_and_kept_with_the_next_sheet(world: World) -> None:
    """The state of an installation that was upgraded in the middle of its judging."""
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        lock(edition, first)
        session().commit()
        for kind in (RoundTotal, RoundTally):
            for row in session().scalars(select(kind)):
                session().delete(row)
        session().commit()

        found = ranking(edition, the_round(edition))
        assert (found.is_kept, [row.total for row in found.rows]) == (False, [Decimal("70.5")])
        lock(edition, second, scores=LOW)
        assert [total for _place, _code, total, _sheets in shown(edition)] == [Decimal("70.5"), Decimal(30)]


def test_the_twin_has_an_order_of_its_own(world: World) -> None:
    with in_tenant(world, world.second) as edition:
        (entry,) = make_round(edition)
        lock(edition, entry)
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        assert ranking(edition, the_round(edition)).rows == ()


def test_the_usual_rules_do_not_look_across(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        assert not looks_across(edition.rules, the_round(edition))


def test_rules_that_look_across_leave_nothing_to_keep_and_the_whole_round_is_computed(world: World) -> None:
    with relative(world) as edition:
        first, second = make_round(edition, entries=2)
        lock(edition, first)
        lock(edition, second, scores=LOW)
        assert looks_across(edition.rules, the_round(edition))

        found = ranking(edition, the_round(edition))

        assert not found.is_kept
        assert [row.total for row in found.rows] == [Decimal(100), Decimal("42.55")]
        assert ranking(edition, the_round(edition), hides=True).is_refused


def test_real_sheets_find_out_rules_that_only_sometimes_look_across(world: World) -> None:
    with relative(world, above=Decimal(70)) as edition:
        first, second = make_round(edition, entries=2)
        lock(edition, first)
        session().commit()
        lock(edition, second)
        assert not looks_across(edition.rules, the_round(edition))
        assert ranking(edition, the_round(edition)).is_kept
        assert len(check_and_mend(edition, the_round(edition), now=NOW).differences) == 2
        tally = tally_of(edition.id, ROUND)
        assert tally is not None
        assert (tally.is_kept, tally.differing) == (False, 2)


@pytest.mark.parametrize("count", [1, 50])
def test_a_page_takes_the_same_few_queries_whatever_its_rows(world: World, count: int) -> None:
    with in_tenant(world, world.first) as edition:
        for entry in make_round(edition, entries=count):
            lock(edition, entry)
        session().commit()
    with in_tenant(world, world.first) as edition, count_queries(world.app) as asked:
        found = ranking(edition, the_round(edition))
        assert (len(found.rows), len(asked.statements)) == (count, 2)


def test_ten_judges_who_lock_the_same_entry_at_once_are_all_counted(world: World) -> None:
    judges = 10
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=judges)
        entry_id = entry.id
        for number in range(1, judges + 1):
            fill(edition, entry, number=number, scores={**LOW, "doi_moi": str(number)})
    start, failed = Barrier(judges), []

    def one(number: int) -> None:
        try:
            with in_tenant(world, world.first) as edition:
                stored = session().scalars(select(Entry).where(Entry.id == entry_id)).one()
                place = place_of(edition, stored, number=number)
                revision = sheet_of(place).revision
                session().rollback()
                start.wait(20)
                lock_sheet(edition, place, revision, actor=judge_actor(number), now=NOW)
        except Exception as error:  # noqa: BLE001 - told by the assertion below
            failed.append(repr(error))

    threads = [Thread(target=one, args=(number,)) for number in range(1, judges + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failed == []
    with in_tenant(world, world.first) as edition:
        (row,) = ranking(edition, the_round(edition)).rows
        assert (row.sheets, row.total, row.least, row.most) == (10, Decimal("25.5"), Decimal(21), Decimal(30))
        assert check(edition, the_round(edition)).differences == ()


def test_each_night_every_open_round_is_compared_and_mended(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        lock(edition, entry)
        session().commit()
        session().execute(
            update(RoundTotal).values(total=Decimal(80)), execution_options={"synchronize_session": False}
        )
        session().commit()
    with world.app.app_context():
        compare_each_night(datetime(2025, 11, 12, 18, 30, tzinfo=UTC))
        compare_each_night(datetime(2025, 11, 12, 18, 31, tzinfo=UTC))
        assert run_due_jobs() == 1
    with in_tenant(world, world.first) as edition:
        assert [total for _place, _code, total, _sheets in shown(edition)] == [Decimal("70.5")]
        tally = tally_of(edition.id, ROUND)
        assert tally is not None
        assert tally.differing == 1


def officer() -> Actor:
    """An officer of the committee."""
    return actor_of(make_account("can-bo-tong@example.vn", roles=[Role.COMMITTEE]))


class _Relative:
    """A plugin's rules: the best entry has 100 points, the others their share of it; of rounds whose best exceeds
    `above` alone."""

    def __init__(self, above: Decimal) -> None:
        self.above = above

    @hookimpl
    def aggregate_sheets(self, judging_round: Round, sheets: tuple[Sheet, ...]) -> Aggregate:
        """The share of the best."""
        sums: dict[str, list[Decimal]] = {}
        for sheet in sheets:
            sums.setdefault(sheet.entry, []).append(exact_sum(sheet.scores.values()))
        means = {entry: mean(own) for entry, own in sums.items()}
        best = max(means.values(), default=Fraction(1))
        if best > self.above and len(means) > 1:
            means = {entry: value * 100 / best for entry, value in means.items()}
        totals = {entry: round_half_up(value, 2) for entry, value in means.items()}
        counts = {entry: len(own) for entry, own in sums.items()}
        criteria = {one.key: dict.fromkeys(means, Fraction(0)) for one in judging_round.criteria}
        return Aggregate(judging_round.key, totals, means, criteria, counts)


@contextmanager
def relative(world: World, *, above: Decimal = Decimal(0)) -> Iterator[EditionView]:
    """The first tenant under rules that look across entries."""
    info = PluginInfo("relative", "1.0.0", Text("Tương đối", "Relative"), ("1.0", "2.0"))
    with installed(Plugin(info, hooks=(_Relative(above),))):
        with world.app.app_context():
            enable(world.first, "relative")
        with in_tenant(world, world.first) as edition:
            yield edition
