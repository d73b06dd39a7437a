"""A blind round in a real browser: an officer draws a box on a page, approves, and the judge reads; and axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator, Page, expect
from sqlalchemy import select

from core.judging.blind_models import BlindCopy
from core.judging.services import appoint_judge, open_round
from core.kernel.actor import SYSTEM
from core.kernel.db import db, session, tenant_scope
from core.kernel.jobs import run_due_jobs
from tests.browser.walk import listen, person
from tests.support.app import client_of
from tests.support.app import test_config as config_of
from tests.support.blind import OFFICER, SECRETS, look_through, make_blind, make_telling_entry
from tests.support.entries import account
from tests.support.factories import NOW, build_world, view
from tests.support.judging import JUDGE, ROUND
from tests.support.live import Site, environment_of, running
from tests.support.people import sign_in
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(180)
Served = tuple[Flask, Site, UUID]
CODE = "MO-K1-7744"
PAGE = f"/btc/cham-thi/vong/{ROUND}/an-danh"


@pytest.fixture
def served(sqlite_database: DatabaseUrls, tmp_path: Path) -> Iterator[Served]:
    """A contest with a blind round, in which one dossier was looked through."""
    from core.app import create_app

    config = config_of(sqlite_database, tmp_path / "var")
    app = create_app(config)
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        entry = make_telling_entry(edition, code=CODE)
        appoint_judge(edition, account(JUDGE).id, actor=SYSTEM, now=NOW)
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        make_blind(edition, ROUND)
        look_through(entry)
        session().commit()
    with running(environment_of(config)) as site:
        yield app, site, world.first.id
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def enter(app: Flask, site: Site, context: BrowserContext, email: str) -> Page:
    """A page of somebody who is signed in."""
    client = client_of(app, "motmot")
    sign_in(client, email)
    [held] = [one for one in (client._cookies or {}).values() if one.key == "bv"]
    context.add_cookies([{"name": "bv", "value": held.value, "url": site.url("motmot")}])
    return context.new_page()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def barriers(page: Page) -> list[str]:
    return [f"{page.url}: {one['id']}" for one in Axe().run(page).response["violations"]]


def at_rest(page: Page, thing: Locator) -> FloatRect:
    """Where the thing is once it stands still: what is drawn while a page moves goes astray."""
    before = None
    for _ in range(50):
        now = thing.bounding_box()
        if now is not None and now == before:
            return now
        before = now
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    raise AssertionError("the page does not come to rest")


def test_an_officer_covers_by_pointer_approves_and_the_judge_reads(served: Served, browser: Browser) -> None:
    app, site, tenant_id = served
    complaints: list[str] = []
    office = enter(app, site, person(browser), OFFICER)
    listen(office, complaints)
    found = []
    office.goto(site.url("motmot", PAGE))
    found += barriers(office)
    office.goto(site.url("motmot", f"{PAGE}/{CODE}"))
    found += barriers(office)
    office.get_by_role("link", name="Xem từng trang và che").first.click()
    found += barriers(office)
    sheet = office.locator(".cover__page svg")
    office.wait_for_load_state("load")
    sheet.evaluate("one => one.scrollIntoView({behavior: 'instant', block: 'center'})")
    edge = at_rest(office, sheet)
    left, top = edge["x"] + edge["width"] * 0.1, edge["y"] + edge["height"] * 0.1

    office.mouse.move(left, top)
    office.mouse.down()
    office.mouse.move(left + edge["width"] * 0.2, top + edge["height"] * 0.1, steps=4)
    office.mouse.up()
    press(office, "Lưu ô vừa vẽ")

    expect(office.get_by_text("Đã lưu ô che. Bản che đang được tạo lại.")).to_be_visible()
    with app.app_context(), tenant_scope(tenant_id):
        [box] = [box for one in session().scalars(select(BlindCopy)) for box in one.boxes]
    assert [round(part / 100) for part in box[1:]] == [10, 10, 30, 20]
    with app.app_context():
        run_due_jobs()
    office.goto(site.url("motmot", f"{PAGE}/{CODE}"))
    press(office, "Duyệt")
    judge = enter(app, site, person(browser, width=390, height=844), JUDGE)
    listen(judge, complaints)
    judge.goto(site.url("motmot", f"/cham-thi/{ROUND}/{CODE}"))
    words = judge.locator("body").inner_text()
    assert [one for one in SECRETS if one in words] == []
    expect(judge.get_by_text("Chấm ẩn danh:", exact=False)).to_be_visible()
    assert found + barriers(judge) + complaints == []
