"""Whole public pages for strangers, kept per tenant, version, edition and language in each worker's memory.

A page is forgotten when the tenant's `version` grows (anything public changed) and after a minute, because pages
tell the time that is left. Answers carry an ETag. Only strangers' GETs are kept: never anything about a person.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import Any, cast

from flask import Response, current_app, g, make_response, request

from core.kernel.i18n import locale

MAX_PAGES = 512
MAX_AGE = 60.0
LONGEST_QUERY = 200


class PageCache:
    """A bounded store of rendered answers, safe between threads."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[Any, ...], tuple[float, bytes, str, str]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[Any, ...]) -> tuple[bytes, str, str] | None:
        """Body, content type and ETag of a fresh page."""
        with self._lock:
            held = self._pages.get(key)
            if held is None or held[0] < monotonic():
                return None
            self._pages.move_to_end(key)
            return held[1:]

    def put(self, key: tuple[Any, ...], body: bytes, content_type: str, etag: str) -> None:
        """Keep a page for MAX_AGE seconds."""
        with self._lock:
            self._pages[key] = (monotonic() + MAX_AGE, body, content_type, etag)
            self._pages.move_to_end(key)
            while len(self._pages) > MAX_PAGES:
                self._pages.popitem(last=False)


def cached_public(view: Callable[..., Any]) -> Callable[..., Response]:
    """Keep the view's answer for strangers. The view must not depend on who asks."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Response:
        response = make_response(view(*args, **kwargs))
        key = _key()
        if key is None or g.get("actor") is not None:
            return response
        if response.status_code != HTTPStatus.OK or response.direct_passthrough:
            return response
        response.add_etag()
        etag = cast(str, response.get_etag()[0])
        cache: PageCache = current_app.extensions["page_cache"]
        cache.put(key, response.get_data(), response.content_type or "text/html", etag)
        return _for_strangers(response)

    cast(Any, wrapper).keeps_page = True
    return wrapper


def answer_from_cache() -> Response | None:
    """Before everything but the tenant: the kept page for this request, if there is one."""
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    if not getattr(view, "keeps_page", False):
        return None
    key = _key()
    cache: PageCache = current_app.extensions["page_cache"]
    held = None if key is None else cache.get(key)
    if held is None:
        return None
    response = Response(held[0], content_type=held[1])
    response.set_etag(held[2])
    return _for_strangers(response)


def _for_strangers(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, HX-Request"
    response.make_conditional(request)
    return response


def _key() -> tuple[Any, ...] | None:
    """The key of this request's page; None when it must not be kept."""
    tenant = g.get("tenant")
    if request.method != "GET" or tenant is None:
        return None
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        return None
    if request.args.get("ky") or request.args.get("lang") or len(request.query_string) > LONGEST_QUERY:
        return None  # these answers set cookies, or would fill the store with rare pages
    return (
        tenant.id,
        tenant.version,
        request.cookies.get("ky", ""),
        locale(),
        request.headers.get("HX-Request", ""),
        request.host,
        request.full_path,
    )
