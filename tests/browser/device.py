"""A judge's device for the tests of judging without a network: what is done on it, and what lies in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from core.entries.models import Entry
from core.judging.queries import sheet_of
from core.judging.values import SheetView
from core.kernel.db import session, tenant_scope
from tests.support.chromium import DESK
from tests.support.factories import World, view
from tests.support.judging import JUDGE, place_of
from tests.support.live import Site, cookie_of

CODE = "chè xanh mưa sớm"
SHELL = "/cham-thi/ngoai-tuyen"
_OPENED = """const db = await new Promise((done) => {
    const asked = indexedDB.open("bangvang-mang-theo");
    asked.onsuccess = () => done(asked.result);
});
const ask = (name, what) => new Promise((done) => {
    const asked = db.transaction(name).objectStore(name)[what]();
    asked.onsuccess = () => done(asked.result);
});"""
_COUNT = f"""async () => {{
{_OPENED}
const told = [await ask("vaults", "count"), await ask("records", "count")];
db.close();
return told;
}}"""
_RAW = f"""async () => {{
{_OPENED}
const isBytes = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);
const plain = (value) => (isBytes(value) ? new TextDecoder("utf-8").decode(value) : String(value));
const texts = [...await ask("vaults", "getAll"), ...await ask("records", "getAll")]
    .map((row) => Object.entries(row).map(([key, value]) => `${{key}}=${{plain(value)}}`).join(" "));
db.close();
for (const name of await caches.keys()) {{
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {{
        const answer = await cache.match(request);
        if (/html|json/.test(answer.headers.get("Content-Type"))) texts.push(await answer.text());
    }}
}}
return [...texts, JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join("\\n");
}}"""


@dataclass(frozen=True)
class Device:
    """A browser of one person at the site of the first tenant."""

    world: World
    site: Site
    context: BrowserContext
    page: Page

    def sign_in(self, email: str = JUDGE) -> None:
        """Give the device the cookie of a judge."""
        cookie = cookie_of(self.world.app, "motmot", email)
        self.context.add_cookies([{"name": "bv", "value": cookie, "url": self.site.url("motmot")}])

    def go(self, path: str, slug: str = "motmot") -> None:
        """Open a page."""
        self.page.goto(self.site.url(slug, path))

    def take(self, code: str = CODE) -> None:
        """Take the batch of the round along, from the queue on."""
        self.begin_to_take(code)
        expect(self.page.get_by_text("Đã mang đủ hồ sơ theo máy này")).to_be_visible(timeout=20000)
        # One promise: a condition that is asked again and again is made of a string, which the page's policy refuses.
        self.page.evaluate(
            "() => new Promise(done => navigator.serviceWorker.controller ? done(true) :"
            " navigator.serviceWorker.addEventListener('controllerchange', () => done(true), {once: true}))"
        )

    def begin_to_take(self, code: str = CODE) -> None:
        """The same, without waiting for the end."""
        self.go("/cham-thi/")
        self.page.get_by_role("link", name="Mang hồ sơ theo").click()
        self.page.fill("[name=code]", code)
        self.page.fill("[name=again]", code)
        self.page.get_by_role("button", name=re.compile("Mang . hồ sơ theo")).click()

    def open(self, code: str = CODE) -> None:
        """Open what is on the device."""
        self.go(SHELL)
        self.unlock(code)

    def unlock(self, code: str = CODE) -> None:
        """Open the vault in sight."""
        self.page.fill("#f-code", code)
        self.page.get_by_role("button", name="Mở khóa").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Phiếu chấm trên máy này")

    def score(self, points: Mapping[str, str]) -> None:
        """Type points, criterion by criterion, into the sheet in sight."""
        for key, text in points.items():
            self.page.fill(f"[name=score_{key}]", text)
        self.page.locator(f"[name=score_{list(points)[-1]}]").blur()
        expect(self.page.locator("[data-line]")).not_to_have_attribute("data-count", "0")

    def sent(self) -> None:
        """Wait until the server has everything."""
        expect(self.page.locator("[data-line]")).to_contain_text("Máy chủ đã có đủ", timeout=20000)

    def barriers(self) -> list[str]:
        """What axe finds on the page in sight, and whether it scrolls sideways on the narrowest telephone."""
        found = [
            f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'][:2])}"
            for one in Axe().run(self.page).response["violations"]
        ]
        if self.page.locator("h1").count() != 1:
            found.append("not one first heading")
        self.page.set_viewport_size({"width": 320, "height": 800})
        if self.page.evaluate("document.documentElement.scrollWidth > 320"):
            found.append("wider than 320 pixels")
        self.page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
        return found

    def raw(self) -> str:
        """Everything in the device's own stores, as whoever copies its disk would read it."""
        return str(self.page.evaluate(_RAW))

    def counts(self) -> list[int]:
        """How many vaults and records lie on the device."""
        found: list[int] = self.page.evaluate(_COUNT)
        return found


def stored(world: World, number: int = 1) -> SheetView:
    """The first judge's sheet for the dossier `number` as the database has it."""
    with world.app.app_context(), tenant_scope(world.first.id):
        entry = session().scalars(select(Entry).where(Entry.code == f"TT-K1-000{number}")).one()
        return sheet_of(place_of(view(world.first), entry))
