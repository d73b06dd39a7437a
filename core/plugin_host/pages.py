"""The addresses of a plugin's pages, and what keeps a plugin from being used because of them."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.routing import Map, Rule

from core.plugin_api import Page, PageAccess, Plugin

_METHODS = {"GET", "POST"}


@lru_cache(maxsize=256)
def address_map(pages: tuple[Page, ...]) -> Map:
    """The addresses below `/p/<plugin>`; an endpoint is the page's number. ValueError for a path that is none."""
    rules = []
    for number, page in enumerate(pages):
        try:
            rule = Rule(f"/{page.path}", endpoint=str(number), methods=page.methods, strict_slashes=False)
            rules.append(rule)
            Map([rule.empty()])
        except (LookupError, TypeError, ValueError) as error:
            raise ValueError(f"địa chỉ {page.path!r} của trang không đọc được ({error})") from error
    return Map(rules, merge_slashes=False)


def page_fault(plugin: Plugin) -> str | None:
    """Why the pages of `plugin` cannot be served, naming the page, or None when they can."""
    taken: set[tuple[str, str]] = set()
    for page in plugin.pages:
        fault = _fault(page)
        if fault is not None:
            return fault
        for method in page.methods:
            if (page.path, method) in taken:
                return f"hai trang cùng địa chỉ {page.path!r} và cùng nhận {method}"
            taken.add((page.path, method))
    try:
        address_map(plugin.pages)
    except ValueError as error:
        return str(error)
    return None


def _fault(page: Page) -> str | None:
    if not isinstance(page.access, PageAccess):
        return f"trang {page.path!r} không khai báo ai được mở (access)"
    if page.path.startswith("/") or "//" in page.path:
        return f"địa chỉ {page.path!r} của trang không được bắt đầu bằng dấu / hoặc có hai dấu / liền nhau"
    if not page.methods or not set(page.methods) <= _METHODS:
        return f"trang {page.path!r} chỉ được nhận GET và POST"
    return None
