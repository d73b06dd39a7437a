"""Sổ tay góp ý: readers leave a remark about the contest, the committee sees how many there are each day."""

from __future__ import annotations

from bangvang_so_tay import boxes
from bangvang_so_tay.jobs import JOBS
from bangvang_so_tay.pages import PAGES
from bangvang_so_tay.settings import NAME, RemarkSettings
from bangvang_so_tay.tables import TABLES
from core.plugin_api import Plugin, PluginInfo, Text

plugin = Plugin(
    info=PluginInfo(NAME, "1.0.0", Text("Sổ tay góp ý", "Remarks"), ("1.1", "2.0")),
    hooks=(boxes,),
    settings=RemarkSettings,
    pages=PAGES,
    tables=TABLES,
    jobs=JOBS,
    package=__name__,
)
