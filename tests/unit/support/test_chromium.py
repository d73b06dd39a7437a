"""The machine's own Chromium opens a page."""

from __future__ import annotations

from playwright.sync_api import Page


def test_the_browser_reads_vietnamese(page: Page) -> None:
    page.set_content("<h1>Bảng Vàng</h1>")
    assert page.get_by_role("heading").inner_text() == "Bảng Vàng"


def test_the_browser_is_a_person_in_viet_nam(page: Page) -> None:
    told = page.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, innerWidth]")
    assert told == ["vi-VN", "Asia/Saigon", 1280]
