"""Which documents speak for an edition: the first (2025) and the second (2026) have rules of their own."""

from __future__ import annotations

from core.plugin_api import Edition, Text

CRITERIA_PAGE = Text(
    "Trang “Tiêu chí và cách thức chấm điểm” của Cuộc thi lần thứ nhất, năm 2025",
    "Page “Criteria and scoring” of the first Contest, 2025",
)
VOTING_LETTER = Text(
    "Công văn của Sở Khoa học và Công nghệ tháng 11/2025 về bình chọn trực tuyến Cuộc thi lần thứ nhất",
    "Letter of the Department of Science and Technology, November 2025, on the online vote of the first "
    "Contest",
)
LETTER_2026 = Text(
    "Công văn của Ban Tổ chức Cuộc thi tháng 5/2026 về tuyên truyền, vận động tham gia Cuộc thi lần thứ hai",
    "Letter of the Organising Committee, May 2026, on publicity for the second Contest",
)
RULES_2025 = Text(
    "Thể lệ Cuộc thi lần thứ nhất, năm 2025 (Quyết định 16/QĐ-BTCCT ngày 24/01/2025)",
    "Rules of the first Contest, 2025 (Decision 16/QĐ-BTCCT of 24 January 2025)",
)
RULES_2026 = Text(
    "Thể lệ Cuộc thi lần thứ hai, năm 2026 (Quyết định 72/QĐ-BTC)",
    "Rules of the second Contest, 2026 (Decision 72/QĐ-BTC)",
)


def is_first(edition: Edition) -> bool:
    """Whether this is the edition of 2025, whose criteria and voting were read in public sources."""
    return 2025 in edition.years


def rules_document(edition: Edition) -> Text:
    """The rules of the edition, by name, number and date."""
    return RULES_2025 if is_first(edition) else RULES_2026
