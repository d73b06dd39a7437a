"""What a text copy carries over from a Word or Excel file, and what it does not. Without a database."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter
from pypdf.generic import StreamObject

from core.judging.text_copies import text_paper
from core.judging.text_reader.numbering import written
from core.judging.text_reader.package import Element
from core.judging.text_reader.tables import Cell, placed
from core.judging.text_reader.workbook import letters_of
from tests.support.office_files import (
    W,
    add,
    body,
    chart,
    package,
    photograph,
    telling_word,
    telling_workbook,
    word_of,
)

MARK, ELSEWHERE = "Vũ Wzyxqq Khuê", "Qwxzyk Vvjj"
Made = tuple[bytes, Mapping[str, int]]


@pytest.fixture
def paper(tmp_path: Path) -> Callable[[bytes], Made]:
    """Makes the text copy of a content."""

    def make(content: bytes) -> Made:
        at = len(list(tmp_path.iterdir()))
        source = tmp_path / f"source-{at}"
        source.write_bytes(content)
        return text_paper(source, tmp_path / f"text-{at}")

    return make


def words_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def lines_of(content: bytes, paper: Callable[[bytes], Made]) -> list[str]:
    """The lines of the text copy, without what it says of itself."""
    lines = [" ".join(line.split()) for line in words_of(paper(content)[0]).splitlines()]
    first = next(at for at, line in enumerate(lines) if line.endswith(("trình bày.", "0,25.")))
    return [one for one in lines[first + 1 :] if one and not one.startswith("trang ")]


def told(made: bytes, *marks: str) -> list[str]:
    """Which marks stand in a PDF: in its words, its properties, or anywhere in its streams."""
    reader = PdfReader(io.BytesIO(made))
    things = [one.get_object() for one in PdfWriter(clone_from=reader)._objects if one is not None]
    raw = made + b"".join(one.get_data() for one in things if isinstance(one, StreamObject))
    whole = words_of(made) + raw.decode("latin-1") + raw.decode("utf-8", "replace") + str(reader.metadata)
    return [one for one in marks if one in whole]


@pytest.mark.parametrize("make", [telling_word, telling_workbook])
def test_nothing_of_headers_properties_comments_hidden_words_and_pictures_data_is_carried(
    paper: Callable[[bytes], Made], make: Any
) -> None:
    made, _left_out = paper(make(MARK, elsewhere=ELSEWHERE))

    assert told(made, ELSEWHERE, *ELSEWHERE.split()) == []
    assert MARK in words_of(made)  # what is on its pages is covered in the blind copy


def test_words_tables_lists_and_pictures_stand_in_their_order(paper: Callable[[bytes], Made]) -> None:
    made, left_out = paper(telling_word(MARK))

    words = " ".join(words_of(made).split())
    parts = (
        "Bản chữ của một tệp Word", "Bản thuyết minh", f"Máy sấy chạy bằng nắng, do {MARK} thiết kế.", "1. Bước một",
        "2. Bước hai", "Người làm", "Tiết kiệm nửa giờ", "Bà con vùng cao dùng được ngay.",
    )  # fmt: skip
    at = [words.find(one) for one in parts]
    assert -1 not in at
    assert all(one < other for one, other in pairwise(at))
    assert len(PdfReader(io.BytesIO(made)).pages[0].images) == 1
    assert left_out == {}


def test_what_is_not_carried_is_counted_and_said_where_it_stood(paper: Callable[[bytes], Made]) -> None:
    document = Document()
    chart(document.add_paragraph("Số liệu"))

    made, left_out = paper(word_of(document))

    assert left_out == {"chart": 1}
    assert "[biểu đồ không được mang sang]" in words_of(made)
    assert paper(telling_workbook(MARK))[1] == {"chart": 1, "hidden_sheet": 1}


def test_a_sheet_has_the_letters_and_numbers_of_its_file(paper: Callable[[bytes], Made]) -> None:
    assert lines_of(telling_workbook(MARK), paper) == [
        "Chi phí",
        "B C",
        "2 Khoản Số tiền",
        "3 Tôn 1250000,5",
        f"4 Trả cho {MARK} 300000",
        "[biểu đồ không được mang sang]",
    ]


def test_the_same_content_gives_the_same_bytes(paper: Callable[[bytes], Made]) -> None:
    made = telling_word(MARK)

    assert paper(made) == paper(made)


def test_a_picture_is_drawn_anew_and_no_larger_than_it_is_shown(paper: Callable[[bytes], Made]) -> None:
    document = Document()
    document.add_picture(io.BytesIO(photograph(ELSEWHERE, size=(4000, 3000))))

    made, _left_out = paper(word_of(document))

    [image] = PdfReader(io.BytesIO(made)).pages[0].images
    assert image.image is not None
    assert max(image.image.size) <= 1100
    assert told(made, ELSEWHERE) == []


def test_what_was_cropped_off_a_picture_is_not_in_the_copy(paper: Callable[[bytes], Made]) -> None:
    document = Document()
    document.add_picture(io.BytesIO(photograph(size=(400, 400), color="#ff0000")))
    xml = document.element.body.xpath(".//pic:blipFill")[0]
    xml.insert(1, xml.makeelement(xml.tag.replace("/picture}blipFill", "/main}srcRect"), {"l": "75000"}))

    [image] = PdfReader(io.BytesIO(paper(word_of(document))[0])).pages[0].images

    assert image.image is not None
    assert image.image.width * 3 < image.image.height


def test_a_picture_that_nothing_draws_is_left_out(paper: Callable[[bytes], Made]) -> None:
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pict = f'<w:pict><v:imagedata xmlns:v="v" xmlns:r="{rel}" r:id="r9"/></w:pict>'
    more = {
        "word/_rels/document.xml.rels": '<Relationships><Relationship Id="r9" Target="media/a.emf"/></Relationships>',
        "word/media/a.emf": "no picture",
    }

    made, left_out = paper(package(body(f"<w:p><w:r><w:t>Hình:</w:t>{pict}</w:r></w:p>"), more=more))

    assert left_out == {"picture": 1}
    assert "[hình không được mang sang]" in words_of(made)


def test_notes_formulas_text_boxes_and_fields_are_carried_once(paper: Callable[[bytes], Made]) -> None:
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    both = "<x:txbxContent xmlns:x='x'><w:p><w:r><w:t>Trong khung</w:t></w:r></w:p></x:txbxContent>"
    content = (
        '<w:p><w:r><w:t>Công suất</w:t><w:footnoteReference w:id="2"/></w:r>'
        f"<m:oMath {math}><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f>"
        "</m:oMath></w:p>"
        "<w:p><w:r><mc:AlternateContent xmlns:mc='mc'><mc:Choice><w:drawing>"
        f"{both}</w:drawing></mc:Choice><mc:Fallback><w:pict>{both}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "</w:p>"
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>AUTHOR</w:instrText></w:r>'
        "<w:r><w:t>năm 2026</w:t></w:r></w:p>"
    )
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>Đo tại xưởng</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {W}>{note}</w:footnotes>"

    made, left_out = paper(package(body(content), more={"word/footnotes.xml": notes}))

    words = " ".join(words_of(made).split())
    assert [words.count(one) for one in ("Đo tại xưởng", "(a)/(b)", "Trong khung", "năm 2026", "AUTHOR")] == [
        1, 1, 1, 1, 0,
    ]  # fmt: skip
    assert left_out == {"formula": 1}


def test_lists_count_as_word_counts_them(paper: Callable[[bytes], Made]) -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{words}"/></w:lvl>'
        for at, (kind, words) in enumerate(
            [("upperRoman", "%1."), ("decimal", "%1.%2."), ("lowerLetter", "%3)")]
        )
    )
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    content = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        "<w:r><w:t>dòng</w:t></w:r></w:p>"
        for at in (0, 1, 1, 2, 2, 0, 1)
    )

    found = lines_of(package(body(content), more={"word/numbering.xml": numbering}), paper)

    marks = [line.removesuffix(" dòng") for line in found]
    assert marks == ["I.", "I.1.", "I.2.", "a)", "b)", "II.", "II.1."]


def test_rows_and_words_that_a_tracked_change_took_away_are_gone(paper: Callable[[bytes], Made]) -> None:
    document = Document()
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "còn", "đã xóa"
    row = table.rows[1]._tr.get_or_add_trPr()
    row.append(row.makeelement(f"{{{W.split(chr(34))[1]}}}del", {}))
    line = document.add_paragraph()
    add(line, f'<w:moveFrom {W} w:id="1"><w:r><w:t>chỗ cũ</w:t></w:r></w:moveFrom>')
    add(line, f'<w:moveTo {W} w:id="2"><w:r><w:t>chỗ mới</w:t></w:r></w:moveTo>')

    assert lines_of(word_of(document), paper) == ["còn", "chỗ mới"]


def test_cells_never_stand_over_each_other_however_the_file_was_made() -> None:
    def cell(column: int, row: int, across: int, merge: str = "") -> Cell:
        return Cell(column, row, across, 1, merge, Element("tc"))

    rows = [
        [cell(0, 0, 2, "restart"), cell(1, 0, 3)],
        [cell(0, 1, 2, "continue"), cell(0, 1, 1)],
        [cell(5, 2, 1), cell(5, 2, 1)],
    ]

    made = placed(rows, 3)

    taken = [
        (one.column + x, one.row + y) for one in made for x in range(one.across) for y in range(one.down)
    ]
    assert len(taken) == len(set(taken))
    assert all(column < 3 for column, _row in taken)
    assert [(one.column, one.row, one.across, one.down) for one in made][:2] == [(0, 0, 2, 2), (2, 0, 1, 1)]


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (4, "decimal", "4"),
        (4, "decimalZero", "04"),
        (28, "lowerLetter", "bb"),
        (14, "upperRoman", "XIV"),
        (0, "lowerRoman", "0"),
    ],
)
def test_numbers_of_lists(number: int, kind: str, words: str) -> None:
    assert written(number, kind) == words


def test_columns_have_the_letters_of_a_sheet() -> None:
    assert [letters_of(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_wide_sheet_is_cut_into_tables_that_fit_a_page_on_its_side(paper: Callable[[bytes], Made]) -> None:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Rộng")
        for column in range(40):
            sheet.write(0, column, f"cột số {column}")
    made, _left_out = paper(target.getvalue())

    page = PdfReader(io.BytesIO(made)).pages[0]
    assert page.mediabox.width > page.mediabox.height
    found = re.findall(r"\bcột số (\d+)\b", " ".join(words_of(made).split()))
    assert found == [str(one) for one in range(40)]
