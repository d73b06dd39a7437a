"""Workbooks as officers fill them in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

HEADS = [
    "Mã dòng *",
    "Tên hồ sơ",
    "Lĩnh vực",
    "Đơn vị",
    "Tác giả chính",
    "Năm sinh",
    "Thư điện tử",
    "Điện thoại",
]


def workbook(
    rows: Sequence[Sequence[Any]],
    *,
    heads: Sequence[str] = HEADS,
    people: Sequence[Sequence[Any]] = (),
    merged: Sequence[str] = (),
) -> bytes:
    """An XLSX file: `rows` under `heads` on "Hồ sơ", `people` on "Tác giả"; `merged` are ranges made one cell."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Hồ sơ")
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate([heads, *rows]):
            for column, cell in enumerate(row):
                if hasattr(cell, "year"):
                    sheet.write_datetime(number, column, cell, day)
                else:
                    sheet.write(number, column, cell)
        for one in merged:
            first = rows[int(one.split(":")[0][1:]) - 2][ord(one[0]) - 65]
            sheet.merge_range(one, first)
        if people:
            other = made.add_worksheet("Tác giả")
            for number, row in enumerate(
                [["Mã dòng", "Họ và tên", "Vai trò", "Năm sinh", "Nơi công tác"], *people]
            ):
                other.write_row(number, 0, row)
    return target.getvalue()
