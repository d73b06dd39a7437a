"""Whole public pages for strangers, kept per tenant, version, edition and language in each worker's memory.

A page is forgotten when the tenant's `version` grows (anything public changed) and after a minute, because pages
tell the time that is left. Answers carry an ETag. Only strangers' GETs are kept: never anything about a person.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from time import monotonic
from typing import Any, cast

from flask import Response, current_app, g, make_response, request

from core.kernel.i18n import locale

MAX_PAGES = 512
MAX_AGE = 60.0


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
        key = _key()
        if key is None:
            return make_response(view(*args, **kwargs))
        cache: PageCache = current_app.extensions["page_cache"]
        held = cache.get(key)
        if held is None:
            response = make_response(view(*args, **kwargs))
            if response.status_code != 200 or response.direct_passthrough:
                return response
            response.add_etag()
            cache.put(key, response.get_data(), response.content_type, cast(str, response.get_etag()[0]))
        else:
            response = Response(held[0], content_type=held[1])
            response.set_etag(held[2])
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Cookie, HX-Request"
        response.make_conditional(request)
        return response

    return wrapper


def _key() -> tuple[Any, ...] | None:
    """The key of this request's page; None when it must not be kept."""
    tenant, edition = g.get("tenant"), g.get("edition")
    if request.method != "GET" or tenant is None or g.get("actor") is not None:
        return None
    if request.args.get("ky") or request.args.get("lang") or len(request.query_string) > 200:
        return None  # these answers set cookies, or would fill the store with rare pages
    return (
        tenant.id,
        tenant.version,
        edition.key if edition else "",
        edition.clock_offset if edition else None,
        locale(),
        request.headers.get("HX-Request", ""),
        request.host,
        request.full_path,
    )
