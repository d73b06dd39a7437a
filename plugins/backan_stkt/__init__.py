"""Hội thi Sáng tạo Kỹ thuật tỉnh Bắc Kạn: bands and quotas over the common part."""

from __future__ import annotations

from core.plugin_api import Plugin, PluginInfo, Text
from plugins.backan_stkt import clauses, form, rules
from plugins.backan_stkt.settings import NAME, BacKanSettings

info = PluginInfo(
    name=NAME,
    version="1.0.0",
    title=Text("Hội thi Sáng tạo Kỹ thuật tỉnh Bắc Kạn", "Bắc Kạn Province Technical Innovation Contest"),
    api_version_range=("1.0", "2.0"),
    requires=("stkt_base",),
)

plugin = Plugin(info, hooks=(rules, form, clauses), settings=BacKanSettings)
