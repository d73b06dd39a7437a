"""The countdown in a real browser: it goes by the server's clock, whatever the device's says, and speaks politely."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from core.contests.values import PhaseKind
from core.kernel.db import db, session, tenant_scope
from tests.browser.walk import listen, person
from tests.support.app import test_config as config_of
from tests.support.entries import account, complete_draft
from tests.support.factories import World, build_world, set_clock, view
from tests.support.live import Site, cookie_of, environment_of, running
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(120)


@dataclass(frozen=True)
class Stage:
    """A dossier that is ready to be handed in, served; what the browser complained of."""

    app: Flask
    world: World
    site: Site
    browser: Browser
    ref: str
    ends: datetime
    complaints: list[str]

    def enter(self, before: timedelta, *, device: timedelta, scripts: bool = True) -> Page:
        """The check page of the dossier so long before the deadline, on a device whose clock is off by `device`."""
        with self.app.app_context(), tenant_scope(self.world.first.id):
            set_clock(view(self.world.first).id, self.ends - before)
            session().commit()
        context = person(self.browser, scripts=scripts)
        off = int(device.total_seconds() * 1000)
        context.add_init_script(f"const told = Date.now; Date.now = () => told() + {off};")
        host = f"http://motmot.localhost:{self.site.port}"
        cookie = cookie_of(self.app, "motmot", "tacgia@example.vn")
        context.add_cookies([{"name": "bv", "value": cookie, "url": host}])
        page = context.new_page()
        listen(page, self.complaints)
        page.goto(self.site.url("motmot", f"/du-thi/{self.ref}/kiem-tra"))
        return page


@pytest.fixture
def stage(browser: Browser, sqlite_database: DatabaseUrls, tmp_path: Path) -> Iterator[Stage]:
    from core.app import create_app

    config = config_of(sqlite_database, tmp_path / "var")
    app = create_app(config)
    app.config["TESTING"] = True
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        ref = complete_draft(edition, account()).ref
        phase = edition.phase(PhaseKind.SUBMISSION)
        assert phase is not None
        session().commit()
    with running(environment_of(config)) as site:
        yield Stage(app, world, site, browser, ref, phase.closes_at, [])
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_countdown_goes_by_the_servers_clock_and_tells_of_the_last_minutes(stage: Stage) -> None:
    page = stage.enter(timedelta(minutes=10, seconds=4), device=timedelta(hours=5))

    left = page.locator(".submitrow .countdown")
    expect(left).to_have_text(re.compile(r"còn (10 phút( \d giây)?|9 phút 5\d giây)"))
    expect(page.locator("#countdown-status")).to_have_text("Hạn nộp hồ sơ: còn 10 phút.", timeout=15_000)
    expect(page.locator("#countdown-status")).to_have_attribute("aria-live", "polite")

    with stage.app.app_context(), tenant_scope(stage.world.first.id):
        set_clock(view(stage.world.first).id, stage.ends - timedelta(hours=3))
        session().commit()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(left).to_have_text(re.compile(r"còn (3 giờ|2 giờ 59 phút)"), timeout=15_000)
    assert stage.complaints == []


def test_without_scripts_the_sentence_stands(stage: Stage) -> None:
    page = stage.enter(timedelta(hours=2, minutes=30), device=timedelta(0), scripts=False)

    expect(page.locator(".submitrow__note")).to_have_text(
        re.compile(r"Hạn nộp: 10:00 ngày 12/12/2025\. còn 2 giờ (30|29) phút")
    )
