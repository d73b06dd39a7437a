"""A conflict that stands frees a dossier: the reserve steps in at once, the officers are told, nothing counts twice."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.assigning import Ending, Way
from core.judging.conflict_models import Conflict
from core.judging.conflict_values import ConflictState
from core.judging.models import Assignment, Judge
from core.judging.plan import Fit
from core.judging.policies import was_moved
from core.judging.queries.planning import judges_with_fields, unassigned_entries
from core.judging.seats import SeatRole
from core.judging.services import CouncilFacts, abstain, decide, declare
from core.judging.services.planning import set_own_fields
from core.kernel.actor import SYSTEM, Role
from core.kernel.db import session
from core.kernel.errors import Forbidden
from core.kernel.mail import Mail
from tests.support.councils import made_council, seated, with_fields
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.judging import ROUND, fill, judge_actor, lock, make_council, make_round, place_of
from tests.support.voting import in_tenant

RESERVE = "dukhuyet@example.vn"


def with_reserve(edition: EditionView, *, automatic: bool) -> list[Entry]:
    """Two entries before J1; a reserve waits and steps in by himself or not."""
    entries = make_round(edition, entries=2)
    made_council(edition, CouncilFacts(pledge_required=False, reserves_step_in=automatic))
    seated(edition, RESERVE, SeatRole.RESERVE)
    return entries


def running(entry: Entry) -> dict[str, str]:
    """Judge → way of the assignments of an entry that run."""
    ask = (
        select(Judge.number, Assignment.way)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(Assignment.entry_id == entry.id, Assignment.ended_at.is_(None))
    )
    return {number: way for number, way in session().execute(ask)}  # noqa: C416


def test_the_reserve_takes_the_dossier_over_when_a_conflict_is_declared(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        closed, kept = with_reserve(edition, automatic=True)
        declare([closed], ["unit"], "", actor=judge_actor(), now=NOW)
        assert running(closed) == {"J2": Way.RESERVE}
        assert "J1" in running(kept)


def test_without_the_setting_the_committee_asks_the_reserve(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        closed, _kept = with_reserve(edition, automatic=False)
        declare([closed], ["unit"], "", actor=judge_actor(), now=NOW)
        assert running(closed) == {}


def test_what_the_reserve_took_stays_with_him_when_the_conflict_is_dismissed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        closed, _kept = with_reserve(edition, automatic=True)
        declare([closed], ["unit"], "", actor=judge_actor(), now=NOW)
        one = session().scalars(select(Conflict)).one()
        chief = actor_of(account("btc@example.vn"))
        decide({one.id: one.revision}, ConflictState.DISMISSED, "Nhầm người", actor=chief, now=NOW)
        assert running(closed) == {"J2": Way.RESERVE}
        (ended,) = session().scalars(select(Assignment.why).where(Assignment.ended_at.is_not(None)))
        assert ended == Ending.MOVED


def test_a_sheet_locked_before_counts_again_when_the_conflict_is_dismissed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        closed, _kept = with_reserve(edition, automatic=True)
        lock(edition, closed)
        declare([closed], ["unit"], "", actor=judge_actor(), now=NOW)
        one = session().scalars(select(Conflict)).one()
        chief = actor_of(account("btc@example.vn"))
        decide({one.id: one.revision}, ConflictState.DISMISSED, "Nhầm người", actor=chief, now=NOW)
        assert running(closed) == {"J1": Way.WHOLE, "J2": Way.RESERVE}


def test_each_officer_who_may_decide_is_told_and_nobody_is_named(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        other = make_account("canbo2@example.vn", roles=[Role.COMMITTEE])
        declare([first], ["unit"], "", actor=actor_of(other), now=NOW)
        declare([first, second], ["unit"], "", actor=judge_actor(), now=NOW)
        declare([first, second], ["unit"], "", actor=judge_actor(), now=NOW)
        ask = select(Mail.recipient, Mail.subject, Mail.body).where(Mail.kind == "conflict-declared")
        told = sorted((row.recipient, row.subject[0]) for row in session().execute(ask))
        assert told == [("btc@example.vn", "1"), ("btc@example.vn", "2"), ("canbo2@example.vn", "1")]
        bodies = "".join(row.body for row in session().execute(ask))
        assert first.title not in bodies
        assert "Giám khảo" not in bodies


def test_an_entry_whose_only_judge_abstained_waits_for_another(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, _second = make_round(edition, entries=2)
        assert unassigned_entries(edition.id, ROUND) == 0
        abstain(edition, place_of(edition, first), "không đúng ngành", actor=judge_actor(), now=NOW)
        assert unassigned_entries(edition.id, ROUND) == 1
        assert unassigned_entries(edition.id, ROUND, but_abstained=True) == 0


@pytest.mark.parametrize(("why", "told"), [(Ending.MOVED, True), (Ending.CONFLICT, False)])
def test_only_what_was_moved_is_told_to_who_began_it(world: World, why: Ending, told: bool) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        assert not was_moved(edition, judge_actor(), ROUND, entry.code or "")
        fill(edition, entry)
        held = session().scalars(select(Assignment)).one()
        held.ended_at, held.why = NOW, why.value
        session().flush()
        assert was_moved(edition, judge_actor(), ROUND, entry.code or "") is told


def test_a_judge_records_his_own_fields_and_nobody_elses(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition = with_fields(world.first, found)
        make_council(edition, judges=2)
        key = edition.rules.entry_fields()[0].key
        set_own_fields(edition, {key: Fit.MATCH}, actor=judge_actor(2), now=NOW)
        assert [dict(one.fits) for one in judges_with_fields(edition)] == [{}, {key: Fit.MATCH}]
        with pytest.raises(Forbidden):
            set_own_fields(edition, {key: Fit.MATCH}, actor=SYSTEM, now=NOW)
