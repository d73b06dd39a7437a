"""Reads and covers files of dossiers in a process of its own: `python blind_reader.py DEED SOURCE TARGET [MORE]`.

What a stranger sent in is opened here and not in a worker, as in `core/entries/first_page.py`: a file that makes a
reader crash, run on or ask for gigabytes ends this process alone. Knows nothing of the platform. The deeds:

* `read`: the texts of SOURCE as JSON: pages of a PDF, parts of an office document, and what its properties say; with
  "pictures" as MORE also on which pages of a PDF a picture is.
* `find`: where stretches of a PDF's text (JSON in MORE: [page, start, end] …) are seen, in ten-thousandths.
* `copy`: SOURCE drawn anew as pictures without text and properties, with boxes (JSON in MORE) covered in black.
* `page`: one page as a picture; MORE is "<page> <pixels of its longer side>".
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from ctypes import byref, c_int
from io import BytesIO
from pathlib import Path
from typing import Any

MEMORY = 1536 * 1024 * 1024
SECONDS = 150
LARGEST = 256 * 1024 * 1024
PAGES_MAX = 300
DOTS = 150
SIDE_MAX = 2400
QUALITY = 82
WHOLE = 10_000
CHARS_MAX = 4_000_000
PART_MAX = 32 * 1024 * 1024
VALUE_MAX = 2000
PADDING = 18


def read(source: Path, *, with_pictures: bool = False) -> dict[str, Any]:
    """`pages` (text by page), `parts` (text by name), `properties`, and `blank`: pages on which no text is found.

    `pictures` are the pages of a PDF on which a picture is, where they are asked for.
    """
    kind = kind_of(source)
    if kind == "pdf":
        return _read_pdf(source, with_pictures=with_pictures)
    if kind == "zip":
        return _read_office(source)
    return {
        "kind": "picture",
        "pages": [],
        "parts": {},
        "properties": _picture_properties(source),
        "blank": [1],
    }


def kind_of(source: Path) -> str:
    """ "pdf", "zip" or "picture"."""
    with source.open("rb") as opened:
        head = opened.read(1024)
    if b"%PDF-" in head:
        return "pdf"
    return "zip" if head[:4] == b"PK\x03\x04" else "picture"


def _read_pdf(source: Path, *, with_pictures: bool) -> dict[str, Any]:
    import pypdfium2
    import pypdfium2.raw as pdfium

    document = pypdfium2.PdfDocument(source)
    pages, blank, pictures, left = [], [], [], CHARS_MAX
    for number in range(min(len(document), PAGES_MAX)):
        text = _text_of(document[number])[:left]
        left -= len(text)
        pages.append(text)
        if not text.strip():
            blank.append(number + 1)
        if with_pictures and any(document[number].get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])):
            pictures.append(number + 1)
    return {
        "kind": "pdf",
        "count": len(document),
        "pages": pages,
        "parts": {},
        "properties": _pdf_properties(source),
        "blank": blank,
        "pictures": pictures,
    }


def _text_of(page: Any) -> str:
    """The text of a page, one letter a place, so that a place in it is a place on the page."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    codes = (pdfium.FPDFText_GetUnicode(text.raw, at) for at in range(text.count_chars()))
    return "".join(chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else " " for code in codes)


def _pdf_properties(source: Path) -> dict[str, str]:
    """The document's own properties, what stands beside pictures for who cannot see them, notes and bookmarks."""
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject, IndirectObject

    found: dict[str, str] = {}
    reader = PdfReader(source)
    for key, value in (reader.metadata or {}).items():
        found[str(key).lstrip("/")] = str(value)[:VALUE_MAX]
    more = reader.root_object.get("/Metadata")
    if more is not None:
        found["XMP"] = more.get_object().get_data().decode("utf-8", "replace")[:VALUE_MAX]
    for number in range(1, min(int(reader.trailer.get("/Size", 1)), 20_000)):
        thing = reader.get_object(IndirectObject(number, 0, reader))
        if not isinstance(thing, DictionaryObject):
            continue
        for key in ("/Alt", "/Contents", "/Title", "/V"):
            value = thing.get(key)
            if isinstance(value, str) and value.strip() and not key_is_name(value):
                found[f"{key.lstrip('/')} {number}"] = value[:VALUE_MAX]
    return found


def key_is_name(value: str) -> bool:
    """Whether a value of a PDF is a name of its own language and no words."""
    return value.startswith("/")


