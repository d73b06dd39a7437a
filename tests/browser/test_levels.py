"""The levels of a criterion, chosen by finger and by keyboard: they show points to pick from and put none in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from core.kernel.db import db, session, tenant_scope
from tests.browser.walk import person
from tests.support import levels
from tests.support.app import test_config as config_of
from tests.support.chromium import DESK, PHONE
from tests.support.factories import build_world, view
from tests.support.judging import JUDGE, make_round
from tests.support.live import cookie_of
from tests.support.plugins import enable, installed
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(180)
BOX = "[name=score_doi_moi]"


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(
    request: pytest.FixtureRequest, browser: Browser, sqlite_database: DatabaseUrls, tmp_path: Path
) -> Iterator[Page]:
    """A judge's sheet with levels, served by this process, which has the plugin."""
    from core.app import create_app

    app = create_app(config_of(sqlite_database, tmp_path / "var"))
    app.config["TESTING"] = True
    with installed(levels.plugin):
        world = build_world(app)
        with app.app_context():
            enable(world.first, levels.NAME)
        with app.app_context(), tenant_scope(world.first.id):
            make_round(view(world.first))
            session().commit()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://motmot.localhost:{server.server_port}"
        made = person(browser, **request.param).new_page()
        made.context.add_cookies(
            [{"name": "bv", "value": cookie_of(app, "motmot", JUDGE), "url": f"{address}/"}]
        )
        made.goto(f"{address}/cham-thi/hoi_dong/TT-K1-0001")
        yield made
        made.context.close()
        server.shutdown()
        thread.join()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_level_shows_its_points_and_the_picked_ones_are_saved(page: Page) -> None:
    unfold(page)
    level = page.get_by_role("button", name="11–15")
    level.click()
    expect(page.locator(BOX)).to_have_value("")
    group = page.get_by_role("group", name="Điểm trong mức 11–15")
    assert group.get_by_role("button").all_inner_texts() == [
        "11",
        "11,5",
        "12",
        "12,5",
        "13",
        "13,5",
        "14",
        "14,5",
        "15",
    ]
    group.get_by_role("button", name="13,5").click()
    expect(page.locator(BOX)).to_have_value("13,5")
    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu 10:00.")
    expect(level).to_have_attribute("aria-pressed", "true")
    page.fill(BOX, "18")
    expect(page.get_by_role("button", name="16–20")).to_have_attribute("aria-pressed", "true")
    expect(level).to_have_attribute("aria-pressed", "false")


def test_a_wide_level_leads_to_the_box_and_the_arrows_begin_at_its_least(page: Page) -> None:
    unfold(page)
    page.get_by_role("button", name="16–20").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Điểm trong mức 16–20")).to_be_visible()
    page.get_by_role("button", name="0–10").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "score_doi_moi"
    page.get_by_role("button", name="16–20").click()
    page.locator(BOX).focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(BOX)).to_have_value("16")


def test_the_levels_are_folded_on_a_phone_and_accessible(page: Page) -> None:
    is_phone = page.viewport_size == PHONE
    fold = page.locator(".criterion__levels")
    assert fold.evaluate("one => one.open") is not is_phone
    unfold(page)
    page.get_by_role("button", name="11–15").click()
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []


def unfold(page: Page) -> None:
    """Open the levels where they are folded."""
    fold = page.locator(".criterion__levels")
    if not fold.evaluate("one => one.open"):
        fold.locator("summary").click()
