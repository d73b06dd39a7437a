"""Word and Excel files as people write them, with marks in every place that could tell who wrote them; and bombs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import xlsxwriter
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from PIL import Image

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def photograph(mark: str = "", *, size: tuple[int, int] = (640, 400), color: str = "#1f6f43") -> bytes:
    """A JPEG with `mark` in its EXIF."""
    exif = Image.Exif()
    if mark:
        exif[0x013B], exif[0x8298] = mark.encode(), mark.encode()
    target = io.BytesIO()
    Image.new("RGB", size, color).save(target, "JPEG", exif=exif)
    return target.getvalue()


def word_of(document: WordDocument) -> bytes:
    """The bytes of a document."""
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def telling_word(mark: str, *, elsewhere: str = "") -> bytes:
    """A report whose `mark` stands in body, table and note; `elsewhere` where no copy may have it: header, footer,
    properties, comment, alternative text, a deleted and a hidden run, the picture's EXIF."""
    elsewhere = elsewhere or mark
    made = Document()
    made.core_properties.author = made.core_properties.title = made.core_properties.comments = elsewhere
    made.sections[0].header.paragraphs[0].text = f"Đầu trang {elsewhere}"
    made.sections[0].footer.paragraphs[0].text = f"Chân trang {elsewhere}"
    made.add_heading("Bản thuyết minh", 1)
    first = made.add_paragraph("Máy sấy chạy bằng nắng, do ")
    first.add_run(mark.split(maxsplit=1)[0] + " ").bold = True
    first.add_run(" ".join(mark.split()[1:])).italic = True
    first.add_run(" thiết kế.")
    made.add_comment(first.runs[0], text=f"Lời bình {elsewhere}", author=elsewhere, initials="x")
    made.add_paragraph("Bước một", style="List Number")
    made.add_paragraph("Bước hai", style="List Number")
    table = made.add_table(2, 2)
    for at, words in enumerate(("Người làm", mark, "Tiết kiệm", "nửa giờ")):
        table.cell(at // 2, at % 2).text = words
    made.add_picture(io.BytesIO(photograph(elsewhere)), width=Mm(70))
    made.element.body.findall(".//" + qn("wp:docPr"))[0].set("descr", elsewhere)
    last = made.add_paragraph("Bà con ")
    add(last, f'<w:ins {W} w:id="1" w:author="{elsewhere}"><w:r><w:t>vùng cao </w:t></w:r></w:ins>')
    add(last, f'<w:del {W} w:id="2"><w:r><w:delText>{elsewhere}</w:delText></w:r></w:del>')
    add(last, f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t>{elsewhere}</w:t></w:r>")
    add(last, f"<w:r {W}><w:t>dùng được ngay.</w:t></w:r>")
    return word_of(made)


def add(paragraph: object, xml: str) -> None:
    """Append what Word writes and python-docx has no words for."""
    paragraph._p.append(parse_xml(xml))  # type: ignore[attr-defined]


def chart(paragraph: object) -> None:
    """A chart in a paragraph."""
    add(
        paragraph,
        f'<w:r {W}><w:drawing><wp:inline {nsdecls("wp")}><wp:extent cx="900000" cy="900000"/><a:graphic '
        f'{nsdecls("a")}><a:graphicData uri="c"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/'
        'chart"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>',
    )


def telling_workbook(mark: str, *, elsewhere: str = "") -> bytes:
    """A workbook whose `mark` stands in a cell; `elsewhere` in header, properties, a comment, a picture's EXIF and its
    alternative text, and on a hidden sheet."""
    elsewhere = elsewhere or mark
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        made.set_properties({"author": elsewhere, "title": elsewhere, "comments": elsewhere})
        sheet = made.add_worksheet("Chi phí")
        sheet.set_header(f"&L{elsewhere}")
        for number, row in enumerate((("Khoản", "Số tiền"), ("Tôn", 1250000.5), (f"Trả cho {mark}", 300000))):
            sheet.write_row(number + 1, 1, row)
        sheet.write_comment("B3", elsewhere, {"author": elsewhere})
        picture = {"image_data": io.BytesIO(photograph(elsewhere)), "description": elsewhere}
        sheet.insert_image("B8", "lo.jpg", picture)
        hidden = made.add_worksheet("Nháp")
        hidden.write(0, 0, elsewhere)
        hidden.hide()
        drawn = made.add_chart({"type": "column"})
        drawn.add_series({"values": "='Chi phí'!$C$3:$C$4"})
        sheet.insert_chart("E2", drawn)
    return target.getvalue()


def package(
    document: str, *, main: str = "word/document.xml", more: Mapping[str, str] | None = None
) -> bytes:
    """An Office package around a main part."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        f'Target="{main}"/></Relationships>',
        main: document,
        **(more or {}),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def body(content: str, *, before: str = "") -> str:
    """The main part of a document."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}{before}<w:document {W}><w:body>{content}</w:body></w:document>"


def laughs() -> bytes:
    """Entities of entities: a kilobyte that unfolds to a gigabyte."""
    names = [f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10)]
    declared = f'<!DOCTYPE w [<!ENTITY a0 "hahahaha">{"".join(names)}]>'
    return package(body("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", before=declared))


def outside(path: str) -> bytes:
    """An entity that names a file of the server."""
    declared = f'<!DOCTYPE w [<!ENTITY x SYSTEM "file://{path}">]>'
    return package(body("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", before=declared))


def quadratic() -> bytes:
    """One long entity named very often."""
    declared = f'<!DOCTYPE w [<!ENTITY a "{"a" * 60_000}">]>'
    return package(body(f"<w:p><w:r><w:t>{'&a;' * 60_000}</w:t></w:r></w:p>", before=declared))


def small_entity() -> bytes:
    """An entity that would unfold to little: no Office program writes one all the same."""
    return package(body("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", before='<!DOCTYPE w [<!ENTITY a "b">]>'))


def unfolding() -> bytes:
    """A quarter of a megabyte with a part that unfolds to a quarter of a gigabyte."""
    target = io.BytesIO(package(body("<w:p/>")))
    archive = zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED)
    with archive, archive.open("word/styles.xml", "w") as part:
        for _megabyte in range(256):
            part.write(b" " * 1024 * 1024)
    return target.getvalue()


def paragraphs(count: int) -> bytes:
    """A document of very many paragraphs."""
    return package(body("<w:p><w:r><w:t>Một dòng chữ ngắn.</w:t></w:r></w:p>" * count))


def nested(depth: int) -> bytes:
    """Tables in tables."""
    opened, closed = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    return package(body(opened * depth + closed * depth))


def far_cell() -> bytes:
    """A sheet with a cell at each of its corners: 17 thousand million between them."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    book = (
        f'<workbook xmlns="{main}" xmlns:r="{OFFICE}"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>"
    )
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    more = {
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    return package(book, main="xl/workbook.xml", more=more)


BOMBS: Mapping[str, Callable[[], bytes]] = {
    "billion laughs": laughs,
    "external entity": lambda: outside("/etc/passwd"),
    "quadratic blowup": quadratic,
    "a small entity": small_entity,
    "zip bomb": unfolding,
    "100,000 paragraphs": lambda: paragraphs(100_000),
    "20,000 tables in tables": lambda: nested(20_000),
    "a cell at each corner": far_cell,
}
ENTITIES: Sequence[str] = ("billion laughs", "external entity", "quadratic blowup", "a small entity")
