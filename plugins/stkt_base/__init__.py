"""The family of technical innovation contests (Hội thi Sáng tạo Kỹ thuật): what its provinces have in common."""

from __future__ import annotations

from core.plugin_api import Plugin, PluginInfo, Text
from plugins.stkt_base import checks, clauses, form, notices, papers, rules, screening
from plugins.stkt_base.settings import NAME, StktSettings

info = PluginInfo(
    name=NAME,
    version="1.0.0",
    title=Text("Hội thi Sáng tạo Kỹ thuật: phần chung", "Technical innovation contests: common part"),
    api_version_range=("1.2", "2.0"),
)

plugin = Plugin(info, hooks=(rules, form, checks, screening, clauses, notices, papers), settings=StktSettings)
