"""Words for the kinds of units."""

from __future__ import annotations

from core.plugin_api import Text

_WORDS = {
    "commune": Text("Xã", "Communes"),
    "ward": Text("Phường", "Wards"),
    "district": Text("Huyện, thành phố", "Districts and cities"),
    "department": Text("Sở, ban, ngành", "Departments"),
    "university": Text("Đại học, trường", "Universities and schools"),
    "association": Text("Hội, đoàn thể", "Associations"),
    "alliance": Text("Liên minh hợp tác xã", "Cooperative alliance"),
}


def kind_word(kind: str) -> Text:
    """The word for a kind of unit; other kinds are "Đơn vị khác"."""
    return _WORDS.get(kind, Text("Đơn vị khác", "Other units"))
