"""Cuộc thi “Đổi mới sáng tạo - vì Thái Nguyên thân yêu”: jury 80 points, vote of the public 20 points."""

from __future__ import annotations

from core.plugin_api import Plugin, PluginInfo, Text
from plugins.thainguyen_innovation import checks, clauses, form, notices, papers, rules, screening
from plugins.thainguyen_innovation.settings import NAME, ThaiNguyenSettings

info = PluginInfo(
    name=NAME,
    version="1.0.0",
    title=Text(
        "Cuộc thi “Đổi mới sáng tạo - vì Thái Nguyên thân yêu”",
        "“Innovation for our beloved Thái Nguyên” Contest",
    ),
    api_version_range=("1.2", "2.0"),
)

plugin = Plugin(
    info, hooks=(rules, form, checks, screening, clauses, notices, papers), settings=ThaiNguyenSettings
)
