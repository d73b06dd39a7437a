"""Plugins and editions for the tests of the host."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from core.plugin_api import Edition, Plugin, PluginInfo, PluginSettings, Terms, Text
from core.plugin_host import Host, plugin_refs, resolve_settings


def sample(
    name: str,
    *hooks: Callable[..., Any],
    requires: tuple[str, ...] = (),
    settings: type[PluginSettings] = PluginSettings,
    version: str = "1.0.0",
) -> Plugin:
    """A plugin whose hooks are the given hookimpl functions."""
    info = PluginInfo(name, version, Text(name), ("1.0", "2.0"), requires)
    part = SimpleNamespace(**{hook.__name__: hook for hook in hooks})
    return Plugin(info, (part,), settings)


def edition_on(host: Host, *names: str, given: Mapping[str, Any] | None = None) -> Edition:
    """An edition of a made-up tenant on these plugins."""
    settings = resolve_settings(names, given or {}, host=host)
    return Edition("mau", "1", Text("Lần thứ nhất"), (2025,), 1, plugin_refs(names, host=host), settings)


def words(contest: str) -> Terms:
    """Terms that differ only in the word for the contest."""
    text = Text(contest)
    return Terms(text, text, text, text, text, text, text, text)
