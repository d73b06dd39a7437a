"""What a plugin says about itself, and the object that the host discovers."""

from __future__ import annotations

from dataclasses import dataclass

from core.plugin_api.parts import Job, Page, Table
from core.plugin_api.settings import PluginSettings
from core.plugin_api.values import PluginRef, Text

API_VERSION = "1.2"
"""The version of everything in `core.plugin_api`: the first number changes when a plugin may break."""


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """Name, version and needs of a plugin.

    `api_version_range` is (first version that works, first that does not): ("1.0", "2.0"). `requires` names
    plugins that must stand before this one in a tenant's list.
    """

    name: str
    version: str
    title: Text
    api_version_range: tuple[str, str]
    requires: tuple[str, ...] = ()

    @property
    def ref(self) -> PluginRef:
        """Name and version as an edition records them."""
        return PluginRef(self.name, self.version)

    def supports(self, api_version: str) -> bool:
        """Whether the plugin works with `api_version`; ValueError when a version is not numbers and dots."""
        first, beyond = self.api_version_range
        return _numbers(first) <= _numbers(api_version) < _numbers(beyond)


@dataclass(frozen=True, slots=True)
class Plugin:
    """What a plugin package exposes as `plugin`: its info, its settings schema, and the modules with its hookimpls.

    `package` is the importable name of the package whose folders `templates/`, `translations/` and `migrations/` are
    the plugin's; it is needed only where there are such folders.
    """

    info: PluginInfo
    hooks: tuple[object, ...] = ()
    settings: type[PluginSettings] = PluginSettings
    pages: tuple[Page, ...] = ()
    tables: tuple[Table, ...] = ()
    jobs: tuple[Job, ...] = ()
    package: str = ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
