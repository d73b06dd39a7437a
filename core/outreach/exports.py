"""Tables as files: CSV for programs, XLSX for people. What a cell holds is never taken for a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

Cell = str | int | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_WIDEST = 60
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same table gives the same bytes


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
    """The table as the only sheet of a workbook (ECMA-376): heads in bold and fixed, text as inline strings.

    An inline string is never a formula. Widths follow the longest cell.
    """
    table: list[Sequence[Cell]] = [heads, *rows]
    widths = [max(len(str(row[at] or "")) for row in table) for at in range(len(heads))]
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(title),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")]
        ),
        "xl/styles.xml": _styles(),
        "xl/worksheets/sheet1.xml": _sheet(table, widths),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, _HEAD + content)
    return target.getvalue()


def _harmless(cell: Cell) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_DANGEROUS) else text


def _content_types() -> str:
    kinds = (
        ("/xl/workbook.xml", f"{_SHEET_TYPE}.sheet.main+xml"),
        ("/xl/worksheets/sheet1.xml", f"{_SHEET_TYPE}.worksheet+xml"),
        ("/xl/styles.xml", f"{_SHEET_TYPE}.styles+xml"),
    )
    named = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds)
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{named}</Types>"
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _workbook(title: str) -> str:
    # A sheet's name has at most 31 characters and none of []:*?/\
    name = "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "1"
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _styles() -> str:
    font = '<font>{bold}<sz val="11"/><name val="Calibri"/></font>'
    return (
        f'<styleSheet xmlns="{_MAIN}">'
        f'<fonts count="2">{font.format(bold="")}{font.format(bold="<b/>")}</fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
        "</styleSheet>"
    )


def _sheet(table: Sequence[Sequence[Cell]], widths: Sequence[int]) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{min(width, _WIDEST) + 3}" customWidth="1"/>'
        for at, width in enumerate(widths, start=1)
    )
    rows = "".join(
        f'<row r="{number}">' + "".join(_cell(cell, at, number) for at, cell in enumerate(row)) + "</row>"
        for number, row in enumerate(table, start=1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{rows}</sheetData></worksheet>"
    )


def _cell(cell: Cell, column: int, row: int) -> str:
    place = f"{_letters(column)}{row}"
    style = ' s="1"' if row == 1 else ""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, int):
        return f'<c r="{place}"{style}><v>{cell}</v></c>'
    text = "".join(c for c in cell if c in "\t\n" or ord(c) >= 32)
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _letters(column: int) -> str:
    """`A` for 0, `Z` for 25, `AA` for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
