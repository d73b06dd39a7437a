"""The judge's desk in a real browser: points that save themselves, two copies, the keyboard alone, a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from core.entries.models import Entry
from core.judging.models import Sheet, SheetScore
from core.kernel.db import db, session, tenant_scope
from core.people.passwords import hash_password
from tests.browser.walk import listen, person
from tests.support.app import test_config as config_of
from tests.support.chromium import DESK, PHONE
from tests.support.entries import account, make_attachment, pdf_bytes
from tests.support.factories import World, build_world, view
from tests.support.judging import JUDGE, ROUND, make_round
from tests.support.live import Site, cookie_of, environment_of, running
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(180)
CODES = ("TT-K1-0001", "TT-K1-0002", "TT-K1-0003")
FIRST = f"/cham-thi/{ROUND}/{CODES[0]}"
PASSWORD = "mot cau ngan de nho"
NEWS, USE = "score_doi_moi", "score_hieu_qua"


@dataclass(frozen=True)
class Bench:
    """A round with three dossiers, its judge's browser, and what the server has."""

    world: World
    site: Site
    browser: Browser
    complaints: list[str]

    def url(self, path: str) -> str:
        """An address of the contest."""
        return self.site.url("motmot", path)

    def enter(self, *, width: int = DESK["width"], height: int = DESK["height"], touch: bool = False) -> Page:
        """A fresh browser of the judge, signed in."""
        page = person(self.browser, width=width, height=height, touch=touch).new_page()
        listen(page, self.complaints)
        cookie = cookie_of(self.world.app, "motmot", JUDGE)
        page.context.add_cookies([{"name": "bv", "value": cookie, "url": self.url("/")}])
        return page

    def stored(self, code: str = CODES[0]) -> dict[str, str]:
        """The points that the server has of a sheet."""
        with self.world.app.app_context(), tenant_scope(self.world.first.id):
            ask = (
                select(SheetScore.criterion, SheetScore.points)
                .join(Sheet, Sheet.id == SheetScore.sheet_id)
                .join(Entry, Entry.id == Sheet.entry_id)
                .where(Entry.code == code)
            )
            return {row.criterion: f"{row.points.normalize():f}" for row in session().execute(ask)}

    def states(self) -> list[str]:
        """The states of all stored sheets."""
        with self.world.app.app_context(), tenant_scope(self.world.first.id):
            return sorted(session().scalars(select(Sheet.state)))


@pytest.fixture
def bench(browser: Browser, sqlite_database: DatabaseUrls, tmp_path: Path) -> Iterator[Bench]:
    """The test world served, with an open round."""
    from core.app import create_app

    config = config_of(sqlite_database, tmp_path / "var")
    app = create_app(config)
    app.config["TESTING"] = True
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        entries = make_round(edition, entries=3)
        field = next(
            one.key for part in edition.rules.dossier_form() for one in part.fields if one.kind == "files"
        )
        paper = make_attachment(entries[0], field=field, name="thuyet-minh.pdf", content=pdf_bytes(pages=3))
        paper.pages, paper.preview = 3, paper.sha256
        account(JUDGE).password_hash = hash_password(PASSWORD)
        session().commit()
    with running(environment_of(config)) as site:
        yield Bench(world, site, browser, [])
    for context in browser.contexts:
        context.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_points_are_saved_when_their_box_is_left_and_while_they_are_typed(bench: Bench) -> None:
    page = bench.enter()
    page.goto(bench.url(FIRST))
    page.locator(f"[name={NEWS}]").press_sequentially("18,5")
    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu 10:00.")
    assert bench.stored() == {"doi_moi": "18.5"}
    page.fill(f"[name={USE}]", "27")
    page.locator(f"[name={USE}]").blur()
    expect(page.locator("[data-lacking]")).to_have_text("còn 1 tiêu chí")
    expect(page.locator("[data-total]")).to_have_text("45,5")
    expect(page.locator("[name=revision]")).to_have_value("2")
    assert bench.stored() == {"doi_moi": "18.5", "hieu_qua": "27"}
    page.reload()
    expect(page.locator(f"[name={NEWS}]")).to_have_value("18,5")
    assert bench.complaints == []


def test_points_that_do_not_fit_are_told_at_the_criterion_stay_typed_and_survive_a_reload(
    bench: Bench,
) -> None:
    page = bench.enter()
    page.goto(bench.url(FIRST))
    page.fill(f"[name={NEWS}]", "20,5")
    page.fill(f"[name={USE}]", "27")
    page.locator(f"[name={USE}]").blur()
    expect(page.locator(f"#e-{NEWS}")).to_have_text("Điểm từ 0 đến 20.")
    expect(page.locator("[data-save-state]")).to_contain_text("Có điểm chưa đúng nên chưa lưu")
    assert bench.stored() == {"hieu_qua": "27"}
    page.reload()
    expect(page.locator(f"[name={NEWS}]")).to_have_value("20,5")
    expect(page.locator(f"#e-{NEWS}")).to_have_text("Điểm từ 0 đến 20.")
    page.fill(f"[name={NEWS}]", "20")
    page.locator(f"[name={NEWS}]").blur()
    expect(page.locator("[data-save-state]")).to_have_text("Đã lưu 10:00.")
    expect(page.locator(f"#e-{NEWS}")).to_have_count(0)
    assert bench.stored() == {"doi_moi": "20", "hieu_qua": "27"}


