"""Without a mouse: where one is can always be seen, and the first step leads past the menus."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.walk import person, sign_in
from tests.support.live import Site

pytestmark = pytest.mark.timeout(300)  # the first test may wait for the demonstration
# Whether what has the focus shows it by an outline, and nothing that stays in place lies over it.
SHOWN = """() => {
  const item = document.activeElement, style = getComputedStyle(item);
  if (item === document.body) return null;
  const box = item.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const bar = document.querySelector(".deskbar");
  const free = !bar || bar.contains(item) || box.bottom <= bar.getBoundingClientRect().top;
  const seen = box.width > 0 && box.height > 0 && style.opacity !== "0" && free;
  return {what: item.outerHTML.slice(0, 120), ring, seen};
}"""
STEPS = 25


def tab_through(page: Page) -> list[str]:
    """What took the focus without showing it, over the first steps."""
    unseen = []
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        held = page.evaluate(SHOWN)
        if held is not None and not (held["ring"] and held["seen"]):
            unseen.append(held["what"])
    return unseen


@pytest.mark.parametrize(
    ("slug", "email", "path"),
    [
        ("thainguyen", None, "/?ky=2025"),
        ("thainguyen", None, "/tai-khoan/dang-ky"),
        ("bacgiang", "giamkhao@bacgiang.demo", "/cham-thi/"),
        ("bacgiang", "giamkhao@bacgiang.demo", "/hoi-dong/so_khao/bieu-quyet/1"),
        ("thainguyen", "btc@thainguyen.demo", "/btc/ho-so?trang-thai=tat-ca"),
    ],
)
def test_the_focus_is_always_seen(
    browser: Browser, live: Site, slug: str, email: str | None, path: str
) -> None:
    context = person(browser)
    try:
        page = context.new_page()
        if email is not None:
            sign_in(page, live, slug, email)
        page.goto(live.url(slug, path))
        assert tab_through(page) == []
    finally:
        context.close()


def test_the_focus_is_seen_all_over_a_sheet_and_never_under_its_bar(browser: Browser, live: Site) -> None:
    context = person(browser)
    try:
        page = context.new_page()
        sign_in(page, live, "bacgiang", "giamkhao@bacgiang.demo")
        page.goto(live.url("bacgiang", "/cham-thi/"))
        page.get_by_role("link", name="Chấm hồ sơ tiếp theo").click()
        page.emulate_media(reduced_motion="reduce")
        page.wait_for_selector(".deskbar")
        assert tab_through(page) == []
    finally:
        context.close()


def test_the_first_step_leads_to_the_content(browser: Browser, live: Site) -> None:
    context = person(browser)
    try:
        page = context.new_page()
        page.goto(live.url("thainguyen", "/the-le"))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "noi-dung"
    finally:
        context.close()


def test_the_mailbox_and_the_clock_work_without_scripts(browser: Browser, live: Site) -> None:
    context = person(browser, width=390, height=844, scripts=False)
    try:
        page = context.new_page()
        page.goto(live.url("backan", "/dong-ho"))
        before = page.locator(".demo__text strong").inner_text()
        page.get_by_role("button", name="Thêm 7 ngày").click()
        assert page.locator(".demo__text strong").inner_text() != before
        page.goto(live.url("backan", "/hop-thu"))
        assert page.get_by_role("heading", level=1).inner_text() == "Hộp thư trình diễn"
    finally:
        context.close()
