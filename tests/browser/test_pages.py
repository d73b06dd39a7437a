"""Every page of the demonstration, as each of its people, in a real browser: what must hold on all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from core.app import create_app
from core.kernel.config import read_config
from tests.browser.walk import Visit, walk_all
from tests.support.engines import CHROMIUM, used
from tests.support.live import Site

# The first test waits for the demonstration and for the whole walk.
pytestmark = pytest.mark.timeout(400)
# The least that the walks must come to, or they are broken and the checks below say nothing.
MUST_SEE = {
    *(
        "publishing.home",
        "publishing.rules",
        "gallery.index",
        "gallery.entry",
        "voting.index",
        "results.index",
    ),
    *("people.sign_up", "people.sign_in", "people.me", "people.mailbox", "clock.show", "api_docs.index"),
    *(
        "entries.index",
        "entries.new",
        "entry_authors.page",
        "desk.index",
        "desk.sheet",
        "unit.index",
        "unit.report",
    ),
    *("office.index", "entries_office.index", "entries_office.detail", "voting_office.index"),
    *("judging_office.index", "results_office.index", "outreach_office.index", "people_office.index"),
    *("platform.home", "console.index"),
}
NARROW = {"width": 320, "height": 640}
# What is wider than the page, unless it may be scrolled by itself.
WIDE = """() => {
  const page = document.documentElement, said = [];
  if (page.scrollWidth <= page.clientWidth) return said;
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (box.right > page.clientWidth + 1 && box.width > 0) said.push(element.tagName + "." + element.className);
  }
  return said.slice(-3);
}"""


class Findings:
    """What one walk through everything found."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.violations: list[str] = []
        self.wide: list[str] = []
        self.headings: list[str] = []
        self.broken: list[str] = []
        self.complaints: list[str] = []


@pytest.fixture(scope="module")
def findings(chromium_of_run: Browser | None, live: Site, var: Path) -> Iterator[Findings | None]:
    """Walk once; each test below looks at one kind of finding."""
    if chromium_of_run is None:
        yield None
        return
    app = create_app(read_config({"BANGVANG_VAR": str(var)}))
    found = Findings()
    for visit in walk_all(chromium_of_run, live, app, known=found.seen.__contains__):
        found.complaints += [one for one in visit.complaints if one not in found.complaints]
        if visit.status >= 500 or (visit.status >= 400 and visit.endpoint != "?"):
            found.broken.append(f"{visit.name}: {visit.status} {visit.page.url}")
        if visit.endpoint not in found.seen or visit.endpoint == "?":
            found.seen.add(visit.endpoint)
            look_at(visit, found)
    yield found


def look_at(visit: Visit, found: Findings) -> None:
    """axe, headings and width of one page."""
    page = visit.page
    for one in Axe().run(page).response["violations"]:
        places = ", ".join(
            " ".join(node["target"]) for node in one["nodes"][:3] if isinstance(node["target"][0], str)
        )
        found.violations.append(f"{visit.name}: {one['id']} ({one['impact']}) at {places}")
    if page.locator("h1").count() != 1:
        found.headings.append(f"{visit.name}: {page.locator('h1').count()} h1")
    wide = too_wide(page)
    if wide:
        found.wide.append(f"{visit.name}: {wide}")


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways on the narrowest telephone; empty when it does not."""
    size = page.viewport_size
    page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
    said: list[str] = page.evaluate(WIDE)
    if size is not None:
        page.set_viewport_size(size)
    return said


@pytest.fixture
def walked(request: pytest.FixtureRequest, browser: Browser, findings: Findings | None) -> Findings:
    """The findings; the test is noted as run in the browser."""
    assert findings is not None
    used(request, CHROMIUM, browser.version)
    return findings


def test_the_walks_come_to_the_pages_they_are_for(walked: Findings) -> None:
    assert sorted(MUST_SEE - walked.seen) == []


def test_no_page_is_broken(walked: Findings) -> None:
    assert not walked.broken, "\n".join(walked.broken)


def test_the_browser_complains_of_nothing(walked: Findings) -> None:
    assert not walked.complaints, "\n".join(walked.complaints)


def test_axe_finds_no_barrier(walked: Findings) -> None:
    assert not walked.violations, "\n".join(walked.violations)


def test_every_page_has_one_first_heading(walked: Findings) -> None:
    assert not walked.headings, "\n".join(walked.headings)


def test_no_page_scrolls_sideways_at_320_pixels(walked: Findings) -> None:
    assert not walked.wide, "\n".join(walked.wide)
