"""What somebody with the database can do to locked sheets, to what makes them count and to the log: all is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, update

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.commitments import sealed
from core.judging.conflict_values import Kind
from core.judging.models import Assignment, Judge, Sheet, SheetScore
from core.judging.queries import locked_sheets
from core.judging.queries.proofs import check_with_log
from core.judging.queries.sheets import scores_of
from core.judging.services import declare
from core.judging.totals_jobs import compare_each_night
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.jobs import run_due_jobs
from tests.support.app import client_of
from tests.support.factories import NOW, World
from tests.support.judging import (
    ROUND,
    WHOLE,
    edit_by_hand,
    judge_actor,
    lock,
    lock_in_first_form,
    make_round,
)
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.tampering import edit_lines
from tests.support.voting import in_tenant

NIGHT = datetime(2025, 6, 1, 18, 5, tzinfo=UTC)
PAGE = "/btc/cham-thi/doi-chieu-nhat-ky"


def locked_round(edition: EditionView) -> Entry:
    """One entry that J1 and J2 locked, with other points."""
    (entry,) = make_round(edition, judges=2)
    lock(edition, entry)
    lock(edition, entry, number=2, scores={**WHOLE, "doi_moi": "3"})
    return entry


def sheet_by(number: int) -> Sheet:
    """The sheet of J<number>."""
    ask = select(Sheet).join(Judge, Judge.id == Sheet.judge_id)
    return session().scalars(ask.where(Judge.number == f"J{number}")).one()


def overwrite(of: Sheet, into: Sheet) -> None:
    """All that a sheet says and is committed to, written into another row."""
    into.nonce, into.commitment, into.remark = of.nonce, of.commitment, of.remark
    into.state, into.locked_at = of.state, of.locked_at
    session().execute(delete(SheetScore).where(SheetScore.sheet_id == into.id))
    session().add_all(
        SheetScore(sheet_id=into.id, criterion=key, points=points) for key, points in scores_of(of.id).items()
    )
    session().flush()


def test_a_sheet_copied_into_the_row_of_another_judge_is_named(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = locked_round(edition)
        overwrite(sheet_by(1), sheet_by(2))

        found = check_with_log(edition)

        assert (found.unlike, found.sheets) == (((ROUND, "J2", entry.code),), 1)


def test_of_one_old_commitment_on_two_sheets_both_are_named(world: World) -> None:
    """The first form does not say whose sheet it is."""
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock_in_first_form(edition, entry)
        lock_in_first_form(edition, entry, number=2)
        assert check_with_log(edition).holds
        overwrite(sheet_by(1), sheet_by(2))

        found = check_with_log(edition)

        assert found.unlike == ((ROUND, "J1", entry.code), (ROUND, "J2", entry.code))


def test_points_swapped_between_two_judges_are_named(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = locked_round(edition)
        first, second = sheet_by(1), sheet_by(2)
        edit_by_hand(first, "3")
        edit_by_hand(second, "18.5")
        first.nonce, second.nonce = second.nonce, first.nonce
        first.commitment, second.commitment = second.commitment, first.commitment
        session().flush()

        found = check_with_log(edition)

        assert found.unlike == ((ROUND, "J1", entry.code), (ROUND, "J2", entry.code))
        assert found.lost == ()


def test_a_remark_edited_by_hand_is_named(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = locked_round(edition)
        sheet_by(1).remark = "Không đáng trao giải"
        session().flush()

        assert check_with_log(edition).unlike == ((ROUND, "J1", entry.code),)


@pytest.mark.parametrize("how", ["conflict", "deleted", "time"])
def test_a_locked_sheet_that_no_line_of_the_log_takes_out_of_the_result_is_named(
    world: World, how: str
) -> None:
    with in_tenant(world, world.first) as edition:
        entry = locked_round(edition)
        sheet = sheet_by(1)
        of_it = Assignment.judge_id == sheet.judge_id
        if how == "conflict":
            session().execute(update(Assignment).where(of_it).values(why="conflict", ended_at=NOW))
        elif how == "deleted":
            session().execute(delete(Assignment).where(of_it))
        else:
            sheet.locked_at = None
            session().flush()
        assert [one.judge for one in locked_sheets(edition)] == ["J2"]

        found = check_with_log(edition)

        assert (found.left_out, found.sheets) == (((ROUND, "J1", entry.code),), 1)


def test_a_conflict_that_the_log_knows_explains_a_sheet_that_does_not_count(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = locked_round(edition)
        declare([entry], [Kind.FAMILY], "", actor=judge_actor(1), now=NOW)
        assert [one.judge for one in locked_sheets(edition)] == ["J2"]

        assert check_with_log(edition).holds


def test_a_sheet_under_a_conflict_that_is_made_to_count_by_hand_is_named(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = locked_round(edition)
        declare([entry], [Kind.FAMILY], "", actor=judge_actor(1), now=NOW)
        session().execute(update(Assignment).values(why="", ended_at=None))

        found = check_with_log(edition)

        assert (found.counted, found.sheets) == (((ROUND, "J1", entry.code),), 1)


def test_an_entry_that_was_withdrawn_by_hand_is_missed_and_one_that_the_log_knows_is_not(
    world: World,
) -> None:
    with in_tenant(world, world.first) as edition:
        entry = locked_round(edition)
        entry.state = "withdrawn"
        session().flush()
        assert check_with_log(edition).left_out == ((ROUND, "J1", entry.code), (ROUND, "J2", entry.code))

        audit.append("entry.withdrawn", entry.code or "", {"version": 1}, actor=SYSTEM, now=NOW)

        assert check_with_log(edition).holds


def edit_with_the_log(world: World) -> None:
    """J1's points, the commitment of his sheet and the one in its line, all edited."""
    with in_tenant(world, world.first) as edition:
        entry = locked_round(edition)
        sheet = sheet_by(1)
        before = sheet.commitment or ""
        edit_by_hand(sheet)
        secret, given = sheet.nonce or "", scores_of(sheet.id)
        sheet.commitment = sealed(edition.key, ROUND, entry.code or "", "J1", given, sheet.remark, secret)
        after = sheet.commitment
    edit_lines(world.app, "sheet.locked", before, after)


