"""Words for the kinds of units."""

from __future__ import annotations

from core.plugin_api import Text

_KINDS = {
    "commune": Text("Xã", "Communes"),
    "ward": Text("Phường", "Wards"),
    "special_zone": Text("Đặc khu", "Special zones"),
    "district": Text("Huyện, thị xã, thành phố", "Districts, towns and cities"),
    "department": Text("Sở, ban, ngành", "Departments and branches"),
    "university": Text("Đại học, trường", "Universities and schools"),
    "association": Text("Hội, hiệp hội, đoàn thể", "Associations and unions"),
    "alliance": Text("Liên minh hợp tác xã", "Cooperative alliance"),
}


def kind_word(kind: str) -> Text:
    """What units of a kind are called together."""
    return _KINDS.get(kind, Text("Đơn vị khác", "Other units"))
