"""Walking the demonstration as each of its people: every page that links lead to, one page an address pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response
from playwright.sync_api import Error as PlaywrightError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from core.kernel.web import Access, declared, is_platform_view
from core.rehearsal.accounts import PASSWORD
from tests.support.live import Site

OPERATOR_PASSWORD = "mat khau dieu hanh"
# Public pages that look different to who is signed in.
REPEATED = {"publishing.home", "gallery.entry", "voting.index"}
# What is no page: files, exports, styles.
FILES = re.compile(r"\.(zip|csv|xlsx|ics|json|css|js|webmanifest|svg|xml|txt|png|jpg|webp|pdf)$")


@dataclass(frozen=True, slots=True)
class Walk:
    """A person at a tenant, where the walk begins, and how many pages it may take."""

    role: str
    slug: str
    starts: tuple[str, ...]
    email: str | None = None
    all_public: bool = False


WALKS = (
    Walk(
        "khach",
        "thainguyen",
        ("/?ky=2025", "/khong-co-trang-nay", "/api/docs", "/hop-thu", "/tai-khoan/xac-nhan"),
        all_public=True,
    ),
    Walk("khach-backan", "backan", ("/", "/the-le")),
    Walk("khach-bacgiang", "bacgiang", ("/", "/the-le")),
    Walk("tacgia", "thainguyen", ("/du-thi/", "/du-thi/moi?ky=2026"), "tacgia@thainguyen.demo"),
    Walk("tacgia-backan", "backan", ("/du-thi/", "/du-thi/moi"), "tacgia@backan.demo"),
    Walk("cutri", "thainguyen", ("/binh-chon?ky=2025", "/tai-khoan/"), "cutri@thainguyen.demo"),
    Walk("giamkhao", "bacgiang", ("/cham-thi/",), "giamkhao@bacgiang.demo"),
    Walk("donvi", "thainguyen", ("/don-vi/?ky=2026",), "donvi@thainguyen.demo"),
    Walk("btc", "thainguyen", ("/btc/?ky=2025", "/btc/ho-so?trang-thai=tat-ca"), "btc@thainguyen.demo"),
    Walk("btc-backan", "backan", ("/btc/", "/btc/ho-so?trang-thai=tat-ca"), "btc@backan.demo"),
    Walk("btc-bacgiang", "bacgiang", ("/btc/", "/btc/cham-thi"), "btc@bacgiang.demo"),
    Walk("nentang", "", ("/",), all_public=True),
)
# What the public sees of an edition that has been played to its end.
PLAYED = (
    Walk(
        "ketqua", "thainguyen", ("/?ky=2025", "/ket-qua?ky=2025", "/xac-minh?ky=2025", "/binh-chon?ky=2025")
    ),
    Walk("ketqua-backan", "backan", ("/?ky=8", "/ket-qua?ky=8")),
)


@dataclass(slots=True)
class Visit:
    """A page that a walk has come to; `page` stands on it."""

    walk: Walk
    name: str
    endpoint: str
    status: int
    page: Page
    complaints: list[str]


def walk_all(
    browser: Browser, site: Site, app: Flask, known: Callable[[str], bool] = lambda endpoint: False
) -> Iterator[Visit]:
    """Every page of every walk; a view that is `known` is passed by, unless a walk begins there."""
    for walk in WALKS:
        yield from walk_one(browser, site, app, walk, known)


def walk_one(
    browser: Browser,
    site: Site,
    app: Flask,
    walk: Walk,
    known: Callable[[str], bool] = lambda endpoint: False,
) -> Iterator[Visit]:
    """The pages of one walk, each address pattern once, in the order the links give."""
    context = person(browser)
    complaints: list[str] = []
    page = context.new_page()
    listen(page, complaints)
    try:
        if walk.email is not None:
            sign_in(page, site, walk.slug, walk.email)
        elif walk.slug == "":
            operate(page, site)
        yield from _pages(page, site, app, walk, complaints, known)
    finally:
        context.close()


def person(
    browser: Browser, *, width: int = 1280, height: int = 900, scripts: bool = True, touch: bool = False
) -> BrowserContext:
    """A fresh profile of a person in Việt Nam."""
    return browser.new_context(
        viewport={"width": width, "height": height},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        java_script_enabled=scripts,
        has_touch=touch,
    )


def listen(page: Page, complaints: list[str]) -> None:
    """Collect what the browser complains of: errors of scripts, of the content policy, of answers of 500."""

    def heard(message: ConsoleMessage) -> None:
        expected = "the server responded with a status of 4" in message.text
        if message.type in ("error", "warning") and not expected:
            complaints.append(f"{page.url}: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            complaints.append(f"{response.url}: HTTP {response.status}")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("response", answered)


def sign_in(page: Page, site: Site, slug: str, email: str, password: str = PASSWORD) -> None:
    """Come in through the form."""
    page.goto(site.url(slug, "/tai-khoan/dang-nhap"))
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "dang-nhap" not in url)


def operate(page: Page, site: Site) -> None:
    """Come in as the operator."""
    page.goto(site.url("", "/quan-tri/dang-nhap"))
    page.fill("input[name=password]", OPERATOR_PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "dang-nhap" not in url)


def _pages(
    page: Page, site: Site, app: Flask, walk: Walk, complaints: list[str], known: Callable[[str], bool]
) -> Iterator[Visit]:
    waiting = list(walk.starts) + ([] if walk.slug else ["/quan-tri/"])
    seen: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        endpoint = endpoint_at(app, walk.slug, path)
        if endpoint in seen or not _belongs(app, walk, endpoint, path):
            continue
        if known(endpoint) and path not in walk.starts:
            continue
        seen.add(endpoint)
        try:
            answer = page.goto(site.url(walk.slug, path))
        except PlaywrightError as error:
            if "Download is starting" in str(error):
                continue
            raise
        landed = endpoint_at(app, walk.slug, path_of(page.url))
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        if landed != endpoint:
            waiting.insert(0, path_of(page.url))
            continue
        waiting += links_of(page, site.url(walk.slug, ""))
        name = f"{walk.role}-{endpoint.replace('.', '-').replace('_', '-')}"
        yield Visit(walk, name, endpoint, answer.status, page, complaints)


def _belongs(app: Flask, walk: Walk, endpoint: str, path: str) -> bool:
    """Whether the page is this walk's to see: its own, or a start; public pages are the first walk's."""
    if walk.all_public or path in walk.starts:
        return True
    if endpoint == "?" or walk.email is None:
        return False
    access = declared(app, endpoint)
    if access is Access.ACCOUNT or endpoint in REPEATED:
        return walk.role.startswith(("tacgia", "cutri"))
    return access is not Access.PUBLIC


def links_of(page: Page, origin: str) -> list[str]:
    """The pages of this host that the page links to, in their order."""
    hrefs: list[str] = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    base = origin.rstrip("/")
    own = [href for href in hrefs if href.startswith(base + "/")]
    return [path_of(href) for href in own if not FILES.search(urlsplit(href).path)]


def path_of(url: str) -> str:
    """Path and query of an address; a moved clock and a return address make no other page."""
    parts = urlsplit(url)
    query = "" if parts.query.startswith("next=") else parts.query
    return f"{parts.path}?{query}" if query else parts.path


def endpoint_at(app: Flask, slug: str, path: str) -> str:
    """The view that answers a GET of `path` at the tenant `slug`; "?" when there is none."""
    asked = urlsplit(path).path
    platform = slug == ""
    for rule in app.url_map.iter_rules():
        mine = is_platform_view(app, rule.endpoint) is platform
        if mine and rule.rule == asked and "GET" in (rule.methods or ()):
            return str(rule.endpoint)
    try:
        endpoint, _values = app.url_map.bind("x").match(asked, "GET")
    except RequestRedirect as redirect:
        return endpoint_at(app, slug, urlsplit(redirect.new_url).path)
    except HTTPException:
        return "?"
    return str(endpoint)
