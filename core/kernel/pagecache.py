"""Whole public pages for strangers, kept in each worker's memory in front of the application.

A page is kept under its address, edition and language, with the version of its tenant. Before it is given again the
version is read fresh (one small query): it grows in the transaction that changes anything public, so an old page is
never served after the change is stored. Pages tell the time that is left, so they are also dropped after a minute.
Only strangers' GETs are kept: a request with a sign-in cookie goes past, and so does every answer that sets one.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, has_request_context, make_response, request
from werkzeug.http import parse_cookie, quote_etag, unquote_etag

from core.kernel.ids import uuid7

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_PAGES = 512
MAX_BYTES = 256 * 1024
MAX_AGE = 60.0
LONGEST_QUERY = 200
KEEP = "bangvang.keep"
_REMEMBERED = re.compile(r"(?:^|&)(?:ky|lang)=")  # these answers set cookies

VersionOf = Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class Page:
    """A kept answer: for which version of which tenant, until when, and what."""

    tenant: str
    version: int
    until: float
    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str


class KeptPages:
    """WSGI middleware: answers from memory what it may, and keeps what `cached_public` views allow."""

    def __init__(self, wsgi: WSGIApplication, *, session_cookie: str, version_of: VersionOf) -> None:
        self._wsgi = wsgi
        self._session_cookie = session_cookie
        self._version_of = version_of
        self._pages: OrderedDict[tuple[str, ...], Page] = OrderedDict()
        self._lock = Lock()

    def forget(self, version_of: VersionOf) -> None:
        """Forget every page and read versions by `version_of` from now on: the database has changed."""
        with self._lock:
            self._pages.clear()
        self._version_of = version_of

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from memory, or let the application answer and perhaps keep it."""
        key = self._key(environ)
        if key is None:
            return self._wsgi(environ, start_response)
        page = self._get(key)
        if page is not None and self._version_of(page.tenant) == page.version:
            return _answer(page, environ, start_response)
        return self._ask(key, environ, start_response)

    def _ask(
        self, key: tuple[str, ...], environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        seen: list[Any] = []

        def watch(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            seen[:] = [status, headers]
            return start_response(status, headers, exc_info)

        answer = self._wsgi(environ, watch)
        kept: tuple[str, int, str] | None = environ.get(KEEP)
        if kept is None or not seen or not seen[0].startswith("200"):
            return answer
        body = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        headers = tuple((name, value) for name, value in seen[1] if name.lower() != "x-request-id")
        if len(body) <= MAX_BYTES and not any(name.lower() == "set-cookie" for name, _ in headers):
            tenant, version, etag = kept
            self._put(key, Page(tenant, version, monotonic() + MAX_AGE, headers, body, etag))
        return [body]

    def _key(self, environ: WSGIEnvironment) -> tuple[str, ...] | None:
        if environ["REQUEST_METHOD"] != "GET":
            return None
        query = environ.get("QUERY_STRING", "")
        if len(query) > LONGEST_QUERY or _REMEMBERED.search(query):
            return None
        cookies = environ.get("HTTP_COOKIE", "")
        edition = language = ""
        if cookies:
            held = parse_cookie(cookies)
            if self._session_cookie in held:
                return None
            edition, language = held.get("ky", ""), held.get("lang", "")
        return (
            environ.get("HTTP_HOST", ""),
            environ["PATH_INFO"],
            query,
            edition,
            language,
            environ.get("HTTP_HX_REQUEST", ""),
            environ.get("wsgi.url_scheme", ""),
        )

    def _get(self, key: tuple[str, ...]) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.until < monotonic():
                return None
            self._pages.move_to_end(key)
            return page

    def _put(self, key: tuple[str, ...], page: Page) -> None:
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > MAX_PAGES:
                self._pages.popitem(last=False)


def _answer(page: Page, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    headers = [*page.headers, ("X-Request-Id", uuid7().hex)]
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    if known and unquote_etag(known)[0] == page.etag:
        dropped = ("content-length", "content-type")
        start_response("304 NOT MODIFIED", [item for item in headers if item[0].lower() not in dropped])
        return []
    start_response("200 OK", headers)
    return [page.body]


def keep_pages(app: Flask, version_of: VersionOf) -> None:
    """Put the kept pages in front of `app`; `version_of(tenant)` reads a tenant's version now."""
    kept = KeptPages(app.wsgi_app, session_cookie=app.config["SESSION_COOKIE_NAME"], version_of=version_of)
    app.extensions["kept_pages"] = kept
    app.wsgi_app = kept  # type: ignore[method-assign]


def leave_unkept() -> None:
    """Do not keep the answer of this request, if there is one: a part is missing that may be there next time."""
    if has_request_context():
        g.is_not_whole = True


def cached_public(view: Callable[..., Any]) -> Callable[..., Response]:
    """Let the view's answers to strangers be kept. What it answers a stranger must not depend on who asks."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Response:
        response = make_response(view(*args, **kwargs))
        tenant = g.get("tenant")
        if tenant is None or g.get("actor") is not None or response.direct_passthrough:
            return response
        if request.method != "GET" or response.status_code != HTTPStatus.OK or "is_not_whole" in g:
            return response
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Cookie, HX-Request"
        response.add_etag()
        etag = response.get_etag()[0] or ""
        request.environ[KEEP] = (tenant.slug, tenant.version, etag)
        if request.headers.get("If-None-Match") == quote_etag(etag):
            response.make_conditional(request)
        return response

    return wrapper
