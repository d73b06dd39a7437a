"""An account in a real browser at phone width: sign-up by telephone with the meter, second step, passkey; and axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pyotp import TOTP

from core.kernel.db import db
from tests.browser.walk import listen, person
from tests.support.app import test_config as config_of
from tests.support.chromium import PHONE
from tests.support.factories import build_world
from tests.support.live import Site, environment_of, running
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(180)
NUMBER, PASSWORD = "0912 345 678", "con trâu là đầu cơ nghiệp"


@pytest.fixture
def site(sqlite_database: DatabaseUrls, tmp_path: Path) -> Iterator[Site]:
    """A small contest, served."""
    from core.app import create_app

    config = config_of(sqlite_database, tmp_path / "var")
    app = create_app(config)
    build_world(app)
    with running(environment_of(config)) as served:
        yield served
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def press(page: Page, name: str) -> None:
    """Press a button that leads to another page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def barriers(page: Page) -> list[str]:
    """What axe finds on the page."""
    return [f"{page.url}: {one['id']}" for one in Axe().run(page).response["violations"]]


def code_sent(page: Page, site: Site) -> str:
    """The newest code to the number."""
    box = page.context.new_page()
    box.goto(site.url("motmot", f"/hop-thu?to={NUMBER}"))
    found = re.search(r"\b\d{6}\b", box.locator("main").inner_text().replace(NUMBER, ""))
    box.close()
    assert found is not None
    return found[0]


def sign_up(page: Page, site: Site) -> None:
    """A new account by telephone; the meter speaks while the password is typed."""
    page.goto(site.url("motmot", "/tai-khoan/dang-ky"))
    page.fill("[name=name]", "Lò Thị Mai")
    page.fill("[name=email]", NUMBER)
    page.locator("[name=password]").press_sequentially("hoanganh2005")
    expect(page.locator("#do-manh")).to_contain_text("máy đoán ra được")
    page.fill("[name=password]", PASSWORD)
    expect(page.locator("#do-manh")).to_contain_text("rất khó đoán")
    page.check("[name=consent_account]")
    press(page, "Đăng ký và nhận mã")
    page.fill("[name=code]", code_sent(page, site))
    press(page, "Xác nhận")


def sign_out(page: Page, site: Site) -> None:
    """Forget the sign-in, as a new visit would."""
    page.context.clear_cookies(name="bv")


def test_by_telephone_with_a_second_step_and_with_a_passkey(browser: Browser, site: Site) -> None:
    context = person(browser, width=PHONE["width"], height=PHONE["height"])
    page, complaints, found = context.new_page(), list[str](), list[str]()
    listen(page, complaints)
    sign_up(page, site)

    page.goto(site.url("motmot", "/tai-khoan/buoc-hai"))
    press(page, "Bắt đầu thiết lập")
    found += barriers(page)
    page.get_by_text("Không quét được?").click()
    secret = page.locator(".setup__key").inner_text().replace(" ", "")
    page.fill("[name=code]", TOTP(secret).now())
    press(page, "Bật bước xác thực thứ hai")
    found += barriers(page)
    recovery = page.locator(".codes li").first.inner_text()

    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(site.url("motmot", "/tai-khoan/khoa"))
    page.fill("[name=name]", "Điện thoại của Mai")
    press(page, "Tạo khóa trên máy này")
    expect(page.locator(".ways")).to_contain_text("Điện thoại của Mai")
    found += barriers(page)
    page.goto(site.url("motmot", "/tai-khoan/"))
    found += barriers(page)

    sign_out(page, site)
    page.goto(site.url("motmot", "/tai-khoan/dang-nhap"))
    found += barriers(page)
    page.fill("[name=email]", NUMBER)
    page.fill("[name=password]", PASSWORD)
    press(page, "Đăng nhập")
    found += barriers(page)
    page.fill("[name=code]", recovery)
    press(page, "Đăng nhập")
    page.goto(site.url("motmot", "/tai-khoan/"))
    expect(page.locator("h1")).to_have_text("Tài khoản của tôi")

    sign_out(page, site)
    page.goto(site.url("motmot", "/tai-khoan/dang-nhap/khoa"))
    found += barriers(page)
    press(page, "Dùng khóa của tôi")
    page.goto(site.url("motmot", "/tai-khoan/khoa"))
    expect(page.locator(".ways")).to_contain_text("Dùng lần cuối")
    context.close()

    assert (complaints, found) == ([], [])
