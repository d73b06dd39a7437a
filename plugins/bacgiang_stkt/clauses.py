"""Clauses of Bắc Giang, edition 11: the Rules and the separate criteria document."""

from __future__ import annotations

from core.plugin_api import Clause, Text, hookimpl

RULES = Text(
    "Thể lệ Hội thi Sáng tạo kỹ thuật tỉnh Bắc Giang lần thứ 11 (theo Kế hoạch 06/KH-UBND ngày 11/01/2024)",
    "Rules of the eleventh Bắc Giang Province Technical Innovation Contest (under Plan 06/KH-UBND of 11 "
    "January 2024)",
)
CRITERIA = Text(
    "Tiêu chí đánh giá giải pháp tham gia Hội thi Sáng tạo kỹ thuật tỉnh Bắc Giang lần thứ 11",
    "Criteria for solutions entered in the eleventh Bắc Giang Province Technical Innovation Contest",
)
EDITION_7 = Text(
    "Kết quả Hội thi Sáng tạo kỹ thuật tỉnh Bắc Giang lần thứ 7 (2016 - 2017)",
    "Results of the seventh Bắc Giang Province Technical Innovation Contest (2016-2017)",
)
BY_RULES = Text(
    "Theo Thể lệ; số điều chưa có trong nguồn công khai",
    "According to the Rules; the number of the article is not in any public source",
)
BY_CRITERIA = Text(
    "Văn bản riêng, kèm theo Thể lệ; thang điểm chưa có trong nguồn công khai",
    "A separate document beside the Rules; its points are not in any public source",
)
REPORT = Text("Bản tin kết quả, không chia điều", "A report of results, without articles")


@hookimpl
def clauses() -> tuple[Clause, ...]:
    """The three criteria by the separate document, rounds, tiers and the special prize."""
    return (
        Clause(
            "tieu_chi_tinh_moi",
            CRITERIA,
            BY_CRITERIA,
            Text("Tính mới và tính sáng tạo của giải pháp.", "Novelty and creativity of the solution."),
        ),
        Clause(
            "tieu_chi_kha_nang",
            CRITERIA,
            BY_CRITERIA,
            Text("Khả năng áp dụng và nhân rộng.", "Applicability and replication."),
        ),
        Clause(
            "tieu_chi_hieu_qua",
            CRITERIA,
            BY_CRITERIA,
            Text(
                "Hiệu quả kinh tế - xã hội - kỹ thuật; phần tính được thành tiền và phần không tính được "
                "thành tiền.",
                "Economic, social and technical benefit; what can be counted in money and what cannot.",
            ),
        ),
        Clause(
            "tao_ra_trong_thoi_han",
            RULES,
            BY_RULES,
            Text(
                "Giải pháp được tạo ra và áp dụng trong thời hạn của Thể lệ; năm bắt đầu chưa có trong nguồn "
                "công khai, tính theo thông lệ năm năm của Hội thi toàn quốc.",
                "The solution was created and applied within the time of the Rules; the first year is not in "
                "any public source, the five years of the national contest are used.",
            ),
            official=False,
        ),
        Clause(
            "hai_vong",
            EDITION_7,
            REPORT,
            Text(
                "Giải pháp qua vòng sơ khảo mới vào chung khảo (lần thứ 7 có 51 giải pháp vào chung khảo); "
                "điểm vào chung khảo của lần này chưa có trong nguồn công khai.",
                "Solutions pass a preliminary round into the final (51 of them in the seventh edition); the "
                "points needed this time are not in any public source.",
            ),
            official=False,
        ),
        Clause(
            "co_cau_giai",
            EDITION_7,
            REPORT,
            Text(
                "Lần thứ 7 trao 3 Giải Nhất, 8 Giải Nhì, 13 Giải Ba, 18 Giải Khuyến khích; cơ cấu giải của "
                "lần này chưa có trong nguồn công khai.",
                "The seventh edition gave 3 first, 8 second, 13 third and 18 encouragement prizes; the "
                "scheme of this edition is not in any public source.",
            ),
            official=False,
        ),
        Clause(
            "tac_gia_cao_tuoi",
            EDITION_7,
            REPORT,
            Text(
                "Lần thứ 7 có thêm một giải cho tác giả cao tuổi nhất; nhiều tác giả cùng năm sinh thì Ban "
                "Tổ chức quyết định.",
                "The seventh edition also gave a prize to the oldest author; the committee decides between "
                "authors born in the same year.",
            ),
            official=False,
        ),
    )
