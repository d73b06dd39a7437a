"""Pages of a file as pictures, for who reads it beside something else: drawn when they are asked for, kept by the
reader's browser alone.

Drawn in a process of its own like the previews, two at a time in each worker; who comes third waits a moment.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from threading import BoundedSemaphore

import structlog
from flask_babel import gettext as _

from core.entries.models import Attachment
from core.entries.previews import DRAWER, DRAWN
from core.kernel.db import session
from core.kernel.errors import DomainError, NotFound
from core.kernel.files import file_key, file_store

SIDE = 1800  # an A4 page can be read at this height, enlarged too
LONGEST = 20.0
_AT_ONCE = BoundedSemaphore(2)
_WAIT = 10.0

log = structlog.get_logger(__name__)


class DrawersBusy(DomainError):
    """Too many pages are being drawn; the reader may ask again at once."""

    status = 503
    kind = "drawers-busy"
    retry_after = 2


def has_pages(attachment: Attachment) -> bool:
    """Whether pages of the file can be drawn: it has a preview, which tells that it is clean and could be drawn."""
    return attachment.media_type in DRAWN and attachment.preview is not None


def page_picture(attachment: Attachment, number: int) -> bytes:
    """Page `number` (from 1) of a file that the reader may open, as WebP without metadata.

    Raises NotFound for a page that is not there or cannot be drawn, DrawersBusy. Ends the transaction: drawing takes
    its time, and nobody shall wait for it.
    """
    if not has_pages(attachment):
        raise NotFound(_("Không có trang này."))
    return drawn_page(attachment.sha256, attachment.pages, number)


def drawn_page(sha256: str, pages: int | None, number: int) -> bytes:
    """The same of a stored content of which the caller knows that the reader may open it and that it can be drawn."""
    if not 1 <= number <= (pages or 1):
        raise NotFound(_("Không có trang này."))
    key = file_key(session().tenant_id, sha256)
    session().rollback()
    if not _AT_ONCE.acquire(timeout=_WAIT):
        raise DrawersBusy(_("Nhiều người đang xem tệp cùng lúc. Bạn đợi vài giây rồi thử lại."))
    try:
        drawn = _drawn(key, number)
    finally:
        _AT_ONCE.release()
    if drawn is None:
        log.warning("page_not_drawn", sha256=sha256, number=number)
        raise NotFound(_("Không vẽ được trang này. Bạn hãy mở cả tệp."))
    return drawn


def _drawn(key: str, number: int) -> bytes | None:
    with tempfile.TemporaryDirectory(prefix="bangvang-page-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "target.webp"
        with source.open("wb") as copy:
            for chunk in file_store().read(key):
                copy.write(chunk)
        command = [sys.executable, "-I", str(DRAWER), str(source), str(target), str(SIDE), str(number)]
        try:
            done = subprocess.run(  # noqa: S603 - our own script on files that we named
                command, capture_output=True, timeout=LONGEST, check=False
            )
        except subprocess.TimeoutExpired:
            return None
        return target.read_bytes() if done.returncode == 0 and target.exists() else None
