"""Locked sheets that were changed behind the platform's back: the log shows them, and the office is told."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from core.entries.models import Entry
from core.judging.models import Judge, Sheet, SheetScore
from core.judging.queries.proofs import check_with_log
from core.judging.totals_jobs import compare_each_night
from core.kernel.db import session
from core.kernel.jobs import run_due_jobs
from tests.support.app import client_of
from tests.support.factories import World
from tests.support.judging import ROUND, lock, make_round
from tests.support.people import sign_in
from tests.support.voting import in_tenant

NIGHT = datetime(2025, 6, 1, 18, 5, tzinfo=UTC)
PAGE = "/btc/cham-thi/doi-chieu-nhat-ky"


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


def edit_by_hand(sheet: Sheet) -> str:
    """Another point into the sheet, as somebody with the database would; gives the code of its entry."""
    of_sheet = (SheetScore.sheet_id == sheet.id) & (SheetScore.criterion == "doi_moi")
    session().scalars(select(SheetScore).where(of_sheet)).one().points = Decimal(1)
    session().flush()
    return session().scalars(select(Entry.code).where(Entry.id == sheet.entry_id)).one() or ""


def test_what_was_locked_is_what_the_log_says(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        found = check_with_log(edition)
        assert (found.unlike, found.lost) == ((), ())


def test_points_edited_by_hand_are_named(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        code = edit_by_hand(first_sheet())
        found = check_with_log(edition)
        assert (found.unlike, found.lost) == (((ROUND, "J1", code),), ())


@pytest.mark.parametrize("how", ["deleted", "unlocked"])
def test_a_sheet_that_was_taken_away_by_hand_is_missed(world: World, how: str) -> None:
    with in_tenant(world, world.first) as edition:
        sheet = first_sheet()
        code = session().scalars(select(Entry.code).where(Entry.id == sheet.entry_id)).one()
        if how == "deleted":
            session().execute(delete(SheetScore).where(SheetScore.sheet_id == sheet.id))
            session().execute(delete(Sheet).where(Sheet.id == sheet.id))
        else:
            sheet.state = "draft"
            session().flush()
        found = check_with_log(edition)
        assert (found.unlike, found.lost) == ((), ((ROUND, code),))


def test_the_office_is_told_after_the_night_in_which_it_is_found(world: World) -> None:
    with in_tenant(world, world.first):
        code = edit_by_hand(first_sheet())
    with world.app.app_context():
        compare_each_night(NIGHT)
        run_due_jobs()

    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")
    lists = [client.get(page).get_data(as_text=True) for page in ("/btc/", "/btc/cham-thi")]
    assert [f'href="{PAGE}"' in one for one in lists] == [True, True]
    page = client.get(PAGE).get_data(as_text=True)
    assert [word in page for word in (code, "J1", "Điểm khác với lúc khóa")] == [True] * 3


def test_the_twin_finds_its_own_sheets_whole(world: World) -> None:
    with in_tenant(world, world.first):
        edit_by_hand(first_sheet())
    with world.app.app_context():
        compare_each_night(NIGHT)
        run_due_jobs()

    client = client_of(world.app, world.second.slug)
    sign_in(client, "btc@example.vn")
    assert "Mọi phiếu đã khóa đúng như nhật ký" in client.get(PAGE).get_data(as_text=True)
    assert f'href="{PAGE}"' not in client.get("/btc/cham-thi").get_data(as_text=True)
