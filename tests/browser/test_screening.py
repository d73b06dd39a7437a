"""The committee's list by keyboard: a dossier opens beside it, and closes again."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.walk import person, sign_in
from tests.support.live import Site

pytestmark = pytest.mark.timeout(300)  # the first test may wait for the demonstration


def test_the_list_is_worked_through_without_a_mouse(browser: Browser, live: Site) -> None:
    context = person(browser)
    try:
        page = context.new_page()
        sign_in(page, live, "thainguyen", "btc@thainguyen.demo")
        page.goto(live.url("thainguyen", "/btc/ho-so?trang-thai=tat-ca"))
        second = page.locator("tr[data-href]").nth(1).locator("th a").inner_text()
        for key in ("j", "j", "Enter"):
            page.keyboard.press(key)

        expect(page.locator(".pane h2").first).to_have_text(second)
        expect(page.locator(".pane h2").first).to_be_focused()
        assert "mo=" in page.url
        assert Axe().run(page).response["violations"] == []
        page.keyboard.press("Escape")
        expect(page.locator(".pane")).to_have_count(0)
        assert "mo=" not in page.url
        page.keyboard.press("?")
        expect(page.locator("dialog kbd").first).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("x")
        expect(page.locator("[data-bulk-count]")).to_have_text("Đã chọn 1")
    finally:
        context.close()
