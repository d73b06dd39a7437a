"""The jobs of a plugin: asked for, run in one tenant with its values and stores, and by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import structlog.testing
from sqlalchemy import select

from core.extensions.jobs import ask_for_recurring_jobs, queue_of, register_jobs
from core.extensions.tables import stores_of
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.jobs import Job as StoredJob
from core.kernel.jobs import run_due_jobs
from core.kernel.uow import unit_of_work
from core.plugin_api import Job, JobRequest, Plugin
from core.plugin_host.parts import part_gaps
from tests.support.databases import Template
from tests.support.factories import NOW, TenantFacts, World
from tests.support.plugin_tables import note_plugin, own_copy, packaged, raise_tables
from tests.support.plugins import enable, installed
from tests.support.postgres import DatabaseUrls, PostgresServer

NIGHT = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)
"""Midnight of 2/3/2026 in Viet Nam."""


def note_down(request: JobRequest) -> None:
    """Keep a note of what the job was given."""
    code = str(request.payload.get("code", "đêm"))
    request.tables["note"].add_once(("code",), {"code": code, "stars": 1, "at": request.now})


def store_then_fail(request: JobRequest) -> None:
    """Store something and raise."""
    request.tables["note"].add({"code": "dở", "stars": 0})
    raise RuntimeError("đứt giữa chừng")


def ask_again(request: JobRequest) -> None:
    """Ask for another job of the plugin."""
    request.jobs.add("note_down", {"code": request.edition.tenant})


JOBS = (
    Job("note_down", note_down, every=timedelta(days=1)),
    Job("store_then_fail", store_then_fail),
    Job("ask_again", ask_again),
)


@pytest.fixture
def postgres_database(postgres_server: PostgresServer, template: Template) -> Iterator[DatabaseUrls]:
    """A database that the test may give tables."""
    yield from own_copy(postgres_server, postgres_server.template(*template))


@pytest.fixture
def plugin(tmp_path: Path, database: DatabaseUrls, world: World) -> Iterator[Plugin]:
    """A plugin with jobs, installed, its table in the database, enabled for the first tenant alone."""
    for made in packaged(note_plugin(jobs=JOBS), tmp_path):
        raise_tables(made, database)
        register_jobs([made])
        with installed(made), world.app.app_context():
            enable(world.first, "ghi_chu")
            yield made


def ask(plugin: Plugin, facts: TenantFacts, job: str, **more: object) -> bool:
    """Ask for a job in a tenant, as a page of the plugin would."""
    with tenant_scope(facts.id), unit_of_work():
        return queue_of(plugin).add(job, **more)  # type: ignore[arg-type]


def notes(plugin: Plugin, facts: TenantFacts) -> list[str]:
    """The codes of the notes of a tenant."""
    with tenant_scope(facts.id):
        return [str(row.values["code"]) for row in stores_of(plugin)["note"].find()]


def states(facts: TenantFacts) -> list[tuple[str, str]]:
    """Kind and state of each job of a tenant."""
    with tenant_scope(facts.id):
        ask_ = select(StoredJob.kind, StoredJob.state).order_by(StoredJob.id)
        return [(row[0], row[1]) for row in session().execute(ask_)]


def test_a_job_runs_in_its_tenant_with_what_it_was_asked_for(plugin: Plugin, world: World) -> None:
    assert ask(plugin, world.first, "note_down", payload={"code": "A"})
    assert run_due_jobs() == 1
    assert (notes(plugin, world.first), notes(plugin, world.second)) == (["A"], [])
    assert states(world.first) == [("p.ghi_chu.note_down", "done")]


def test_a_job_is_given_the_instant_of_the_editions_clock(plugin: Plugin, world: World) -> None:
    ask(plugin, world.first, "note_down")
    run_due_jobs()
    with tenant_scope(world.first.id):
        [row] = stores_of(plugin)["note"].find()
        at = row.values["at"]
    assert isinstance(at, datetime)
    assert abs(at - NOW) < timedelta(minutes=5)


def test_a_tenant_without_the_plugin_is_left_out(plugin: Plugin, world: World) -> None:
    ask(plugin, world.second, "note_down")
    run_due_jobs()
    assert (states(world.second), notes(plugin, world.second)) == ([("p.ghi_chu.note_down", "done")], [])


def test_a_job_that_raises_is_undone_recorded_and_waits_to_be_tried_again(
    plugin: Plugin, world: World
) -> None:
    ask(plugin, world.first, "store_then_fail")
    with structlog.testing.capture_logs() as logs:
        run_due_jobs()
    assert (states(world.first), notes(plugin, world.first)) == (
        [("p.ghi_chu.store_then_fail", "queued")],
        [],
    )
    [told] = [line for line in logs if line["event"] == "plugin_job_failed"]
    assert (told["plugin"], told["job"], told["tenant"]) == ("ghi_chu", "store_then_fail", "motmot")
    with tenant_scope(world.first.id):
        [error] = session().scalars(select(StoredJob.error))
        assert error == "RuntimeError('đứt giữa chừng')"


def test_a_job_may_ask_for_another(plugin: Plugin, world: World) -> None:
    ask(plugin, world.first, "ask_again")
    assert (run_due_jobs(), run_due_jobs()) == (1, 1)
    assert notes(plugin, world.first) == ["motmot"]


def test_a_job_asked_for_once_is_not_made_again(plugin: Plugin, world: World) -> None:
    long = "2026-03-01/" + "x" * 200
    for once in ("2026-03-01", long):
        assert ask(plugin, world.first, "note_down", once=once)
        assert not ask(plugin, world.first, "note_down", once=once)
    assert ask(plugin, world.first, "note_down", once=long + "y")


def test_what_is_asked_for_in_work_that_is_undone_is_not_done(plugin: Plugin, world: World) -> None:
    with tenant_scope(world.first.id):
        queue_of(plugin).add("note_down")
        session().rollback()
    assert run_due_jobs() == 0


def test_a_payload_keeps_exact_values(plugin: Plugin, world: World) -> None:
    seen: list[object] = []
    watching = replace(plugin, jobs=(Job("look", lambda request: seen.append(dict(request.payload))),))
    register_jobs([watching])
    given = {"a": Decimal("1.50"), "b": NIGHT, "c": None, "d": True, "e": 3, "f": "chữ"}
    ask(watching, world.first, "look", payload=given)
    run_due_jobs()
    assert seen == [given]
    assert str(seen[0]["a"]) == "1.50"  # type: ignore[index]


def test_what_no_job_or_payload_can_be_is_refused(plugin: Plugin, world: World) -> None:
    with tenant_scope(world.first.id):
        queue = queue_of(plugin)
        with pytest.raises(ValueError, match=r"Plugin ghi_chu không có việc other\."):
            queue.add("other")
        for value in (1.5, datetime(2026, 3, 1), ["x"]):  # noqa: DTZ001 - the naive one is the case
            with pytest.raises(ValueError, match=r"kiểu|múi giờ"):
                queue.add("note_down", {"x": value})  # type: ignore[dict-item]


def test_a_recurring_job_is_asked_for_once_a_day_of_viet_nam_where_the_plugin_is_enabled(
    plugin: Plugin, world: World
) -> None:
    for at in (NIGHT, NIGHT + timedelta(hours=23, minutes=59)):
        ask_for_recurring_jobs(at, [plugin])
        assert states(world.first) == [("p.ghi_chu.note_down", "queued")]
    ask_for_recurring_jobs(NIGHT + timedelta(days=1), [plugin])
    assert len(states(world.first)) == 2
    assert states(world.second) == []


def test_the_minutely_relay_asks_and_runs(plugin: Plugin, world: World) -> None:
    from core.kernel.jobs import relay

    relay()  # the platform's own nightly work goes with it
    assert notes(plugin, world.first) == ["đêm"]
    assert [one for one in states(world.first) if one[0].startswith("p.")] == [
        ("p.ghi_chu.note_down", "done")
    ]
    assert [one for one in states(world.second) if one[0].startswith("p.")] == []
    assert relay() == 0


def test_a_tenant_that_cannot_be_read_keeps_no_other_from_its_jobs(plugin: Plugin, world: World) -> None:
    enable(world.second, "khong_co_plugin_nay")
    enable_order = sorted((world.first.slug, world.second.slug))
    assert enable_order[0] == world.second.slug  # the one that fails is asked first
    ask_for_recurring_jobs(real_now(), [plugin])
    assert states(world.first) == [("p.ghi_chu.note_down", "queued")]


def test_names_and_periods_that_cannot_be_are_said() -> None:
    bad = note_plugin(
        jobs=(Job("Đêm", note_down), Job("x" * 60, note_down), Job("x", note_down, every=timedelta(0)))
    )
    assert part_gaps(replace(bad, package="p")) == (
        "việc Đêm: tên phải gồm chữ thường không dấu, chữ số và dấu gạch dưới",
        f"việc {'x' * 60}: tên đầy đủ p.ghi_chu.{'x' * 60} dài quá 60 ký tự",
        "việc x: chu kỳ phải từ một phút trở lên",
    )