def _read_office(source: Path) -> dict[str, Any]:
    """The text of every part of a DOCX, XLSX or PPTX, by paragraph; properties and texts beside pictures apart."""
    from xml.etree import ElementTree
    from zipfile import ZipFile

    parts: dict[str, str] = {}
    properties: dict[str, str] = {}
    left = PART_MAX
    with ZipFile(source) as archive:
        for info in archive.infolist():
            name = info.filename
            left -= info.file_size
            if left < 0:
                break
            if name.lower().endswith((".jpg", ".jpeg", ".png")):
                with suppress(OSError, SyntaxError):  # a picture that is broken tells nothing
                    own = _picture_properties(BytesIO(archive.read(name)))
                    properties |= {f"{name} {key}": value for key, value in own.items()}
            elif name.endswith(".xml"):
                parser = ElementTree.XMLParser(target=_plain_xml())  # noqa: S314 - in a process of its own, with limits
                parser.feed(archive.read(name))
                root = parser.close()
                _take_part(name, root, parts, properties)
    return {"kind": "office", "pages": [], "parts": parts, "properties": properties, "blank": []}


def _plain_xml() -> Any:
    """Builds elements; refuses a document type, which no Office program writes and which may unfold without end."""
    from xml.etree import ElementTree

    class Plain(ElementTree.TreeBuilder):
        def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
            raise ValueError("a document type is declared")

    return Plain()


def _take_part(name: str, root: Any, parts: dict[str, str], properties: dict[str, str]) -> None:
    if name.startswith("docProps/"):
        said = {one.tag.rpartition("}")[2]: (one.text or "").strip() for one in root.iter()}
        properties |= {f"{name} {key}": value[:VALUE_MAX] for key, value in said.items() if value}
        return
    for element in root.iter():
        for key, value in element.attrib.items():
            if key.rpartition("}")[2] in ("descr", "title", "author") and value.strip():
                properties[f"{name} {key.rpartition('}')[2]} {len(properties)}"] = value[:VALUE_MAX]
    text = "\n".join(_paragraphs(root))
    if text.strip():
        parts[name] = text[:CHARS_MAX]


def _paragraphs(root: Any) -> Iterator[str]:
    """The texts below each paragraph, cell or shared string joined; a word may be split over several runs."""
    found = [one for one in root.iter() if one.tag.rpartition("}")[2] in ("p", "si", "is")]
    for paragraph in found or [root]:
        yield "".join(one.text or "" for one in paragraph.iter() if one.tag.rpartition("}")[2] in ("t", "v"))


def _picture_properties(source: Any) -> dict[str, str]:
    from PIL import ExifTags, Image

    Image.MAX_IMAGE_PIXELS = 120_000_000
    found: dict[str, str] = {}
    with Image.open(source) as picture:
        exif = picture.getexif()
        for tag, value in exif.items():
            found[str(ExifTags.TAGS.get(tag, tag))] = _said(value)
        if exif.get_ifd(ExifTags.IFD.GPSInfo):
            found["GPS"] = "GPS"
        for key, value in picture.info.items():
            if isinstance(value, str | bytes) and key not in ("exif", "icc_profile"):
                found[str(key)] = _said(value)
    return {key: value for key, value in found.items() if value.strip()}


def _said(value: Any) -> str:
    if isinstance(value, bytes):
        # Windows writes its XP… tags in UTF-16.
        return value.decode("utf-16-le" if b"\x00" in value else "utf-8", "replace").replace("\x00", "")[
            :VALUE_MAX
        ]
    text = str(value)
    with suppress(UnicodeError):  # what cameras and programs write as UTF-8 is read as Latin-1
        text = text.encode("latin-1").decode("utf-8")
    return text[:VALUE_MAX]


def find(source: Path, spans: list[list[int]]) -> list[list[list[int]]]:
    """For each [page, start, end] the boxes in which its letters are seen: one a line, [left, top, right, bottom]."""
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    found = []
    for page_number, start, end in spans:
        page = document[page_number - 1]
        found.append(_lines([_box_of(page, at) for at in range(start, end)]))
    return found


