"""Dates, frozen rules, the demonstration's clock, entry numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.contests import services
from core.contests.models import Edition
from core.contests.policies import RulesAreFrozen
from core.contests.values import PhaseKind, PhaseView
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.ids import uuid7
from core.kernel.uow import unit_of_work
from core.people.queries import account_by_email
from core.tenancy.resolver import find_tenant
from tests.support.factories import NOW, World, make_edition, view

REASON = "Gia hạn theo đề nghị của các xã vùng cao."


@pytest.fixture
def committee(tenant: World) -> Actor:
    """A member of the committee."""
    row = account_by_email("btc@example.vn")
    assert row is not None
    return Actor(id=row.id, name=row.name, roles=frozenset({Role.COMMITTEE}))


def edition_row() -> Edition:
    return session().scalars(select(Edition).where(Edition.key == "k1")).one()


def phase(world: World, kind: PhaseKind) -> PhaseView:
    found = view(world.first).phase(kind)
    assert found is not None
    return found


def change(world: World, kind: PhaseKind, actor: Actor, **values: Any) -> None:
    found = phase(world, kind)
    wanted: dict[str, Any] = {
        "opens_at": found.opens_at,
        "closes_at": found.closes_at,
        "reason": REASON,
        "now": NOW,
        **values,
    }
    services.change_phase(view(world.first).id, kind, actor=actor, **wanted)


def test_numbers_are_given_in_order_and_apart_by_edition(tenant: World) -> None:
    first = edition_row().id
    second = make_edition("k2", ordinal=2).id

    taken = [services.take_number(first), services.take_number(first), services.take_number(second)]

    assert taken == [1, 2, 1]
    assert services.take_number(first) == 3


def test_numbers_taken_at_the_same_time_are_all_different(tenant: World) -> None:
    edition_id = edition_row().id
    session().rollback()

    def take(_turn: int) -> int:
        with tenant.app.app_context(), tenant_scope(tenant.first.id), unit_of_work():
            return services.take_number(edition_id)

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(24)))

    assert sorted(taken) == list(range(1, 25))


def test_the_same_edition_key_at_the_other_tenant_counts_for_itself(tenant: World) -> None:
    services.take_number(edition_row().id)
    first = edition_row().id
    session().commit()

    with tenant_scope(tenant.second.id):
        assert services.take_number(edition_row().id) == 1
        with pytest.raises(NotFound):
            services.take_number(first)


def test_an_end_is_moved_with_a_public_reason(tenant: World, committee: Actor) -> None:
    later = NOW + timedelta(days=8)
    before = find_tenant("motmot")

    change(tenant, PhaseKind.VOTING, committee, closes_at=later)

    found = phase(tenant, PhaseKind.VOTING)
    assert (found.closes_at, found.mark("closes"), found.mark("opens")) == (later, "exact", "exact")
    assert found.source("closes").vi == f"Ban Tổ chức thay đổi lúc 10:00 ngày 12/11/2025: {REASON}"
    (record,) = audit.records(subject="k1")
    assert (record.action, record.data["phase"], record.data["reason"]) == ("phase.changed", "voting", REASON)
    after = find_tenant("motmot")
    assert before is not None
    assert after is not None
    assert after.version == before.version + 1


def test_changing_nothing_leaves_no_trace(tenant: World, committee: Actor) -> None:
    change(tenant, PhaseKind.VOTING, committee)

    assert audit.records(subject="k1") == []


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (PhaseKind.VOTING, {"closes_at": NOW}, "closes"),
        (PhaseKind.VOTING, {"closes_at": NOW - timedelta(days=30)}, "closes"),
        (PhaseKind.VOTING, {"opens_at": NOW + timedelta(days=1)}, "opens"),
        (PhaseKind.RESULTS, {"opens_at": NOW - timedelta(days=1)}, "opens"),
        (PhaseKind.RESULTS, {"opens_at": NOW + timedelta(days=60)}, "closes"),
        (PhaseKind.VOTING, {"reason": " \u202e\n "}, "reason"),
        (PhaseKind.VOTING, {"reason": "a" * 501}, "reason"),
    ],
    ids=[
        "ends now",
        "ends before it opens",
        "has opened",
        "opens in the past",
        "opens after its end",
        "no reason",
        "long reason",
    ],
)
def test_a_change_that_makes_no_sense_is_refused_at_its_field(
    tenant: World, committee: Actor, kind: PhaseKind, values: dict[str, Any], field: str
) -> None:
    before = phase(tenant, kind)
    with pytest.raises(Invalid) as refused:
        change(tenant, kind, committee, **values)

    assert list(refused.value.errors) == [field]
    assert phase(tenant, kind) == before


def test_only_the_committee_moves_dates(tenant: World) -> None:
    judge = Actor(id=uuid7(), name="Giám khảo", roles=frozenset({Role.JUDGE}))
    with pytest.raises(Forbidden):
        change(tenant, PhaseKind.VOTING, judge, closes_at=NOW + timedelta(days=8))


def test_frozen_rules_hold_versions_and_complete_settings_and_are_frozen_once(tenant: World) -> None:
    before = view(tenant.first)

    first = services.freeze_rules(before.id, actor=SYSTEM, now=NOW)
    second = services.freeze_rules(before.id, actor=SYSTEM, now=NOW + timedelta(days=1))

    assert (first, second) == (True, False)
    frozen = edition_row().frozen
    assert frozen is not None
    assert frozen["at"] == NOW.isoformat()
    assert frozen["plugins"] == [{"name": ref.name, "version": ref.version} for ref in before.values.plugins]
    assert set(frozen["settings"]) == {"core", "thainguyen_innovation"}
    after = view(tenant.first)
    assert after.is_frozen
    assert after.values.settings == before.values.settings
    assert after.rules.rounds() == before.rules.rounds()


def test_settings_changed_later_do_not_reach_frozen_rules(tenant: World) -> None:
    before = view(tenant.first)
    services.freeze_rules(before.id, actor=SYSTEM, now=NOW)

    edition_row().settings = {"core": {"confirmed": ["x"]}}
    session().flush()

    assert view(tenant.first).values.settings == before.values.settings


def test_after_freezing_only_judging_and_results_move(tenant: World, committee: Actor) -> None:
    services.freeze_rules(edition_row().id, actor=SYSTEM, now=NOW)
    later = NOW + timedelta(days=20)
    with pytest.raises(RulesAreFrozen):
        change(tenant, PhaseKind.VOTING, committee, closes_at=later)

    change(tenant, PhaseKind.JUDGING, committee, closes_at=later)

    assert phase(tenant, PhaseKind.JUDGING).closes_at == later


def test_the_clock_shows_the_instant_it_was_moved_to(tenant: World) -> None:
    wanted = datetime(2025, 11, 20, 16, 59, tzinfo=UTC)

    services.move_clock(edition_row().id, wanted, actor=SYSTEM, now=NOW)

    assert abs(view(tenant.first).now() - wanted) < timedelta(seconds=10)


def test_the_clock_goes_back_to_where_the_demonstration_starts(tenant: World) -> None:
    edition_row().notes = {"demonstration": {"starts_at": "2025-11-12T02:00:00+00:00"}}

    services.move_clock(edition_row().id, None, actor=SYSTEM, now=NOW)
    started = view(tenant.first).now()
    edition_row().notes = {}
    services.move_clock(edition_row().id, None, actor=SYSTEM, now=NOW)

    assert abs(started - datetime(2025, 11, 12, 2, tzinfo=UTC)) < timedelta(seconds=10)
    assert abs(view(tenant.first).now() - real_now()) < timedelta(seconds=10)


@pytest.mark.parametrize("year", [1999, 2101])
def test_the_clock_is_not_moved_out_of_reach(tenant: World, year: int) -> None:
    with pytest.raises(Invalid) as refused:
        services.move_clock(edition_row().id, datetime(year, 6, 1, tzinfo=UTC), actor=SYSTEM, now=NOW)

    assert list(refused.value.errors) == ["when"]


def test_the_committee_chooses_the_edition_that_visitors_see_first(tenant: World, committee: Actor) -> None:
    make_edition("k2", ordinal=2)

    services.set_current_edition("k2", actor=committee, now=NOW)

    found = find_tenant("motmot")
    assert found is not None
    assert found.profile["current_edition"] == "k2"
    with pytest.raises(NotFound):
        services.set_current_edition("k9", actor=committee, now=NOW)
