"""The plugin under check: where it was found, its sample edition, its rules under watch, and its source files."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from core.plugin_api import Edition, Plugin, Text
from core.plugin_host import (
    Host,
    PluginUnavailable,
    Rules,
    default_host,
    discover,
    plugin_refs,
    resolve_settings,
    rules_for,
)
from core.plugin_kit.guards import Watch, watched


@dataclass(frozen=True, slots=True)
class Place:
    """Where plugins are looked for: an importable name of packages and its folder; empty: as installed."""

    packages: str = ""
    folder: str = ""

    def host(self) -> Host:
        """A host of the plugins found there."""
        if not self.folder:
            return default_host()
        return Host(discover(self.packages, folder=Path(self.folder)))


INSTALLED = Place()


@dataclass(slots=True)
class Subject:
    """One plugin on the sample edition. `rules` are under watch; `replayed()` gives rules that remember nothing."""

    plugin: Plugin
    host: Host
    edition: Edition
    watch: Watch
    place: Place
    quick: bool = False
    held: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.plugin.info.name

    @property
    def rules(self) -> Rules:
        """The rules of the sample edition; asked anew they are the same object."""
        if "rules" not in self.held:
            self.held["rules"] = self.replayed()
        rules: Rules = self.held["rules"]
        return rules

    def replayed(self) -> Rules:
        """The same rules, to be asked everything once more."""
        return rules_for(self.edition, host=self.host)


def subject_of(
    name: str,
    *,
    place: Place = INSTALLED,
    settings: Mapping[str, Any] | None = None,
    quick: bool = False,
    guards: bool = True,
) -> Subject:
    """The plugin `name` after those it requires, on default settings or these, its hooks under watch with `guards`.

    PluginUnavailable when it or one of them cannot be used; SettingsInvalid for settings that it refuses.
    """
    found = place.host()
    plugin = found.plugin(name)
    watch = Watch(package_name(plugin))
    host = Host(
        replace(one, plugin=watched(one.plugin, watch)) if guards and one.name == name and one.plugin else one
        for one in found.installed()
    )
    return Subject(
        plugin,
        host,
        sample_edition(found, name, settings),
        watch,
        place,
        quick,
    )


def sample_edition(host: Host, name: str, settings: Mapping[str, Any] | None = None) -> Edition:
    """An edition of nobody on the plugin `name` and what it requires."""
    names = with_needs(host, name)
    return Edition(
        tenant="mau",
        key="mau",
        name=Text("Lần mẫu", "Sample edition"),
        years=(2025,),
        ordinal=1,
        plugins=plugin_refs(names, host=host),
        settings=resolve_settings(names, settings or {}, host=host),
    )


def with_needs(host: Host, name: str, asking: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The list that `name` can run in: what it requires, in that order, then itself."""
    if name in asking:
        raise PluginUnavailable(f"Các plugin cần lẫn nhau thành vòng: {' → '.join((*asking, name))}.")
    needs = host.plugin(name).info.requires
    before = chain.from_iterable(with_needs(host, needed, (*asking, name)) for needed in needs)
    return tuple(dict.fromkeys((*before, name)))


def package_name(plugin: Plugin) -> str:
    """The importable name of the package (or single module) that the plugin is; "" for one made in memory."""
    modules = [str(getattr(part, "__name__", "")) for part in plugin.hooks]
    for module in (plugin.package, *modules):
        parts = module.split(".")
        for length in range(1, len(parts) + 1):
            candidate = ".".join(parts[:length])
            if getattr(sys.modules.get(candidate), "plugin", None) is plugin:
                return candidate
    return plugin.package


def source_files(plugin: Plugin) -> Mapping[str, Path]:
    """The Python files of the plugin by the name of their module; nothing for one made in memory."""
    package = package_name(plugin)
    file = getattr(sys.modules.get(package), "__file__", None)
    if not file:
        return {}
    top = Path(file)
    if top.name != "__init__.py":
        return {package: top}
    found = {}
    for path in sorted(top.parent.rglob("*.py")):
        parts = path.relative_to(top.parent).with_suffix("").parts
        inner = parts[:-1] if parts[-1] == "__init__" else parts
        found[".".join((package, *inner))] = path
    return found
