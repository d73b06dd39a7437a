"""Files of dossiers for blind rounds: read for what they tell, and drawn anew; each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from core.judging.blind_scan import Finding, Subject, findings_in
from core.kernel.db import session
from core.kernel.files import digest_of, file_key, file_store

READER = Path(__file__).with_name("blind_reader.py")
LONGEST = 180.0
DRAWN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
"""Kinds of which a copy is drawn; of others the committee sends a PDF of its own, or leaves them out."""
OFFICE = ("application/vnd.openxmlformats-officedocument.",)

log = structlog.get_logger(__name__)


class FileUnread(Exception):
    """A file that could not be read or drawn: broken, too large or too slow."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file tells: findings, and the pages (from 1) on which no letters were found, which people must look at."""

    findings: tuple[Finding, ...]
    blank: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A stored copy."""

    sha256: str
    media_type: str
    size: int
    pages: int | None


def may_be_read(media_type: str) -> bool:
    """Whether the texts of a file of this kind can be looked through."""
    return media_type in DRAWN or media_type.startswith(OFFICE)


def place_of_file(file: str, sha256: str) -> str:
    """How places in a file begin: a choice about one content does not hold for another that takes its place."""
    return f"{file}.{sha256[:8]}"


def look_through(file: str, sha256: str, name: str, subject: Subject) -> Looked:
    """What the stored content tells of the subject, its name and properties too. Raises FileUnread."""
    start = place_of_file(file, sha256)
    with tempfile.TemporaryDirectory(prefix="bangvang-blind-") as folder:
        source, target = _fetched(folder, sha256), Path(folder) / "target"
        _run("read", source, target)
        read = json.loads(target.read_text(encoding="utf-8"))
        on_pages = [
            one
            for number, text in enumerate(read["pages"], start=1)
            for one in findings_in(text, f"{start}/trang/{number}", subject)
        ]
        seen = list(_seen(Path(folder), source, on_pages))
    beside = [(f"{start}/ten/", name)]
    beside += [(f"{start}/phan/{part.replace('/', ' ')}", text) for part, text in read["parts"].items()]
    beside += [
        (f"{start}/thuoc-tinh/{key.replace('/', ' ')}", text) for key, text in read["properties"].items()
    ]
    found = [*seen, *(one for place, text in beside for one in findings_in(text, place, subject))]
    return Looked(tuple(found), tuple(read["blank"]))


def draw_copy(sha256: str, boxes: Sequence[Sequence[int]]) -> Drawn:
    """Draw the stored content anew with `boxes` covered and store that. Raises FileUnread."""
    with tempfile.TemporaryDirectory(prefix="bangvang-blind-") as folder:
        source, target, more = _fetched(folder, sha256), Path(folder) / "target", Path(folder) / "boxes"
        more.write_text(json.dumps([list(one) for one in boxes]))
        made = json.loads(_run("copy", source, target, str(more)))
        with target.open("rb") as copy:
            digest, size = digest_of(copy)
            file_store().put(file_key(session().tenant_id, digest), copy)
    return Drawn(digest, made["media_type"], size, made["pages"])


def page_picture(sha256: str, number: int, side: int) -> bytes:
    """One page of the stored content as a picture (WebP). Raises FileUnread, for a page that is not there too."""
    with tempfile.TemporaryDirectory(prefix="bangvang-blind-") as folder:
        source, target = _fetched(folder, sha256), Path(folder) / "target"
        _run("page", source, target, f"{number} {side}")
        return target.read_bytes()


def _seen(folder: Path, source: Path, found: list[Finding]) -> Iterator[Finding]:
    """The findings of pages with the boxes in which they are seen."""
    if not found:
        return
    more, target = folder / "spans", folder / "boxes"
    more.write_text(json.dumps([[one.page, one.start, one.end] for one in found]))
    _run("find", source, target, str(more))
    for one, boxes in zip(found, json.loads(target.read_text()), strict=True):
        rects = tuple((box[0], box[1], box[2], box[3]) for box in boxes)
        yield Finding(
            one.key, one.kind, one.place, one.start, one.end, one.found, one.before, one.after, rects
        )


def _fetched(folder: str, sha256: str) -> Path:
    source = Path(folder) / "source"
    try:
        with source.open("wb") as copy:
            for chunk in file_store().read(file_key(session().tenant_id, sha256)):
                copy.write(chunk)
    except FileNotFoundError as lost:
        raise FileUnread(sha256) from lost
    return source


def _run(deed: str, source: Path, target: Path, *more: str) -> str:
    command = [sys.executable, "-I", str(READER), deed, str(source), str(target), *more]
    try:
        done = subprocess.run(  # noqa: S603 - our own script on files that we named
            command, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired as slow:
        log.warning("blind_file_unread", deed=deed, error="too slow")
        raise FileUnread(deed) from slow
    if done.returncode or not target.exists():
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        log.warning("blind_file_unread", deed=deed, code=done.returncode, error=said[-1:] or "")
        raise FileUnread(deed)
    return done.stdout.decode("utf-8")
