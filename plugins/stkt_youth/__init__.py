"""The family of youth creativity contests (Cuộc thi Sáng tạo thanh thiếu niên nhi đồng): what its provinces share.

It stands alone: a model made by a pupil need not be applied anywhere, which the technical family asks for.
"""

from __future__ import annotations

from core.plugin_api import Plugin, PluginInfo, Text
from plugins.stkt_youth import checks, clauses, form, notices, outreach, rules, screening
from plugins.stkt_youth.settings import NAME, YouthSettings

info = PluginInfo(
    name=NAME,
    version="1.0.0",
    title=Text("Cuộc thi Sáng tạo thanh thiếu niên nhi đồng", "Youth and children's creativity contests"),
    api_version_range=("1.1", "2.0"),
)

plugin = Plugin(
    info, hooks=(rules, form, checks, screening, outreach, clauses, notices), settings=YouthSettings
)
