"""The whole way in a real browser, thin but real: from signing up to the published result, at a desk with scripts and
on a telephone without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.kernel.clock import local
from core.kernel.db import db
from tests.browser.entrant import TITLE, Entrant
from tests.browser.walk import listen, person
from tests.support.app import test_config as config_of
from tests.support.chromium import DESK, PHONE
from tests.support.factories import NOW, build_world
from tests.support.live import Site, cookie_of, environment_of, running
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(300)
NEW = "nguoimoi@example.vn"
CODE = "TT-K1-0001"


@dataclass(frozen=True)
class Stage:
    """A small contest that is open for everything, served; what the browser complained of."""

    app: Flask
    site: Site
    browser: Browser
    size: dict[str, int]
    scripts: bool
    complaints: list[str]

    def enter(self, email: str | None = None) -> Page:
        """A browser of its own for a person; signed in when `email` names an account."""
        context: BrowserContext = person(
            self.browser, width=self.size["width"], height=self.size["height"], scripts=self.scripts
        )
        if email is not None:
            cookie = cookie_of(self.app, "motmot", email)
            host = f"motmot.localhost:{self.site.port}"
            context.add_cookies([{"name": "bv", "value": cookie, "url": f"http://{host}"}])
        page = context.new_page()
        listen(page, self.complaints)
        return page

    def url(self, path: str) -> str:
        """An address of the contest."""
        return self.site.url("motmot", path)


@pytest.fixture(params=["desk", "phone without scripts"])
def stage(
    request: pytest.FixtureRequest, browser: Browser, sqlite_database: DatabaseUrls, tmp_path: Path
) -> Iterator[Stage]:
    """The contest, a server, and a browser of one of two kinds."""
    from core.app import create_app

    config = config_of(sqlite_database, tmp_path / "var")
    app = create_app(config)
    app.config["TESTING"] = True
    build_world(app)
    at_desk = request.param == "desk"
    with running(environment_of(config)) as site:
        yield Stage(app, site, browser, dict(DESK if at_desk else PHONE), at_desk, [])
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_from_signing_up_to_the_published_result(stage: Stage, tmp_path: Path) -> None:
    entrant = Entrant(stage.enter(), stage.url(""), "Trần Thị Người Mới", NEW)
    entrant.sign_up(stage.enter())
    assert entrant.hand_in(tmp_path) == CODE
    officer = stage.enter("btc@example.vn")
    accept_and_publish(stage, officer)
    vote(stage)
    open_the_round(stage, officer)
    score_and_lock(stage)
    close_and_publish(stage, officer)
    read_the_result(stage)
    assert stage.complaints == []


def accept_and_publish(stage: Stage, page: Page) -> None:
    """The committee accepts the dossier and puts it into the gallery."""
    page.goto(stage.url("/btc/ho-so"))
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Chấp nhận").click()
    page.goto(stage.url(f"/btc/ho-so/{CODE}"))
    page.get_by_role("button", name=re.compile("Đưa|Công bố|Hiện")).first.click()
    page.goto(stage.url(f"/bai-du-thi/{CODE}"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)


def vote(stage: Stage) -> None:
    """A voter votes, and finds the receipt again."""
    page = stage.enter("cutri@example.vn")
    page.goto(stage.url(f"/bai-du-thi/{CODE}/binh-chon"))
    page.get_by_role("button", name="Bình chọn", exact=True).click()
    expect(page).to_have_url(re.compile("/binh-chon/phieu/"))
    page.goto(stage.url("/binh-chon"))
    expect(page.locator(f"#binh-chon-{CODE} a[href^='/binh-chon/phieu/']")).to_be_visible()


def open_the_round(stage: Stage, page: Page) -> None:
    """The committee appoints a judge and opens the round."""
    page.goto(stage.url("/btc/cham-thi"))
    page.fill("[name=name]", "Giám khảo Thử")
    page.fill("[name=email]", "giamkhao@example.vn")
    page.get_by_role("button", name="Thêm vào hội đồng").click()
    page.get_by_role("link", name="Mở vòng chấm").first.click()
    page.get_by_role("button", name="Mở vòng chấm").click()
    expect(page.locator("main")).to_contain_text("J1")


def score_and_lock(stage: Stage) -> None:
    """A judge fills the sheet (by the keyboard alone where scripts run), reads it again and locks it."""
    page = stage.enter("giamkhao@example.vn")
    page.goto(stage.url(f"/cham-thi/hoi_dong/{CODE}"))
    if stage.scripts:
        page.keyboard.press("1")
        for points in ("18,5", "27", "25"):
            page.keyboard.type(points)
            page.keyboard.press("Enter")
        expect(page.locator("[data-total]")).to_have_text("70,5")
        page.keyboard.press("Control+Enter")
    else:
        for name, points in (("doi_moi", "18,5"), ("hieu_qua", "27"), ("kha_nang", "25")):
            page.fill(f"[name=score_{name}]", points)
        page.locator("[data-save]").click()
    expect(page).to_have_url(
        re.compile(r"/cham-thi/\?vong=hoi_dong$")
    )  # there is no other dossier to go on to
    page.goto(stage.url(f"/cham-thi/hoi_dong/{CODE}/khoa"))
    page.get_by_role("button", name="Khóa phiếu chấm").click()
    page.goto(stage.url("/cham-thi/"))
    expect(page.locator("main")).to_contain_text("Đã khóa")


def close_and_publish(stage: Stage, page: Page) -> None:
    """After the last date the committee freezes the votes, computes, decides and publishes."""
    after = local(NOW + timedelta(days=11))
    page.goto(stage.url("/dong-ho"))
    page.fill("[name=when]", after.strftime("%d/%m/%Y"))
    page.get_by_role("button", name="Chỉnh đồng hồ").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã chỉnh đồng hồ")
    page.goto(stage.url("/btc/ket-qua/"))
    press(page, "Chốt phiếu bình chọn")
    press(page, "Tính kết quả")
    page.fill("[name=members]", "15")
    page.fill("[name=agreed]", "12")
    page.fill("[name=held_on]", after.strftime("%Y-%m-%d"))
    press(page, "Ghi quyết định")
    press(page, "Công bố kết quả")
    expect(page.get_by_role("link", name="Xem trang kết quả")).to_be_visible()


def press(page: Page, name: str) -> None:
    """Press a button; where it asks whether one is sure, say yes."""
    page.get_by_role("button", name=name, exact=True).click()
    sure = page.locator("dialog[open] button.btn-primary, dialog[open] button.btn-danger")
    if sure.count():
        sure.first.click()
    page.wait_for_load_state()
    expect(page.get_by_role("status").first).to_be_visible()


def read_the_result(stage: Stage) -> None:
    """The public reads the result and can take the bundle away."""
    page = stage.enter()
    page.goto(stage.url("/ket-qua"))
    expect(page.locator("main")).to_contain_text("Trần Thị Người Mới")
    expect(page.locator("main")).to_contain_text("90,5")
    bundle = page.locator("a[href*='goi.zip']").first
    expect(bundle).to_be_visible()
    answer = stage.site.ask("motmot", str(bundle.get_attribute("href")))
    assert (answer.status, answer.body[:2]) == (200, b"PK")
