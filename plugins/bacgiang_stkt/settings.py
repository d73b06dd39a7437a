"""Quotas, the preliminary threshold and the special prize of Bắc Giang."""

from __future__ import annotations

from decimal import Decimal

from marshmallow.validate import Range

from core.plugin_api import Exact, OneOfWords, PluginSettings, Text, Whole, about

NAME = "bacgiang_stkt"

_QUOTA = Text(
    "Số giải nhiều nhất. Giá trị có sẵn là số giải đã trao ở Hội thi lần thứ 7 (2016 - 2017); cơ cấu giải "
    "của lần này chưa có trong nguồn công khai.",
    "The most prizes of this tier. The given value is what the seventh Contest (2016-2017) awarded; the "
    "scheme of this edition is not in any public source.",
)


def _quota(tier: Text, places: int) -> Whole:
    return Whole(
        load_default=places,
        allow_none=True,
        validate=Range(0, 1000, error="Số giải từ 0 đến 1000."),
        metadata=about(Text(f"Số giải: {tier.vi}", f"Prizes: {tier.en}"), _QUOTA, official=False),
    )


class BacGiangSettings(PluginSettings):
    """Illustrations, but for the existence of the special prize."""

    preliminary_threshold = Exact(
        load_default=Decimal(50),
        allow_none=True,
        validate=Range(min=Decimal(0), max=Decimal(100), error="Điểm từ 0 đến 100."),
        metadata=about(
            Text("Điểm vào vòng chung khảo", "Points needed for the final"),
            Text(
                "Điểm sơ khảo cần đạt để vào chung khảo; chưa có trong nguồn công khai. Để trống thì mọi "
                "giải pháp đều vào chung khảo.",
                "Preliminary points needed to reach the final; not in any public source. Empty lets every "
                "solution in.",
            ),
            official=False,
        ),
    )
    quota_nhat = _quota(Text("Giải Nhất", "First Prize"), 3)
    quota_nhi = _quota(Text("Giải Nhì", "Second Prize"), 8)
    quota_ba = _quota(Text("Giải Ba", "Third Prize"), 13)
    quota_khuyen_khich = _quota(Text("Giải Khuyến khích", "Encouragement Prize"), 18)
    oldest_author_among = OneOfWords(
        "awarded",
        "ranked",
        load_default="awarded",
        metadata=about(
            Text("Phạm vi xét tác giả cao tuổi nhất", "Scope of the oldest-author prize"),
            Text(
                '"awarded": trong các giải pháp được đề xuất giải; "ranked": trong mọi giải pháp vào chung khảo. '
                "Phạm vi xét chưa có trong nguồn công khai.",
                '"awarded": among the solutions proposed for a prize; "ranked": among all in the final. '
                "The scope is not in any public source.",
            ),
            official=False,
        ),
    )
