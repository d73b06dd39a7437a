"""A workbook's bytes as sheets of cells: XLSX, ODS and XLS by calamine, CSV by the standard library. Pure.

A formula counts as the value that was stored with it. A merged block gives its value to every row it spans, because
that is what whoever merged "Xã Đại Từ" over five rows meant.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from core.kernel.text import clean

MOST_ROWS = 5_000
MOST_PEOPLE = 20_000
MOST_COLUMNS = 300
LARGEST = 20 * 1024 * 1024
# What a workbook may grow to when it is unpacked; 5,000 full rows stay far below.
LARGEST_UNPACKED = 200 * 1024 * 1024

Cell = str | float | int | bool | date | datetime | time | timedelta | None


class Unreadable(Exception):
    """The file cannot be read as a workbook; `reason` is one of the keys of `words.UNREADABLE`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SheetCells:
    """One sheet: its name and its rows from the first one on, each as long as the longest."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def read_sheets(content: bytes) -> list[SheetCells]:
    """The sheets of a workbook, or the one of a CSV file. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("empty")
    if len(content) > LARGEST:
        raise Unreadable("large")
    if content[:4] == b"PK\x03\x04":
        _refuse_bomb(content)
        return _workbook(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _workbook(content)
    return [SheetCells("CSV", tuple(_csv_rows(content)))]


def text_of(cell: Cell) -> str:
    """A cell as somebody would have typed it, in NFC: 1985.0 is "1985", a day is "20/11/2025", truth is "Có"."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Có" if cell else "Không"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return clean(str(cell))


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    # The shortest decimal that is this float: what the sheet shows, and no binary dust.
    return format(Decimal(repr(value)), "f").replace(".", ",")


def _refuse_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            unpacked = sum(one.file_size for one in package.infolist())
    except zipfile.BadZipFile:
        raise Unreadable("broken") from None
    if unpacked > LARGEST_UNPACKED:
        raise Unreadable("large")


def _workbook(content: bytes) -> list[SheetCells]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            sheets = []
            for name in workbook.sheet_names:
                sheet = workbook.get_sheet_by_name(name)
                rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
                _fill_merged(rows, sheet.merged_cell_ranges or [])
                sheets.append(SheetCells(name, tuple(tuple(_bounded(row)) for row in rows)))
            return sheets
    except PasswordError:
        raise Unreadable("locked") from None
    except CalamineError:
        raise Unreadable("broken") from None


def _fill_merged(rows: list[list[Cell]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    for (top, left), (bottom, _right) in ranges:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row):
                row[left] = rows[top][left]


def _bounded(row: list[Cell]) -> list[Cell]:
    return row[:MOST_COLUMNS]


def _csv_rows(content: bytes) -> Iterator[tuple[Cell, ...]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    if "\x00" in text:
        raise Unreadable("broken")
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield tuple(_bounded([_freed(cell) for cell in row]))
    except csv.Error:
        raise Unreadable("broken") from None


def _freed(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking text for a formula, as our own exports put it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@" else cell


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",)
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")
