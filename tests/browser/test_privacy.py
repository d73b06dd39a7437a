"""A person's data in the browser: the copy is asked for on a page that follows it by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.walk import person, sign_in
from tests.support.live import Site

pytestmark = pytest.mark.timeout(300)  # the first test may wait for the demonstration


@pytest.mark.parametrize("scripts", [True, False])
def test_the_copy_is_asked_for_with_scripts_and_without(
    browser: Browser, live: Site, *, scripts: bool
) -> None:
    """htmx prepares a page once more when it starts; the plain form on it must still be sent."""
    context = person(browser, width=390, height=844, scripts=scripts)
    try:
        page = context.new_page()
        sign_in(page, live, "bacgiang", "tacgia@bacgiang.demo")
        page.goto(live.url("bacgiang", "/tai-khoan/du-lieu/"))
        if page.get_by_role("button", name="Lập bản sao").count():
            page.get_by_role("button", name="Lập bản sao").click()
        expect(page.get_by_text("Đang gom dữ liệu")).to_be_visible()
    finally:
        context.close()
