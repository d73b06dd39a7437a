"""A real Chromium: the machine's own, driven by Playwright without a browser of Playwright's own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.support.engines import CHROMIUM, missing, used

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LAUNCH_ARGS: Final = (
    "--no-sandbox",  # root in a container has no user namespace to drop into
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP *.localhost 127.0.0.1",
)
PHONE: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1280, "height": 900}


def find_chromium() -> Path | None:
    """The browser to test with: CHROMIUM of the environment, else the machine's; None when there is none."""
    given = os.environ.get("CHROMIUM")
    if given:
        return Path(given)
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return Path(found) if found else None


def chromium_version(executable: Path) -> str:
    """Its version such as "156.0.8078.79"."""
    printed = subprocess.run(
        [str(executable), "--version"], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    found = re.search(r"\d+(\.\d+)+", printed)
    return found.group() if found else printed.strip()


def launch(playwright: Playwright, executable: Path) -> Browser:
    """Start the browser without a window."""
    return playwright.chromium.launch(executable_path=executable, headless=True, args=list(LAUNCH_ARGS))


@pytest.fixture(scope="session")
def chromium_of_run() -> Iterator[Browser | None]:
    """One browser a worker, or None where the machine has none; tests use `browser`."""
    executable = find_chromium()
    if executable is None:
        yield None
        return
    with sync_playwright() as playwright:
        running = launch(playwright, executable)
        yield running
        running.close()


@pytest.fixture
def browser(request: pytest.FixtureRequest, chromium_of_run: Browser | None) -> Browser:
    """The browser; the test is noted as run in it."""
    if chromium_of_run is None:
        missing(request, CHROMIUM, "no Chromium found; on Debian: apt-get install chromium")
    used(request, CHROMIUM, chromium_of_run.version)
    return chromium_of_run


@pytest.fixture
def browser_context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile of a person in Việt Nam at a desk."""
    context = browser.new_context(
        viewport={"width": DESK["width"], "height": DESK["height"]},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    yield context
    context.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    """An empty page of that profile."""
    return browser_context.new_page()
