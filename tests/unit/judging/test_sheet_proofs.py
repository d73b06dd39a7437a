"""Locked sheets that were changed behind the platform's back: the log shows them, and the office is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select

from core.entries.models import Entry
from core.judging.conflict_values import Kind
from core.judging.models import Judge, Sheet, SheetScore
from core.judging.queries.proofs import check_with_log
from core.judging.services import declare
from core.judging.totals_jobs import compare_each_night
from core.kernel.db import session
from core.kernel.jobs import run_due_jobs
from tests.support.app import client_of
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import ROUND, edit_by_hand, lock, make_round
from tests.support.people import sign_in
from tests.support.voting import in_tenant

NIGHT = datetime(2025, 6, 1, 18, 5, tzinfo=UTC)
PAGE = "/btc/cham-thi/doi-chieu-nhat-ky"
TODO = "Xem phiếu chấm khác với nhật ký"


@pytest.fixture(autouse=True)
def judged(world: World) -> None:
    """Two entries that two judges locked, and the same by one judge in the twin."""
    for tenant, judges in ((world.first, 2), (world.second, 1)):
        with in_tenant(world, tenant) as edition:
            for entry in make_round(edition, entries=2, judges=2):
                for number in range(1, judges + 1):
                    lock(edition, entry, number=number)


def first_sheet() -> Sheet:
    """The sheet that J1 locked first."""
    ask = select(Sheet).join(Judge, Judge.id == Sheet.judge_id).join(Entry, Entry.id == Sheet.entry_id)
    return session().scalars(ask.where(Judge.number == "J1").order_by(Entry.code).limit(1)).one()


def code_of(sheet: Sheet) -> str:
    """The code of the sheet's entry."""
    return session().scalars(select(Entry.code).where(Entry.id == sheet.entry_id)).one() or ""


def take_away(sheet: Sheet) -> None:
    """The sheet deleted, as somebody with the database would."""
    session().execute(delete(SheetScore).where(SheetScore.sheet_id == sheet.id))
    session().execute(delete(Sheet).where(Sheet.id == sheet.id))


def test_what_was_locked_is_what_the_log_says(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        found = check_with_log(edition)
        assert (found.unlike, found.lost) == ((), ())


def test_points_edited_by_hand_are_named(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        sheet = first_sheet()
        edit_by_hand(sheet)
        code = code_of(sheet)
        found = check_with_log(edition)
        assert (found.unlike, found.lost) == (((ROUND, "J1", code),), ())


@pytest.mark.parametrize("how", ["deleted", "unlocked"])
def test_a_sheet_that_was_taken_away_by_hand_is_missed(world: World, how: str) -> None:
    with in_tenant(world, world.first) as edition:
        sheet = first_sheet()
        code = code_of(sheet)
        if how == "deleted":
            take_away(sheet)
        else:
            sheet.state = "draft"
            session().flush()
        found = check_with_log(edition)
        assert (found.unlike, found.lost) == ((), ((ROUND, code),))


def test_of_one_dossier_the_edited_sheet_and_the_lost_one_are_both_told(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        edited = first_sheet()
        code = code_of(edited)
        of_other = (Sheet.entry_id == edited.entry_id) & (Sheet.id != edited.id)
        edit_by_hand(edited)
        take_away(session().scalars(select(Sheet).where(of_other)).one())

        found = check_with_log(edition)

        assert (found.unlike, found.lost) == (((ROUND, "J1", code),), ((ROUND, code),))


def test_a_commitment_changed_with_its_points_is_told_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        sheet = first_sheet()
        edit_by_hand(sheet)
        sheet.commitment = "0" * 64
        session().flush()

        found = check_with_log(edition)

        assert (found.unlike, found.lost) == (((ROUND, "J1", code_of(sheet)),), ())


def test_an_officer_with_a_conflict_is_not_told_that_all_is_well(world: World) -> None:
    with in_tenant(world, world.first):
        sheet = first_sheet()
        edit_by_hand(sheet)
        code = code_of(sheet)
        entry = session().scalars(select(Entry).where(Entry.id == sheet.entry_id)).one()
        declare([entry], [Kind.FAMILY], "", actor=actor_of(account("btc@example.vn")), now=NOW)
    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")

    page = client.get(PAGE).get_data(as_text=True)

    assert "Mọi phiếu đã khóa đúng như nhật ký" not in page
    assert "Mọi phiếu bạn được xem đúng như nhật ký" in page
    assert code not in page


def test_the_office_is_told_after_the_night_in_which_it_is_found(world: World) -> None:
    with in_tenant(world, world.first):
        sheet = first_sheet()
        edit_by_hand(sheet)
        code = code_of(sheet)
    with world.app.app_context():
        compare_each_night(NIGHT)
        run_due_jobs()

    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")
    lists = [client.get(page).get_data(as_text=True) for page in ("/btc/", "/btc/cham-thi")]
    assert [f'<a href="{PAGE}">{TODO}</a>' in one for one in lists] == [True, True]
    page = client.get(PAGE).get_data(as_text=True)
    assert [word in page for word in (code, "J1", "Điểm hoặc nhận xét khác với lúc khóa")] == [True] * 3


def test_the_twin_finds_its_own_sheets_whole(world: World) -> None:
    with in_tenant(world, world.first):
        edit_by_hand(first_sheet())
    with world.app.app_context():
        compare_each_night(NIGHT)
        run_due_jobs()

    client = client_of(world.app, world.second.slug)
    sign_in(client, "btc@example.vn")
    assert "Mọi phiếu đã khóa đúng như nhật ký" in client.get(PAGE).get_data(as_text=True)
    assert TODO not in client.get("/btc/cham-thi").get_data(as_text=True)
