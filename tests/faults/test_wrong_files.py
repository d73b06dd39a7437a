"""Files that are no documents, by the form and in pieces: one sentence, no trace of them, and the words stay."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from core.entries.models import Attachment, Entry
from core.kernel.db import session, tenant_scope
from tests.flow.test_uploads import FIELD, Sender, sender
from tests.support.clamav import EICAR
from tests.support.entries import docx_bytes, pdf_bytes, picture_bytes
from tests.support.uploads import create, send

__all__ = ["sender"]
LIMIT = 20 * 1024 * 1024


def bomb() -> bytes:
    """A DOCX of half a megabyte that unfolds to half a gigabyte."""
    target = io.BytesIO(docx_bytes())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as package, package.open("word/big", "w") as part:
        for _megabyte in range(510):
            part.write(bytes(1024 * 1024))
    return target.getvalue()


WRONG: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "0 bytes": ("rong.pdf", bytes, "không có nội dung (0 byte)"),
    "one byte over": ("nang.pdf", lambda: pdf_bytes() + bytes(LIMIT + 1 - len(pdf_bytes())), "20 MB"),
    "wrong magic": ("anh.pdf", lambda: picture_bytes("PNG"), "không đúng với phần đuôi của tên"),
    "program": ("bao-cao.pdf", lambda: b"MZ" + bytes(500), "là chương trình hoặc mã lệnh"),
    "encrypted": ("khoa.pdf", lambda: pdf_bytes(password="mat khau"), "đang đặt mật khẩu"),
    "bomb": ("bom.docx", bomb, "bung ra quá lớn"),
    "EICAR": ("thu.pdf", lambda: EICAR, "mang dấu hiệu của tệp độc hại (mẫu thử EICAR)"),
    "path in the name": ("../../etc/cron.d/a.exe", lambda: b"MZ", "“a.exe” không thuộc loại nhận ở mục này"),
}


def traces(sender: Sender) -> tuple[int, list[Path]]:
    """How many files the tenant's dossiers have, and every file in the store and on the way to it."""
    var = Path(sender.world.app.config["BANGVANG_VAR"])
    folders = (var / "files", var / "uploads")
    with sender.world.app.app_context(), tenant_scope(sender.world.first.id):
        rows = len(session().scalars(select(Attachment)).all())
    return rows, sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_file_of_a_form_leaves_no_trace_and_the_words_are_saved(sender: Sender, fault: str) -> None:
    name, make, words = WRONG[fault]
    before = traces(sender)

    file = FileStorage(io.BytesIO(make()), name)
    edge, body = encode_multipart({"title": "Máy sấy chè", f"facts.{FIELD}": file})
    answer = sender.client.post(
        f"/du-thi/{sender.ref}/sua", data=body, content_type=f"multipart/form-data; boundary={edge}"
    )

    assert answer.status_code == 422
    assert words in " ".join(answer.text.split())
    assert traces(sender) == before
    with sender.world.app.app_context(), tenant_scope(sender.world.first.id):
        titles = session().scalars(select(Entry.title).where(Entry.ref == sender.ref)).all()
    assert titles == ["Máy sấy chè"]


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_file_in_pieces_leaves_no_trace(sender: Sender, fault: str) -> None:
    name, make, words = WRONG[fault]
    before = traces(sender)
    content = make()

    answer = create(sender.client, sender.ref, name, len(content), FIELD)
    if answer.status_code == 201:
        answer = send(sender.client, "/" + answer.headers["Location"].split("/", 3)[3], 0, content)

    assert answer.status_code in {413, 422}
    assert words in answer.get_json()["title"]
    assert traces(sender) == before
