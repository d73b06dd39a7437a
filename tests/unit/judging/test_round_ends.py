"""A round's own end: what the desk, reminders and the forecast go by, and what binds nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.contests.models import Phase
from core.contests.values import EditionView, PhaseKind
from core.judging.forecast import Outlook
from core.judging.queries.progress import round_outlook
from core.judging.round_ends import EndOfRound, end_ahead, end_of_round
from core.judging.services.reminders import remind_by_itself, remind_judges
from core.judging.services.round_ends import save_round_end
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.mail import Mail
from tests.support.factories import NOW, World, view
from tests.support.judging import ROUND, judge_actor, lock, make_round
from tests.support.voting import in_tenant

PHASE_END = NOW + timedelta(days=10)
OWN = NOW + timedelta(days=5)


def set_end(edition: EditionView, *, basis: str = "") -> bool:
    return save_round_end(edition, ROUND, OWN, basis, actor=SYSTEM, now=NOW)


def test_without_one_of_its_own_a_round_ends_with_the_phase(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        assert end_of_round(edition, ROUND) == EndOfRound(PHASE_END)
        assert not end_of_round(edition, ROUND).is_illustration


def test_it_is_set_once_told_and_taken_back(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        assert set_end(edition)
        assert end_of_round(edition, ROUND) == EndOfRound(OWN, is_own=True)
        assert end_of_round(edition, ROUND).is_illustration
        assert not set_end(edition)
        assert set_end(edition, basis="Kế hoạch số 5")
        assert not end_of_round(edition, ROUND).is_illustration
        assert save_round_end(edition, ROUND, None, "", actor=SYSTEM, now=NOW)
        assert not save_round_end(edition, ROUND, None, "", actor=SYSTEM, now=NOW)
        assert end_of_round(edition, ROUND) == EndOfRound(PHASE_END)
        assert [one.data["until"] for one in audit.records(actions=["rounds.end_set"])] == [
            OWN.isoformat(),
            OWN.isoformat(),
            None,
        ]


@pytest.mark.parametrize("days", [-400, 11])
def test_outside_the_judging_phase_nothing_is_stored(world: World, days: int) -> None:
    with in_tenant(world, world.first) as edition:
        with pytest.raises(Invalid) as refused:
            save_round_end(edition, ROUND, NOW + timedelta(days=days), "", actor=SYSTEM, now=NOW)
        assert list(refused.value.errors) == ["closes"]
        assert not end_of_round(edition, ROUND).is_own


def test_only_the_committee_sets_it_and_only_for_a_round_there_is(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        with pytest.raises(Forbidden):
            save_round_end(edition, ROUND, OWN, "", actor=judge_actor(), now=NOW)
        with pytest.raises(NotFound):
            save_round_end(edition, "vong_la", OWN, "", actor=SYSTEM, now=NOW)


def test_the_twin_has_none_of_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        set_end(edition)
    with in_tenant(world, world.second) as edition:
        assert not end_of_round(edition, ROUND).is_own


def test_reminders_go_out_before_the_end_of_the_round_and_name_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        set_end(edition)
        assert remind_by_itself(edition, now=OWN - timedelta(days=3, hours=1)) == ["J1"]
        assert remind_by_itself(edition, now=OWN - timedelta(days=2, hours=1)) == []
        (letter,) = session().scalars(select(Mail).where(Mail.kind == "judging-reminder"))
        assert OWN.strftime("%d/%m/%Y") in letter.body
        assert PHASE_END.strftime("%d/%m/%Y") not in letter.body


def test_after_it_sheets_lock_and_reminders_go_by_the_end_of_the_phase(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, _second = make_round(edition, entries=2)
        set_end(edition)
        after = OWN + timedelta(hours=1)
        lock(edition, first, now=after)
        assert end_ahead(edition, ROUND, after) == EndOfRound(PHASE_END)
        assert remind_judges(edition, ROUND, ["J1"], actor=SYSTEM, now=after) == ["J1"]
        assert remind_by_itself(edition, now=PHASE_END - timedelta(days=3, hours=1)) == ["J1"]


def test_the_forecast_goes_by_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries = make_round(edition, entries=7)
        for day, entry in enumerate(entries[:3]):
            lock(edition, entry, now=NOW + timedelta(days=day))
        today = NOW + timedelta(days=2)
        assert round_outlook(edition, ROUND, today).forecast.outlook is Outlook.IN_TIME
        set_end(edition)

        found = round_outlook(edition, ROUND, today)

        assert (found.forecast.outlook, found.days_left) == (Outlook.LATE, 4)


def test_a_phase_that_ends_sooner_goes_before_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        set_end(edition)
        judging = select(Phase).where(Phase.edition_id == edition.id, Phase.kind == PhaseKind.JUDGING)
        session().scalars(judging).one().closes_at = OWN - timedelta(days=1)
        session().flush()

        assert end_of_round(view(world.first), ROUND).closes_at == OWN - timedelta(days=1)
