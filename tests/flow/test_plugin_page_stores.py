"""What a plugin's page stores through its tables and jobs: kept after a good POST, undone after anything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from core.extensions.jobs import register_jobs
from core.extensions.tables import stores_of
from core.kernel.db import tenant_scope
from core.kernel.jobs import Job as StoredJob
from core.plugin_api import (
    Job,
    JobRequest,
    Page,
    PageAccess,
    PageAnswer,
    PageRequest,
    Plugin,
    Redirect,
    Rendered,
    Text,
    Value,
)
from tests.support.app import client_of
from tests.support.databases import Template
from tests.support.factories import TenantFacts, World
from tests.support.plugin_tables import note_plugin, own_copy, packaged, raise_tables
from tests.support.plugins import enable, installed
from tests.support.postgres import DatabaseUrls, PostgresServer


@pytest.fixture
def postgres_database(postgres_server: PostgresServer, template: Template) -> Iterator[DatabaseUrls]:
    """A database that the test may give tables."""
    yield from own_copy(postgres_server, postgres_server.template(*template))


def note(request: PageRequest) -> PageAnswer:
    """Stores a note and asks for a job; then answers as the form says."""
    code = request.form.get("code") or request.query["code"]
    request.tables["note"].add({"code": code, "stars": 5})
    request.jobs.add("tinh", {"code": code})
    how = request.form.get("how")
    if how == "fail":
        raise LookupError("hỏng sau khi ghi")
    if how == "leave":
        raise SystemExit(3)
    return Rendered("note.html", status=422) if how == "refuse" else Redirect("ghi?code=0")


def nothing(request: JobRequest) -> None:
    """A job that does nothing."""


@pytest.fixture
def notes(tmp_path: Path, database: DatabaseUrls, world: World) -> Iterator[Plugin]:
    """A plugin that keeps notes and has a page for it, enabled for both tenants."""
    page = Page("ghi", Text("Ghi"), note, PageAccess.PUBLIC, ("GET", "POST"))
    for packed in packaged(note_plugin(jobs=(Job("tinh", nothing),)), tmp_path):
        templates = tmp_path / packed.package / "templates"
        templates.mkdir()
        (templates / "note.html").write_text("<p>không ghi</p>", encoding="utf-8")
        made = replace(packed, pages=(page,))
        assert raise_tables(made, database) == ()
        with installed(made):
            register_jobs([made])
            with world.app.app_context():
                enable(world.first, made.info.name)
                enable(world.second, made.info.name)
            yield made


def stored(app: Flask, plugin: Plugin, facts: TenantFacts) -> tuple[list[Value], int]:
    """The codes of a tenant's notes, and how many of the plugin's jobs wait in all."""
    with app.app_context(), tenant_scope(facts.id) as current:
        codes = [row.values["code"] for row in stores_of(plugin)["note"].find()]
        waiting = current.query(StoredJob).filter(StoredJob.kind == "p.ghi_chu.tinh").count()
        return codes, waiting


def test_good_answer_keeps_what_was_stored_in_its_own_tenant(notes: Plugin, world: World) -> None:
    answer = client_of(world.app, "motmot").post("/p/ghi_chu/ghi", data={"code": "A1"})

    assert answer.status_code == 303
    assert stored(world.app, notes, world.first)[0] == ["A1"]
    assert stored(world.app, notes, world.second)[0] == []


@pytest.mark.parametrize(("how", "status"), [("refuse", 422), ("fail", 500), ("leave", 500)])
def test_refusal_and_failure_leave_nothing(notes: Plugin, world: World, how: str, status: int) -> None:
    answer = client_of(world.app, "motmot").post("/p/ghi_chu/ghi", data={"code": "A1", "how": how})

    assert answer.status_code == status
    assert stored(world.app, notes, world.first) == ([], 0)


def test_reading_a_page_stores_nothing(notes: Plugin, world: World) -> None:
    answer = client_of(world.app, "motmot").get("/p/ghi_chu/ghi?code=A1")

    assert answer.status_code == 303
    assert stored(world.app, notes, world.first) == ([], 0)
