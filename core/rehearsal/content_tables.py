"""Tables of a dossier form, as a simulated entrant fills them in: the benefit in money and beside it."""

from __future__ import annotations

from core.plugin_api.values import FieldKind, FormColumn, FormField
from core.rehearsal.content import SampleEntry

# The words of each row by the column's key; a column that is not here gets the work's short title.
_WORDS: dict[str, tuple[str, str]] = {
    "khoan": (
        "Giảm chi phí nguyên liệu, nhiên liệu so với cách làm cũ",
        "Giảm ngày công lao động và chi phí sửa chữa",
    ),
    "don_vi": ("năm", "năm"),
    "loi_ich": ("Điều kiện làm việc của người trực tiếp sử dụng", "Môi trường nơi áp dụng"),
    "truoc": ("Nặng nhọc, mất nhiều thời gian", "Còn chất thải, khói bụi"),
    "sau": ("Nhẹ nhàng, an toàn hơn, nhanh hơn", "Sạch hơn, không phải xử lý thêm"),
}


def table_rows(entry: SampleEntry, field: FormField) -> list[dict[str, object]]:
    """Two rows for a table; its amounts sum to the benefit that the sample entry tells of."""
    first = entry.facts.benefit_vnd * 3 // 5
    amounts = (first, entry.facts.benefit_vnd - first)
    return [{one.key: _cell(entry, one, row, amounts[row]) for one in field.columns} for row in range(2)]


def _cell(entry: SampleEntry, column: FormColumn, row: int, amount: int) -> object:
    if column.kind is FieldKind.MONEY:
        return amount
    if column.kind is FieldKind.NUMBER:
        return "1"
    words = _WORDS[column.key][row] if column.key in _WORDS else entry.short_title
    return words if column.max_chars is None else words[: column.max_chars]
