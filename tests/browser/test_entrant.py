"""From signing up to the receipt on a telephone, at each of the three contests, with scripts and without them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from core.app import create_app
from core.contests.queries import editions
from core.contests.values import PhaseKind
from core.entries.models import Attachment, Entry
from core.kernel.config import read_config
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.tenancy.models import Tenant
from tests.browser.entrant import TITLE, Entrant
from tests.browser.test_pages import too_wide
from tests.browser.walk import listen, person
from tests.support.chromium import PHONE
from tests.support.factories import set_clock
from tests.support.live import Site

pytestmark = pytest.mark.timeout(300)
CONTESTS = ("thainguyen", "backan", "bacgiang")


@pytest.fixture(scope="module")
def taking_in(live: Site, var: Path) -> Flask:
    """The demonstration, with the clock of each contest's edition ten days before its last day of handing in."""
    app = create_app(read_config({"BANGVANG_VAR": str(var)}))
    for slug in CONTESTS:
        with app.app_context():
            tenant = tenant_of(slug)
            with tenant_scope(tenant.id) as current:
                for edition in editions(slug, tenant.profile):
                    phase = edition.phase(PhaseKind.SUBMISSION)
                    assert phase is not None
                    set_clock(edition.id, phase.closes_at - timedelta(days=10))
                current.commit()
    return app


def tenant_of(slug: str) -> Tenant:
    """The tenant of the demonstration."""
    with platform_scope() as current:
        ask = select(Tenant).where(Tenant.slug == slug)
        found = current.scalars(ask, execution_options=ALL_TENANTS).one()
        current.expunge(found)
        return found


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("slug", CONTESTS)
def test_an_entrant_comes_from_signing_up_to_the_receipt(
    browser: Browser, live: Site, taking_in: Flask, tmp_path: Path, slug: str, *, scripts: bool
) -> None:
    barriers: list[str] = []
    complaints: list[str] = []
    seen: set[str] = set()

    def look(page: Page) -> None:
        """axe and the width of a page that was not yet seen."""
        title = page.title()
        if title in seen:
            return
        seen.add(title)
        found = Axe().run(page).response["violations"]
        barriers.extend(f"{title}: {one['id']} at {one['nodes'][0]['target']}" for one in found)
        barriers.extend(f"{title}: wider than the page: {one}" for one in too_wide(page))

    letters = person(browser).new_page()
    context = person(browser, width=PHONE["width"], height=PHONE["height"], scripts=scripts)
    page = context.new_page()
    listen(page, complaints)
    kind = "co" if scripts else "khong"
    entrant = Entrant(
        page,
        live.url(slug, "").rstrip("/"),
        "Trần Thị Người Mới",
        f"{kind}@example.vn",
        look if scripts else lambda _page: None,
    )

    entrant.sign_up(letters)
    code = entrant.hand_in(tmp_path)

    with page.expect_download() as paper:
        page.get_by_role("link", name="PDF").first.click()
    assert Path(paper.value.path()).read_bytes().startswith(b"%PDF-")
    entrant.come_to("/du-thi/")
    expect(page.locator("main")).to_contain_text(TITLE)
    context.close()
    with taking_in.app_context(), tenant_scope(tenant_of(slug).id):
        entry = session().scalars(select(Entry).where(Entry.code == code)).one()
        names = session().scalars(select(Attachment.name).where(Attachment.entry_id == entry.id)).all()
        assert (entry.title, entry.state, entry.version) == (TITLE, "submitted", 1)
        assert {"thuyet-minh.pdf", "anh.jpg"} & set(names)
    assert not barriers, "\n".join(barriers)
    assert not complaints, "\n".join(complaints)
    assert not scripts or len(seen) >= 8
