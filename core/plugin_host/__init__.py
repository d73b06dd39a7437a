"""Which plugins speak for a tenant, and the typed way to ask them."""

from __future__ import annotations

from core.plugin_host.catalogue import render_catalogue
from core.plugin_host.conformance import conformance_problems, plugin_problems
from core.plugin_host.discovery import InstalledPlugin, discover
from core.plugin_host.errors import PluginError, PluginFailed, PluginUnavailable, SettingsInvalid
from core.plugin_host.host import (
    Host,
    check_pending,
    default_host,
    installed_plugins,
    plugin_info,
    plugin_refs,
)
from core.plugin_host.rules import Rules, rules_for
from core.plugin_host.settings import SettingMark, dump_settings, illustration_marks, resolve_settings

__all__ = [
    "Host",
    "InstalledPlugin",
    "PluginError",
    "PluginFailed",
    "PluginUnavailable",
    "Rules",
    "SettingMark",
    "SettingsInvalid",
    "check_pending",
    "conformance_problems",
    "default_host",
    "discover",
    "dump_settings",
    "illustration_marks",
    "installed_plugins",
    "plugin_info",
    "plugin_problems",
    "plugin_refs",
    "render_catalogue",
    "resolve_settings",
    "rules_for",
]
