"""The workbook to fill in, and a filled-in one given back with its errors marked. Both by XlsxWriter."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.contests.queries import UnitRow
from core.imports.columns import ENTRIES, EXAMPLE, HELP, LISTS, PEOPLE, Column, Layout
from core.imports.reading import MOST_ROWS, SheetCells, text_of
from core.plugin_api import FieldKind, Text

_EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - the workbook's own time has no zone; fixed, so bytes repeat
_YES_NO = (("1", Text("Có", "Yes")), ("0", Text("Không", "No")))
_LIST_KEYS = {"unit": "units"}


def template_bytes(layout: Layout, units: Sequence[UnitRow], language: str) -> bytes:
    """The workbook to fill in: dossiers, authors, lists, help. The example row is marked and never imported."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _EPOCH})
        styles = {
            "head": workbook.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#f6f1e7"}
            ),
            "needed": workbook.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#f3dcc0"}
            ),
            "example": workbook.add_format({"italic": True, "font_color": "#57504a", "text_wrap": True}),
            "text": workbook.add_format({"num_format": "@"}),
            "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
        }
        entries = workbook.add_worksheet(ENTRIES.in_(language))
        people = workbook.add_worksheet(PEOPLE.in_(language))
        lists = workbook.add_worksheet(LISTS.in_(language))
        helped = workbook.add_worksheet(HELP.in_(language))
        places = _write_lists(lists, layout, units, LISTS.in_(language), language)
        _write_columns(entries, layout.entries, places, styles, language)
        _write_columns(people, layout.people, places, styles, language)
        _write_help(helped, layout, styles, language)
    return target.getvalue()


def annotated_bytes(
    sheets: Sequence[SheetCells], errors: Sequence[Mapping[str, Any]], language: str
) -> bytes:
    """The cells of a workbook as text, each wrong one coloured with its sentence as a comment, and a list of all."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _EPOCH})
        wrong = workbook.add_format({"bg_color": "#f7cfc9", "num_format": "@"})
        plain = workbook.add_format({"num_format": "@"})
        by_place: dict[tuple[str, int, int], list[str]] = {}
        for one in errors:
            by_place.setdefault((one["sheet"], one["row"] - 1, one["column"]), []).append(one["told"])
        for sheet in sheets:
            page = workbook.add_worksheet(_sheet_name(sheet.name))
            for number, row in enumerate(sheet.rows):
                for column, cell in enumerate(row):
                    told = by_place.get((sheet.name, number, column))
                    page.write_string(number, column, text_of(cell)[:32_000], wrong if told else plain)
                    if told:
                        page.write_comment(number, column, "\n".join(told)[:2000])
            page.freeze_panes(1, 0)
        names = {one.name for one in sheets}
        title = next(
            name for name in ({"vi": "Lỗi", "en": "Errors"}[language], "Loi 2", "Loi 3") if name not in names
        )
        listed = workbook.add_worksheet(title)
        listed.set_column(0, 0, 20)
        listed.set_column(1, 1, 100)
        for number, one in enumerate(errors):
            listed.write_string(number, 0, str(one["sheet"]))
            listed.write_string(number, 1, str(one["told"]))
    return target.getvalue()


def _sheet_name(name: str) -> str:
    return "".join(c for c in name if c not in "[]:*?/\\'")[:31] or "1"


def _write_lists(
    sheet: Any, layout: Layout, units: Sequence[UnitRow], title: str, language: str
) -> dict[str, str]:
    """A column for each list of words; the range of each by the column's key."""
    lists: list[tuple[str, str, list[str]]] = []
    for column in (*layout.entries, *layout.people):
        words = [word.in_(language) for _key, word in _choices(column)]
        if column.key == "unit":
            words = [unit.name for unit in units]
        if words:
            lists.append((column.key, column.label.in_(language), words))
    places = {}
    for number, (key, label, words) in enumerate(lists):
        sheet.write_string(0, number, label)
        for line, word in enumerate(words, start=1):
            sheet.write_string(line, number, word)
        letter = _letter(number)
        places[key] = f"='{title}'!${letter}$2:${letter}${len(words) + 1}"
        sheet.set_column(number, number, min(60, max(len(word) for word in words) + 3))
    return places


