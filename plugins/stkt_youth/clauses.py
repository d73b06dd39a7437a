"""Clauses of the youth family, each with the document it was read in."""

from __future__ import annotations

from core.plugin_api import Clause, Text, hookimpl

NATIONAL_11 = Text(
    "Thông báo tóm tắt Cuộc thi Sáng tạo thanh thiếu niên và nhi đồng toàn quốc lần thứ 11 (2014 - 2015), Quỹ "
    "VIFOTEC, ngày 17/6/2015",
    "Notice of the eleventh national youth and children's creativity contest (2014-2015), VIFOTEC Fund, 17 June "
    "2015",
)
NATIONAL_21 = Text(
    "Tin tổng kết Cuộc thi Sáng tạo thanh thiếu niên và nhi đồng toàn quốc lần thứ 21 năm 2025",
    "Report on the twenty-first national youth and children's creativity contest, 2025",
)
HAU_GIANG = Text(
    "Quy định về việc đánh giá các sản phẩm của Cuộc thi tỉnh Hậu Giang năm 2014",
    "Regulation on judging products in the contest of Hậu Giang Province, 2014",
)
DATA_LAW = Text(
    "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 ngày 26/6/2025",
    "Law on Personal Data Protection 91/2025/QH15 of 26 June 2025",
)
FAMILY = Text(
    "Thông lệ của các Cuộc thi Sáng tạo thanh thiếu niên nhi đồng cấp tỉnh",
    "Practice of provincial youth and children's creativity contests",
)
NO_NUMBER = Text(
    "Số điều chưa có trong nguồn công khai", "The number of the article is not in any public source"
)


@hookimpl
def clauses() -> tuple[Clause, ...]:
    """All clauses that the form, the checks, the criteria and the tiers cite, and one that people apply."""
    return (*_entry_clauses(), *_judging_clauses())


def _entry_clauses() -> tuple[Clause, ...]:
    return (
        Clause(
            "do_tuoi",
            NATIONAL_11,
            Text("Mục I. Đối tượng dự thi", "Section I. Who may enter"),
            Text(
                "Thanh, thiếu niên, nhi đồng từ 6 đến 19 tuổi có quyền dự thi; lần thứ 11 tính ngày sinh từ "
                "31/7/1996 đến 31/7/2009. Ngày tính tuổi và giới hạn tuổi của tỉnh là cài đặt của Ban Tổ chức.",
                "Young people and children aged 6 to 19 may enter; the eleventh contest counted births from 31 "
                "July 1996 to 31 July 2009. The province's day and ages are settings of the committee.",
            ),
            official=False,
        ),
        Clause(
            "nam_linh_vuc",
            NATIONAL_21,
            NO_NUMBER,
            Text(
                "Mô hình, sản phẩm dự thi thuộc một trong năm lĩnh vực của Cuộc thi.",
                "A model or product is entered in one of the five fields of the contest.",
            ),
        ),
        Clause(
            "dong_y_giam_ho",
            DATA_LAW,
            NO_NUMBER,
            Text(
                "Người đại diện theo pháp luật thực hiện quyền thay cho trẻ em. Hồ sơ có tác giả chưa đủ 18 tuổi "
                "phải kèm ý kiến đồng ý của cha, mẹ hoặc người giám hộ; mẫu văn bản của tỉnh chưa có trong nguồn "
                "công khai.",
                "A child's legal representative acts for the child. A dossier with an author under 18 carries "
                "the consent of a parent or guardian; the province's own form is not in any public source.",
            ),
            official=False,
        ),
        Clause(
            "dong_y_cong_bo",
            DATA_LAW,
            NO_NUMBER,
            Text(
                "Công bố thông tin riêng của trẻ từ đủ 7 tuổi cần sự đồng ý của trẻ và của người đại diện theo "
                "pháp luật.",
                "Publishing private information of a child of 7 or more needs the consent of the child and of "
                "the legal representative.",
            ),
        ),
        Clause(
            "phieu_dang_ky",
            NATIONAL_11,
            Text("Mục III. Hồ sơ tham gia dự Cuộc thi", "Section III. The dossier"),
            Text(
                "Hồ sơ gồm phiếu đăng ký, mô hình hoặc sản phẩm, bản thuyết minh, ảnh tác giả và bản sao giấy khai "
                "sinh. Nền tảng không thu bản sao giấy khai sinh: ngày sinh được khai và đối chiếu khi cần.",
                "The dossier holds the registration, the model or product, its description, the author's picture "
                "and a copy of the birth certificate. The platform does not collect birth certificates: the day "
                "is declared and checked when needed.",
            ),
            official=False,
        ),
        Clause(
            "phat_dong",
            FAMILY,
            NO_NUMBER,
            Text(
                "Nhà trường, tổ chức Đoàn và Đội phổ biến Cuộc thi đến học sinh; số liệu báo cáo của đơn vị do Ban "
                "Tổ chức đặt, vì Thể lệ công khai không quy định.",
                "Schools and youth organisations tell pupils of the contest; what units report is set by the "
                "committee, as no public rules state it.",
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
                "Tính mới, tính sáng tạo của mô hình, sản phẩm so với cái đã có.",
                "Novelty and creativity of the model or product beside what there is.",
            ),
        ),
        _criterion(
            "tieu_chi_kha_nang",
            Text(
                "Khả năng áp dụng trong học tập, sinh hoạt và đời sống.",
                "Can be used in learning and daily life.",
            ),
        ),
        _criterion(
            "tieu_chi_hieu_qua",
            Text(
                "Hiệu quả kinh tế - xã hội, giáo dục; an toàn và thân thiện với môi trường.",
                "Economic, social and educational benefit; safe and kind to the environment.",
            ),
        ),
        Clause(
            "hai_vong",
            FAMILY,
            NO_NUMBER,
            Text(
                "Hội đồng giám khảo chấm hai vòng: sơ khảo và chung khảo; Trà Vinh năm 2018 lấy từ 60 điểm vào "
                "chung khảo. Vòng chung khảo quyết định kết quả.",
                "The jury judges in two rounds, preliminary and final; Trà Vinh let in 60 points and more in "
                "2018. The final round decides.",
            ),
            official=False,
        ),
        Clause(
            "muc_giai",
            HAU_GIANG,
            NO_NUMBER,
            Text(
                "Giải Khuyến khích từ 60 điểm, Giải Ba từ 70, Giải Nhì từ 80, Giải Nhất từ 90; mức của tỉnh là "
                "cài đặt của Ban Tổ chức.",
                "Encouragement Prize from 60 points, Third from 70, Second from 80, First from 90; the province's "
                "bands are settings of the committee.",
            ),
            official=False,
        ),
        Clause(
            "cha_me_khong_cham",
            HAU_GIANG,
            NO_NUMBER,
            Text(
                "Cha, mẹ của tác giả không tham gia chấm điểm; Ban Tổ chức áp dụng khi lập Hội đồng giám khảo.",
                "A parent of an author does not judge; the committee applies this when it appoints the jury.",
            ),
            official=False,
            informational=True,
        ),
    )


def _criterion(key: str, text: Text) -> Clause:
    return Clause(key, FAMILY, NO_NUMBER, text, official=False)
