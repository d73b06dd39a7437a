"""The dossier form on a telephone: fields that save themselves over a bad line, through a sign-in that ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from core.entries.models import Entry
from core.kernel.db import db, session, tenant_scope
from tests.browser.walk import listen, person
from tests.support.app import test_config as config_of
from tests.support.chromium import PHONE
from tests.support.counting import CASES
from tests.support.entries import account, make_entry
from tests.support.factories import World, build_world, view
from tests.support.live import Site, cookie_of, environment_of, running
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(180)
ENTRANT, PASSWORD_PAGE = "tacgia@example.vn", "/tai-khoan/dang-nhap"
SUMMARY, PLACE, MONEY = "facts.tom_tat", "facts.noi_trien_khai", "facts.loi_ich_thanh_tien"


@dataclass(frozen=True)
class Desk:
    """A telephone on a draft of the entrant."""

    world: World
    site: Site
    page: Page
    ref: str
    complaints: list[str]

    def open(self, step: str) -> None:
        """Go to a step of the dossier."""
        self.page.goto(self.site.url("motmot", f"/du-thi/{self.ref}/sua/{step}"))

    def state(self) -> str:
        """What the page says of what is saved."""
        return self.page.locator("[data-save-state]").inner_text()

    def stored(self) -> dict[str, object]:
        """The answers that the server has."""
        with self.world.app.app_context(), tenant_scope(self.world.first.id):
            return dict(session().scalars(select(Entry).where(Entry.ref == self.ref)).one().facts)

    def sign_in(self) -> None:
        """Give the telephone the cookie of the entrant."""
        cookie = cookie_of(self.world.app, "motmot", ENTRANT)
        self.page.context.add_cookies([{"name": "bv", "value": cookie, "url": self.site.url("motmot")}])


@pytest.fixture
def desk(browser: Browser, sqlite_database: DatabaseUrls, tmp_path: Path) -> Iterator[Desk]:
    """The test world served, the entrant signed in on a telephone."""
    from core.app import create_app

    config = config_of(sqlite_database, tmp_path / "var")
    app: Flask = create_app(config)
    app.config["TESTING"] = True
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id):
        ref = make_entry(view(world.first), account(), state="draft", facts={}).ref
        session().commit()
    complaints: list[str] = []
    with running(environment_of(config)) as site:
        context = person(browser, width=PHONE["width"], height=PHONE["height"])
        page = context.new_page()
        listen(page, complaints)
        made = Desk(world, site, page, ref, complaints)
        made.sign_in()
        yield made
        context.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_what_is_typed_without_a_line_arrives_when_it_is_back(desk: Desk) -> None:
    page = desk.page
    desk.open("cong_trinh")
    page.fill(f"[name='{PLACE}']", "Xã Đại Từ")
    page.locator(f"[name='{PLACE}']").blur()
    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu 10:00.")
    page.context.set_offline(True)

    page.fill(f"[name='{SUMMARY}']", "Sấy chè bằng nắng")
    page.locator(f"[name='{SUMMARY}']").blur()
    expect(page.locator("[data-save-state]")).to_contain_text("còn 1 mục giữ trên máy này")
    page.get_by_role("button", name="Lưu và tiếp").click()
    expect(page).to_have_url(re.compile("/sua/cong_trinh$"))
    assert desk.stored() == {"noi_trien_khai": "Xã Đại Từ"}
    page.context.set_offline(False)

    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu 10:00.")
    assert desk.stored() == {"noi_trien_khai": "Xã Đại Từ", "tom_tat": "Sấy chè bằng nắng"}
    page.get_by_role("button", name="Lưu và tiếp").click()
    expect(page).to_have_url(re.compile("/sua/thuyet_minh$"))
    desk.open("hieu_qua")
    page.fill(f"[name='{MONEY}']", "hai triệu")
    page.locator(f"[name='{MONEY}']").blur()
    expect(page.locator(f"[id='e-{MONEY}']")).to_contain_text("Bạn hãy nhập số tiền bằng đồng")
    assert [one for one in desk.complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []


def test_a_sign_in_that_ends_while_typing_loses_nothing(desk: Desk) -> None:
    page = desk.page
    desk.open("cong_trinh")
    page.context.clear_cookies()

    page.fill(f"[name='{SUMMARY}']", "Gõ sau khi đã bị đăng xuất")
    page.locator(f"[name='{SUMMARY}']").blur()
    expect(page.locator("[data-save-state]")).to_contain_text(
        "Bạn đã bị đăng xuất. 1 mục vẫn giữ trên máy này."
    )
    page.get_by_role("link", name="Đăng nhập lại để lưu tiếp").click()
    expect(page).to_have_url(re.compile(re.escape(PASSWORD_PAGE)))
    assert desk.stored() == {}
    desk.sign_in()
    desk.open("cong_trinh")

    expect(page.locator(f"[name='{SUMMARY}']")).to_have_value("Gõ sau khi đã bị đăng xuất")
    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu 10:00.")
    assert desk.stored() == {"tom_tat": "Gõ sau khi đã bị đăng xuất"}
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('bangvang:cho:')).length")
        == 0
    )
    assert desk.complaints == []


def test_without_scripts_a_sign_in_that_ends_keeps_the_words_until_they_are_sent_again(
    desk: Desk, browser: Browser
) -> None:
    context = person(browser, width=PHONE["width"], height=PHONE["height"], scripts=False)
    quiet = replace(desk, page=context.new_page())
    page = quiet.page
    quiet.sign_in()
    quiet.open("cong_trinh")
    page.fill(f"[name='{SUMMARY}']", "Dòng một\nDòng hai")
    context.clear_cookies()

    page.get_by_role("button", name="Lưu và tiếp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Phiên đăng nhập đã hết, chưa gửi được")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Đăng nhập ở thẻ mới").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    quiet.sign_in()
    opened.value.reload()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Bạn đã đăng nhập")
    page.get_by_role("button", name="Gửi lại").click()
    expect(page.get_by_text("mở từ trước lần đăng nhập hiện nay")).to_be_visible()
    page.get_by_role("button", name="Gửi lại").click()

    expect(page).to_have_url(re.compile("/sua/thuyet_minh$"))
    assert desk.stored() == {"tom_tat": "Dòng một\nDòng hai"}
    context.close()


def test_two_pages_on_one_field_show_both_copies_and_the_browser_counts_as_the_server_does(
    desk: Desk,
) -> None:
    page = desk.page
    desk.open("cong_trinh")
    other = page.context.new_page()
    other.goto(page.url)
    other.fill(f"[name='{SUMMARY}']", "Bản của trang kia")
    other.locator(f"[name='{SUMMARY}']").blur()
    expect(other.locator("[data-save-state]")).to_have_text("Đã lưu 10:00.")

    page.fill(f"[name='{SUMMARY}']", "Bản của trang này")
    page.locator(f"[name='{SUMMARY}']").blur()
    expect(page.locator(".twocopies blockquote")).to_have_text("Bản của trang kia")
    expect(page.locator(f"[name='{SUMMARY}']")).to_have_value("Bản của trang này")
    assert desk.stored() == {"tom_tat": "Bản của trang kia"}
    page.get_by_role("button", name="Lưu bản của tôi").click()

    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu 10:00.")
    assert desk.stored() == {"tom_tat": "Bản của trang này"}
    module = page.evaluate(
        "performance.getEntriesByType('resource').map((one) => one.name).find((one) => one.includes('/counting.'))"
    )
    counted = page.evaluate(
        "([module, texts]) => import(module).then((made) => texts.map(made.sizeOf))",
        [module, [text for text, *_size in CASES]],
    )
    assert [(one["chars"], one["words"], one["pages"]) for one in counted] == [case[1:] for case in CASES]
    assert desk.complaints == []
