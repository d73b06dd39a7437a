"""The server is killed between a file's arrival and the commit: nothing is half-stored, and the file goes in again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from subprocess import TimeoutExpired

import pytest
from flask import Flask
from sqlalchemy import select

from core.app import create_app
from core.entries.models import Attachment, Entry
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import db, session, tenant_scope
from core.kernel.files import LocalStore, file_key
from tests.support.app import test_config as config_of
from tests.support.entries import account, complete_draft, pdf_bytes
from tests.support.factories import NOW, World, build_world, view
from tests.support.live import Reply, Site, cookie_of, environment_of, start
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(300)
SLUG = "motmot"
CONTENT = pdf_bytes(pages=7)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
BOUNDARY = "ranhgioi"


@dataclass(frozen=True)
class Installation:
    """A dossier on PostgreSQL, whose locks let a test hold a request at a known place."""

    app: Flask
    world: World
    environment: dict[str, str]
    ref: str
    cookie: str
    stored: Path

    def send(self, site: Site) -> Reply:
        """The form with one more file in it."""
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="facts.tep_thuyet_minh"; '
            'filename="them.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        )
        body = head.encode() + CONTENT + f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        headers = site.signed_in(SLUG, self.cookie) | kind
        return site.ask(SLUG, f"/du-thi/{self.ref}/sua", "POST", body=body, headers=headers)

    def names(self) -> list[str]:
        """The files that the dossier has."""
        ask = (
            select(Attachment.name).join(Entry, Entry.id == Attachment.entry_id).where(Entry.ref == self.ref)
        )
        with self.app.app_context(), tenant_scope(self.world.first.id):
            return sorted(session().scalars(ask))


@pytest.fixture
def installation(postgres_database: DatabaseUrls, tmp_path: Path) -> Iterator[Installation]:
    config = config_of(postgres_database, tmp_path / "var")
    app = create_app(config)
    app.config["TESTING"] = True
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id) as current:
        ref = complete_draft(view(world.first), account()).ref
        current.commit()
    cookie = cookie_of(app, SLUG, "tacgia@example.vn")
    stored = LocalStore(config.var / "files")._path(file_key(world.first.id, DIGEST))
    yield Installation(app, world, environment_of(config), ref, cookie, stored)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_server_killed_between_a_files_arrival_and_the_commit_leaves_nothing_half_stored(
    installation: Installation,
) -> None:
    site = start(installation.environment)
    with ThreadPoolExecutor(1) as pool:
        with installation.app.app_context(), tenant_scope(installation.world.first.id):
            # Whoever writes to the log waits for this transaction: the request gets as far as the stored content.
            audit.append("test.held", "k1", {}, actor=SYSTEM, now=NOW)
            session().flush()
            answer = pool.submit(installation.send, site)
            try:
                wait_for(installation.stored, site)
            finally:
                site.kill()
                session().rollback()
        with suppress(OSError, HTTPException):
            answer.result()
    assert installation.names() == ["ban-mo-ta.pdf"]

    site = start(installation.environment)
    try:
        again = installation.send(site)
    finally:
        site.stop()
    assert again.status in (303, 422)
    assert installation.names() == ["ban-mo-ta.pdf", "them.pdf"]
    with installation.app.app_context(), tenant_scope(installation.world.first.id):
        assert audit.first_false_record() is None


def wait_for(path: Path, site: Site) -> None:
    """Return when the file is there; the server must not end before."""
    for _turn in range(600):
        if path.exists():
            return
        with suppress(TimeoutExpired):
            raise AssertionError(f"the server ended: {site.process.wait(timeout=0.05)}")
    raise AssertionError(f"{path} did not come")
