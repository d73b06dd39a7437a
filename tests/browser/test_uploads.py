"""Files of the dossier form in a real browser, on a telephone: several at once, a cut line, a form that waits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, FilePayload, expect
from sqlalchemy import select

from core.app import create_app
from core.entries.models import Attachment, Entry
from core.kernel.db import db, session, tenant_scope
from tests.browser.walk import listen, person
from tests.support.app import test_config as config_of
from tests.support.chromium import PHONE
from tests.support.entries import account, make_entry, pdf_bytes
from tests.support.factories import World, build_world, view
from tests.support.live import cookie_of, environment_of, running
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(200)
SLUG = "motmot"
FIELD = "#f-facts\\.tep_thuyet_minh"


@pytest.fixture
def world_of_form(sqlite_database: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[World, str, Path]]:
    """A contest with a draft: its world, the draft's ref, the folder of data."""
    config = config_of(sqlite_database, tmp_path / "var")
    app = create_app(config)
    app.config["TESTING"] = True
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id) as current:
        ref = make_entry(view(world.first), account(), state="draft", title="").ref
        current.commit()
    yield world, ref, tmp_path / "var"
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def entrant(browser: Browser, app: Flask, address: str) -> BrowserContext:
    """The draft's owner with a telephone."""
    context = person(browser, width=PHONE["width"], height=PHONE["height"])
    cookie = cookie_of(app, SLUG, "tacgia@example.vn")
    context.add_cookies([{"name": "bv", "value": cookie, "url": address}])
    return context


def pdf(name: str, content: bytes) -> FilePayload:
    """A file that is chosen."""
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def test_files_go_out_at_once_survive_a_cut_line_and_the_form_waits_for_them(
    browser: Browser, world_of_form: tuple[World, str, Path]
) -> None:
    world, ref, var = world_of_form
    complaints: list[str] = []
    with running(environment_of(world.app.config["BANGVANG"])) as site:
        context = entrant(browser, world.app, site.url(SLUG))
        page = context.new_page()
        page.goto(site.url(SLUG, f"/du-thi/{ref}/sua/tai_lieu"))
        listen(page, complaints)
        box = page.locator(".field", has=page.locator(FIELD))

        page.set_input_files(FIELD, [pdf("mot.pdf", pdf_bytes()), pdf("rong.pdf", b"")])
        expect(box.locator(".kept__what a")).to_have_text("mot.pdf")
        expect(box.get_by_role("alert")).to_contain_text("không có nội dung (0 byte)")
        assert Axe().run(page, {"include": [[".field:has(.drop)"]]}).violations_count == 0

        box.get_by_role("button", name=re.compile("Bỏ qua")).click()
        context.set_offline(True)
        page.set_input_files(FIELD, [pdf("hai.pdf", pdf_bytes(pages=2) + b"\n" * 3_000_000)])
        expect(box.locator(".sending__words")).to_contain_text("Mất kết nối")
        page.check("[name='facts.cam_doan']")
        page.get_by_role("button", name="Lưu bản nháp").last.click()
        context.set_offline(False)

        # The form has waited, and what was typed came with it.
        expect(page.get_by_role("status").first).to_contain_text("Đã lưu lúc")
        expect(page.locator(f".field:has({FIELD}) .kept__what a")).to_have_text(["mot.pdf", "hai.pdf"])
        page.get_by_role("button", name="Bỏ tệp mot.pdf").click()
        expect(page.locator(f".field:has({FIELD}) .kept__what a")).to_have_text(["hai.pdf"])
        context.close()
    with world.app.app_context(), tenant_scope(world.first.id):
        assert session().scalars(select(Entry)).one().facts["cam_doan"] is True
        assert [(one.name, one.pages) for one in session().scalars(select(Attachment))] == [("hai.pdf", 2)]
    assert [path for path in (var / "uploads").rglob("*") if path.is_file()] == []
    assert [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []
