"""Which plugins speak for a tenant, and the typed way to ask them."""

from __future__ import annotations

from core.plugin_host.catalogue import render_catalogue
from core.plugin_host.citations import Citation, Role, citations, findings_on_probes, walk
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
from core.plugin_host.pages import address_map
from core.plugin_host.platform_level import layers_for, platform_settings
from core.plugin_host.probes import ScoreProbe, probe_dossiers, probe_scores
from core.plugin_host.rules import Rules, rules_for
from core.plugin_host.settings import (
    Layers,
    Level,
    SettingMark,
    dump_one,
    dump_settings,
    illustration_marks,
    layered,
    resolve_one,
    resolve_settings,
)

__all__ = [
    "Citation",
    "Host",
    "InstalledPlugin",
    "Layers",
    "Level",
    "PluginError",
    "PluginFailed",
    "PluginUnavailable",
    "Role",
    "Rules",
    "ScoreProbe",
    "SettingMark",
    "SettingsInvalid",
    "address_map",
    "check_pending",
    "citations",
    "default_host",
    "discover",
    "dump_one",
    "dump_settings",
    "findings_on_probes",
    "illustration_marks",
    "installed_plugins",
    "layered",
    "layers_for",
    "platform_settings",
    "plugin_info",
    "plugin_refs",
    "probe_dossiers",
    "probe_scores",
    "render_catalogue",
    "resolve_one",
    "resolve_settings",
    "rules_for",
    "walk",
]
