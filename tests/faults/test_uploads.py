"""Uploads over bad lines and through a server that dies, with the public tus client against a real server.

Into a draft, and as new material of a finalist: the places where files in pieces land.
"""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select
from tusclient.client import TusClient
from tusclient.uploader.uploader import Uploader

from core.app import create_app
from core.entries.models import Attachment, Entry
from core.entries.tus import READ
from core.judging.material_models import MaterialFile
from core.judging.services.material_asking import CallFacts, QuestionFacts, save_call
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import db, session, tenant_scope
from tests.support.app import test_config as config_of
from tests.support.entries import account, make_entry, pdf_bytes
from tests.support.factories import NOW, World, build_world, set_clock, view
from tests.support.judging import ROUND, make_round
from tests.support.live import Site, cookie_of, environment_of, start
from tests.support.postgres import DatabaseUrls
from tests.support.uploads import DOSSIER, MATERIAL

SLUG = "motmot"
FIELD = "tep_thuyet_minh"
NAME = "thuyết minh.pdf"
FILE = pdf_bytes(pages=2) + b"\n" * 900_000


@dataclass(frozen=True)
class Installation:
    """A database with a draft, and its owner's cookie."""

    world: World
    environment: dict[str, str]
    ref: str
    cookie: str
    into: str = DOSSIER
    field: str = FIELD

    @property
    def app(self) -> Flask:
        """An application of this process over the same database."""
        return self.world.app

    @property
    def spooled(self) -> list[Path]:
        """The partial files."""
        folder = Path(self.environment["BANGVANG_VAR"]) / "uploads"
        return [path for path in folder.rglob("*") if path.is_file()]

    def files(self) -> list[tuple[str, str, int]]:
        """Name, content and size of what has landed."""
        with self.app.app_context(), tenant_scope(self.world.first.id):
            kept = Attachment if self.into == DOSSIER else MaterialFile
            rows = session().execute(select(kept.name, kept.sha256, kept.size))
            return [(name, sha256, size) for name, sha256, size in rows]


@pytest.fixture
def installation(database: DatabaseUrls, tmp_path: Path) -> Iterator[Installation]:
    """On each database; nothing is served yet."""
    config = config_of(database, tmp_path / "var")
    app = create_app(config)
    app.config["TESTING"] = True
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id) as current:
        ref = make_entry(view(world.first), account(), state="draft").ref
        current.commit()
    yield Installation(world, environment_of(config), ref, cookie_of(app, SLUG, "tacgia@example.vn"))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=[DOSSIER, MATERIAL])
def place(request: pytest.FixtureRequest, installation: Installation) -> Installation:
    """The draft, and in its stead a dossier in a round that is asked for more."""
    return installation if request.param == DOSSIER else as_finalist(installation)


def as_finalist(installation: Installation) -> Installation:
    """The installation with a dossier in a round that is asked for one file."""
    first = installation.world.first
    with installation.app.app_context(), tenant_scope(first.id) as current:
        (entry,) = make_round(view(first))
        wanted = CallFacts(NOW, NOW + timedelta(days=3650), (QuestionFacts("Trình chiếu"),))
        save_call(view(first), ROUND, wanted, actor=SYSTEM, now=NOW)
        set_clock(view(first).id, NOW + timedelta(hours=1))
        ref = entry.ref
        current.commit()
    return replace(installation, ref=ref, into=MATERIAL, field="q1")


def uploader(site: Site, here: Installation, url: str | None = None, *, checksum: bool = False) -> Uploader:
    """The public client for FILE: a new upload, or the one at `url`, from where the server says it stands."""
    client = TusClient(
        f"http://127.0.0.1:{site.port}/du-thi/{here.ref}/{here.into}/tus/",
        headers={**site.signed_in(SLUG, here.cookie), "Host": f"{SLUG}.localhost:{site.port}"},
    )
    made: Uploader = client.uploader(
        file_stream=BytesIO(FILE),
        chunk_size=250_000,
        url=None if url is None else at_address(site, url),
        metadata={"filename": NAME, "field": here.field},
        upload_checksum=checksum,
    )
    if url is None:
        made.set_url(at_address(site, made.create_url()))
        made.offset = 0
    return made


def at_address(site: Site, url: str) -> str:
    """`url` by the number of this machine: the tests' network has no names."""
    return f"http://127.0.0.1:{site.port}/{url.split('/', 3)[3]}"


def path_at(sent: Uploader) -> str:
    """The path of an upload that has begun."""
    return "/" + str(sent.url).split("/", 3)[3]


def half_sent(site: Site, here: Installation, path: str, offset: int, size: int) -> socket.socket:
    """A connection that has announced all the rest of FILE and sent `size` bytes of it."""
    headers = {
        **site.signed_in(SLUG, here.cookie),
        "Host": f"{SLUG}.localhost:{site.port}",
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(len(FILE) - offset),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    line = socket.create_connection(("127.0.0.1", site.port), timeout=30)
    line.sendall(f"PATCH {path} HTTP/1.1\r\n{head}\r\n".encode() + FILE[offset : offset + size])
    return line


def until(holds: Callable[[], bool]) -> None:
    """Return once it holds; a server that does not come to it fails the test."""
    pause, tries = Event(), 0
    while not holds():
        tries += 1
        assert tries < 600
        pause.wait(0.05)


def has_bytes(here: Installation, size: int) -> Callable[[], bool]:
    """Whether at least `size` bytes lie in the spool."""
    return lambda: sum(path.stat().st_size for path in here.spooled) >= size


def test_a_public_client_uploads_is_cut_and_goes_on(installation: Installation) -> None:
    site = start(installation.environment, workers=2)
    try:
        first = uploader(site, installation)
        first.upload(stop_at=250_000)
        path = path_at(first)
        half_sent(site, installation, path, 250_000, 300_000).close()
        until(lambda: uploader(site, installation, first.url).offset == 550_000)
        uploader(site, installation, first.url, checksum=True).upload()
    finally:
        site.stop()
    assert installation.files() == [(NAME, hashlib.sha256(FILE).hexdigest(), len(FILE))]
    assert installation.spooled == []


def test_a_server_killed_between_the_last_byte_and_the_commit_stores_nothing_and_lets_it_be_finished(
    place: Installation,
) -> None:
    site = start(place.environment)
    try:
        sent = uploader(site, place)
        path = path_at(sent)
        line = half_sent(site, place, path, 0, len(FILE) - 1)
        until(has_bytes(place, len(FILE) - READ))
        # The dossier is held by somebody else, so the server cannot commit the file it has received.
        with place.app.app_context(), tenant_scope(place.world.first.id) as current:
            current.scalars(select(Entry).where(Entry.ref == place.ref).with_for_update()).one()
            line.sendall(FILE[-1:])
            until(has_bytes(place, len(FILE)))
            site.kill()
        line.close()
    finally:
        site.stop()
    assert place.files() == []

    site = start(place.environment)
    try:
        again = uploader(site, place, sent.url)
        assert again.offset < len(FILE)
        again.upload()
    finally:
        site.stop()
    assert place.files() == [(NAME, hashlib.sha256(FILE).hexdigest(), len(FILE))]
    assert place.spooled == []
    with place.app.app_context(), tenant_scope(place.world.first.id):
        assert audit.first_false_record() is None
