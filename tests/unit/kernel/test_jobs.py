"""Jobs: in the transaction that asks for them, at least once, each in its tenant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from core.contests.models import Unit
from core.kernel import jobs
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.uow import unit_of_work
from tests.support.factories import World


@jobs.handler("test.rename")
def rename(payload: Mapping[str, Any]) -> None:
    session().scalars(select(Unit)).one().name = payload["name"]
    if payload["name"] == "bad":
        raise ValueError("no good name")


def ask_and_fail() -> None:
    with unit_of_work():
        jobs.enqueue("test.rename", {"name": "Mới"})
        jobs.enqueue("test.nobody", {})


def names(world: World) -> list[str]:
    found = []
    for facts in (world.first, world.second):
        with tenant_scope(facts.id):
            found.append(session().scalars(select(Unit.name)).one())
    return found


def job(world: World) -> jobs.Job:
    with tenant_scope(world.first.id):
        found = session().scalars(select(jobs.Job)).one()
        session().expunge(found)
    return found


def test_a_job_runs_in_the_scope_of_its_tenant(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            jobs.enqueue("test.rename", {"name": "Mới"})
        assert jobs.run_due_jobs() == 1
        assert names(world) == ["Mới", "Xã Thử"]
        assert jobs.run_due_jobs() == 0


def test_a_job_of_a_rolled_back_deed_never_runs(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id), pytest.raises(LookupError):
            ask_and_fail()
        assert jobs.run_due_jobs() == 0


def test_the_same_dedupe_key_makes_one_job(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            made = [jobs.enqueue("test.rename", {"name": "A"}, dedupe="k") for _ in range(2)]
        assert made == [True, False]
        assert jobs.run_due_jobs() == 1


def test_a_failing_job_changes_nothing_and_is_tried_again_later(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            jobs.enqueue("test.rename", {"name": "bad"}, dedupe="k")
        assert jobs.run_due_jobs() == 1
        assert names(world) == ["Xã Thử", "Xã Thử"]
        held = job(world)
        assert (held.state, held.tries, held.error) == ("queued", 1, "ValueError('no good name')")
        assert held.run_at > real_now()


def test_a_job_fails_for_good_after_its_last_try(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            jobs.enqueue("test.rename", {"name": "bad"}, dedupe="k")
            session().execute(update(jobs.Job).values(tries=jobs.MAX_TRIES - 1))
        jobs.run_due_jobs()
        assert job(world).state == "failed"


def test_a_job_whose_worker_died_is_taken_over_when_its_lease_ends(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.first.id), unit_of_work():
            jobs.enqueue("test.rename", {"name": "Mới"}, dedupe="k")
            held = update(jobs.Job).values(state="running", lease_until=real_now() + timedelta(minutes=1))
            session().execute(held)
        assert jobs.run_due_jobs() == 0
        with tenant_scope(world.first.id), unit_of_work():
            session().execute(update(jobs.Job).values(lease_until=real_now() - timedelta(seconds=1)))
        assert jobs.run_due_jobs() == 1
        assert names(world)[0] == "Mới"


def test_an_unknown_kind_is_refused_when_it_is_asked_for(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id), pytest.raises(LookupError):
        jobs.enqueue("test.nobody", {})
