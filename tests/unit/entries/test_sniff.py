"""What a file really is: by its content, not by its name."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import pytest

from core.entries.errors import FileRefused
from core.entries.packages import EICAR, OLE
from core.entries.sniff import clean_name, sniff
from core.plugin_api import FieldKind, FormField, Text
from tests.support.entries import docx_bytes, pdf_bytes, picture_bytes

LIMIT = 20 * 1024 * 1024
DOCUMENT = FormField("van_ban", Text("Văn bản"), FieldKind.FILES, accept=(".pdf", ".docx"), max_bytes=LIMIT)
PICTURES = FormField("anh", Text("Ảnh"), FieldKind.FILES, accept=(".jpg", ".jpeg", ".png"), max_bytes=LIMIT)


PACKED = FormField("nen", Text("Nén"), FieldKind.FILES, accept=(".zip",), max_bytes=LIMIT)
OLD = FormField("cu", Text("Cũ"), FieldKind.FILES, accept=(".doc",), max_bytes=LIMIT)
SHORT = FormField("ngan", Text("Ngắn"), FieldKind.FILES, accept=(".pdf",), max_bytes=LIMIT, max_pages=3)


def zip_bytes(parts: Mapping[str, bytes]) -> bytes:
    """A package of `parts`, by their names as they are given."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            info = zipfile.ZipInfo("x")
            info.filename = name
            package.writestr(info, content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is as large as that; its pixels are never read."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


def refusal_of(field: FormField, name: str, content: bytes) -> str:
    """The sentence with which the file is refused; "" when it passes."""
    try:
        sniff(field, name, io.BytesIO(content), len(content))
    except FileRefused as refusal:
        return refusal.message
    return ""


# The first bytes of photographs as iPhones take them: eight bits, ten bits, a burst, the name of the container first.
HEIC = (
    b"\0\0\0\x28ftypheic\0\0\0\0mif1MiHEMiPrmiafMiHBheic\0\0\x0e\x0emeta",
    b"\0\0\0\x1cftypheix\0\0\0\0mif1heixmiaf\0\0\x01\x20meta",
    b"\0\0\0\x18ftyphevc\0\0\0\0msf1hevc\0\0\x01\x20meta",
    b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic\0\0\x01\x20meta",
)
HEIC_TOLD = (
    "Tệp “%s” là ảnh chụp từ iPhone dạng HEIC, máy khác không mở được: bạn vào Cài đặt › Camera › Định dạng, chọn "
    "“Tương thích nhất” rồi chụp lại, hoặc lưu ảnh thành JPEG rồi chọn lại."
)


@pytest.mark.parametrize("head", HEIC)
@pytest.mark.parametrize("name", ["IMG_0042.HEIC", "anh.heif", "anh.jpg", "anh.png"])
def test_a_photograph_of_an_iphone_is_named_with_what_to_do(name: str, head: bytes) -> None:
    assert refusal_of(PICTURES, name, head + bytes(200)) == HEIC_TOLD % name


def test_such_a_photograph_under_another_name_is_named_too() -> None:
    assert refusal_of(DOCUMENT, "phieu.pdf", HEIC[0] + bytes(200)) == HEIC_TOLD % "phieu.pdf"


def test_where_no_pictures_are_taken_nobody_is_told_to_take_another() -> None:
    refusal = refusal_of(DOCUMENT, "a.heic", HEIC[0] + bytes(200))
    assert refusal == "Tệp “a.heic” không thuộc loại nhận ở mục này. Các loại nhận: .pdf, .docx."


def test_another_picture_in_the_same_container_is_not_called_heic() -> None:
    avif = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(200)
    assert "có nội dung không đúng với phần đuôi của tên" in refusal_of(PICTURES, "a.jpg", avif)


@pytest.mark.parametrize(
    ("field", "name", "content", "media_type"),
    [
        (DOCUMENT, "mô tả.pdf", pdf_bytes(), "application/pdf"),
        (
            DOCUMENT,
            "mô tả.DOCX",
            docx_bytes(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (PICTURES, "anh.jpg", picture_bytes("JPEG"), "image/jpeg"),
        (PICTURES, "anh.jpeg", picture_bytes("JPEG"), "image/jpeg"),
        (PICTURES, "anh.png", picture_bytes("PNG"), "image/png"),
    ],
)
def test_a_right_file_is_known_by_its_content(
    field: FormField, name: str, content: bytes, media_type: str
) -> None:
    found = sniff(field, name, io.BytesIO(content), len(content))

    assert (found.name, found.media_type, found.size) == (name, media_type, len(content))


@pytest.mark.parametrize(
    ("field", "name", "content", "words"),
    [
        (DOCUMENT, "a.pdf", b"", "không có nội dung (0 byte)"),
        (
            DOCUMENT,
            "a.exe",
            b"MZ" + bytes(100),
            "không thuộc loại nhận ở mục này. Các loại nhận: .pdf, .docx.",
        ),
        (DOCUMENT, "a.pdf", b"MZ" + bytes(100), "là chương trình hoặc mã lệnh chứ không phải tài liệu"),
        (DOCUMENT, "a.docx", b"\x7fELF" + bytes(100), "là chương trình hoặc mã lệnh"),
        (DOCUMENT, "a.pdf", b"#!/bin/sh\nrm -rf /", "là chương trình hoặc mã lệnh"),
        (DOCUMENT, "a.pdf", b"\xef\xbb\xbf \n<?PHP system($_GET[0]);", "là chương trình hoặc mã lệnh"),
        (PICTURES, "a.jpg", b"<!DOCTYPE html><script>alert(1)</script>", "là chương trình hoặc mã lệnh"),
        (DOCUMENT, "a.pdf", EICAR, "mang dấu hiệu của tệp độc hại (mẫu thử EICAR)"),
        (PACKED, "a.zip", zip_bytes({"tep.txt": EICAR}), "mang dấu hiệu của tệp độc hại (mẫu thử EICAR)"),
        (PACKED, "a.zip", zip_bytes({"cai-dat.exe": b"x"}), "chứa chương trình hoặc macro (cai-dat.exe)"),
        (PACKED, "a.zip", zip_bytes({"anh.jpg": b"MZ" + bytes(50)}), "là chương trình hoặc mã lệnh"),
        (
            PACKED,
            "a.zip",
            zip_bytes({"trong.zip": zip_bytes({"a": b""})}),
            "chứa tệp nén khác bên trong (trong.zip)",
        ),
        (PACKED, "a.zip", zip_bytes({"trong.dat": zip_bytes({"a": b""})}), "chứa tệp nén khác bên trong"),
        (PACKED, "a.zip", zip_bytes({"../../etc/passwd": b"x"}), "chứa tên tệp trỏ ra ngoài thư mục"),
        (PACKED, "a.zip", zip_bytes({"C:\\Windows\\a.txt": b"x"}), "chứa tên tệp trỏ ra ngoài thư mục"),
        (PACKED, "a.zip", zip_bytes({f"{n}.txt": b"" for n in range(5001)}), "chứa quá nhiều tệp nhỏ"),
        (PACKED, "a.zip", zip_bytes({"a.txt": bytes(3_000_000)}), "bung ra quá lớn"),
        (PACKED, "a.zip", b"PK\x05\x06" + bytes(5), "không phải tệp nén ZIP hoặc bị hỏng"),
        (DOCUMENT, "a.docx", docx_bytes(more={"word/vbaProject.bin": b"x"}), "có macro (mã lệnh) bên trong"),
        (
            OLD,
            "a.doc",
            OLE + bytes(300_000) + "_VBA_PROJECT".encode("utf-16-le"),
            "có macro (mã lệnh) bên trong",
        ),
        (
            PICTURES,
            "a.png",
            png_of(8000, 8000),
            "có kích thước ảnh quá lớn. Bạn hãy thu nhỏ ảnh xuống dưới 40 triệu",
        ),
        (PICTURES, "a.png", png_of(60_000, 60_000), "có kích thước ảnh quá lớn"),
        (SHORT, "a.pdf", pdf_bytes(pages=4), "có 4 trang, quá mức 3 trang của mục này"),
        (DOCUMENT, "a.pdf", picture_bytes("PNG"), "có nội dung không đúng với phần đuôi của tên"),
        (DOCUMENT, "a.pdf", pdf_bytes(password="mat khau"), "đang đặt mật khẩu nên hội đồng không mở được"),
        (DOCUMENT, "a.pdf", b"%PDF-1.7\n" + b"x" * 200, "bị hỏng, không mở được"),
        (DOCUMENT, "a.docx", docx_bytes(kind="xl"), "có nội dung không đúng với phần đuôi của tên"),
        (
            DOCUMENT,
            "a.docx",
            b"PK\x03\x04" + bytes(50),
            "có nội dung không đúng với phần đuôi của tên hoặc bị hỏng",
        ),
        (
            DOCUMENT,
            "a.docx",
            bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
            "đang đặt mật khẩu hoặc là bản Office",
        ),
        (DOCUMENT, "a", pdf_bytes(), "không thuộc loại nhận ở mục này"),
        (PICTURES, "a.jpg", picture_bytes("PNG"), "có nội dung không đúng với phần đuôi của tên"),
        (PICTURES, "a.png", picture_bytes("PNG")[:60], "bị hỏng, không mở được"),
        (PICTURES, "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "không thuộc loại nhận ở mục này"),
        (DOCUMENT, "a.pdf", pdf_bytes() + bytes(20 * 1024 * 1024), "quá mức 20 MB cho một tệp"),
    ],
)
def test_a_wrong_file_is_refused_in_words(field: FormField, name: str, content: bytes, words: str) -> None:
    assert words in refusal_of(field, name, content)


def test_a_package_of_documents_passes_with_office_files_in_it() -> None:
    inside = {
        "thuyết minh.docx": docx_bytes(),
        "ban ve/so do.pdf": pdf_bytes(),
        "anh.png": picture_bytes("PNG"),
    }

    assert refusal_of(PACKED, "ho so.zip", zip_bytes(inside)) == ""


def test_pages_of_a_pdf_are_counted_and_as_many_as_are_allowed_pass() -> None:
    content = pdf_bytes(pages=3)

    assert sniff(SHORT, "a.pdf", io.BytesIO(content), len(content)).pages == 3


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not() -> None:
    exact = picture_bytes("JPEG")
    exact += bytes(LIMIT - len(exact))

    assert refusal_of(PICTURES, "a.jpg", exact) == ""
    assert refusal_of(PICTURES, "a.jpg", exact + b"\0") != ""


def test_a_package_that_unfolds_to_gigabytes_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package, package.open("big", "w") as part:
        for _ in range(510):
            part.write(bytes(1024 * 1024))

    assert "bung ra quá lớn" in refusal_of(DOCUMENT, "a.docx", target.getvalue())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Hoa\\ho so.pdf", "ho so.pdf"),
        ("/du/lieu/thuyết minh.pdf", "thuyết minh.pdf"),
        ("..", "tep"),
        ("", "tep"),
        (".pdf", "pdf"),
        ("mo\u0302 ta\u0309.pdf", "mô tả.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("d" * 300 + ".pdf", "d" * 116 + ".pdf"),
    ],
)
def test_file_names_lose_paths_and_misleading_marks(given: str, kept: str) -> None:
    assert clean_name(given) == kept
