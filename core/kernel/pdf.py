"""The house's one room for PDFs: a template of `core/templates/pdf/` and plain data in, the bytes of a paper out.

    made = render_pdf("receipt", {"language": "vi", "title": "Biên nhận …", …}, at=version.at)

A template is a Typst document that begins with

    #import "house.typ": *
    #let data = json("data.json")
    #show: paper.with(data)

and has no words of its own: all that is read comes translated in `data`. What a person wrote travels as JSON and is
never a part of the source, so it is printed as it stands, whatever marks are in it. `house.typ` has the frame and the
parts that papers share (title, details, table, hash, code to scan); its first lines say what `data` must hold.

Every paper is tagged for screen readers (PDF/UA-1), fit for the archive (PDF/A-2a), with its fonts inside; the same
template, data, files and instant give the same bytes. A character that no font at hand shows is printed as its number
(`[U+1F600]`). Printing takes a process of its own (`press.py`) and some 0.2 s; the worker's memory does not grow.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import structlog
from flask_babel import gettext as _

from core.kernel.errors import DomainError

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "pdf"
STANDARDS = ("ua-1", "a-2a")
PDF = "application/pdf"
SLOWEST = 20.0
AT_ONCE = 2

log = structlog.get_logger(__name__)
_presses = BoundedSemaphore(AT_ONCE)


class PdfNotMade(DomainError):
    """The paper could not be printed now; nothing else is lost, and asking again may help."""

    status = 503
    kind = "pdf-not-made"
    retry_after = 30


def render_pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    at: datetime,
    files: Mapping[str, bytes] | None = None,
    seconds: float = SLOWEST,
) -> bytes:
    """The paper `template` filled with `data`, plain JSON; `at` stands in it as the instant it was made.

    `files` are pictures (SVG, PNG, JPEG, WebP), name → content: a template shows one by `image("files/<name>")` with
    words for those who cannot see it. Raises PdfNotMade after `seconds`, or when the press refuses; the log says why.
    """
    pictures = {name: content for name, content in (files or {}).items() if not name.endswith(".svg")}
    with _laid_out(pictures) as folder:
        job = _job(template, data, files or {}, at, folder)
        return _printed(template, job, seconds)


def _job(
    template: str, data: Mapping[str, Any], files: Mapping[str, bytes], at: datetime, folder: str | None
) -> dict[str, Any]:
    drawings = {f"files/{name}": files[name].decode("utf-8") for name in files if name.endswith(".svg")}
    return {
        "parts": {
            "main.typ": (TEMPLATES / f"{template}.typ").read_text("utf-8"),
            "house.typ": (TEMPLATES / "house.typ").read_text("utf-8"),
            **drawings,
        },
        "data": dict(data),
        "folder": folder,
        "fonts": str(_fonts()),
        "timestamp": int(at.timestamp()),
        "standards": list(STANDARDS),
    }


@contextmanager
def _laid_out(pictures: Mapping[str, bytes]) -> Iterator[str | None]:
    """A folder with the pictures of points, None where there are none; gone after, whatever becomes of the press."""
    if not pictures:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="bangvang-press-") as folder:
        (Path(folder) / "files").mkdir()
        for name, content in pictures.items():
            (Path(folder) / "files" / name).write_bytes(content)
        yield folder


def _printed(template: str, job: Mapping[str, Any], seconds: float) -> bytes:
    command = [sys.executable, "-I", str(Path(__file__).with_name("press.py"))]
    if not _presses.acquire(timeout=seconds):
        raise _not_made(template, "all presses are busy")
    try:
        done = subprocess.run(  # noqa: S603 - our own file; what people wrote goes in as data
            command, input=json.dumps(job).encode(), capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise _not_made(template, f"took longer than {seconds} s") from None
    finally:
        _presses.release()
    if done.returncode != 0:
        raise _not_made(template, done.stderr.decode("utf-8", "replace")[-2000:])
    return done.stdout


def _fonts() -> Path:
    """The folder of Be Vietnam Pro; found without importing the package."""
    found = find_spec("fontpkg_be_vietnam_pro")
    if found is None or not found.submodule_search_locations:
        raise LookupError("the package fontpkg-be-vietnam-pro is not installed")
    return Path(found.submodule_search_locations[0]) / "files"


def _not_made(template: str, reason: str) -> PdfNotMade:
    log.error("pdf_not_made", template=template, reason=reason)
    return PdfNotMade(
        _("Chưa tạo được tệp PDF lúc này. Bạn hãy thử lại sau ít phút; nội dung đã lưu vẫn còn nguyên.")
    )
