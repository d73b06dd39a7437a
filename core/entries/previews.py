"""Previews: a small picture of each PDF's first page and of each photograph, drawn by a job and kept by content.

The same content is drawn once in a tenant. Who may read a file may see its preview; it has none of the file's metadata.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select, update

from core.entries.models import Attachment
from core.entries.states import Scan
from core.kernel.db import session
from core.kernel.files import digest_of, file_key, file_store
from core.kernel.jobs import enqueue, handler

SIDE = 480
LONGEST = 30.0
DRAWER = Path(__file__).with_name("first_page.py")
DRAWN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
JOB = "entries.preview"

log = structlog.get_logger(__name__)


def ask_for_preview(attachment: Attachment) -> None:
    """Have a preview drawn once this unit of work is stored; one of the same content is taken over.

    A file that a scanner has not called clean is not opened, by a drawer either.
    """
    if attachment.media_type not in DRAWN or attachment.scan != Scan.CLEAN or attachment.preview:
        return
    ask = select(Attachment.preview).where(
        Attachment.sha256 == attachment.sha256, Attachment.preview.is_not(None)
    )
    attachment.preview = session().scalars(ask.limit(1)).first()
    if attachment.preview is None:
        enqueue(JOB, {"sha256": attachment.sha256}, dedupe=attachment.sha256)


@handler(JOB)
def draw_preview(payload: Mapping[str, Any]) -> None:
    """Draw the content `sha256` and give its preview to every clean file of that content.

    What cannot be drawn (broken, too slow, too large) stays without one and is not tried again.
    """
    sha256 = str(payload["sha256"])
    key = file_key(session().tenant_id, sha256)
    wanted = Attachment.sha256 == sha256, Attachment.scan == Scan.CLEAN, Attachment.preview.is_(None)
    if session().scalars(select(Attachment.id).where(*wanted).limit(1)).first() is None:
        return
    session().rollback()  # drawing takes its time, and nobody shall wait for this transaction
    with tempfile.TemporaryDirectory(prefix="bangvang-preview-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "target.webp"
        with source.open("wb") as copy:
            for chunk in file_store().read(key):
                copy.write(chunk)
        if not _drawn(source, target, sha256):
            return
        with target.open("rb") as picture:
            digest, _size = digest_of(picture)
            file_store().put(file_key(session().tenant_id, digest), picture)
    change = update(Attachment).where(*wanted).values(preview=digest)
    session().execute(change.execution_options(synchronize_session=False))


def _drawn(source: Path, target: Path, sha256: str) -> bool:
    command = [sys.executable, "-I", str(DRAWER), str(source), str(target), str(SIDE)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script on files that we named
            command, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        log.warning("preview_not_drawn", sha256=sha256, error="too slow")
        return False
    if done.returncode or not target.exists():
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        log.warning("preview_not_drawn", sha256=sha256, code=done.returncode, error=said[-1:] or "")
        return False
    return True
