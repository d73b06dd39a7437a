"""What can go wrong with plugins; each error is one sentence for the person who reads it."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from core.kernel.errors import DomainError

SECONDS_TO_WAIT = 300
"""What a tenant whose plugin cannot be used tells its readers to wait: mending it means a restart."""


class PluginError(DomainError):
    """Base of the errors of this package."""

    status = 500
    kind = "plugin"


class PluginUnavailable(PluginError):
    """A plugin that a tenant names is not installed, could not be loaded, or lacks another plugin it needs.

    To a tenant's readers this is a pause of its whole site: without its rules not even the frame of a page can be
    drawn, and the reason is the operator's business.
    """

    status = 503
    kind = "plugin-unavailable"
    retry_after = SECONDS_TO_WAIT
    is_plain = True

    @property
    def told(self) -> str:
        """A sentence without the reason."""
        return str(
            _(
                "Cuộc thi này đang tạm dừng vì một phần quy tắc của nó chưa dùng được. Những gì đã nộp vẫn còn nguyên; "
                "người vận hành đã được báo."
            )
        )


class PluginFailed(PluginError):
    """A strict hook of `plugin` raised or broke its contract; the operation must stop and roll back."""

    kind = "plugin-failed"

    def __init__(self, plugin: str, hook: str, reason: str, *, raised: bool = False) -> None:
        super().__init__(f"Plugin {plugin} không thực hiện được {hook}: {reason}")
        self.plugin = plugin
        self.hook = hook
        self.reason = reason
        self._raised = raised

    @property
    def told(self) -> str:
        """Plugin and hook, and the contract that was broken; the words of an exception are for the log alone."""
        if not self._raised:
            return self.message
        return str(_("Plugin %(plugin)s không thực hiện được %(hook)s.", plugin=self.plugin, hook=self.hook))


class SettingsInvalid(PluginError):
    """Settings that a schema refuses; `errors` maps the path of each wrong value ("plugin.key") to sentences."""

    status = 422
    kind = "settings-invalid"

    def __init__(self, errors: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__("; ".join(f"{path}: {' '.join(said)}" for path, said in sorted(errors.items())))
        self.errors = dict(errors)
