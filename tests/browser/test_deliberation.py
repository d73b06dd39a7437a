"""The room of a deliberation in a real browser: screens follow who leads, by the stream, by asking, or by reloading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from core.app import create_app
from core.kernel.db import db
from tests.browser.walk import listen, person
from tests.support.app import test_config as config_of
from tests.support.factories import build_world
from tests.support.following import Room, make_room
from tests.support.live import Site, environment_of, running
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(180)

NOW_SHOWN = re.compile(r"\bspread--now\b")


@dataclass(frozen=True)
class Hall:
    """A served deliberation of two judges; what the browser complained of."""

    app: Flask
    room: Room
    site: Site
    browser: Browser
    complaints: list[str]

    def enter(self, cookie: str, *, scripts: bool = True, stream: bool = True) -> Page:
        """The room's page with a sign-in of its own."""
        context = person(self.browser, scripts=scripts)
        context.add_cookies([{"name": "bv", "value": cookie, "url": self.site.url(self.room.slug)}])
        page = context.new_page()
        listen(page, self.complaints)
        if not stream:
            page.route("**/luong?*", _no_stream)
        page.goto(self.site.url(self.room.slug, self.room.address), wait_until="domcontentloaded")
        return page


def _no_stream(route: Route) -> None:
    route.fulfill(status=204)


@pytest.fixture
def hall(browser: Browser, sqlite_database: DatabaseUrls, tmp_path: Path) -> Iterator[Hall]:
    """On SQLite."""
    config = config_of(sqlite_database, tmp_path / "var")
    app = create_app(config)
    app.config["TESTING"] = True
    room = make_room(app, build_world(app).first, judges=2)
    with running(environment_of(config), workers=2) as site:
        yield Hall(app, room, site, browser, [])
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_screens_follow_who_leads_by_the_stream_and_by_asking(hall: Hall) -> None:
    leader = hall.enter(hall.room.leader)
    listens = hall.enter(hall.room.judges[0])
    asks = hall.enter(hall.room.judges[1], stream=False)
    expect(listens.locator("[data-follow-state]")).to_be_visible()

    leader.click("#tieu-chi-kha_nang button")

    for page in (leader, listens, asks):
        expect(page.locator("#tieu-chi-kha_nang")).to_have_class(NOW_SHOWN, timeout=15_000)
    expect(listens.locator("#tieu-chi-kha_nang")).to_be_in_viewport()
    leader.click("#tieu-chi-kha_nang button")
    for page in (leader, listens, asks):
        expect(page.locator("#tieu-chi-kha_nang")).not_to_have_class(NOW_SHOWN, timeout=15_000)
    assert hall.complaints == []


def test_without_scripts_the_page_loads_itself_again_and_the_leaders_buttons_work(hall: Hall) -> None:
    leader = hall.enter(hall.room.leader, scripts=False)
    judge = hall.enter(hall.room.judges[0], scripts=False)
    assert judge.locator('meta[http-equiv="refresh"]').count() == 1
    assert leader.locator('meta[http-equiv="refresh"]').count() == 0

    leader.click("#tieu-chi-hieu_qua button")
    expect(leader.locator("#tieu-chi-hieu_qua")).to_have_class(NOW_SHOWN)
    judge.get_by_role("link", name="Tải lại").click()

    expect(judge.locator("#tieu-chi-hieu_qua")).to_have_class(NOW_SHOWN)
