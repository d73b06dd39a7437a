"""The benefit of a work: in money as a table with its sum, not in money as a table before and after."""

from __future__ import annotations

from collections.abc import Iterator

from core.plugin_api import Entry, FieldKind, Finding, FormColumn, FormField, Severity, Text

IN_MONEY, NOT_IN_MONEY, TOTAL = "bang_loi_ich_thanh_tien", "bang_loi_ich_khac", "loi_ich_thanh_tien"


def in_money() -> FormField:
    """What the benefit in money is made of; the criterion asks for it, its columns are ours."""
    return FormField(
        IN_MONEY,
        Text("Các khoản lợi ích tính được thành tiền", "Benefits counted in money"),
        FieldKind.TABLE,
        help=Text(
            "Mỗi khoản một dòng, tính cho một năm; tổng được cộng sẵn bên dưới.",
            "One line each, for one year; the sum is made below.",
        ),
        clause="tieu_chi_hieu_qua",
        official=False,
        columns=(
            FormColumn(
                "khoan", Text("Khoản lợi ích và cách tính", "Benefit and how it is computed"), max_chars=300
            ),
            FormColumn("so_luong", Text("Số lượng", "Quantity"), FieldKind.NUMBER),
            FormColumn("don_vi", Text("Đơn vị tính", "Unit"), max_chars=40),
            FormColumn("so_tien", Text("Thành tiền một năm", "Amount in a year"), FieldKind.MONEY),
        ),
        max_rows=20,
        example=Text(
            "Giảm ngày công: 24 ngày/năm × 350.000 đồng; số lượng 24; đơn vị tính: ngày; thành tiền 8.400.000 đồng.",
            "Working days saved: 24 a year × VND 350,000; quantity 24; unit: days; amount VND 8,400,000.",
        ),
    )


def total() -> FormField:
    """The declared benefit of one year."""
    return FormField(
        TOTAL,
        Text("Lợi ích tính được thành tiền trong một năm", "Benefit in money in one year"),
        FieldKind.MONEY,
        help=Text(
            "Bằng tổng của bảng trên nếu đã lập bảng; để trống nếu không tính được thành tiền.",
            "The sum of the table above where there is one; empty if not in money.",
        ),
        clause="tieu_chi_hieu_qua",
        official=False,
    )


def not_in_money() -> FormField:
    """Benefits that are measured, but not in money."""
    return FormField(
        NOT_IN_MONEY,
        Text("Số đo của các lợi ích không tính được thành tiền", "Measures of benefits not counted in money"),
        FieldKind.TABLE,
        help=Text(
            "Mỗi lợi ích một dòng, nêu số đo trước và sau khi áp dụng nếu có.",
            "One line each, measured before and after where that can be done.",
        ),
        clause="tieu_chi_hieu_qua",
        official=False,
        columns=(
            FormColumn("loi_ich", Text("Lợi ích", "Benefit"), max_chars=200),
            FormColumn("truoc", Text("Trước khi áp dụng", "Before"), max_chars=300),
            FormColumn("sau", Text("Sau khi áp dụng", "After"), max_chars=300),
        ),
        max_rows=20,
        example=Text(
            "Lợi ích: tỷ lệ trẻ tiêm đúng lịch. Trước: 78 %. Sau: 93 %.",
            "Benefit: children vaccinated in time. Before: 78 %. After: 93 %.",
        ),
    )


def sums_agree(entry: Entry) -> Iterator[Finding]:
    """WARN where the declared benefit is not the sum of its table."""
    rows, declared = entry.facts.get(IN_MONEY), entry.facts.get(TOTAL)
    if not isinstance(rows, list) or not isinstance(declared, int):
        return
    amounts = [
        row["so_tien"] for row in rows if isinstance(row, dict) and isinstance(row.get("so_tien"), int)
    ]
    if amounts and sum(amounts) != declared:
        yield Finding(
            entry.code,
            "tong_loi_ich",
            Severity.WARN,
            Text(
                f"Lợi ích đã ghi là {_money(declared)} đồng, còn tổng của bảng là {_money(sum(amounts))} đồng.",
                f"The declared benefit is VND {declared:,}, the sum of the table is VND {sum(amounts):,}.",
            ),
            "tieu_chi_hieu_qua",
            TOTAL,
        )


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
