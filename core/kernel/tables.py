"""Tables as files: CSV for programs, XLSX for people. What a cell holds is never taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

Cell = str | int | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDEST = 60
_EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - the workbook's own time has no zone; fixed, so bytes repeat


def csv_bytes(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The table as CSV (RFC 4180) in UTF-8 with a byte order mark, which Excel needs to read Vietnamese.

    Text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV injection").
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    for row in (heads, *rows):
        writer.writerow([_harmless(cell) for cell in row])
    return ("\ufeff" + target.getvalue()).encode()


def xlsx_bytes(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The table as the only sheet of a workbook: heads in bold and fixed, widths after the longest cell.

    Text is written as text whatever it begins with; the same table gives the same bytes.
    """
    import xlsxwriter  # 15 MB of a worker's memory, which most workers never need

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _EPOCH})
        # A sheet's name has at most 31 characters and none of []:*?/\
        sheet = workbook.add_worksheet("".join(c for c in title if c not in "[]:*?/\\'")[:31] or "1")
        bold = workbook.add_format({"bold": True})
        for number, row in enumerate([heads, *rows]):
            for column, cell in enumerate(row):
                style = bold if number == 0 else None
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell, style)
                elif cell:
                    sheet.write_string(number, column, _printable(cell), style)
        sheet.freeze_panes(1, 0)
        for column in range(len(heads)):
            longest = max(len(str(row[column] or "")) for row in [heads, *rows])
            sheet.set_column(column, column, min(longest, _WIDEST) + 3)
    return target.getvalue()


def _printable(text: str) -> str:
    return "".join(c for c in text if c in "\t\n" or c >= " ")


def _harmless(cell: Cell) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_DANGEROUS) else text
