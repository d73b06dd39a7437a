"""A plugin whose criteria have levels, for the tests of the judge's desk: installed by `installed(levels.plugin)`."""

from __future__ import annotations

import sys
from decimal import Decimal

from core.plugin_api import Anchor, Criterion, Edition, Plugin, PluginInfo, Round, Text, hookimpl

NAME = "levels"


def _level(least: int, most: int, words: str) -> Anchor:
    return Anchor(Decimal(least), Decimal(most), Text(words))


@hookimpl
def rounds(edition: Edition) -> tuple[Round, ...]:
    """One round with two criteria, the first with three levels, the last of them too wide for buttons."""
    levels = (
        _level(0, 10, "Ít mới: chỉ đổi chi tiết của cách làm đã có."),
        _level(11, 15, "Khá mới: cải tiến rõ so với cách làm đã có ở tỉnh."),
        _level(16, 20, "Rất mới: chưa có ở trong nước."),
    )
    criteria = (
        Criterion("doi_moi", Text("Tính mới"), Decimal(20), anchors=levels),
        Criterion("hieu_qua", Text("Hiệu quả"), Decimal(30)),
    )
    return (Round("hoi_dong", Text("Vòng chấm"), criteria),)


plugin = Plugin(
    PluginInfo(NAME, "1.0.0", Text("Mức điểm", "Levels"), ("1.0", "2.0")), (sys.modules[__name__],)
)