def test_what_is_typed_without_a_line_arrives_from_whichever_page_of_the_desk_opens_next(
    bench: Bench,
) -> None:
    page = bench.enter()
    page.goto(bench.url(FIRST))
    page.context.set_offline(True)
    page.fill(f"[name={NEWS}]", "18")
    page.locator(f"[name={NEWS}]").blur()
    expect(page.locator("[data-save-state]")).to_contain_text("còn 1 mục giữ trên máy này")
    assert bench.stored() == {}
    page.close(run_before_unload=False)

    page.context.set_offline(False)
    again = page.context.new_page()
    with again.expect_response(re.compile("/tu-luu$")) as sent:
        again.goto(bench.url("/cham-thi/"))
    assert sent.value.status == 200
    assert bench.stored() == {"doi_moi": "18"}


def test_two_devices_meet_in_one_sheet_and_choose_only_where_both_changed_the_same(bench: Bench) -> None:
    here, there = bench.enter(), bench.enter()
    for page in (here, there):
        page.goto(bench.url(FIRST))
    there.fill(f"[name={NEWS}]", "18")
    there.locator(f"[name={NEWS}]").blur()
    expect(there.locator("[data-save-state]")).to_have_text("Đã lưu 10:00.")
    here.fill(f"[name={USE}]", "27")
    here.locator(f"[name={USE}]").blur()
    expect(here.locator(f"[name={NEWS}]")).to_have_value("18")  # nobody touched it here
    there.fill(f"[name={USE}]", "20")
    there.locator(f"[name={USE}]").blur()

    copies = there.locator(".twocopies")
    expect(copies).to_contain_text("Trên máy này")
    expect(copies.locator(".figures").nth(0)).to_have_text("20")
    expect(copies.locator(".figures").nth(1)).to_have_text("27")
    assert bench.stored() == {"doi_moi": "18", "hieu_qua": "27"}
    there.get_by_role("button", name="Giữ bản trên máy này").click()
    expect(there.locator("[data-save-state]")).to_have_text("Đã lưu 10:00.")
    assert bench.stored() == {"doi_moi": "18", "hieu_qua": "20"}

    here.fill(f"[name={USE}]", "11")
    here.locator(f"[name={USE}]").blur()
    here.get_by_role("button", name="Lấy bản đang lưu").click()
    expect(here.locator(f"[name={USE}]")).to_have_value("20")
    assert bench.stored() == {"doi_moi": "18", "hieu_qua": "20"}
    assert bench.complaints == []


def test_a_sheet_that_was_locked_elsewhere_says_so_and_takes_nothing(bench: Bench) -> None:
    here, there = bench.enter(), bench.enter()
    here.goto(bench.url(FIRST))
    fill_by_hand(there, bench, FIRST)
    there.locator("[data-lock]").click()
    there.get_by_role("button", name="Khóa phiếu chấm").click()
    expect(there).to_have_url(re.compile("/cham-thi/hoi_dong/TT-K1-0002$"))
    here.fill(f"[name={NEWS}]", "1")
    here.locator(f"[name={NEWS}]").blur()
    expect(here.locator("[data-save-state]")).to_contain_text("Phiếu đã khóa nên không thay đổi được nữa.")
    assert bench.stored()["doi_moi"] == "18.5"
    here.reload()
    expect(here.locator(f"[name={NEWS}]")).to_have_value("18,5")


def fill_by_hand(page: Page, bench: Bench, path: str) -> None:
    """A whole sheet, box by box."""
    page.goto(bench.url(path))
    for name, points in ((NEWS, "18,5"), (USE, "27"), ("score_kha_nang", "25")):
        page.fill(f"[name={name}]", points)


