"""Clauses of Bắc Kạn, edition 8, and what its edition 6 shows."""

from __future__ import annotations

from core.plugin_api import Clause, Text, hookimpl

RULES = Text(
    "Thể lệ Hội thi Sáng tạo Kỹ thuật tỉnh Bắc Kạn lần thứ 8 (Quyết định 968/QĐ-BTCHT ngày 04/6/2024)",
    "Rules of the eighth Bắc Kạn Province Technical Innovation Contest (Decision 968/QĐ-BTCHT of 4 June "
    "2024)",
)
PORTAL = Text(
    "Thông tin về Hội thi lần thứ 8 trên cổng thông tin điện tử tỉnh Bắc Kạn ngày 10/5/2024",
    "Notice of the eighth Contest on the portal of Bắc Kạn Province, 10 May 2024",
)
EDITION_6 = Text(
    "Kết quả họp Ban Tổ chức Hội thi Sáng tạo Kỹ thuật tỉnh Bắc Kạn lần thứ 6 (2020 - 2021)",
    "Meeting of the Organising Committee of the sixth Bắc Kạn Province Technical Innovation Contest "
    "(2020-2021)",
)
NO_NUMBER = Text(
    "Theo Thể lệ; số điều chưa có trong nguồn công khai",
    "According to the Rules; the number of the article is not in any public source",
)
NOTICE = Text("Bản tin, không chia điều", "A notice, without articles")


@hookimpl
def clauses() -> tuple[Clause, ...]:
    """Who may enter, the fields, "already applied", and the bands with their quotas."""
    return (
        Clause(
            "doi_tuong",
            PORTAL,
            NOTICE,
            Text(
                "Mọi cá nhân người Việt Nam trong và ngoài tỉnh, người nước ngoài làm việc và sinh sống tại "
                "Bắc Kạn, không giới hạn tuổi, thành phần, dân tộc, nghề nghiệp; giải pháp được tạo ra và áp "
                "dụng tại tỉnh.",
                "Any Vietnamese person in or outside the province and foreigners working and living in Bắc "
                "Kạn, without limit of age, class, ethnicity or profession; the solution is created and "
                "applied in the province.",
            ),
            informational=True,
        ),
        Clause(
            "sau_linh_vuc",
            PORTAL,
            NOTICE,
            Text("Hội thi nhận giải pháp thuộc sáu lĩnh vực.", "The Contest takes solutions in six fields."),
        ),
        Clause(
            "da_ap_dung",
            PORTAL,
            NOTICE,
            Text(
                "Giải pháp được tạo ra và áp dụng tại tỉnh. Ở lần thứ 6, giải pháp mới là ý tưởng, chưa áp "
                "dụng trong thực tế bị loại từ vòng kiểm tra.",
                "The solution is created and applied in the province. In the sixth edition ideas not applied "
                "in practice were dropped at screening.",
            ),
        ),
        Clause(
            "tao_ra_trong_thoi_han",
            RULES,
            NO_NUMBER,
            Text(
                "Giải pháp được tạo ra và áp dụng tại tỉnh trong thời hạn của Thể lệ; năm bắt đầu chưa có "
                "trong nguồn công khai, tính theo thông lệ năm năm của Hội thi toàn quốc.",
                "The solution was created and applied in the province within the time of the Rules; the "
                "first year is not in any public source, the five years of the national contest are used.",
            ),
            official=False,
        ),
        Clause(
            "muc_diem_xet_giai",
            EDITION_6,
            NOTICE,
            Text(
                "Xét giải cho giải pháp từ 55 điểm: từ 55 đến dưới 65 Giải Khuyến khích, từ 65 đến dưới 75 "
                "Giải Ba, từ 75 đến dưới 85 Giải Nhì. Thể lệ lần thứ 8 chưa đọc được mức điểm.",
                "Prizes are considered from 55 points: 55 to below 65 encouragement, 65 to below 75 third, "
                "75 to below 85 second. The bands of the eighth edition's Rules could not be read.",
            ),
            official=False,
        ),
        Clause(
            "muc_diem_giai_nhat",
            EDITION_6,
            NOTICE,
            Text(
                "Giải Nhất từ 85 điểm, suy ra từ việc lần thứ 6 không có Giải Nhất và điểm cao nhất dưới 85.",
                "First Prize from 85 points, inferred from the sixth edition: no First Prize and no score of "
                "85.",
            ),
            official=False,
        ),
    )