def _choices(column: Column) -> Sequence[tuple[str, Text]]:
    return _YES_NO if column.kind is FieldKind.CHECK else column.choices


def _write_columns(
    sheet: Any,
    columns: Sequence[Column],
    places: Mapping[str, str],
    styles: Mapping[str, Any],
    language: str,
) -> None:
    for number, column in enumerate(columns):
        label = column.label.in_(language) + (" *" if column.needed else "")
        sheet.write_string(0, number, label, styles["needed" if column.needed else "head"])
        example = f"{EXAMPLE} 01" if column.key == "key" else _example(column, language)
        sheet.write_string(1, number, example, styles["example"])
        is_long = column.kind is FieldKind.LONG_TEXT or column.key == "title"
        sheet.set_column(number, number, 40 if is_long else 20, styles["text"])
        if column.key in places:
            sheet.data_validation(
                1, number, MOST_ROWS + 1, number, {"validate": "list", "source": places[column.key]}
            )
        elif column.help.in_(language):
            options = {
                "validate": "any",
                "input_title": column.label.in_(language)[:32],
                "input_message": column.help.in_(language)[:255],
            }
            sheet.data_validation(1, number, MOST_ROWS + 1, number, options)
    sheet.freeze_panes(1, 1)


def _example(column: Column, language: str) -> str:
    choices = _choices(column)
    return choices[0][1].in_(language) if choices else column.example.in_(language)


def _write_help(sheet: Any, layout: Layout, styles: Mapping[str, Any], language: str) -> None:
    lines = _HELP[language]
    sheet.set_column(0, 0, 34, styles["wrap"])
    sheet.set_column(1, 1, 90, styles["wrap"])
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, f"{number + 1}.")
        sheet.write_string(number, 1, line)
    start = len(lines) + 1
    for offset, column in enumerate((*layout.entries, *layout.people)):
        sheet.write_string(start + offset, 0, column.label.in_(language) + (" *" if column.needed else ""))
        sheet.write_string(start + offset, 1, column.help.in_(language))


def _letter(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_HELP = {
    "vi": (
        "Mỗi hồ sơ một dòng ở trang “Hồ sơ”. Dòng bắt đầu bằng “VÍ DỤ” không được nhập; để nguyên hay xóa đều được.",
        "Cột có dấu * bắt buộc. Cột khác có thể để trống; người nộp hoàn thiện sau.",
        "“Mã dòng” là số thứ tự hoặc mã của bạn, mỗi hồ sơ một mã. Nhập lại cùng mã thì không tạo hồ sơ thứ hai.",
        "Tác giả khác ngoài tác giả chính: ghi ở trang “Tác giả”, mỗi người một dòng, cùng “Mã dòng” với hồ sơ.",
        "Số tiền ghi bằng đồng, ngày ghi như 20/11/2025, tháng như 04/2025, số lẻ dùng dấu phẩy.",
        "Không đổi tên cột. Thứ tự cột và cột thêm không quan trọng: cột lạ được bỏ qua.",
    ),
    "en": (
        "One dossier a row on the sheet “Dossiers”. Rows that begin with “VÍ DỤ” are examples and are not imported.",
        "Columns with * are needed. Others may stay empty; the entrant completes them later.",
        "The row key is a number or code of your own, one a dossier. A file with the same keys makes nothing twice.",
        "Authors besides the chief stand on the sheet “Authors”, one a row, with the dossier's row key.",
        "Money in đồng, days as 20/11/2025, months as 04/2025, decimals with a comma.",
        "Do not rename columns. Their order does not matter, and columns that are not known are left out.",
    ),
}
