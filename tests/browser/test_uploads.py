"""Files in a real browser, on a telephone: several at once, a cut line, a form that waits, a page that was closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, FilePayload, Route, expect
from sqlalchemy import select

from core.app import create_app
from core.entries.models import Attachment, Entry
from core.judging.material import Asked
from core.judging.material_models import MaterialFile, MaterialText
from core.judging.services.material_asking import CallFacts, QuestionFacts, save_call
from core.kernel.actor import SYSTEM
from core.kernel.db import db, session, tenant_scope
from tests.browser.walk import listen, person
from tests.support.app import test_config as config_of
from tests.support.chromium import PHONE
from tests.support.entries import account, make_entry, pdf_bytes
from tests.support.factories import NOW, World, build_world, set_clock, view
from tests.support.judging import ROUND, make_round
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


def test_new_material_survives_a_cut_line_and_a_page_that_was_closed(
    browser: Browser, world_of_form: tuple[World, str, Path], tmp_path: Path
) -> None:
    world, _ref, _var = world_of_form
    first = world.first
    with world.app.app_context(), tenant_scope(first.id) as current:
        (entry,) = make_round(view(first))
        questions = (QuestionFacts("Trình chiếu"), QuestionFacts("Kết quả mới", kind=Asked.TEXT))
        wanted = CallFacts(NOW, NOW + timedelta(days=3), questions)
        save_call(view(first), ROUND, wanted, actor=SYSTEM, now=NOW)
        set_clock(view(first).id, NOW + timedelta(hours=1))
        address = f"/du-thi/{entry.ref}/tai-lieu-bo-sung"
        current.commit()
    # Chosen again it is known by its name, size and time, so it lies on the disk.
    large = tmp_path / "lớn.pdf"
    large.write_bytes(pdf_bytes(pages=2) + b"\n" * 5_000_000)
    with running(environment_of(world.app.config["BANGVANG"])) as site:
        context = entrant(browser, world.app, site.url(SLUG))
        page = context.new_page()
        page.goto(site.url(SLUG, address))
        box = page.locator(".field", has=page.locator("#f-q1"))

        page.set_input_files("#f-q1", [pdf("nhỏ.pdf", pdf_bytes())])
        expect(box.locator(".kept__what a")).to_have_text("nhỏ.pdf")
        expect(page.locator("#receipt")).to_contain_text("Mã biên nhận")
        # The first piece comes through, then the line is cut and the page closed.
        pieces: list[int] = []
        page.route("**/tus/*", lambda route: cut_after_first(route, pieces))
        page.set_input_files("#f-q1", large)
        expect(box.locator(".sending__words")).to_contain_text("Mất kết nối")
        page.close(run_before_unload=False)

        page = context.new_page()
        page.goto(site.url(SLUG, address))
        box = page.locator(".field", has=page.locator("#f-q1"))
        expect(box.locator(".kept__what a")).to_have_text("nhỏ.pdf")
        starts: list[str] = []
        page.on("request", lambda sent: starts.append(sent.headers.get("upload-offset", "")))
        page.set_input_files("#f-q1", large)
        page.fill("#f-q2", "Đã bán 20 máy.")
        page.get_by_role("button", name="Gửi tài liệu").click()

        expect(page.locator(".kept__what a")).to_have_text(["lớn.pdf"])
        expect(page.get_by_role("status").first).to_contain_text("Đã nhận tài liệu bổ sung")
        assert next(one for one in starts if one) == str(2 * 1024 * 1024)
        assert Axe().run(page).violations_count == 0
        context.close()
    with world.app.app_context(), tenant_scope(first.id):
        assert session().scalars(select(MaterialText.text)).one() == "Đã bán 20 máy."
        held = session().scalars(select(MaterialFile).where(MaterialFile.removed_at.is_(None))).one()
        assert (held.name, held.pages, held.size) == ("lớn.pdf", 2, large.stat().st_size)


def cut_after_first(route: Route, pieces: list[int]) -> None:
    """Let the first piece of an upload through, and nothing after it."""
    if route.request.method == "PATCH" and not pieces:
        pieces.append(1)
        route.continue_()
    elif pieces:
        route.abort("internetdisconnected")
    else:
        route.continue_()
