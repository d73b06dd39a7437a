"""Minimums and quotas of Bắc Kạn's prize tiers."""

from __future__ import annotations

from decimal import Decimal

from marshmallow.validate import Range

from core.plugin_api import Exact, PluginSettings, Text, Whole, about

NAME = "backan_stkt"

_READ = Text(
    "Đọc được từ kết quả xét giải của Hội thi lần thứ 6 (2020 - 2021); Thể lệ lần này chưa đọc được mức "
    "điểm.",
    "Read from the award meeting of the sixth Contest (2020-2021); the minimum of this edition's Rules could "
    "not be read.",
)
_INFERRED = Text(
    "Suy ra từ các mức của Hội thi lần thứ 6: không có Giải Nhất khi mọi giải pháp dưới 85 điểm.",
    "Inferred from the sixth Contest: there was no First Prize when every solution had less than 85 points.",
)
_QUOTA = Text(
    "Số giải nhiều nhất; chưa có trong nguồn công khai. Suất không có giải pháp đạt mức tối thiểu thì để "
    "trống.",
    "The most prizes of this tier; not in any public source. Places that nobody reaches stay empty.",
)


def _minimum(tier: Text, points: str, help_text: Text) -> Exact:
    return Exact(
        load_default=Decimal(points),
        allow_none=True,
        validate=Range(min=Decimal(0), max=Decimal(100), error="Điểm từ 0 đến 100."),
        metadata=about(Text(f"Điểm tối thiểu: {tier.vi}", f"Minimum: {tier.en}"), help_text, official=False),
    )


def _quota(tier: Text, places: int) -> Whole:
    return Whole(
        load_default=places,
        allow_none=True,
        validate=Range(0, 1000, error="Số giải từ 0 đến 1000."),
        metadata=about(Text(f"Số giải: {tier.vi}", f"Prizes: {tier.en}"), _QUOTA, official=False),
    )


_NHAT = Text("Giải Nhất", "First Prize")
_NHI = Text("Giải Nhì", "Second Prize")
_BA = Text("Giải Ba", "Third Prize")
_KHUYEN_KHICH = Text("Giải Khuyến khích", "Encouragement Prize")


class BacKanSettings(PluginSettings):
    """The bands of edition 6 and illustrative quotas."""

    minimum_nhat = _minimum(_NHAT, "85", _INFERRED)
    minimum_nhi = _minimum(_NHI, "75", _READ)
    minimum_ba = _minimum(_BA, "65", _READ)
    minimum_khuyen_khich = _minimum(_KHUYEN_KHICH, "55", _READ)
    quota_nhat = _quota(_NHAT, 2)
    quota_nhi = _quota(_NHI, 4)
    quota_ba = _quota(_BA, 6)
    quota_khuyen_khich = _quota(_KHUYEN_KHICH, 8)