def test_the_whole_desk_by_the_keyboard_alone(bench: Bench) -> None:
    page = person(bench.browser).new_page()
    listen(page, bench.complaints)
    keys = page.keyboard
    page.goto(bench.url("/cham-thi/"))  # a stranger is led to sign in first
    tab_to(page, page.locator("input[name=email]"))
    keys.type(JUDGE)
    tab_to(page, page.locator("input[name=password]"))
    keys.type(PASSWORD)
    keys.press("Enter")
    arrive(page, bench.url("/cham-thi/"))
    keys.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    keys.press("n")
    arrive(page, re.compile(f"{CODES[0]}$"))
    keys.press("t")
    expect(page.locator(".viewer__place")).to_have_text("Trang 1/3")
    keys.press("PageDown")
    expect(page.locator(".viewer__place")).to_have_text("Trang 2/3")
    keys.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0)
    keys.press("s")
    arrive(page, re.compile(f"{CODES[1]}$"))
    for code in (CODES[1], CODES[2], CODES[0]):
        arrive(page, re.compile(f"{code}$"))
        keys.press("1")
        for points in ("18,5", "27", "25"):
            keys.type(points)
            keys.press("Enter")
        keys.press("ControlOrMeta+Enter")
    arrive(page, re.compile(r"/cham-thi/\?vong=hoi_dong$"))
    keys.press("k")
    arrive(page, re.compile("khoa-tat-ca$"))
    tab_to(page, page.get_by_role("button", name="Khóa 3 phiếu"))
    keys.press("Enter")
    expect(page.locator("main")).to_contain_text("Bạn đã hoàn thành vòng này")
    assert bench.states() == ["locked"] * 3
    assert bench.complaints == []


def arrive(page: Page, address: str | re.Pattern[str]) -> None:
    """Come to a page and wait until its scripts hear keys: one pressed before would be nobody's."""
    expect(page).to_have_url(address)
    page.wait_for_load_state("load")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there."""
    for _ in range(40):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {wanted}")


def test_the_whole_desk_by_finger_on_a_phone(bench: Bench) -> None:
    page = bench.enter(**PHONE, touch=True)
    page.goto(bench.url("/cham-thi/"))
    page.get_by_role("link", name="Chấm hồ sơ tiếp theo").tap()
    page.get_by_role("link", name="thuyet-minh.pdf").tap()
    page.get_by_role("button", name="Trang sau").tap()
    expect(page.locator(".viewer__place")).to_have_text("Trang 2/3")
    page.get_by_role("button", name="Đóng").tap()
    page.get_by_role("button", name="Để hồ sơ này lại sau").tap()
    for code in (CODES[1], CODES[2], CODES[0]):
        expect(page).to_have_url(re.compile(f"{code}$"))
        for name, points in ((NEWS, "18,5"), (USE, "27"), ("score_kha_nang", "25")):
            page.locator(f"[name={name}]").tap()
            page.keyboard.type(points)
        expect(page.locator("[data-lacking]")).to_have_text("đủ điểm")
        page.get_by_role("button", name="Hồ sơ sau").tap()
    expect(page).to_have_url(re.compile(r"/cham-thi/\?vong=hoi_dong$"))
    page.get_by_role("link", name="Khóa 3 phiếu đã đủ điểm").tap()
    page.get_by_role("button", name="Khóa 3 phiếu").tap()
    expect(page.locator("main")).to_contain_text("Bạn đã hoàn thành vòng này")
    assert bench.states() == ["locked"] * 3
    assert bench.complaints == []


def test_keys_of_one_letter_do_nothing_in_a_box_and_can_be_turned_off(bench: Bench) -> None:
    page = bench.enter()
    page.goto(bench.url(FIRST))
    page.locator("[name=remark]").press_sequentially("kns?d1")
    expect(page.locator("[name=remark]")).to_have_value("kns?d1")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "phieu"
    page.keyboard.press("?")
    page.locator("[data-single-keys]").uncheck()
    page.keyboard.press("Escape")
    page.locator("#phieu").focus()
    page.keyboard.press("n")
    page.keyboard.press("1")
    expect(page).to_have_url(re.compile(f"{CODES[0]}$"))
    assert page.evaluate("document.activeElement.id") == "phieu"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_each_page_of_the_desk_is_accessible_and_fits(bench: Bench, size: dict[str, int]) -> None:
    page = bench.enter(width=size["width"], height=size["height"])
    found = []
    fill_by_hand(page, bench, FIRST)
    page.locator("[data-pages-href]").click()
    expect(page.locator(".viewer__frame")).not_to_have_attribute("aria-busy", "true")
    found += looked_at(page)
    page.locator("[data-lock]").click()
    expect(page).to_have_url(re.compile("/khoa$"))
    found += looked_at(page)
    for path in ("/cham-thi/", f"/cham-thi/{ROUND}/khoa-tat-ca", f"{FIRST}/tu-choi"):
        page.goto(bench.url(path))
        found += looked_at(page)
    assert found == []
    assert bench.complaints == []


def looked_at(page: Page) -> list[str]:
    """What axe finds on the page, and whether it is wider than the screen."""
    violations = [f"{page.url}: {one['id']}" for one in Axe().run(page).response["violations"]]
    is_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*violations, *([f"{page.url}: wide"] if is_wide else [])]
