"""A paper as a Word document in the layout of official papers.

Decree 30/2020/NĐ-CP, annex I: A4, margins 20 mm top and bottom, 30 mm left, 15 mm right; Times New Roman; body 14
points, justified, first line 10 mm in, 6 points between paragraphs; page numbers centred on top, none on the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from core.kernel.paper.values import Block, Box, Heading, Items, OfficialPaper, Paragraph, Run, Table

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph as WordParagraph

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Times New Roman"
STATE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
_BODY, _SMALL, _QR_MM = 14, 11, 26


def word_of(paper: OfficialPaper, *, at: datetime) -> bytes:
    """`paper` as the bytes of a .docx; `at` is the instant that its properties name."""
    from docx import Document
    from docx.shared import Mm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    _base_style(document)
    _properties(document, paper, at)
    _page_number(section.header.paragraphs[0])
    for footer in (section.footer, section.first_page_footer):
        _line(footer.paragraphs[0], paper.footer, size=9)
    if paper.state or paper.masthead.issuer:
        _masthead(document, paper)
    _title(document, paper)
    for block in paper.blocks:
        _write(document, block)
    if paper.qr:
        _code(document, paper)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _base_style(document: WordDocument) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style: Any = document.styles["Normal"]
    style.font.name = FONT
    style.font.size = Pt(_BODY)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.line_spacing = 1.15


def _properties(document: WordDocument, paper: OfficialPaper, at: datetime) -> None:
    kept = document.core_properties
    kept.title, kept.language = paper.title[:255], paper.language
    kept.author = kept.comments = kept.last_modified_by = ""
    kept.created = kept.modified = at.replace(tzinfo=None)


def _page_number(paragraph: WordParagraph) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = words
        run._element.append(mark)


def _masthead(document: WordDocument, paper: OfficialPaper) -> None:
    """Two cells: the issuing body on the left, the state on the right; a form has the right one alone."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    head = paper.masthead
    left = [(head.superior, False, False), (head.issuer, True, False), (head.number, False, False)]
    right = [(STATE[0], True, False), (STATE[1], True, False)] if paper.state else []
    right.append((head.place_and_day, False, True))
    sides = [left, right] if head.issuer else [right]
    table = document.add_table(rows=1, cols=len(sides))
    for cell, lines in zip(table.rows[0].cells, sides, strict=True):
        said = [line for line in lines if line[0]]
        for number, (words, bold, italic) in enumerate(said):
            place = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            place.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _line(place, words, size=13, bold=bold, italic=italic)


def _title(document: WordDocument, paper: OfficialPaper) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    title = document.add_paragraph(style="Heading 1")
    title.paragraph_format.space_before = Pt(12)
    for number, (words, size, bold, italic) in enumerate(
        ((paper.title, 15, True, False), (paper.subtitle, 14, True, False), (paper.note, 12, False, True))
    ):
        if not words:
            continue
        place = title if number == 0 else document.add_paragraph()
        place.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _line(place, words, size=size, bold=bold, italic=italic)


def _write(document: WordDocument, block: Block) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    if isinstance(block, Heading):
        place = document.add_paragraph(style=f"Heading {block.level}")
        place.paragraph_format.space_before = Pt(6)
        _runs(place, [Run(run.text, True, run.italic) for run in block.words])
    elif isinstance(block, Paragraph):
        place = document.add_paragraph()
        place.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        place.paragraph_format.first_line_indent = Mm(10)
        place.paragraph_format.left_indent = Mm(10 * block.indent)
        _runs(place, block.words)
    elif isinstance(block, Items):
        for depth, mark, words in block.items:
            place = document.add_paragraph()
            place.paragraph_format.left_indent = Mm(16 + 8 * depth)
            place.paragraph_format.first_line_indent = Mm(-6)
            _runs(place, [Run(f"{mark} ") if mark else Run(""), *words])
    elif isinstance(block, Box):
        for words in block.lines:
            place = document.add_paragraph()
            place.paragraph_format.left_indent = Mm(16)
            place.paragraph_format.first_line_indent = Mm(-8)
            _runs(place, [Run("☐ "), *words])
    else:
        _table(document, block)


def _table(document: WordDocument, block: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    if not block.rows:
        return
    width = max(len(row) for row in block.rows)
    table = document.add_table(rows=0, cols=width)
    if block.ruled:
        table.style = "Table Grid"
    for number, row in enumerate(block.rows):
        made = table.add_row()
        _keep_whole(made)
        cells = made.cells
        is_head = block.head and number == 0
        for column, words in enumerate(row):
            place = cells[column].paragraphs[0]
            if is_head or not block.ruled:
                place.alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif column in block.right:
                place.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            # Signatures stay on one page; a list goes on.
            place.paragraph_format.keep_with_next = not block.ruled and number + 1 < len(block.rows)
            _runs(place, [Run(run.text, run.bold or is_head, run.italic) for run in words], size=13)
        if is_head and block.ruled:
            _repeat_head(table.rows[0])
    document.add_paragraph()


def _keep_whole(row: Any) -> None:
    """A row is not broken across pages."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat_head(row: Any) -> None:
    """The head stands again on each page that the table goes on to."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _code(document: WordDocument, paper: OfficialPaper) -> None:
    import segno
    from docx.shared import Mm

    held = BytesIO()
    segno.make(paper.qr, error="m", micro=False).save(held, kind="png", scale=8, border=2)
    held.seek(0)
    place = document.add_paragraph()
    place.add_run().add_picture(held, width=Mm(_QR_MM))
    if paper.qr_note:
        _line(document.add_paragraph(), paper.qr_note, size=_SMALL)


def _line(place: WordParagraph, words: str, *, size: int, bold: bool = False, italic: bool = False) -> None:
    _runs(place, [Run(words, bold, italic)] if words else [], size=size)


def _runs(place: WordParagraph, words: Sequence[Run], *, size: int | None = None) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for run in words:
        for number, text in enumerate(run.text.split("\n")):
            made: Any = place.add_run()
            if number:
                made.add_break()
            made.add_text(text)
            made.bold, made.italic = run.bold, run.italic
            made.font.name = FONT
            made.font.color.rgb = RGBColor(0, 0, 0)
            made._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
            made.font.size = Pt(size or _BODY)
