"""No room for a file, no database: refused in words, nothing half stored, and the server goes on."""

from __future__ import annotations

import io
from pathlib import Path

from flask import Flask, request
from sqlalchemy import func, select

from core.app import create_app
from core.entries.models import Attachment, Entry
from core.kernel.db import db, session, tenant_scope
from tests.support.app import client_of
from tests.support.app import test_config as config_of
from tests.support.entries import account, complete_draft, make_entry
from tests.support.factories import World, build_world, view
from tests.support.live import cookie_of, environment_of, start
from tests.support.people import sign_in
from tests.support.postgres import DatabaseUrls, PostgresServer
from tests.support.uploads import PIECE, TUS, metadata

ROOM = 6 * 1024 * 1024
SLUG = "motmot"


def test_a_file_that_finds_no_room_is_refused_and_leaves_nothing(
    sqlite_database: DatabaseUrls, tmp_path: Path
) -> None:
    """The limit on the size of a file stands for a full disk: writing beyond it fails in the same way."""
    config = config_of(sqlite_database, tmp_path / "var")
    app = create_app(config)
    app.config["TESTING"] = True
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id) as current:
        ref = complete_draft(view(world.first), account()).ref
        current.commit()
        before = session().scalars(select(func.count()).select_from(Attachment)).one()
    cookie = cookie_of(app, SLUG, "tacgia@example.vn")
    kept = files_under(tmp_path / "var" / "files")
    site = start(environment_of(config), largest_file=ROOM)
    try:
        headers = site.signed_in(SLUG, cookie)
        body, kind = upload(headers["X-CSRFToken"], ROOM + 1024 * 1024)
        answer = site.ask(
            SLUG,
            f"/du-thi/{ref}/sua",
            "POST",
            body=body,
            headers={**headers, "Content-Type": kind, "Sec-Fetch-Site": "same-origin"},
        )
        after = site.ask(SLUG, f"/du-thi/{ref}/sua", headers=headers)
    finally:
        site.stop()
    assert answer.status == 507
    assert "Máy chủ tạm hết chỗ lưu nên lần gửi này chưa lưu được." in answer.text
    assert "Traceback" not in answer.text
    assert after.status == 200
    assert files_under(tmp_path / "var" / "files") == kept
    with app.app_context(), tenant_scope(world.first.id):
        assert session().scalars(select(func.count()).select_from(Attachment)).one() == before
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_piece_that_finds_no_room_is_refused_and_what_was_safe_stays(
    sqlite_database: DatabaseUrls, tmp_path: Path
) -> None:
    config = config_of(sqlite_database, tmp_path / "var")
    app = create_app(config)
    app.config["TESTING"] = True
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id) as current:
        ref = complete_draft(view(world.first), account()).ref
        current.commit()
        before = session().scalars(select(func.count()).select_from(Attachment)).one()
    cookie = cookie_of(app, SLUG, "tacgia@example.vn")
    site = start(environment_of(config), largest_file=ROOM)
    try:
        headers = {**site.signed_in(SLUG, cookie), **TUS}
        size = ROOM + 1024 * 1024
        told = {"Upload-Length": str(size), "Upload-Metadata": metadata("lon.pdf", "tep_thuyet_minh")}
        made = site.ask(SLUG, f"/du-thi/{ref}/tep/tus/", "POST", headers={**headers, **told})
        path = "/" + made.headers["Location"].split("/", 3)[3]
        piece = {**headers, "Content-Type": PIECE}
        first = site.ask(SLUG, path, "PATCH", body=b"0" * 2_000_000, headers={**piece, "Upload-Offset": "0"})
        rest = b"0" * (size - 2_000_000)
        second = site.ask(SLUG, path, "PATCH", body=rest, headers={**piece, "Upload-Offset": "2000000"})
        after = site.ask(SLUG, path, "HEAD", headers=headers)
        gone = site.ask(SLUG, path, "DELETE", headers=headers)
    finally:
        site.stop()
    assert (made.status, first.status, second.status, gone.status) == (201, 204, 507, 204)
    assert "tạm hết chỗ lưu" in second.json()["title"]
    # What had been acknowledged on the way stays; what found no room does not.
    assert 2_000_000 <= int(after.headers["Upload-Offset"]) < ROOM
    assert files_under(tmp_path / "var" / "uploads") == set()
    with app.app_context(), tenant_scope(world.first.id):
        assert session().scalars(select(func.count()).select_from(Attachment)).one() == before
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def upload(csrf_token: str, size: int) -> tuple[bytes, str]:
    """A form of a browser with one large PDF, and its content type."""
    target, edge = io.BytesIO(), "----ranh-gioi"
    for name, value in (("csrf_token", csrf_token), ("do", "save"), ("title", "Máy lớn")):
        target.write(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    target.write(
        f'--{edge}\r\nContent-Disposition: form-data; name="facts.tep_thuyet_minh"; filename="lon.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n%PDF-1.7\n".encode()
    )
    target.write(b"0" * size)
    target.write(f"\r\n--{edge}--\r\n".encode())
    return target.getvalue(), f"multipart/form-data; boundary={edge}"


def files_under(folder: Path) -> set[str]:
    """Every file below, half-written ones too."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_database_that_is_full_keeps_what_was_typed_on_the_page_and_what_was_saved_in_it(
    fresh_app: Flask,
) -> None:
    """SQLite is held to the pages it has; PostgreSQL says in its own words what it says of a full disk."""
    world = build_world(fresh_app)
    with fresh_app.app_context(), tenant_scope(world.first.id) as current:
        ref = make_entry(view(world.first), account(), state="draft", title="Tên cũ").ref
        current.commit()
    client = client_of(fresh_app, SLUG)
    sign_in(client, "tacgia@example.vn")
    long = "Máy sấy chè " * 20_000

    @fresh_app.before_request
    def fill_up() -> None:
        connection = session().connection()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("pragma max_page_count = 1")
        elif request.method == "POST":
            connection.exec_driver_sql("do $$ begin raise exception using errcode = '53100'; end $$")

    typed = {"facts.tom_tat": long, "title": "Tên mới"}
    answer = client.post(f"/du-thi/{ref}/sua", data=typed, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 507
    assert f'name="facts.tom_tat" value="{long}"' in answer.text
    with fresh_app.app_context(), tenant_scope(world.first.id):
        assert session().scalars(select(Entry.title).where(Entry.ref == ref)).one() == "Tên cũ"


def test_without_its_database_the_site_says_so_and_says_when_it_is_back(
    postgres_world: World, postgres_server: PostgresServer, postgres_database: DatabaseUrls
) -> None:
    client = client_of(postgres_world.app, SLUG)
    sign_in(client, "cutri@example.vn")
    assert client.get("/tai-khoan/").status_code == 200
    postgres_server.drop_database(postgres_database)
    page, answer, ready = (client.get(path) for path in ("/tai-khoan/", "/api/v1/edition", "/readyz"))
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "Hệ thống đang bận" in page.text
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.get_json()["type"].endswith("/unavailable")
    assert ready.status_code == 503
    assert client.get("/healthz").status_code == 200
    sent = client.post("/tai-khoan/", data={"name": "Tên Mới"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (sent.status_code, 'name="name" value="Tên Mới"' in sent.text) == (503, True)


def test_a_database_at_an_older_revision_is_not_ready(tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'trong.db'}"
    app = create_app(config_of(DatabaseUrls(empty, empty), tmp_path / "var"))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
