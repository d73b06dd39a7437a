"""Tables as files."""

from __future__ import annotations

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from core.kernel.tables import Cell, csv_bytes, xlsx_bytes


@pytest.mark.parametrize("typed", ["=1+1", "+84", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(typed: str) -> None:
    table = csv_bytes(["Tên"], [[typed], [-2]]).decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(table, newline="")))

    assert rows == [["Tên"], [f"'{typed}"], ["-2"]]


def test_a_csv_begins_with_the_mark_that_excel_reads_and_keeps_commas_quotes_and_lines() -> None:
    table = csv_bytes(["a"], [['Xã "Đại Từ", tổ\n2'], [None]])

    assert table.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""))) == [
        ["a"],
        ['Xã "Đại Từ", tổ\n2'],
        [""],
    ]


def test_a_workbook_holds_numbers_as_numbers_and_text_as_text_never_formulas() -> None:
    rows: list[list[Cell]] = [["=HYPERLINK(1)", 12], ["Xã <Đại> & Từ\x0b", None]]

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes("Chỉ tiêu: [1]", ["Tên", "Số"], rows)))

    assert workbook.sheet_names == ["Chỉ tiêu 1"]
    assert workbook.get_sheet_by_index(0).to_python() == [
        ["Tên", "Số"],
        ["=HYPERLINK(1)", 12.0],
        ["Xã <Đại> & Từ", ""],
    ]
