"""One content, two formats: blocks from Markdown, a Word document and a PDF that say the same."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import docx
import pypdf
import pypdf.generic
import pytest

from core.kernel.paper import (
    Box,
    Heading,
    Items,
    Masthead,
    OfficialPaper,
    Paragraph,
    Run,
    Table,
    plain,
    read_prose,
)
from core.kernel.paper.typeset import pdf_of
from core.kernel.paper.word import word_of

AT = datetime(2025, 6, 30, 10, tzinfo=UTC)


def pdf_text(content: bytes) -> str:
    """All that a PDF says, with single blanks."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages).split())


def test_bold_italic_and_broken_lines_become_runs() -> None:
    [paragraph] = read_prose("**Kính gửi:** Ban *Tổ chức*\\\nHội thi")
    assert paragraph == Paragraph(
        (
            Run("Kính gửi:", bold=True),
            Run(" Ban "),
            Run("Tổ chức", italic=True),
            Run("\nHội thi"),
        )
    )


def test_a_heading_of_a_paper_begins_at_the_second_level() -> None:
    assert read_prose("# Một\n\n### Ba") == (Heading(plain("Một"), 2), Heading(plain("Ba"), 3))


def test_lists_keep_their_depth_and_their_numbers() -> None:
    [items] = read_prose("3. ba\n   - trong\n4. bốn")
    assert items == Items(((0, "3.", plain("ba")), (1, "-", plain("trong")), (0, "4.", plain("bốn"))))


def test_a_table_of_figures_is_ruled_and_knows_its_right_columns() -> None:
    [table] = read_prose("| Tên | Tiền |\n| --- | ---: |\n| Chè | 25 |")
    assert table == Table(
        ((plain("Tên"), plain("Tiền")), (plain("Chè"), plain("25"))), right=frozenset({1}), ruled=True
    )


def test_where_people_sign_has_no_lines() -> None:
    [table] = read_prose("| Đơn vị | Tác giả |\n| --- | --- |\n| (ký, đóng dấu) | (ký) |")
    assert isinstance(table, Table)
    assert not table.ruled


PAPER = OfficialPaper(
    title="PHIẾU ĐĂNG KÝ DỰ THI",
    subtitle="Máy sấy chè",
    note="Mẫu minh họa",
    blocks=(
        Heading(plain("1. Giải pháp")),
        Paragraph(plain("Sấy chè bằng nắng: giảm một nửa thời gian.")),
        Items(((0, "-", plain("Nơi áp dụng: xã La Bằng")),)),
        Table(((plain("TT"), plain("Họ và tên")), (plain("1"), plain("Nguyễn Văn Thử")))),
        Box((plain("Toàn văn giải pháp"),)),
        Table(((plain("Đơn vị"), plain("Tác giả")), (plain("(ký)"), plain("(ký)"))), ruled=False),
    ),
    masthead=Masthead(
        "UBND TỈNH", "BAN TỔ CHỨC HỘI THI", "Số:      /GM-BTC", "Thái Nguyên, ngày    tháng    năm"
    ),
    footer="TT-K1-0001 · lần nộp 1",
    qr="http://motmot.localhost/btc/ban-giay/ma/ABCDE23456",
    qr_note="Quét mã này",
)
SAID = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "BAN TỔ CHỨC HỘI THI",
    "PHIẾU ĐĂNG KÝ DỰ THI",
    "Máy sấy chè",
    "1. Giải pháp",
    "Sấy chè bằng nắng: giảm một nửa thời gian.",
    "Nơi áp dụng: xã La Bằng",
    "Nguyễn Văn Thử",
    "Toàn văn giải pháp",
    "Quét mã này",
)


@pytest.mark.parametrize("words", SAID)
def test_the_pdf_says_it(words: str, made_pdf: bytes) -> None:
    assert words in pdf_text(made_pdf)


@pytest.fixture(scope="module")
def made_pdf() -> bytes:
    """The paper, printed once."""
    return pdf_of(PAPER, at=AT)


def test_the_same_paper_gives_the_same_pdf(made_pdf: bytes) -> None:
    assert pdf_of(PAPER, at=AT) == made_pdf


def test_the_pdf_is_tagged_and_says_its_language(made_pdf: bytes) -> None:
    root = pypdf.PdfReader(BytesIO(made_pdf)).root_object
    marked = root["/MarkInfo"].get_object()
    assert isinstance(marked, pypdf.generic.DictionaryObject)
    assert (str(root["/Lang"]), bool(marked["/Marked"])) == ("vi", True)


def test_the_word_document_says_all_of_it_in_order() -> None:
    document = docx.Document(BytesIO(word_of(PAPER, at=AT)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*(one.text for one in document.paragraphs), *cells])
    assert [words for words in SAID if words not in said] == []


def test_the_word_document_has_the_margins_of_official_papers() -> None:
    section = docx.Document(BytesIO(word_of(PAPER, at=AT))).sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [None if side is None else round(side.mm) for side in sides] == [20, 20, 30, 15]


def test_what_a_person_wrote_is_printed_and_never_read_as_a_source() -> None:
    typed = '#panic("x") $x$ @nhan *sao* <w:p> {{ 7*7 }}'
    paper = OfficialPaper(title="Thử", blocks=(Paragraph(plain(typed)),))
    assert typed in pdf_text(pdf_of(paper, at=AT))
    assert docx.Document(BytesIO(word_of(paper, at=AT))).paragraphs[-1].text == typed
