"""Which returned dossiers were not completed in time: the count of the overview and the list are the same."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.entries.models import Entry
from core.entries.screening.due import Overdue, overdue
from core.entries.screening.queue import QueueFilters, Reader, marks_of, queue_page
from core.entries.services import return_
from core.entries.states import State
from core.kernel.db import session, tenant_scope
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, view
from tests.support.queries import count_queries
from tests.unit.entries.conftest import Here

DUE = NOW + timedelta(days=5)
LATE = DUE + timedelta(days=1)
ONLY_LATE = QueueFilters(state=State.RETURNED, overdue=True)


def returned(here: Here, *, due: datetime = DUE) -> Entry:
    """A dossier returned now, to be completed before `due`."""
    entry = make_entry(here.edition, here.owner, state="submitted")
    return return_(entry, here.edition, reason="Thiếu ảnh.", due_at=due, actor=here.officer, now=NOW)


def listed(here: Here, at: datetime) -> list[str]:
    """The codes that the list filtered to overdue ones shows."""
    return [row.code for row in queue_page(here.edition, ONLY_LATE, Reader(here.officer, at)).rows]


@pytest.mark.parametrize(("seconds", "count"), [(-1, 0), (0, 1), (1, 1)])
def test_it_is_overdue_from_the_instant_it_was_due(here: Here, seconds: int, count: int) -> None:
    returned(here)
    found = overdue(here.edition, DUE + timedelta(seconds=seconds))
    assert found == Overdue(count, DUE if count else None)


def test_the_list_holds_exactly_what_is_counted(here: Here) -> None:
    late, later = returned(here), returned(here, due=DUE + timedelta(hours=5))
    returned(here, due=LATE + timedelta(days=3))
    make_entry(here.edition, here.owner, state="submitted")

    assert overdue(here.edition, LATE) == Overdue(2, DUE)
    assert listed(here, LATE) == [late.code, later.code]
    assert marks_of(here.edition, Reader(here.officer, LATE), None).overdue == 2


def test_what_came_again_is_not_overdue(here: Here) -> None:
    returned(here).state = "submitted"
    session().flush()
    assert (overdue(here.edition, LATE).count, listed(here, LATE)) == (0, [])


def test_an_extension_of_its_own_moves_the_due_date(here: Here) -> None:
    entry = returned(here)
    entry.extended_until = LATE + timedelta(days=2)
    session().flush()

    assert (overdue(here.edition, LATE).count, listed(here, LATE)) == (0, [])
    shown = queue_page(here.edition, QueueFilters(state=State.RETURNED), Reader(here.officer, LATE))
    assert [row.due_at for row in shown.rows] == [LATE + timedelta(days=2)]
    assert overdue(here.edition, LATE + timedelta(days=2)).count == 1


def test_the_last_return_counts_where_an_earlier_one_gave_more_time(here: Here) -> None:
    entry = returned(here, due=LATE + timedelta(days=9))
    entry.state = "submitted"
    session().flush()
    later = NOW + timedelta(hours=1)
    return_(entry, here.edition, reason="Thiếu.", due_at=DUE, actor=here.officer, now=later)
    assert (overdue(here.edition, LATE).count, listed(here, LATE)) == (1, [entry.code])


def test_the_other_tenants_are_not_counted(here: Here) -> None:
    returned(here)
    session().commit()
    with tenant_scope(here.world.second.id):
        twin = view(here.world.second)
        make_entry(twin, account(), state="returned")
        assert overdue(twin, LATE) == Overdue(0, None)


def test_it_takes_one_query(here: Here) -> None:
    for _one in range(5):
        returned(here)
    session().flush()
    with count_queries(here.world.app) as counted:
        assert overdue(here.edition, LATE).count == 5
    assert counted.count == 1
