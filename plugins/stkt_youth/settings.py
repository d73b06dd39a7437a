"""Settings of the youth family: the ages, the bands of the prizes, the points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from marshmallow import ValidationError, fields, validates, validates_schema
from marshmallow.validate import Range

from core.plugin_api import Exact, PluginSettings, Text, Whole, about

NAME = "stkt_youth"
MOST_AUTHORS = 10
BANDS = ("dac_biet", "nhat", "nhi", "ba", "khuyen_khich")

_POINTS_HELP = Text(
    "Thang điểm của Cuộc thi chưa có trong nguồn công khai; giá trị này là minh họa cho đến khi Ban Tổ chức "
    "nhập thang điểm của mình.",
    "The contest's scale of points is not in any public source; this value is an illustration until the "
    "committee enters its own.",
)
_BAND_HELP = Text(
    "Tổng điểm ít nhất để được xét giải này. Các mức 60, 70, 80, 90 lấy theo tỉnh Hậu Giang năm 2014; mức của "
    "tỉnh chưa có trong nguồn công khai.",
    "The least total for this prize. The bands 60, 70, 80, 90 are those of Hậu Giang Province in 2014; the "
    "province's own are not in any public source.",
)
_QUOTA_HELP = Text(
    "Số giải nhiều nhất; để trống thì không giới hạn. Cơ cấu giải của tỉnh chưa có trong nguồn công khai.",
    "The most prizes of this tier; empty means no limit. The province's scheme is not in any public source.",
)


def _points(name: Text, points: str) -> Exact:
    return Exact(
        load_default=Decimal(points),
        validate=Range(min=Decimal(1), max=Decimal(100), error="Điểm tối đa từ 1 đến 100."),
        metadata=about(
            Text(f"Điểm tối đa: {name.vi}", f"Most points: {name.en}"), _POINTS_HELP, official=False
        ),
    )


def _band(tier: Text, minimum: str) -> Exact:
    return Exact(
        load_default=Decimal(minimum),
        validate=Range(min=Decimal(0), max=Decimal(100), error="Mức điểm từ 0 đến 100."),
        metadata=about(Text(f"Mức điểm: {tier.vi}", f"Band: {tier.en}"), _BAND_HELP, official=False),
    )


def _quota(tier: Text) -> Whole:
    return Whole(
        load_default=None,
        allow_none=True,
        validate=Range(0, 1000, error="Số giải từ 0 đến 1000."),
        metadata=about(Text(f"Số giải: {tier.vi}", f"Prizes: {tier.en}"), _QUOTA_HELP, official=False),
    )


def _age(label: Text, help_text: Text, years: int) -> Whole:
    return Whole(
        load_default=years,
        validate=Range(1, 35, error="Số tuổi từ 1 đến 35."),
        metadata=about(label, help_text, official=False),
    )


class YouthSettings(PluginSettings):
    """What a province of the family may set; nothing of it is in a document of a province, so all are illustrations."""

    age_day = fields.String(
        load_default=None,
        allow_none=True,
        error_messages={"invalid": "Viết một ngày dạng năm-tháng-ngày, ví dụ 2026-07-31."},
        metadata=about(
            Text("Ngày tính tuổi", "Day on which ages count"),
            Text(
                "Viết dạng năm-tháng-ngày, ví dụ 2026-07-31. Để trống thì lấy ngày 31/7 của năm cuối kỳ thi, như "
                "Cuộc thi toàn quốc lần thứ 11 (ngày 31/7/2015); ngày của tỉnh chưa có trong nguồn công khai.",
                "Written year-month-day, such as 2026-07-31. Empty means 31 July of the edition's last year, as "
                "in the eleventh national contest (31 July 2015); the province's day is not in any public source.",
            ),
            official=False,
        ),
    )
    min_age = _age(
        Text("Tuổi nhỏ nhất", "Least age"),
        Text(
            "Tác giả phải đủ chừng này tuổi vào ngày tính tuổi. Cuộc thi toàn quốc lần thứ 11: 6 tuổi.",
            "An author must have completed this age on the day. Eleventh national contest: 6.",
        ),
        6,
    )
    max_age = _age(
        Text("Tuổi lớn nhất", "Greatest age"),
        Text(
            "Vào ngày tính tuổi tác giả chưa quá sinh nhật này dù chỉ một ngày. Cuộc thi toàn quốc lần thứ 11: 19 "
            "tuổi, nghĩa là sinh từ 31/7/1996 khi tính đến 31/7/2015; có tỉnh lấy 18 tuổi.",
            "On the day an author is not a day past this birthday. Eleventh national contest: 19, that is born "
            "on 31 July 1996 or later when counted on 31 July 2015; some provinces take 18.",
        ),
        19,
    )
    max_authors = Whole(
        load_default=5,
        validate=Range(1, MOST_AUTHORS, error=f"Số tác giả từ 1 đến {MOST_AUTHORS}."),
        metadata=about(
            Text("Số tác giả nhiều nhất của một sản phẩm", "Most authors of a product"),
            Text(
                "Biểu mẫu hỏi ngày sinh của chừng này tác giả. Số tác giả của một nhóm chưa có trong Thể lệ công "
                "khai; năm người là cách làm của Thành phố Hồ Chí Minh năm 2024.",
                "The form asks for the birth days of this many authors. No public rules state the size of a "
                "group; five is the practice of Ho Chi Minh City in 2024.",
            ),
            official=False,
        ),
    )
    preliminary_threshold = Exact(
        load_default=Decimal(60),
        allow_none=True,
        validate=Range(min=Decimal(0), max=Decimal(100), error="Điểm từ 0 đến 100."),
        metadata=about(
            Text("Điểm vào vòng chung khảo", "Points needed for the final"),
            Text(
                "Điểm sơ khảo cần đạt để vào chung khảo; 60 điểm lấy theo tỉnh Trà Vinh năm 2018. Để trống thì mọi "
                "sản phẩm đều vào chung khảo.",
                "Preliminary points needed to reach the final; 60 is Trà Vinh Province's of 2018. Empty lets "
                "every product in.",
            ),
            official=False,
        ),
    )
    band_dac_biet = Exact(
        load_default=None,
        allow_none=True,
        validate=Range(min=Decimal(0), max=Decimal(100), error="Mức điểm từ 0 đến 100."),
        metadata=about(
            Text("Mức điểm: Giải Đặc biệt", "Band: Special Prize"),
            Text(
                "Để trống thì không có Giải Đặc biệt. Hậu Giang năm 2014 có giải này ở mức 100.",
                "Empty means that there is no Special Prize. Hậu Giang had one in 2014, at 100.",
            ),
            official=False,
        ),
    )
    band_nhat = _band(Text("Giải Nhất", "First Prize"), "90")
    band_nhi = _band(Text("Giải Nhì", "Second Prize"), "80")
    band_ba = _band(Text("Giải Ba", "Third Prize"), "70")
    band_khuyen_khich = _band(Text("Giải Khuyến khích", "Encouragement Prize"), "60")
    quota_dac_biet = _quota(Text("Giải Đặc biệt", "Special Prize"))
    quota_nhat = _quota(Text("Giải Nhất", "First Prize"))
    quota_nhi = _quota(Text("Giải Nhì", "Second Prize"))
    quota_ba = _quota(Text("Giải Ba", "Third Prize"))
    quota_khuyen_khich = _quota(Text("Giải Khuyến khích", "Encouragement Prize"))
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

    @validates("age_day")
    def _is_a_day(self, value: str | None, data_key: str) -> None:
        if value is None:
            return
        try:
            written = date.fromisoformat(value).isoformat()
        except ValueError:
            written = ""
        if written != value:
            raise ValidationError("Viết một ngày dạng năm-tháng-ngày, ví dụ 2026-07-31.", data_key)

    @validates_schema
    def _in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["min_age"] > data["max_age"]:
            raise ValidationError("Tuổi nhỏ nhất không được lớn hơn tuổi lớn nhất.", "min_age")
        given = [(name, data[f"band_{name}"]) for name in BANDS if data[f"band_{name}"] is not None]
        for (_above, higher), (name, lower) in pairwise(given):
            if lower >= higher:
                raise ValidationError(
                    "Mức điểm của giải thấp hơn phải nhỏ hơn mức của giải trên.", f"band_{name}"
                )
