"""Text copies: the words, tables and pictures of a Word or Excel file as a PDF, of which a blind copy can be drawn.

The file is read in a process of its own (`core/judging/text_reader`); the house's press sets what it gives. The same
content gives the same bytes, so that what an officer chose about a place stays chosen when a dossier is read again.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.judging.blind_files import FileUnread, fetched, run_reader
from core.kernel.db import session
from core.kernel.files import digest_of, file_key, file_store
from core.kernel.pdf import PdfNotMade, render_pdf

READER = Path(__file__).with_name("text_reader") / "__main__.py"
_OFFICE = "application/vnd.openxmlformats-officedocument."
WORD, WORKBOOK = f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet"
TEXTED = frozenset({WORD, WORKBOOK})
"""Kinds of which a text copy is made."""
SLOWEST = 90.0
LARGEST = 32 * 1024 * 1024
MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)
"""What stands in each as its time: nothing of when it was made is told, and the bytes stay the same."""

_NOTES = {
    "word": "Bản chữ của một tệp Word: mang theo chữ, bảng và ảnh, không giữ cách trình bày.",
    "sheet": "Bản chữ của một tệp Excel: mang theo chữ, số và ảnh, không giữ cách trình bày. Số viết như ô lưu: 25% có "
    "thể là 0,25.",
}
_GAPS = {
    "chart": "biểu đồ không được mang sang",
    "diagram": "sơ đồ không được mang sang",
    "picture": "hình không được mang sang",
    "object": "đối tượng nhúng không được mang sang",
    "part": "đoạn chèn từ tệp khác không được mang sang",
}
"""Words of the paper itself, which is in Vietnamese as the dossiers are, whoever's job prints it."""


@dataclass(frozen=True, slots=True)
class TextCopy:
    """A stored text copy, a PDF; `left_out` counts what was not carried over, by kind."""

    sha256: str
    left_out: Mapping[str, int]


def make_text_copy(sha256: str) -> TextCopy:
    """Make the text copy of the stored content and store it. Raises FileUnread: broken, too large or too slow."""
    with tempfile.TemporaryDirectory(prefix="bangvang-blind-") as folder:
        paper, left_out = text_paper(fetched(folder, sha256), Path(folder) / "text")
    content = io.BytesIO(paper)
    digest, _size = digest_of(content)
    file_store().put(file_key(session().tenant_id, digest), content)
    return TextCopy(digest, left_out)


def text_paper(source: Path, folder: Path) -> tuple[bytes, Mapping[str, int]]:
    """The text copy of the file `source`, and what it does not carry; `folder`, new, takes what is read. Raises
    FileUnread."""
    run_reader(READER, str(source), str(folder), made=folder)
    text = folder / "text.json"
    if sum(one.stat().st_size for one in folder.iterdir()) > LARGEST:
        raise FileUnread("text")
    read = json.loads(text.read_text(encoding="utf-8"))
    pictures = {one.name: one.read_bytes() for one in folder.iterdir() if one != text}
    try:
        paper = render_pdf("words", _data(read), at=MADE_AT, files=pictures, seconds=SLOWEST)
    except PdfNotMade as not_made:
        raise FileUnread("text") from not_made
    return paper, read["left_out"]


def _data(read: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "language": "vi",
        "title": "Bản chữ",
        "note": _NOTES[read["kind"]],
        "page": "trang",
        "wide": read["is_wide"],
        "gaps": _GAPS,
        "blocks": read["blocks"],
    }
