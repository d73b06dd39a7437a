"""What was acknowledged is stored: the server is killed at once after its answer, and started again."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.app import create_app
from core.entries.models import Entry, EntryVersion
from core.kernel import audit
from core.kernel.db import db, session, tenant_scope
from core.kernel.ids import token
from core.voting.models import Vote, VoteTally
from tests.support.app import test_config as config_of
from tests.support.entries import account, complete_draft, make_entry
from tests.support.factories import World, build_world, view
from tests.support.live import Reply, Site, cookie_of, environment_of, start
from tests.support.postgres import DatabaseUrls

CODE = "TT-K1-0001"
SLUG = "motmot"


@dataclass(frozen=True)
class Installation:
    """A database with a published entry and a dossier that is ready to be handed in."""

    world: World
    environment: dict[str, str]
    ref: str
    voter: str
    entrant: str

    @property
    def app(self) -> Flask:
        """An application of this process over the same database."""
        return self.world.app


@pytest.fixture
def installation(database: DatabaseUrls, tmp_path: Path) -> Iterator[Installation]:
    """On each database; nothing is served yet."""
    config = config_of(database, tmp_path / "var")
    app = create_app(config)
    app.config["TESTING"] = True
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id) as current:
        edition = view(world.first)
        make_entry(edition, account())
        ref = complete_draft(edition, account()).ref
        current.commit()
    voter, entrant = (cookie_of(app, SLUG, email) for email in ("cutri@example.vn", "tacgia@example.vn"))
    yield Installation(world, environment_of(config), ref, voter, entrant)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def post(site: Site, path: str, cookie: str) -> Reply:
    """A deed of the API."""
    return site.ask(SLUG, path, "POST", headers=site.signed_in(SLUG, cookie))


def test_an_acknowledged_vote_outlives_the_server(installation: Installation) -> None:
    site = start(installation.environment)
    try:
        answer = post(site, f"/api/v1/entries/{CODE}/vote", installation.voter)
    finally:
        site.kill()
    assert answer.status == 201
    receipt = answer.json()["code"]
    with installation.app.app_context(), tenant_scope(installation.world.first.id):
        assert session().scalars(select(Vote.receipt)).all() == [receipt]
        assert session().scalars(select(VoteTally.votes)).all() == [1]
        assert audit.first_false_record() is None
    site = start(installation.environment)
    try:
        again = post(site, f"/api/v1/entries/{CODE}/vote", installation.voter)
    finally:
        site.stop()
    assert (again.status, again.json()["code"], again.json()["is_new"]) == (200, receipt, False)


def test_an_acknowledged_dossier_outlives_the_server_with_its_files(installation: Installation) -> None:
    site = start(installation.environment)
    try:
        answer = post(site, f"/api/v1/entries/{installation.ref}/submit", installation.entrant)
    finally:
        site.kill()
    assert answer.status == 200, answer.text
    with installation.app.app_context(), tenant_scope(installation.world.first.id):
        entry = session().scalars(select(Entry).where(Entry.ref == installation.ref)).one()
        assert (entry.state, entry.version) == ("submitted", 1)
        receipts = (
            session().scalars(select(EntryVersion.receipt).where(EntryVersion.entry_id == entry.id)).all()
        )
        assert [answer.json()["receipt"]] == receipts
        assert audit.first_false_record() is None


def test_a_double_click_on_two_workers_makes_one_of_everything(installation: Installation) -> None:
    """The same deed eight times at once: one vote, one new dossier, one receipt, and no answer of 500."""
    site = start(installation.environment, workers=2, threads=4)
    try:
        voter = site.signed_in(SLUG, installation.voter)
        entrant = site.signed_in(SLUG, installation.entrant)
        form = f"form_token={token()}&csrf_token={entrant['X-CSRFToken']}".encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        deeds = {
            "vote": lambda: site.ask(SLUG, f"/api/v1/entries/{CODE}/vote", "POST", headers=voter),
            "new": lambda: site.ask(SLUG, "/du-thi/moi", "POST", body=form, headers={**entrant, **kind}),
            "submit": lambda: site.ask(
                SLUG, f"/api/v1/entries/{installation.ref}/submit", "POST", headers=entrant
            ),
        }
        with ThreadPoolExecutor(8) as pool:
            answers = {
                name: list(pool.map(lambda _n, deed=deed: deed(), range(8))) for name, deed in deeds.items()
            }
    finally:
        site.stop()
    assert sorted(one.status for one in answers["vote"]) == [200] * 7 + [201]
    assert len({one.json()["code"] for one in answers["vote"]}) == 1
    assert {one.status for one in answers["new"]} == {303}
    assert len({one.headers["Location"] for one in answers["new"]}) == 1
    assert {one.status for one in answers["submit"]} <= {200, 409}
    assert len({one.json()["receipt"] for one in answers["submit"] if one.status == 200}) == 1
    with installation.app.app_context(), tenant_scope(installation.world.first.id):
        assert session().scalars(select(func.count()).select_from(Vote)).one() == 1
        assert session().scalars(select(VoteTally.votes)).all() == [1]
        assert session().scalars(select(func.count()).select_from(Entry)).one() == 3
        entry = session().scalars(select(Entry).where(Entry.ref == installation.ref)).one()
        assert (entry.state, entry.version) == ("submitted", 1)
        assert audit.first_false_record() is None
