"""Tables as files."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest

from core.outreach.exports import Cell, csv_bytes, xlsx_bytes

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


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

    with zipfile.ZipFile(io.BytesIO(xlsx_bytes("Chỉ tiêu", ["Tên", "Số"], rows))) as package:
        parts = {name: ElementTree.fromstring(package.read(name)) for name in package.namelist()}  # noqa: S314 - ours
    sheet = parts["xl/worksheets/sheet1.xml"]

    cells = {cell.get("r"): cell for cell in sheet.iter(f"{MAIN}c")}
    texts = {place: "".join(cell.itertext()) for place, cell in cells.items()}
    assert texts == {
        "A1": "Tên",
        "B1": "Số",
        "A2": "=HYPERLINK(1)",
        "B2": "12",
        "A3": "Xã <Đại> & Từ",
    }
    assert (cells["A2"].get("t"), cells["B2"].get("t")) == ("inlineStr", None)
    assert list(sheet.iter(f"{MAIN}f")) == []
