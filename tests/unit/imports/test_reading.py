"""Workbooks read: every kind of cell, what is wrong told at its cell, what cannot be read told in words."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from core.contests.queries import UnitRow
from core.contests.values import EditionView
from core.imports.columns import layout_of
from core.imports.reading import MOST_ROWS, Unreadable, read_sheets, text_of
from core.imports.rows import ReadRow, Workbook, read_workbook
from core.imports.template import annotated_bytes, template_bytes
from core.kernel.db import tenant_scope
from core.kernel.ids import uuid7
from tests.support.factories import World, view
from tests.support.workbooks import HEADS, workbook

UNITS = (
    UnitRow(uuid7(), "xa-dai-tu", "Xã Đại Từ", "commune"),
    UnitRow(uuid7(), "so-a", "Sở A", "department"),
    UnitRow(uuid7(), "so-a-2", "Sở A", "department"),
)
MAIL_SENTENCE = (
    "Dòng 3, cột “Thư điện tử”: Địa chỉ thư điện tử chưa đúng. Ví dụ đúng: hoa.nguyen@example.vn, "
    "không dấu, không khoảng trắng."
)
GOOD: list[Any] = [
    "01",
    "Máy sấy chè",
    "",
    "Xã Đại Từ",
    "Nguyễn Thị Hoa",
    1985,
    "hoa@example.vn",
    "0912345678",
]


@pytest.fixture
def edition(world: World) -> Iterator[EditionView]:
    """The edition of the first tenant."""
    with world.app.app_context(), tenant_scope(world.first.id):
        yield view(world.first)


def read(edition: EditionView, content: bytes, *, is_paper: bool = False) -> Workbook:
    return read_workbook(read_sheets(content), edition, layout_of(edition, is_paper=is_paper), UNITS)


def one(edition: EditionView, row: list[Any], **more: Any) -> ReadRow:
    return read(edition, workbook([row], **more)).rows[0]


def told(row: ReadRow) -> list[str]:
    return [error.told for error in row.errors]


def test_a_full_row_becomes_a_dossier_as_the_form_would_send_it(edition: EditionView) -> None:
    row = one(edition, GOOD, people=[["01", "Trần Văn Nam", "Đồng tác giả", 1990, "HTX"]])
    assert told(row) == []
    assert (row.key, row.email, row.phone, row.data["title"], row.data["unit"]) == (
        "01",
        "hoa@example.vn",
        "0912345678",
        "Máy sấy chè",
        "xa-dai-tu",
    )
    assert [(a["name"], a["role"], a["birth_year"]) for a in row.data["authors"]] == [
        ("Nguyễn Thị Hoa", "chief", 1985),
        ("Trần Văn Nam", "member", 1990),
    ]


def test_cells_are_read_whatever_the_spreadsheet_made_of_them(edition: EditionView) -> None:
    nfd = unicodedata.normalize("NFD", "Nguyễn Thị Hòa")
    row = one(
        edition,
        [7, f"  {nfd}\u200e\x07 ", "", "xa-dai-tu", nfd, datetime(1985, 4, 30), "HOA@example.vn", 912345678],  # noqa: DTZ001
    )
    assert told(row) == []
    assert (row.key, row.phone, row.email) == ("7", "0912345678", "hoa@example.vn")
    assert row.data["title"] == "Nguyễn Thị Hòa"
    assert row.data["authors"][0] == {
        "name": "Nguyễn Thị Hòa",
        "role": "chief",
        "birth_year": 1985,
        "workplace": "",
    }


def test_a_formula_counts_as_its_stored_value_and_a_merged_cell_for_every_row(edition: EditionView) -> None:
    rows = [
        [f"0{n}", f"Số {n}", "", "Xã Đại Từ" if n == 1 else "", "Hoa", "", "h@example.vn", ""]
        for n in (1, 2, 3)
    ]
    rows[1][1] = "Số hai"
    found = read(edition, workbook(rows, merged=["D2:D4"])).rows
    assert [row.data["unit"] for row in found] == ["xa-dai-tu"] * 3
    assert text_of(2.0) == "2"
    assert text_of(12.5) == "12,5"
    assert text_of(0.1) == "0,1"


def test_every_error_names_its_row_and_column(edition: EditionView) -> None:
    rows: list[list[Any]] = [
        GOOD,
        ["02", "", "", "Xã Không Có", "Hoa", "hai nghìn", "khong-phai-thu", "12"],
        ["01", "Lặp mã", "", "Sở A", "", 1985, "a@example.vn", ""],
    ]
    people: list[list[Any]] = [["01", "", "Sếp", 85, ""], ["99", "Ai đó", "", "", ""]]
    found = read(edition, workbook(rows, people=people)).rows
    assert [told(row) for row in found] == [
        [
            "Dòng 2, cột “Họ và tên”: Ô này không được để trống.",
            "Dòng 2, cột “Vai trò”: Lựa chọn không có trong danh sách.",
            "Dòng 2, cột “Năm sinh”: Năm sinh gồm bốn chữ số, ví dụ 1985.",
            "Dòng 3, cột “Mã dòng”: Không có hồ sơ nào có mã dòng “99”.",
        ],
        [
            "Dòng 3, cột “Tên công trình”: Ô này không được để trống.",
            "Dòng 3, cột “Đơn vị”: Không tìm thấy đơn vị “Xã Không Có” trong danh sách.",
            MAIL_SENTENCE,
            "Dòng 3, cột “Điện thoại”: Số điện thoại gồm 8 đến 15 chữ số, ví dụ 0208 123 4567.",
            "Dòng 3, cột “Năm sinh”: Năm sinh gồm bốn chữ số, ví dụ 1985.",
        ],
        [
            "Dòng 4, cột “Tác giả chính”: Ô này không được để trống.",
            "Dòng 4, cột “Đơn vị”: Có nhiều đơn vị tên “Sở A”; bạn hãy ghi mã đơn vị.",
            "Dòng 4, cột “Mã dòng”: Mã dòng này đã có ở dòng 2.",
        ],
    ]


def test_dossiers_on_paper_need_no_address_of_mail(edition: EditionView) -> None:
    without = [*GOOD[:6], "", ""]
    assert told(read(edition, workbook([without]), is_paper=True).rows[0]) == []
    assert told(one(edition, without)) == ["Dòng 2, cột “Thư điện tử”: Ô này không được để trống."]


def test_a_csv_file_is_read_like_a_workbook(edition: EditionView) -> None:
    lines = [";".join(HEADS), ";".join(str(cell) for cell in GOOD)]
    found = read(edition, ("\ufeff" + "\r\n".join(lines)).encode()).rows
    assert [(row.title, row.phone, told(row)) for row in found] == [("Máy sấy chè", "0912345678", [])]


def test_unknown_columns_are_left_out_and_told(edition: EditionView) -> None:
    found = read(edition, workbook([[*GOOD, "ghi chú riêng"]], heads=[*HEADS, "Ghi chú"]))
    assert found.notes == [
        "Cột “Lĩnh vực” không có trong mẫu nên được bỏ qua.",
        "Cột “Ghi chú” không có trong mẫu nên được bỏ qua.",
    ]


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for number in range(3):
            package.writestr(f"xl/{number}.xml", b"0" * (80 * 1024 * 1024))
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"PK\x03\x04 not a zip", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not a workbook", "broken"),
        ("Mã dòng;Tên\n01;\xe9".encode("latin-1"), "encoding"),
        (b'"never closed;1\n2', "broken"),
        (b"a;b\n1;2\n", "headings"),
    ],
)
def test_what_cannot_be_read_says_why(edition: EditionView, content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(edition, content)
    assert refused.value.reason == reason


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Unreadable) as refused:
        read_sheets(bomb())
    assert refused.value.reason == "large"


def test_five_thousand_rows_are_read_and_one_more_is_refused(edition: EditionView) -> None:
    rows = [[str(n), f"Giải pháp {n}", *GOOD[2:]] for n in range(MOST_ROWS)]
    found = read(edition, workbook(rows)).rows
    with pytest.raises(Unreadable) as refused:
        read(edition, workbook([*rows, ["thừa", *GOOD[1:]]]))
    assert (len(found), sum(1 for row in found if row.errors)) == (MOST_ROWS, 0)
    assert refused.value.reason == "rows"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_template_is_understood_and_its_example_is_not_imported(
    edition: EditionView, language: str
) -> None:
    content = template_bytes(layout_of(edition), UNITS, language)
    assert read(edition, content).rows == []
    assert [len(sheet.rows) > 1 for sheet in read_sheets(content)] == [True] * 4


def test_the_marked_workbook_keeps_every_cell_and_lists_every_error(edition: EditionView) -> None:
    content = workbook([["01", "", "", "", "Hoa", 85, "h@example.vn", 912345678]])
    (row,) = read(edition, content).rows
    errors = [{"sheet": e.sheet, "row": e.row, "column": e.column, "told": e.told} for e in row.errors]
    sheets = read_sheets(annotated_bytes(read_sheets(content), errors, "vi"))
    assert [sheet.name for sheet in sheets] == ["Hồ sơ", "Lỗi"]
    assert [text_of(cell) for cell in sheets[0].rows[1]][4:] == ["Hoa", "85", "h@example.vn", "912345678"]
    assert [text_of(line[1]) for line in sheets[1].rows] == [error.told for error in row.errors]