def _box_of(page: Any, at: int) -> list[int]:
    """The box of a letter, as it is seen: a page may be turned and cropped."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    corners = []
    for loose in (False, True):
        left, bottom, right, top = text.get_charbox(at, loose=loose)
        for x, y in ((left, top), (right, bottom), (left, bottom), (right, top)):
            seen_x, seen_y = c_int(), c_int()
            pdfium.FPDF_PageToDevice(page.raw, 0, 0, WHOLE, WHOLE, 0, x, y, byref(seen_x), byref(seen_y))
            corners.append((seen_x.value, seen_y.value))
    xs, ys = [one[0] for one in corners], [one[1] for one in corners]
    return [min(xs), min(ys), max(xs), max(ys)]


def _lines(boxes: list[list[int]]) -> list[list[int]]:
    """Boxes of letters that follow each other, joined where they stand in one line (or one column of a turned page)."""
    joined: list[list[int]] = []
    for box in boxes:
        if box[0] == box[2] or box[1] == box[3]:
            continue  # a break of lines has no extent
        last = joined[-1] if joined else None
        if last and (_overlaps(last, box, 1) or _overlaps(last, box, 0)):
            last[:] = [min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3])]
        else:
            joined.append(list(box))
    return joined


def _overlaps(one: list[int], other: list[int], axis: int) -> bool:
    """Whether two boxes share most of their extent along an axis and are near to each other along the other one."""
    shared = min(one[axis + 2], other[axis + 2]) - max(one[axis], other[axis])
    least = min(one[axis + 2] - one[axis], other[axis + 2] - other[axis])
    cross = 1 - axis
    gap = max(one[cross], other[cross]) - min(one[cross + 2], other[cross + 2])
    return shared > least * 0.5 and gap < 600


def copy(source: Path, target: Path, boxes: list[list[int]]) -> dict[str, Any]:
    """Draw SOURCE anew into TARGET with `boxes` ([page, left, top, right, bottom]) covered: {"media_type", "pages"}."""
    if kind_of(source) == "pdf":
        return _copy_pdf(source, target, boxes)
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = 120_000_000
    with Image.open(source) as opened:
        opened.draft("RGB", (SIDE_MAX * 2, SIDE_MAX * 2))
        image = _plain(ImageOps.exif_transpose(opened))
    image.thumbnail((SIDE_MAX, SIDE_MAX))
    _cover(image, [box[1:] for box in boxes])
    image.save(target, "JPEG", quality=QUALITY)
    return {"media_type": "image/jpeg", "pages": None}


def _copy_pdf(source: Path, target: Path, boxes: list[list[int]]) -> dict[str, Any]:
    import pypdfium2

    document, made = pypdfium2.PdfDocument(source), pypdfium2.PdfDocument.new()
    if len(document) > PAGES_MAX:
        raise ValueError(f"more than {PAGES_MAX} pages")
    for number in range(len(document)):
        page = document[number]
        width, height = page.get_size()
        picture = BytesIO()
        image = _drawn(page, DOTS / 72)
        _cover(image, [box[1:] for box in boxes if box[0] == number + 1])
        image.save(picture, "JPEG", quality=QUALITY)
        shown = pypdfium2.PdfImage.new(made)
        shown.load_jpeg(picture)
        shown.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        sheet = made.new_page(width, height)
        sheet.insert_obj(shown)
        sheet.gen_content()
    whole = BytesIO()
    made.save(whole)
    _bare(whole, target)
    return {"media_type": "application/pdf", "pages": len(document)}


def _bare(whole: BytesIO, target: Path) -> None:
    """The PDF without properties: no author, no producer, no times."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for page in PdfReader(whole).pages:
        writer.add_page(page)
    writer.metadata = None
    with target.open("wb") as opened:
        writer.write(opened)


def page(source: Path, target: Path, number: int, side: int) -> None:
    """One page of SOURCE as a picture, `side` pixels at most."""
    from PIL import Image, ImageOps

    if kind_of(source) == "pdf":
        import pypdfium2

        sheet = pypdfium2.PdfDocument(source)[number - 1]
        image = _drawn(sheet, side / max(*sheet.get_size(), 1))
    else:
        with Image.open(source) as opened:
            image = _plain(ImageOps.exif_transpose(opened))
    image.thumbnail((side, side))
    image.save(target, "WEBP", quality=QUALITY, method=4)


def _drawn(sheet: Any, scale: float) -> Any:
    """A page as a picture; without notes and filled-in forms, which are text that nobody looked through."""
    longest = max(*sheet.get_size(), 1)
    image = sheet.render(
        scale=min(scale, SIDE_MAX / longest), draw_annots=False, may_draw_forms=False
    ).to_pil()
    return _plain(image)


def _plain(image: Any) -> Any:
    """The picture in RGB on white, with nothing beside its points."""
    from PIL import Image

    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    plain = image.convert("RGB")
    plain.info = {}
    return plain


def _cover(image: Any, boxes: list[list[int]]) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(image)
    for left, top, right, bottom in boxes:
        pen.rectangle(
            (
                (left - PADDING) * image.width // WHOLE,
                (top - PADDING) * image.height // WHOLE,
                -(-(right + PADDING) * image.width // WHOLE),
                -(-(bottom + PADDING) * image.height // WHOLE),
            ),
            fill="black",
        )


def main(arguments: list[str]) -> int:
    """Do one deed under limits of memory, time and size; 0 when TARGET is there. `copy` prints what it made."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    deed, source, target, *more = arguments
    if deed == "read":
        found = read(Path(source), with_pictures=more == ["pictures"])
        Path(target).write_text(json.dumps(found), encoding="utf-8")
    elif deed == "find":
        Path(target).write_text(json.dumps(find(Path(source), json.loads(Path(more[0]).read_text()))))
    elif deed == "copy":
        made = copy(Path(source), Path(target), json.loads(Path(more[0]).read_text()))
        sys.stdout.write(json.dumps(made))
    else:
        number, side = more[0].split()
        page(Path(source), Path(target), int(number), int(side))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
