"""Points, votes and prizes of the Thái Nguyên contest."""

from __future__ import annotations

from decimal import Decimal

from marshmallow.validate import Range

from core.plugin_api import Exact, PluginSettings, Text, Whole, about

NAME = "thainguyen_innovation"

_STATED = Text(
    "Theo trang Tiêu chí và cách thức chấm điểm của Cuộc thi lần thứ nhất (năm 2025).",
    "As the page “Criteria and scoring” of the first Contest (2025) states.",
)
_QUOTA = Text(
    "Số giải nhiều nhất; cơ cấu giải của Cuộc thi chưa có trong nguồn công khai.",
    "The most prizes of this tier; the Contest's scheme of prizes is not in any public source.",
)


def _points(name: Text, points: str) -> Exact:
    return Exact(
        load_default=Decimal(points),
        validate=Range(min=Decimal(1), max=Decimal(100), error="Điểm tối đa từ 1 đến 100."),
        metadata=about(Text(f"Điểm tối đa: {name.vi}", f"Most points: {name.en}"), _STATED, official=True),
    )


def _quota(tier: Text, places: int) -> Whole:
    return Whole(
        load_default=places,
        allow_none=True,
        validate=Range(0, 1000, error="Số giải từ 0 đến 1000."),
        metadata=about(Text(f"Số giải: {tier.vi}", f"Prizes: {tier.en}"), _QUOTA, official=False),
    )


class ThaiNguyenSettings(PluginSettings):
    """The official points of 2025, and illustrations where no public source says anything."""

    points_doi_moi = _points(Text("Tính đổi mới sáng tạo", "Innovation"), "20")
    points_hieu_qua = _points(Text("Hiệu quả kinh tế - xã hội", "Economic and social benefit"), "30")
    points_kha_nang = _points(Text("Khả năng áp dụng", "Applicability"), "30")
    points_binh_chon = _points(Text("Bình chọn của cộng đồng", "Vote of the community"), "20")
    score_step = Exact(
        load_default=Decimal("0.5"),
        validate=Range(min=Decimal("0.01"), max=Decimal(10), error="Bước điểm từ 0,01 đến 10."),
        metadata=about(
            Text("Bước điểm", "Step of a score"),
            Text(
                "Điểm của mỗi tiêu chí là bội số của bước này; chưa có trong nguồn công khai.",
                "The score of a criterion is a multiple of this step; not in any public source.",
            ),
            official=False,
        ),
    )
    quota_nhat = _quota(Text("Giải Nhất", "First Prize"), 1)
    quota_nhi = _quota(Text("Giải Nhì", "Second Prize"), 3)
    quota_ba = _quota(Text("Giải Ba", "Third Prize"), 5)
    quota_khuyen_khich = _quota(Text("Giải Khuyến khích", "Encouragement Prize"), 10)
    description_words = Whole(
        load_default=3000,
        allow_none=True,
        validate=Range(100, 20000, error="Số từ từ 100 đến 20.000."),
        metadata=about(
            Text("Số từ tối đa của mỗi mục thuyết minh", "Most words of each part of the description"),
            Text(
                "Giới hạn độ dài bản thuyết minh chưa có trong nguồn công khai; để trống thì không đếm theo từ.",
                "The limit of a description is not in any public source; empty means that words are not limited.",
            ),
            official=False,
        ),
    )
