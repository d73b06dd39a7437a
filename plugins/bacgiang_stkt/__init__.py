"""Hội thi Sáng tạo kỹ thuật tỉnh Bắc Giang: separate criteria document, threshold, prize for the oldest author."""

from __future__ import annotations

from core.plugin_api import Plugin, PluginInfo, Text
from plugins.bacgiang_stkt import clauses, form, rules
from plugins.bacgiang_stkt.settings import NAME, BacGiangSettings

info = PluginInfo(
    name=NAME,
    version="1.0.0",
    title=Text("Hội thi Sáng tạo kỹ thuật tỉnh Bắc Giang", "Bắc Giang Province Technical Innovation Contest"),
    api_version_range=("1.0", "2.0"),
    requires=("stkt_base",),
)

plugin = Plugin(info, hooks=(rules, form, clauses), settings=BacGiangSettings)
