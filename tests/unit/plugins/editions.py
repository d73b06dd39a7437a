"""The editions that the shipped plugins speak for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.plugin_api import Edition, Text
from core.plugin_host import plugin_refs, resolve_settings

LISTS = {
    "thainguyen": ("thainguyen_innovation",),
    "backan": ("stkt_base", "backan_stkt"),
    "bacgiang": ("stkt_base", "bacgiang_stkt"),
}


def edition(tenant: str, key: str, *years: int, given: Mapping[str, Any] | None = None) -> Edition:
    """An edition of a tenant on the plugins of its list."""
    names = LISTS[tenant]
    settings = resolve_settings(names, given or {})
    return Edition(tenant, key, Text(f"{tenant} {key}"), years, None, plugin_refs(names), settings)


def thainguyen_2025(**given: Any) -> Edition:
    """The first edition of Thái Nguyên."""
    return edition("thainguyen", "2025", 2025, given=given)


def thainguyen_2026(**given: Any) -> Edition:
    """The second edition of Thái Nguyên."""
    return edition("thainguyen", "2026", 2026, given=given)


def backan_8(**given: Any) -> Edition:
    """The eighth edition of Bắc Kạn."""
    return edition("backan", "8", 2024, 2025, given=given)


def bacgiang_11(**given: Any) -> Edition:
    """The eleventh edition of Bắc Giang."""
    return edition("bacgiang", "11", 2024, 2025, given=given)


def all_editions() -> tuple[Edition, ...]:
    """Every edition above on default settings."""
    return (thainguyen_2025(), thainguyen_2026(), backan_8(), bacgiang_11())
