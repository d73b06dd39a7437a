"""What can go wrong with plugins; each error is one sentence for the person who reads it."""

from __future__ import annotations

from collections.abc import Mapping

from core.kernel.errors import DomainError


class PluginError(DomainError):
    """Base of the errors of this package."""

    status = 500
    kind = "plugin"


class PluginUnavailable(PluginError):
    """A plugin that a tenant names is not installed, could not be loaded, or lacks another plugin it needs."""

    kind = "plugin-unavailable"


class PluginFailed(PluginError):
    """A strict hook of `plugin` raised or broke its contract; the operation must stop and roll back."""

    kind = "plugin-failed"

    def __init__(self, plugin: str, hook: str, reason: str) -> None:
        super().__init__(f"Plugin {plugin} không thực hiện được {hook}: {reason}")
        self.plugin = plugin
        self.hook = hook
        self.reason = reason


class SettingsInvalid(PluginError):
    """Settings that a schema refuses; `errors` maps the path of each wrong value ("plugin.key") to sentences."""

    status = 422
    kind = "settings-invalid"

    def __init__(self, errors: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__("; ".join(f"{path}: {' '.join(said)}" for path, said in sorted(errors.items())))
        self.errors = dict(errors)
