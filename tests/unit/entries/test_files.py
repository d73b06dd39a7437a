"""Files of a dossier: what is refused before anything is stored, and what is kept once."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from core.entries.content import files_of
from core.entries.errors import FileRefused, MoveRefused
from core.entries.services import attach, detach
from core.entries.sniff import clean_name
from core.kernel.files import file_key, file_store
from tests.support.entries import docx_bytes, make_attachment, make_entry, pdf_bytes, picture_bytes
from tests.support.factories import NOW
from tests.unit.entries.conftest import Here

DOCUMENT, PICTURES, EVIDENCE = "tep_thuyet_minh", "hinh_anh", "tep_minh_chung"


def stored_files(here: Here) -> int:
    """How many contents lie in the file store of the test."""
    folder = Path(here.world.app.config["BANGVANG_VAR"]) / "files"
    return sum(1 for path in folder.rglob("*") if path.is_file())


def send(here: Here, field: str, name: str, content: bytes) -> str:
    """Attach to a new draft; the refusal's sentence, or "" when it was taken."""
    entry = make_entry(here.edition, here.owner, state="draft")
    try:
        attach(entry, here.edition, field, name, io.BytesIO(content), actor=here.entrant, now=NOW)
    except FileRefused as refusal:
        assert refusal.field == field
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
def test_a_right_file_is_stored_under_its_content(
    here: Here, field: str, name: str, content: bytes, media_type: str
) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")

    held = attach(entry, here.edition, field, name, io.BytesIO(content), actor=here.entrant, now=NOW)

    stored = b"".join(file_store().read(file_key(here.world.first.id, held.sha256)))
    assert (held.name, held.media_type, held.size, stored) == (name, media_type, len(content), content)


@pytest.mark.parametrize(
    ("field", "name", "content", "words"),
    [
        (DOCUMENT, "a.pdf", b"", "không có nội dung (0 byte)"),
        (DOCUMENT, "a.exe", b"MZ" + bytes(100), "không thuộc loại nhận ở mục này. Các loại nhận: .pdf, .docx."),
        (DOCUMENT, "a.pdf", b"MZ" + bytes(100), "có nội dung không đúng với phần đuôi của tên"),
        (DOCUMENT, "a.pdf", picture_bytes("PNG"), "có nội dung không đúng với phần đuôi của tên"),
        (DOCUMENT, "a.pdf", pdf_bytes(password="mat khau"), "đang đặt mật khẩu nên hội đồng không mở được"),
        (DOCUMENT, "a.pdf", b"%PDF-1.7\n" + b"x" * 200, "bị hỏng, không mở được"),
        (DOCUMENT, "a.docx", docx_bytes(kind="xl"), "có nội dung không đúng với phần đuôi của tên"),
        (DOCUMENT, "a.docx", b"PK\x03\x04" + bytes(50), "có nội dung không đúng với phần đuôi của tên hoặc bị hỏng"),
        (DOCUMENT, "a.docx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "đang đặt mật khẩu hoặc là bản Office"),
        (DOCUMENT, "a", pdf_bytes(), "không thuộc loại nhận ở mục này"),
        (PICTURES, "a.jpg", picture_bytes("PNG"), "có nội dung không đúng với phần đuôi của tên"),
        (PICTURES, "a.png", picture_bytes("PNG")[:60], "bị hỏng, không mở được"),
        (PICTURES, "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "không thuộc loại nhận ở mục này"),
        (DOCUMENT, "a.pdf", pdf_bytes() + bytes(20 * 1024 * 1024), "quá mức 20 MB cho một tệp"),
    ],
)
def test_a_wrong_file_is_refused_and_nothing_is_stored(
    here: Here, field: str, name: str, content: bytes, words: str
) -> None:
    assert words in send(here, field, name, content)
    assert stored_files(here) == 0


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(here: Here) -> None:
    limit = 20 * 1024 * 1024
    exact = picture_bytes("JPEG")
    exact += bytes(limit - len(exact))

    assert send(here, PICTURES, "a.jpg", exact) == ""
    assert send(here, PICTURES, "a.jpg", exact + b"\0") != ""


def test_a_package_that_unfolds_to_gigabytes_is_refused(here: Here) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package, package.open("big", "w") as part:
        for _ in range(510):
            part.write(bytes(1024 * 1024))

    assert "bung ra quá lớn" in send(here, DOCUMENT, "a.docx", target.getvalue())


def test_the_same_content_twice_is_there_once(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")
    for name in ("mot.pdf", "hai.pdf"):
        attach(entry, here.edition, DOCUMENT, name, io.BytesIO(pdf_bytes()), actor=here.entrant, now=NOW)

    assert [one.name for one in files_of([entry.id])[entry.id]] == ["mot.pdf"]
    assert stored_files(here) == 1


def test_one_file_too_many_is_refused(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")
    for pages in (1, 2):
        content = io.BytesIO(pdf_bytes(pages=pages))
        attach(entry, here.edition, DOCUMENT, f"{pages}.pdf", content, actor=here.entrant, now=NOW)

    with pytest.raises(FileRefused, match="Mục này nhận tối đa 2 tệp"):
        content = io.BytesIO(pdf_bytes(pages=3))
        attach(entry, here.edition, DOCUMENT, "3.pdf", content, actor=here.entrant, now=NOW)


def test_a_field_that_takes_no_files_takes_none(here: Here) -> None:
    assert send(here, "tom_tat", "a.pdf", pdf_bytes()) == "Mục này không nhận tệp."


def test_a_removed_file_leaves_the_dossier(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft")
    held = make_attachment(entry, field=DOCUMENT)

    detach(entry, held.id, actor=here.entrant, now=NOW)

    assert files_of([entry.id])[entry.id] == []


def test_a_file_of_what_was_handed_in_stays(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    held = make_attachment(entry, field=DOCUMENT)

    with pytest.raises(MoveRefused):
        detach(entry, held.id, actor=here.entrant, now=NOW)

    assert [one.id for one in files_of([entry.id])[entry.id]] == [held.id]


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
