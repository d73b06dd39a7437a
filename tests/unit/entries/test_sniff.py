"""What a file really is: by its content, not by its name."""

from __future__ import annotations

import io
import zipfile

import pytest

from core.entries.errors import FileRefused
from core.entries.sniff import clean_name, sniff
from core.plugin_api import FieldKind, FormField, Text
from tests.support.entries import docx_bytes, pdf_bytes, picture_bytes

LIMIT = 20 * 1024 * 1024
DOCUMENT = FormField("van_ban", Text("Văn bản"), FieldKind.FILES, accept=(".pdf", ".docx"), max_bytes=LIMIT)
PICTURES = FormField("anh", Text("Ảnh"), FieldKind.FILES, accept=(".jpg", ".jpeg", ".png"), max_bytes=LIMIT)


def refusal_of(field: FormField, name: str, content: bytes) -> str:
    """The sentence with which the file is refused; "" when it passes."""
    try:
        sniff(field, name, io.BytesIO(content), len(content))
    except FileRefused as refusal:
        return refusal.message
    return ""


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
        (DOCUMENT, "a.pdf", b"MZ" + bytes(100), "có nội dung không đúng với phần đuôi của tên"),
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
