"""Part V of the description, the benefit: in money as a table with its sum, else as a table before and after."""

from __future__ import annotations

from collections.abc import Iterator

from core.plugin_api import Entry, FieldKind, Finding, FormColumn, FormField, Severity, Text

IN_MONEY, NOT_IN_MONEY, TOTAL = "bang_lam_loi", "bang_loi_ich_khac", "gia_tri_lam_loi"


def in_money() -> FormField:
    """What the benefit in money is made of; the outline of the family asks for it, its columns are ours."""
    return FormField(
        IN_MONEY,
        Text("Các khoản làm lợi tính được thành tiền", "Benefits counted in money"),
        FieldKind.TABLE,
        help=Text(
            "Mỗi khoản một dòng, tính cho một năm; tổng được cộng sẵn bên dưới.",
            "One line each, for one year; the sum is made below.",
        ),
        clause="tieu_chi_hieu_qua",
        official=False,
        columns=(
            FormColumn(
                "khoan", Text("Khoản làm lợi và cách tính", "Benefit and how it is computed"), max_chars=300
            ),
            FormColumn("so_luong", Text("Số lượng", "Quantity"), FieldKind.NUMBER),
            FormColumn("don_vi", Text("Đơn vị tính", "Unit"), max_chars=40),
            FormColumn("so_tien", Text("Thành tiền một năm", "Amount in a year"), FieldKind.MONEY),
        ),
        max_rows=20,
        example=Text(
            "Tiết kiệm than sấy: 6 tấn/năm × 3.500.000 đồng; số lượng 6; đơn vị tính: tấn; thành tiền 21.000.000 đồng.",
            "Coal saved: 6 tonnes a year × VND 3,500,000; quantity 6; unit: tonnes; amount VND 21,000,000.",
        ),
    )


def total() -> FormField:
    """The declared benefit of one year."""
    return FormField(
        TOTAL,
        Text("Giá trị làm lợi trong một năm", "Economic benefit in one year"),
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
        Text("Các lợi ích không tính được thành tiền", "Benefits not counted in money"),
        FieldKind.TABLE,
        help=Text(
            "Sức khỏe, môi trường, điều kiện làm việc, an toàn lao động, chất lượng…; nêu số đo nếu có.",
            "Health, environment, working conditions, safety, quality …; with a measure where there is one.",
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
            "Lợi ích: bụi và nhiệt nơi đứng máy. Trước: 42 độ, nhiều khói. Sau: 33 độ, không còn khói.",
            "Benefit: dust and heat at the machine. Before: 42 degrees, much smoke. After: 33 degrees, no smoke.",
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
            "tong_lam_loi",
            Severity.WARN,
            Text(
                f"Giá trị làm lợi đã ghi là {_money(declared)} đồng, còn tổng của bảng là {_money(sum(amounts))} đồng.",
                f"The declared benefit is VND {declared:,}, the sum of the table is VND {sum(amounts):,}.",
            ),
            "tieu_chi_hieu_qua",
            TOTAL,
        )


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
