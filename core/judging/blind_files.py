"""Files of dossiers for blind rounds: read for what they tell, and drawn anew; each in a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from core.judging.blind_scan import Finding, Subject, findings_in
from core.kernel.db import session
from core.kernel.files import digest_of, file_key, file_store

READER = Path(__file__).with_name("blind_reader.py")
LONGEST = 180.0
PAGES_MAX = 300  # as many as `blind_reader` draws
DRAWN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
"""Kinds of which a copy is drawn; of others the committee sends a PDF of its own, or leaves them out."""
OFFICE = ("application/vnd.openxmlformats-officedocument.",)
_CARRIED = re.compile(
    r"^(word/(document|footnotes|endnotes)|xl/(sharedStrings|workbook|worksheets/[^/]+|drawings/[^/]+))\.xml$"
)

log = structlog.get_logger(__name__)


class FileUnread(Exception):
    """A file that could not be read or drawn: broken, too large or too slow."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file tells: findings, and the pages (from 1) on which no letters were found, which people must look at."""

    findings: tuple[Finding, ...]
    blank: tuple[int, ...]
    pages: int | None = None


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


def look_through(
    file: str, sha256: str, name: str, subject: Subject, *, is_text_copy: bool = False
) -> Looked:
    """What the stored content tells of the subject, its name and properties too. Raises FileUnread.

    Of a text copy the pages with pictures are among those that people must look at.
    """
    start = place_of_file(file, sha256)
    with tempfile.TemporaryDirectory(prefix="bangvang-blind-") as folder:
        source, target = fetched(folder, sha256), Path(folder) / "target"
        _run("read", source, target, *(["pictures"] if is_text_copy else []))
        read = json.loads(target.read_text(encoding="utf-8"))
        on_pages = [
            one
            for number, text in enumerate(read["pages"], start=1)
            for one in findings_in(text, f"{start}/trang/{number}", subject)
        ]
        seen = list(_seen(Path(folder), source, on_pages))
    if is_text_copy and read["count"] > PAGES_MAX:
        raise FileUnread("text")
    looked_at = sorted({*read["blank"], *(read["pictures"] if is_text_copy else ())})
    return Looked((*seen, *_beside(read, start, name, subject)), tuple(looked_at), read.get("count"))


def look_beside(file: str, sha256: str, name: str, subject: Subject) -> tuple[Finding, ...]:
    """What an office file tells that no text copy of it has: in its name, its properties, and the parts that are not
    carried over (headers, footers, comments). Raises FileUnread."""
    with tempfile.TemporaryDirectory(prefix="bangvang-blind-") as folder:
        source, target = fetched(folder, sha256), Path(folder) / "target"
        _run("read", source, target)
        read = json.loads(target.read_text(encoding="utf-8"))
    read["parts"] = {part: text for part, text in read["parts"].items() if not _CARRIED.search(part)}
    return tuple(_beside(read, place_of_file(file, sha256), name, subject))


def draw_copy(sha256: str, boxes: Sequence[Sequence[int]]) -> Drawn:
    """Draw the stored content anew with `boxes` covered and store that. Raises FileUnread."""
    with tempfile.TemporaryDirectory(prefix="bangvang-blind-") as folder:
        source, target, more = fetched(folder, sha256), Path(folder) / "target", Path(folder) / "boxes"
        more.write_text(json.dumps([list(one) for one in boxes]))
        made = json.loads(_run("copy", source, target, str(more)))
        with target.open("rb") as copy:
            digest, size = digest_of(copy)
            file_store().put(file_key(session().tenant_id, digest), copy)
    return Drawn(digest, made["media_type"], size, made["pages"])


def page_picture(sha256: str, number: int, side: int) -> bytes:
    """One page of the stored content as a picture (WebP). Raises FileUnread, for a page that is not there too."""
    with tempfile.TemporaryDirectory(prefix="bangvang-blind-") as folder:
        source, target = fetched(folder, sha256), Path(folder) / "target"
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


def _beside(read: Mapping[str, Any], start: str, name: str, subject: Subject) -> Iterator[Finding]:
    """What stands in the name, in parts that have no pages, and in the properties of a file."""
    beside = [(f"{start}/ten/", name)]
    beside += [(f"{start}/phan/{part.replace('/', ' ')}", text) for part, text in read["parts"].items()]
    beside += [
        (f"{start}/thuoc-tinh/{key.replace('/', ' ')}", text) for key, text in read["properties"].items()
    ]
    for place, text in beside:
        yield from findings_in(text, place, subject)


def fetched(folder: str, sha256: str) -> Path:
    """The stored content as a file in `folder`. Raises FileUnread when it is gone."""
    source = Path(folder) / "source"
    try:
        with source.open("wb") as copy:
            for chunk in file_store().read(file_key(session().tenant_id, sha256)):
                copy.write(chunk)
    except FileNotFoundError as lost:
        raise FileUnread(sha256) from lost
    return source


def _run(deed: str, source: Path, target: Path, *more: str) -> str:
    return run_reader(READER, deed, str(source), str(target), *more, made=target)


def run_reader(script: Path, *arguments: str, made: Path) -> str:
    """Run a reader of our own and give what it prints. Raises FileUnread unless the file `made` is there after."""
    command = [sys.executable, "-I", str(script), *arguments]
    deed = arguments[0] if script == READER else script.parent.name
    try:
        done = subprocess.run(  # noqa: S603 - our own script on files that we named
            command, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired as slow:
        log.warning("blind_file_unread", deed=deed, error="too slow")
        raise FileUnread(deed) from slow
    if done.returncode or not made.exists():
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        log.warning("blind_file_unread", deed=deed, code=done.returncode, error=said[-1:] or "")
        raise FileUnread(deed)
    return done.stdout.decode("utf-8")
