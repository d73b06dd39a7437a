"""Settings of the technical-innovation family."""

from __future__ import annotations

from decimal import Decimal

from marshmallow.validate import Range

from core.plugin_api import Exact, PluginSettings, Text, Whole, about

NAME = "stkt_base"

_POINTS_HELP = Text(
    "Thang điểm của Hội thi chưa có trong nguồn công khai; giá trị này là minh họa cho đến khi Ban Tổ chức "
    "nhập thang điểm của mình.",
    "The contest's scale of points is not in any public source; this value is an illustration until the "
    "committee enters its own.",
)


def _points(name: Text, points: str) -> Exact:
    return Exact(
        load_default=Decimal(points),
        validate=Range(min=Decimal(1), max=Decimal(100), error="Điểm tối đa từ 1 đến 100."),
        metadata=about(
            Text(f"Điểm tối đa: {name.vi}", f"Most points: {name.en}"), _POINTS_HELP, official=False
        ),
    )


class StktSettings(PluginSettings):
    """What a province of the family may set."""

    lookback_years = Whole(
        load_default=5,
        allow_none=True,
        validate=Range(1, 20, error="Số năm từ 1 đến 20."),
        metadata=about(
            Text("Số năm được tính lùi", "Look-back in years"),
            Text(
                "Giải pháp phải được tạo ra và áp dụng trong chừng này năm trước năm đầu của Hội thi. Năm "
                "năm là thông lệ của Hội thi toàn quốc; để trống thì không kiểm tra.",
                "A solution must have been created and applied within this many years before the contest's "
                "first year. Five is the practice of the national contest; empty means that it is not "
                "checked.",
            ),
            official=False,
        ),
    )
    points_tinh_moi = _points(Text("Tính mới, tính sáng tạo", "Novelty and creativity"), "40")
    points_kha_nang = _points(Text("Khả năng áp dụng", "Applicability"), "30")
    points_hieu_qua = _points(Text("Hiệu quả", "Benefit"), "30")
    score_step = Exact(
        load_default=Decimal("0.5"),
        validate=Range(min=Decimal("0.01"), max=Decimal(10), error="Bước điểm từ 0,01 đến 10."),
        metadata=about(
            Text("Bước điểm", "Step of a score"),
            Text(
                "Điểm của mỗi tiêu chí là bội số của bước này.",
                "The score of a criterion is a multiple of this step.",
            ),
            official=False,
        ),
    )
    description_words = Whole(
        load_default=3000,
        allow_none=True,
        validate=Range(100, 20000, error="Số từ từ 100 đến 20.000."),
        metadata=about(
            Text("Số từ tối đa của mỗi mục trong bản mô tả", "Most words of each part of the description"),
            Text(
                "Giới hạn độ dài bản mô tả chưa có trong nguồn công khai; để trống thì không đếm theo từ.",
                "The limit of a description is not in any public source; empty means that words are not limited.",
            ),
            official=False,
        ),
    )
