"""Clauses of the technical-innovation family, each with the document it was read in."""

from __future__ import annotations

from core.plugin_api import Clause, Text, hookimpl

QD_165 = Text(
    "Quyết định 165/2006/QĐ-TTg ngày 14/7/2006 về tổ chức Hội thi Sáng tạo Kỹ thuật",
    "Decision 165/2006/QĐ-TTg of 14 July 2006 on technical innovation contests",
)
NATIONAL_RULES = Text(
    "Thể lệ Hội thi Sáng tạo Kỹ thuật toàn quốc (Quyết định 289/QĐ-LHHVN ngày 19/4/2016)",
    "Rules of the National Technical Innovation Contest (Decision 289/QĐ-LHHVN of 19 April 2016)",
)
FAMILY = Text(
    "Thông lệ của các Hội thi Sáng tạo Kỹ thuật cấp tỉnh",
    "Practice of provincial technical innovation contests",
)
OUTLINE = Text(
    "Hướng dẫn viết bản mô tả giải pháp dự thi của Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh Quảng Ngãi",
    "Guide to the description of a solution, Union of Science and Technology Associations of Quảng Ngãi "
    "Province",
)
NO_NUMBER = Text(
    "Số điều chưa có trong nguồn công khai", "The number of the article is not in any public source"
)


@hookimpl
def clauses() -> tuple[Clause, ...]:
    """All clauses that the family's form, checks and criteria cite; a province replaces those it has its own
    text for.
    """
    return (*_entry_clauses(), *_judging_clauses())


def _entry_clauses() -> tuple[Clause, ...]:
    return (
        Clause(
            "doi_tuong",
            QD_165,
            NO_NUMBER,
            Text(
                "Tổ chức, cá nhân người Việt Nam trong và ngoài nước, người nước ngoài làm việc tại Việt Nam "
                "đều có quyền dự thi, không phân biệt tuổi tác, dân tộc, nghề nghiệp.",
                "Vietnamese organisations and persons at home and abroad and foreigners working in Viet Nam "
                "may enter, whatever their age, ethnicity or profession.",
            ),
            informational=True,
        ),
        Clause(
            "sau_linh_vuc",
            NATIONAL_RULES,
            NO_NUMBER,
            Text(
                "Giải pháp dự thi thuộc một trong sáu lĩnh vực của Hội thi.",
                "A solution is entered in one of the six fields of the contest.",
            ),
        ),
        Clause(
            "tao_ra_trong_thoi_han",
            NATIONAL_RULES,
            NO_NUMBER,
            Text(
                "Giải pháp được tạo ra và áp dụng trong khoảng năm năm trước năm đầu của Hội thi; Thể lệ "
                "toàn quốc lần thứ 14 (2016 - 2017) tính từ năm 2011. Thời hạn của Hội thi cấp tỉnh chưa có "
                "trong nguồn công khai.",
                "The solution was created and applied within about five years before the contest's first "
                "year; the 14th national rules (2016-2017) count from 2011. The provincial limit is not in "
                "any public source.",
            ),
            official=False,
        ),
        Clause(
            "da_ap_dung",
            NATIONAL_RULES,
            NO_NUMBER,
            Text(
                "Giải pháp dự thi đã được áp dụng trong thực tế; giải pháp mới ở mức ý tưởng không được xét.",
                "The solution has been applied in practice; a mere idea is not considered.",
            ),
        ),
        Clause(
            "giai_thuong_da_dat",
            NATIONAL_RULES,
            NO_NUMBER,
            Text(
                "Giải pháp đã đạt một số giải thưởng thì không được dự thi; danh mục giải thưởng chưa có "
                "trong nguồn công khai, Ban Tổ chức xem xét từng trường hợp.",
                "Solutions that have won certain awards may not enter; the list of awards is not in any "
                "public source, the committee considers each case.",
            ),
        ),
        Clause(
            "phieu_dang_ky",
            FAMILY,
            NO_NUMBER,
            Text(
                "Phiếu đăng ký nêu thông tin tác giả và xác nhận của đơn vị hoặc chính quyền địa phương; mẫu "
                "phiếu của tỉnh chưa có trong nguồn công khai.",
                "The registration form identifies the authors and carries the confirmation of their unit or "
                "local authority; the province's own form is not in any public source.",
            ),
            official=False,
        ),
        Clause(
            "ban_mo_ta",
            OUTLINE,
            Text("Phần A, B (I đến V) và C", "Parts A, B (I to V) and C"),
            Text(
                "Bản mô tả gồm tên giải pháp; giải pháp đã biết; nội dung và bản chất; tính mới và tính sáng "
                "tạo; khả năng áp dụng; hiệu quả; kèm toàn văn giải pháp.",
                "The description holds the title; known solutions; content and core; novelty and creativity; "
                "applicability; benefit; with the full text attached.",
            ),
            official=False,
        ),
        Clause(
            "tep_dinh_kem",
            FAMILY,
            NO_NUMBER,
            Text(
                "Loại tệp, số tệp và dung lượng do nền tảng đặt, vì Thể lệ công khai không quy định.",
                "Kinds, numbers and sizes of files are set by the platform, as no public rules state them.",
            ),
            official=False,
        ),
    )


def _judging_clauses() -> tuple[Clause, ...]:
    return (
        _criterion(
            "tieu_chi_tinh_moi",
            Text(
                "Tính mới, tính sáng tạo: không trùng với giải pháp đã được công bố hoặc áp dụng.",
                "Novelty and creativity: not the same as a solution already published or applied.",
            ),
        ),
        _criterion(
            "tieu_chi_kha_nang",
            Text(
                "Khả năng áp dụng rộng rãi trong sản xuất và đời sống.",
                "Can be applied widely in production and daily life.",
            ),
        ),
        _criterion(
            "tieu_chi_hieu_qua",
            Text(
                "Hiệu quả kinh tế - kỹ thuật - xã hội cao hơn giải pháp đã biết, không gây hại cho môi "
                "trường và xã hội.",
                "Greater economic, technical and social benefit than known solutions, no harm to environment "
                "or society.",
            ),
        ),
        Clause(
            "hai_vong",
            FAMILY,
            NO_NUMBER,
            Text(
                "Hội đồng giám khảo chấm hai vòng: sơ khảo và chung khảo; vòng chung khảo quyết định kết "
                "quả.",
                "The jury judges in two rounds, preliminary and final; the final round decides.",
            ),
            official=False,
        ),
        Clause(
            "co_cau_giai",
            FAMILY,
            NO_NUMBER,
            Text(
                "Giải Nhất, Nhì, Ba và Khuyến khích; mức tối thiểu và chỉ tiêu của tỉnh là cài đặt của Ban "
                "Tổ chức.",
                "First, second, third and encouragement prizes; the province's minimums and quotas are "
                "settings of the committee.",
            ),
            official=False,
        ),
    )


def _criterion(key: str, text: Text) -> Clause:
    return Clause(key, NATIONAL_RULES, NO_NUMBER, text)
