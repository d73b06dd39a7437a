"""Clauses of the Thái Nguyên contest, for the first edition and, with what is known so far, for later ones."""

from __future__ import annotations

from core.plugin_api import Clause, Edition, Text, hookimpl
from plugins.thainguyen_innovation.documents import (
    CRITERIA_PAGE,
    LETTER_2026,
    VOTING_LETTER,
    is_first,
    rules_document,
)

BY_RULES = Text(
    "Theo Thể lệ; số điều chưa có trong nguồn công khai",
    "According to the Rules; the number of the article is not in any public source",
)
CARRIED_OVER = Text(
    "Áp dụng theo lần thứ nhất; chưa đối chiếu với Thể lệ của lần này",
    "Carried over from the first edition; not yet checked against the Rules of this one",
)
SCORING = Text("Mục tiêu chí chấm điểm", "Section on criteria")
VOTING = Text("Mục 1 và mục 2", "Items 1 and 2")


@hookimpl
def clauses(edition: Edition) -> tuple[Clause, ...]:
    """Entry, form, criteria, vote, prizes and decision."""
    return (*_entry_clauses(edition), *_scoring_clauses(edition), *_award_clauses(edition))


def _entry_clauses(edition: Edition) -> tuple[Clause, ...]:
    deployed = Text(
        "Dự án, sản phẩm, công trình, giải pháp kỹ thuật, công nghệ, giải pháp quản lý đã được triển khai, "
        "áp dụng có hiệu quả vào thực tiễn.",
        "Projects, products, works, technical solutions, technologies and management solutions already "
        "deployed and applied with effect.",
    )
    if is_first(edition):
        gate = Clause("da_trien_khai", rules_document(edition), BY_RULES, deployed, official=False)
    else:
        gate = Clause("da_trien_khai", LETTER_2026, Text("Mục 1", "Item 1"), deployed)
    return (
        gate,
        Clause(
            "ho_so",
            rules_document(edition),
            BY_RULES,
            Text(
                "Thành phần hồ sơ của Cuộc thi chưa có trong nguồn công khai; các câu hỏi được đặt theo tiêu "
                "chí chấm.",
                "The contents of a dossier are not in any public source; the questions follow the criteria.",
            ),
            official=False,
        ),
        Clause(
            "tep_dinh_kem",
            rules_document(edition),
            BY_RULES,
            Text(
                "Loại tệp, số tệp và dung lượng do nền tảng đặt, vì nguồn công khai không quy định.",
                "Kinds, numbers and sizes of files are set by the platform, as no public source states them.",
            ),
            official=False,
        ),
    )


def _scoring_clauses(edition: Edition) -> tuple[Clause, ...]:
    return (
        _scoring(
            edition,
            "tieu_chi_doi_moi",
            Text(
                "Tính đổi mới sáng tạo (20 điểm): giải pháp kỹ thuật, công nghệ hoặc quản lý không trùng với "
                "công trình đã công bố.",
                "Innovation (20 points): technical, technological or management solutions that do not "
                "duplicate published works.",
            ),
        ),
        _scoring(
            edition,
            "tieu_chi_hieu_qua",
            Text(
                "Hiệu quả kinh tế - xã hội (30 điểm): lợi ích kinh tế trực tiếp sau khi áp dụng, hoặc việc "
                "làm, điều kiện sống, sức khỏe, điều kiện làm việc, an toàn lao động, môi trường.",
                "Economic and social benefit (30 points): direct economic benefit after implementation, or "
                "jobs, living conditions, health, working conditions, labour safety, environment.",
            ),
        ),
        _scoring(
            edition,
            "tieu_chi_kha_nang",
            Text(
                "Khả năng áp dụng (30 điểm): áp dụng rộng rãi trong sản xuất, kinh doanh và đời sống xã hội "
                "của tỉnh.",
                "Applicability (30 points): wide use in production, business and social life of the "
                "province.",
            ),
        ),
        _scoring(
            edition,
            "diem_hoi_dong",
            Text(
                "Điểm của Hội đồng chuyên môn: tối đa 80 điểm.",
                "Points of the Professional Council: at most 80.",
            ),
        ),
        _scoring(
            edition,
            "diem_binh_chon",
            Text(
                "Điểm bình chọn: 20 nhân với số lượt bình chọn của công trình, chia cho số lượt của công "
                "trình được bình chọn nhiều nhất, làm tròn đến hàng phần mười.",
                "Points of the vote: 20 times the votes of the work, divided by the votes of the most-voted "
                "work, rounded to one decimal.",
            ),
        ),
        Clause(
            "binh_chon",
            VOTING_LETTER,
            VOTING if is_first(edition) else CARRIED_OVER,
            Text(
                "Mỗi tài khoản được bình chọn một lần cho một bài dự thi; chỉ hồ sơ hợp lệ đã đăng tải mới "
                "được bình chọn.",
                "Each account may vote once for an entry; only valid dossiers that are published can be "
                "voted for.",
            ),
            official=is_first(edition),
        ),
    )


def _award_clauses(edition: Edition) -> tuple[Clause, ...]:
    return (
        _scoring(
            edition,
            "xet_giai",
            Text(
                "Xét từ tổng điểm cao xuống thấp cho đến hết cơ cấu giải thưởng.",
                "From the highest total downwards until the prize structure is used up.",
            ),
        ),
        Clause(
            "co_cau_giai",
            rules_document(edition),
            BY_RULES,
            Text(
                "Tên và số giải của Cuộc thi chưa có trong nguồn công khai; giá trị hiển thị là minh họa.",
                "Names and numbers of prizes are not in any public source; what is shown is an illustration.",
            ),
            official=False,
        ),
        _scoring(
            edition,
            "bieu_quyet",
            Text(
                "Kết quả xét giải được ít nhất hai phần ba thành viên Ban Tổ chức thông qua (phần cuối của "
                "câu không đọc được trong nguồn công khai).",
                "The awards are adopted by at least two thirds of the committee's members (the end of the "
                "sentence could not be read in the public source).",
            ),
        ),
    )


def _scoring(edition: Edition, key: str, text: Text) -> Clause:
    first = is_first(edition)
    return Clause(key, CRITERIA_PAGE, SCORING if first else CARRIED_OVER, text, official=first)
