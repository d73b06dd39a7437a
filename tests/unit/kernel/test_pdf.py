"""The PDF room: papers say what they were given, are sound for readers and archives, and run nothing that was typed."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
import segno
from pypdf import PdfReader

from core.kernel.pdf import PdfNotMade, render_pdf
from core.kernel.qr import QUIET, qr_svg_file

AT = datetime(2026, 10, 31, 10, 0, tzinfo=UTC)
ADDRESS = "https://motmot.vi-du.vn/xac-minh?ma=7KQ2M9XWPA"
SIDE_MM = 32


def receipt(**changes: Any) -> dict[str, Any]:
    """The data of a receipt; `changes` take the place of its parts."""
    return {
        "language": "vi",
        "title": "Biên nhận hồ sơ TT-K1-0001",
        "organiser": "Ban Tổ chức",
        "contest": "Cuộc thi thử nghiệm",
        "foot": "Biên nhận 7KQ2M9XWPA",
        "page": "trang",
        "receipt_label": "Mã biên nhận",
        "receipt": "7KQ2M9XWPA",
        "rows": [["Tên", "Máy sấy chè"]],
        "hash_label": "SHA-256",
        "sha256": "0123456789abcdef" * 4,
        "scan_alt": "Mã QR",
        "scan_note": "Quét để kiểm tra:",
        "address": ADDRESS,
        "people_title": "Tác giả",
        "people_heads": ["", "Họ và tên", "Vai trò"],
        "people": [["1", "Đặng Thị Hường", "Tác giả chính"]],
        "files_title": "Các tệp đã nhận",
        "files_heads": ["Tên tệp", "Dung lượng", "SHA-256"],
        "files": [["mô tả.pdf", "2,4 MB", "fedcba9876543210" * 4]],
        "notes": ["Ghi chú."],
    } | changes


def printed(**changes: Any) -> bytes:
    """A receipt as a PDF."""
    return render_pdf("receipt", receipt(**changes), at=AT, files={"qr.svg": qr_svg_file(ADDRESS)})


def words_of(made: bytes) -> str:
    """The text of all pages as a reader would copy it, blanks made single."""
    pages = PdfReader(io.BytesIO(made)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def test_a_paper_says_what_it_was_given_on_one_page() -> None:
    made = printed()

    words = words_of(made)
    assert len(PdfReader(io.BytesIO(made)).pages) == 1
    for said in ("Biên nhận hồ sơ TT-K1-0001", "7KQ2M9XWPA", "Đặng Thị Hường", "mô tả.pdf", "trang 1/1"):
        assert said in words
    assert "fedcba9876543210" * 4 in words.replace(" ", "")


def test_the_same_data_give_the_same_bytes() -> None:
    assert printed() == printed()


def test_a_paper_is_tagged_archivable_and_carries_its_fonts() -> None:
    reader: Any = PdfReader(io.BytesIO(printed()))

    catalogue = reader.trailer["/Root"].get_object()
    told = catalogue["/Metadata"].get_object().get_data().decode()
    fonts = [one.get_object() for one in reader.pages[0]["/Resources"].get_object()["/Font"].values()]
    descriptors = [one["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for one in fonts]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "vi"
    assert "<pdfuaid:part>1</pdfuaid:part>" in told
    assert "<pdfaid:part>2</pdfaid:part>" in told
    assert {str(one["/FontName"])[8:].partition("-")[0] for one in descriptors} == {
        "BeVietnamPro",
        "DejaVuSansMono",
    }
    assert all("/FontFile2" in one or "/FontFile3" in one for one in descriptors)


def test_the_code_on_the_paper_has_every_module_of_its_address() -> None:
    page = pypdfium2.PdfDocument(printed())[0]
    scale = 6.0
    image = page.render(scale=scale, grayscale=True).to_pil()
    wanted = [[bool(cell) for cell in row] for row in segno.make(ADDRESS, error="m", micro=False).matrix]
    side = len(wanted) + 2 * QUIET

    module = SIDE_MM / 25.4 * 72 * scale / side
    left, top = _corner(image)
    seen = [
        [
            image.getpixel((left + (x + 0.5) * module, top + (y + 0.5) * module)) < 128
            for x in range(len(wanted))
        ]
        for y in range(len(wanted))
    ]

    assert seen == wanted


@pytest.mark.parametrize(
    "nasty",
    [
        '#import "house.typ"; *đậm* _nghiêng_ $x^2$ `mã` <nhãn> @tham // \\ #panic("x")',
        ']] #read("/etc/passwd") }} ${1+1}',
        "=== Đề mục\n- gạch đầu dòng",
    ],
)
def test_what_a_person_wrote_is_printed_and_never_run(nasty: str) -> None:
    words = words_of(printed(rows=[["Tên", nasty]]))

    assert "".join(nasty.split()) in words.replace(" ", "")


def test_a_character_without_a_glyph_is_printed_as_its_number() -> None:
    words = words_of(printed(rows=[["Tên", "Máy 😀 日本 sấy ≥ 5 μm, H₂O"]]))

    assert "Máy [U+1F600] [U+65E5][U+672C] sấy ≥ 5 μm, H₂O" in words


def test_a_long_list_goes_on_under_its_head_on_the_next_page() -> None:
    rows = [[f"tep-{number:02}.pdf", "1 KB", "ab" * 32] for number in range(60)]

    pages = PdfReader(io.BytesIO(printed(files=rows))).pages

    assert len(pages) > 1
    assert "Tên tệp" in pages[1].extract_text()


def test_a_paper_that_takes_too_long_is_given_up_with_a_sentence() -> None:
    with pytest.raises(PdfNotMade, match="Chưa tạo được tệp PDF lúc này"):
        render_pdf("receipt", receipt(), at=AT, files={"qr.svg": qr_svg_file(ADDRESS)}, seconds=0.001)


def test_a_paper_without_its_data_is_given_up_with_a_sentence() -> None:
    with pytest.raises(PdfNotMade):
        render_pdf("receipt", {"language": "vi"}, at=AT)


def _corner(image: Any) -> tuple[int, int]:
    """Where the code begins: the first black point in the right part of the page, above which nothing is black."""
    width, height = image.size
    dark = image.crop((width * 2 // 3, height // 8, width, height // 5)).point(
        lambda value: 255 * (value < 64)
    )
    box = dark.getbbox()
    assert box is not None
    return width * 2 // 3 + box[0], height // 8 + box[1]
