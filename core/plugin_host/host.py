"""The host: which plugins there are, one pluggy manager for each ordered list of them, and calls by policy.

This is the only module that calls pluggy; everybody else uses `Rules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import pluggy
import structlog

from core.plugin_api import PROJECT, SPEC_MODULES, Combine, Edition, Plugin, PluginInfo, PluginRef, hook_infos
from core.plugin_host import core_settings, defaults
from core.plugin_host.discovery import InstalledPlugin, discover
from core.plugin_host.errors import PluginUnavailable
from core.plugin_host.guard import FAILURES, Call, current_call, guarded_parts
from core.plugin_host.pages import page_fault
from core.plugin_host.parts import shared_tables

log = structlog.get_logger("core.plugin_host")
_INFOS = hook_infos()


class Heard(NamedTuple):
    """What a hook said; `is_whole` is False when the answer of a plugin had to be left out."""

    answer: Any
    is_whole: bool


class Host:
    """The plugins of one installation. Managers are built once for each ordered list of names and then shared."""

    def __init__(self, installed: Iterable[InstalledPlugin]) -> None:
        self._installed = {one.name: one for one in _apart(map(self._registrable, installed))}
        self._managers: dict[tuple[str, ...], pluggy.PluginManager] = {}

    @classmethod
    def of(cls, *plugins: Plugin) -> Host:
        """A host of just these plugins, for tests and scaffolds."""
        return cls(InstalledPlugin(one.info.name, "given", one.info, one) for one in plugins)

    def installed(self) -> tuple[InstalledPlugin, ...]:
        """What was found, by name; those with an `error` cannot be enabled."""
        return tuple(self._installed[name] for name in sorted(self._installed))

    def plugin(self, name: str) -> Plugin:
        """The plugin `name`, or the core's defaults; PluginUnavailable with the reason when it cannot be used."""
        if name == core_settings.NAME:
            return defaults.plugin
        one = self._installed.get(name)
        if one is None:
            raise PluginUnavailable(
                f"Plugin {name} chưa được cài đặt; hãy cài gói hoặc bỏ tên khỏi danh sách của tỉnh."
            )
        if one.plugin is None or one.error is not None:
            raise PluginUnavailable(f"Plugin {name} không dùng được: {one.error}.")
        return one.plugin

    def require(self, names: Sequence[str]) -> tuple[Plugin, ...]:
        """The plugins of an ordered list; PluginUnavailable when one is missing, repeated, or stands before
        its needs.
        """
        plugins = []
        earlier: set[str] = set()
        for name in names:
            plugin = self.plugin(name)
            if name in earlier or name == core_settings.NAME:
                raise PluginUnavailable(f"Plugin {name} được nêu hai lần trong danh sách của tỉnh.")
            missing = [needed for needed in plugin.info.requires if needed not in earlier]
            if missing:
                raise PluginUnavailable(
                    f"Plugin {name} cần {', '.join(missing)} đứng trước nó trong danh sách của tỉnh."
                )
            earlier.add(name)
            plugins.append(plugin)
        return tuple(plugins)

    def manager(self, names: Sequence[str]) -> pluggy.PluginManager:
        """The manager for an ordered list: the core's defaults are asked last, a later plugin before an
        earlier one.
        """
        key = tuple(names)
        if key not in self._managers:
            self._managers[key] = _manager((defaults.plugin, *self.require(key)))
        return self._managers[key]

    def call(self, edition: Edition, hook: str, arguments: Mapping[str, Any]) -> Any:
        """Call a hook for `edition`: the heard answer, or a flat tuple in the tenant's order where all are heard."""
        return ask(self.manager(tuple(ref.name for ref in edition.plugins)), edition, hook, arguments).answer

    def check_pending(self) -> tuple[InstalledPlugin, ...]:
        """Record every plugin that cannot be used, and return them; called once at start."""
        broken = tuple(one for one in self.installed() if one.error is not None)
        for one in broken:
            log.error("plugin_unusable", plugin=one.name, source=one.source, reason=one.error)
        return broken

    @staticmethod
    def _registrable(one: InstalledPlugin) -> InstalledPlugin:
        """The same, with an error when it implements a hook that does not exist or asks for unknown arguments, or
        when a page of it cannot be served.
        """
        if one.plugin is None or one.error is not None:
            return one
        try:
            _manager((one.plugin,))
            fault = page_fault(one.plugin)
        except pluggy.PluginValidationError as error:
            return replace(one, error=str(error))
        except FAILURES as error:
            return replace(one, error=f"không đăng ký được: {type(error).__name__}: {error}")
        return replace(one, error=fault)


def ask(manager: pluggy.PluginManager, edition: Edition, hook: str, arguments: Mapping[str, Any]) -> Heard:
    """Call a hook for `edition` on a manager of its plugins: the heard answer, or a flat tuple in the tenant's order
    where all are heard.
    """
    call = Call(edition, arguments)
    token = current_call.set(call)
    try:
        answer = getattr(manager.hook, hook)(edition=edition, **arguments)
    finally:
        current_call.reset(token)
    info = _INFOS[hook]
    if info.combine is Combine.LATEST:
        return Heard(answer, call.is_whole)
    # pluggy asks the last registered first; people read in the order of the list.
    in_order = reversed(answer)
    flat = tuple(part for many in in_order for part in many) if info.many else tuple(in_order)
    return Heard(flat, call.is_whole)


def _apart(installed: Iterable[InstalledPlugin]) -> Iterator[InstalledPlugin]:
    """The same, with an error where a plugin's table would be another's: neither may see the other's rows."""
    found = tuple(installed)
    usable = [one.plugin for one in found if one.plugin is not None and one.error is None]
    shared = shared_tables(usable)
    for one in found:
        yield replace(one, error=shared[one.name]) if one.error is None and one.name in shared else one


def _manager(plugins: Sequence[Plugin]) -> pluggy.PluginManager:
    manager = pluggy.PluginManager(PROJECT)
    for module in SPEC_MODULES:
        manager.add_hookspecs(module)
    for plugin in plugins:
        for number, part in enumerate(guarded_parts(plugin)):
            manager.register(part, f"{plugin.info.name}.{number}")
    manager.check_pending()
    return manager


@cache
def default_host() -> Host:
    """The host of what is installed here; found once a process."""
    return Host(discover())


def installed_plugins() -> tuple[InstalledPlugin, ...]:
    """What is installed here, by name, with the reason where one cannot be used."""
    return default_host().installed()


def plugin_info(name: str) -> PluginInfo:
    """Info of an installed plugin; PluginUnavailable when it cannot be used."""
    return default_host().plugin(name).info


def plugin_refs(names: Sequence[str], *, host: Host | None = None) -> tuple[PluginRef, ...]:
    """Names with installed versions, as an edition records them; PluginUnavailable when the list cannot run."""
    return tuple(plugin.info.ref for plugin in (host or default_host()).require(names))


def check_pending() -> tuple[InstalledPlugin, ...]:
    """Record and return the installed plugins that cannot be used; called at start."""
    return default_host().check_pending()