def test_a_line_of_the_log_edited_with_its_sheet_shows_that_the_log_was_changed(world: World) -> None:
    edit_with_the_log(world)
    with in_tenant(world, world.first) as edition:
        first = audit.records(actions=["sheet.locked"])[0]

        found = check_with_log(edition)

        assert (found.sheets, found.false_line, found.holds) == (0, first.seq, False)


def test_the_office_is_told_that_the_log_was_changed_and_not_that_all_is_well(world: World) -> None:
    edit_with_the_log(world)
    with world.app.app_context():
        compare_each_night(NIGHT)
        run_due_jobs()
    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")

    page = client.get(PAGE).get_data(as_text=True)
    lists = [client.get(one).get_data(as_text=True) for one in ("/btc/", "/btc/cham-thi")]

    assert "Chính nhật ký đã bị sửa ngoài hệ thống" in page
    assert "Mọi phiếu đã khóa đúng như nhật ký" not in page
    assert [f'href="{PAGE}"' in one for one in lists] == [True, True]


def test_the_night_finds_a_changed_line_that_is_about_no_sheet(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        locked_round(edition)
    edit_lines(world.app, "judge.appointed", '"k1"', '"k9"')
    with world.app.app_context():
        compare_each_night(NIGHT)
        run_due_jobs()
    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")

    assert f'href="{PAGE}"' in client.get("/btc/cham-thi").get_data(as_text=True)
    page = client.get(PAGE).get_data(as_text=True)
    assert "Chính nhật ký đã bị sửa ngoài hệ thống" in page
    assert "Mọi phiếu đã khóa đúng như nhật ký" not in page


@pytest.mark.parametrize("entries", [1, 3])
def test_the_comparison_takes_the_same_queries_for_few_sheets_and_for_many(
    world: World, entries: int
) -> None:
    with in_tenant(world, world.first) as edition:
        for entry in make_round(edition, entries=entries, judges=2):
            lock(edition, entry)
        with count_queries(world.app) as asked:
            check_with_log(edition)
        assert asked.count == 6
