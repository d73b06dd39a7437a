"""Plugins that fail: in a hook, or already when they are imported."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from core.plugin_api import HookInfo, Plugin, hookimpl
from core.plugin_host import InstalledPlugin, default_host

SECRET = "mật khẩu 4711"
"""What the failing plugins say in their exceptions: no page may show it."""


def failing(hook: str, error: type[BaseException] = LookupError) -> Callable[..., Any]:
    """An implementation of `hook` that raises."""

    def fails() -> Any:
        raise error(SECRET)

    fails.__name__ = hook
    made: Callable[..., Any] = hookimpl(fails)
    return made


def any_arguments(info: HookInfo) -> Mapping[str, Any]:
    """Something for each argument of the hook beside the edition; an implementation that fails looks at none."""
    return {name: () for name in inspect.signature(info.spec).parameters if name != "edition"}


def install(monkeypatch: pytest.MonkeyPatch, plugin: Plugin) -> None:
    """Let `plugin` be installed until the end of the test."""
    _put(monkeypatch, InstalledPlugin(plugin.info.name, "test", plugin.info, plugin))


def install_broken(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let a plugin be installed that could not be imported, until the end of the test."""
    _put(monkeypatch, InstalledPlugin(name, "test", None, None, f"không nạp được: RuntimeError: {SECRET}"))


def _put(monkeypatch: pytest.MonkeyPatch, one: InstalledPlugin) -> None:
    host = default_host()
    monkeypatch.setitem(host._installed, one.name, one)
    monkeypatch.setattr(host, "_managers", {})
