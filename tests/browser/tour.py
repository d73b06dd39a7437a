"""`python -m tests.browser.tour`: photographs every page of the demonstration, as each of its people.

`--out FOLDER` (default `tour/`), `--only PATTERN` (a part of a picture's name, or a regular expression). Prints a
line a picture, then what the browser complained of; exit 1 when it complained or a page answered 500.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from flask import Flask
from playwright.sync_api import sync_playwright

from core.app import create_app
from core.kernel.config import read_config
from tests.browser.walk import OPERATOR_PASSWORD, PLAYED, WALKS, Visit, Walk, walk_one
from tests.support.chromium import find_chromium, launch
from tests.support.live import fill_demonstration, rehearse, running

WIDTHS = ((390, 844), (1280, 900))


def main(arguments: list[str]) -> int:
    """Take the pictures; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.tour", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("tour"))
    parser.add_argument("--only", default="", metavar="PATTERN")
    parser.add_argument("--var", type=Path, help="a filled demonstration to use; it may change")
    given = parser.parse_args(arguments)
    executable = find_chromium()
    if executable is None:
        print("No Chromium found; on Debian: apt-get install chromium", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    pattern = re.compile(given.only)
    complaints: list[str] = []
    with tempfile.TemporaryDirectory(prefix="bangvang-tour-") as scratch, sync_playwright() as playwright:
        browser = launch(playwright, executable)
        for var, walks in stages(given.var, Path(scratch)):
            environment = {"BANGVANG_VAR": str(var.resolve()), "OPERATOR_PASSWORD": OPERATOR_PASSWORD}
            app = demonstration_app(var)
            with running(environment, workers=2) as site:
                for walk in walks:
                    for visit in walk_one(browser, site, app, walk):
                        if pattern.search(visit.name):
                            photograph(visit, given.out)
                        complaints += [one for one in visit.complaints if one not in complaints]
        browser.close()
    for complaint in complaints:
        print(f"! {complaint}")
    return 1 if complaints else 0


def stages(given: Path | None, scratch: Path) -> Iterator[tuple[Path, Sequence[Walk]]]:
    """The folders to serve, one after the other, each with its walks: the demonstration, and played editions."""
    var = given or scratch / "demonstration"
    if not (var / "bangvang.db").exists():
        fill_demonstration(var)
    yield var, WALKS
    for walk in PLAYED:
        edition = walk.starts[0].partition("ky=")[2]
        played = rehearse(scratch / "rehearsals", walk.slug, edition)
        try:
            yield played, (walk,)
        finally:
            shutil.rmtree(played)


def photograph(visit: Visit, folder: Path) -> None:
    """Both widths of the page, whole, and a line about it."""
    for width, height in WIDTHS:
        visit.page.set_viewport_size({"width": width, "height": height})
        target = folder / f"{visit.name}-{width}.png"
        visit.page.screenshot(path=target, full_page=True)
        print(f"{target}  {visit.status}  {visit.page.url}", flush=True)


def demonstration_app(var: Path) -> Flask:
    """An application that knows the addresses of the one that is served from `var`."""
    return create_app(read_config({"BANGVANG_VAR": str(var)}))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
