"""Looking into packages (ZIP, and the Office files that are ZIP inside) without unfolding them.

A bomb is told by what the directory of the package declares: how much it would become, how often a byte would be
repeated, how many parts there are, packages in packages. What is a program or carries one is refused in words.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import IO

from flask_babel import gettext as _

MAX_UNFOLDED = 500 * 1024 * 1024
MAX_PARTS = 5000
MAX_RATIO = 200
RATIO_FROM = 1024 * 1024
MAX_CONTENT_TYPES = 1024 * 1024

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# In two parts, or scanners would take this file for what it tells of.
EICAR = b"".join((rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-", b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"))

_BROKEN = (
    zipfile.BadZipFile,
    KeyError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    EOFError,
)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
)
_SCRIPTS = (b"<?php", b"<script", b"<!doctype html", b"<html", b"<?hta", b"@echo off")
_PROGRAM_ENDINGS = frozenset(
    f".{ending}"
    for ending in (
        *(
            "apk",
            "app",
            "bat",
            "chm",
            "cmd",
            "com",
            "cpl",
            "dll",
            "dmg",
            "exe",
            "hta",
            "inf",
            "jar",
            "js",
            "jse",
        ),
        *("lnk", "msc", "msi", "ps1", "reg", "scr", "sh", "sys", "vbe", "vbs", "wsf"),
        *("docm", "dotm", "pptm", "xlam", "xlsm", "xltm"),
    )
)
_PACKAGE_ENDINGS = frozenset(
    f".{ending}"
    for ending in (
        "zip",
        "rar",
        "7z",
        "gz",
        "bz2",
        "xz",
        "tar",
        "tgz",
        "iso",
        "img",
        "cab",
        "arj",
        "lzh",
        "zst",
    )
)
_PACKAGE_HEADS = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ")
_MACROS = "_VBA_PROJECT".encode("utf-16-le")


class Wrong(Exception):
    """What is wrong with a file, as the end of a sentence that begins with its name."""

    @property
    def told(self) -> str:
        """The words."""
        return str(self.args[0])


def refuse_programs(head: bytes) -> None:
    """Raise Wrong when a content that begins with `head` is a program, a script, or the test virus of EICAR."""
    if head.startswith(EICAR):
        raise Wrong(_("mang dấu hiệu của tệp độc hại (mẫu thử EICAR) nên không được nhận."))
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:32].lower()
    if head.startswith(_PROGRAMS) or start.startswith(_SCRIPTS):
        raise Wrong(
            _("là chương trình hoặc mã lệnh chứ không phải tài liệu, dù tên ghi khác, nên không được nhận.")
        )


def look_into_office(stream: IO[bytes], main: str) -> None:
    """Raise Wrong unless `stream` is an Office package whose main part is `main`, without macros, and no bomb.

    The part types it declares must name `main` (ECMA-376, part 2, 10.1.2).
    """
    if stream.read(8) == OLE:
        raise Wrong(
            _("đang đặt mật khẩu hoặc là bản Office đời cũ. Bạn hãy bỏ mật khẩu, lưu lại rồi tải lên.")
        )
    stream.seek(0)
    broken = _("có nội dung không đúng với phần đuôi của tên hoặc bị hỏng. Bạn hãy lưu lại rồi tải lên.")
    try:
        with zipfile.ZipFile(stream) as package:
            parts = package.infolist()
            _refuse_bombs(parts)
            with package.open("[Content_Types].xml") as declared:
                types = declared.read(MAX_CONTENT_TYPES)
    except _BROKEN as error:
        raise Wrong(broken) from error
    if any(one.filename.lower().endswith("vbaproject.bin") for one in parts):
        raise Wrong(_macros())
    if f"{main}.main+xml".encode() not in types:
        raise Wrong(wrong_ending())


def look_into_old_office(stream: IO[bytes]) -> None:
    """Raise Wrong unless `stream` is an Office file of the old kind (OLE) without macros."""
    if stream.read(8) != OLE:
        raise Wrong(wrong_ending())
    if any(_MACROS in piece for piece in _overlapping(stream, len(_MACROS))):
        raise Wrong(_macros())


def look_into_zip(stream: IO[bytes]) -> None:
    """Raise Wrong unless `stream` is a ZIP that anybody can open and that holds documents: no bomb, no program."""
    try:
        with zipfile.ZipFile(stream) as package:
            parts = package.infolist()
            _refuse_bombs(parts)
            if any(one.flag_bits & 1 for one in parts):
                raise Wrong(_("đang đặt mật khẩu. Bạn hãy bỏ mật khẩu rồi tải lên."))
            for part in parts:
                _look_at_part(package, part)
    except _BROKEN as error:
        raise Wrong(_("không phải tệp nén ZIP hoặc bị hỏng. Bạn hãy nén lại rồi tải lên.")) from error


def wrong_ending() -> str:
    """The words for a content that is not of the kind that the name says."""
    return str(
        _("có nội dung không đúng với phần đuôi của tên. Bạn hãy mở tệp, lưu lại đúng loại rồi tải lên.")
    )


def _refuse_bombs(parts: list[zipfile.ZipInfo]) -> None:
    unfolded = sum(one.file_size for one in parts)
    folded = sum(one.compress_size for one in parts)
    if unfolded > MAX_UNFOLDED or (unfolded > RATIO_FROM and unfolded > folded * MAX_RATIO):
        raise Wrong(_("bung ra quá lớn nên không được nhận."))
    if len(parts) > MAX_PARTS:
        raise Wrong(_("chứa quá nhiều tệp nhỏ bên trong nên không được nhận. Bạn hãy gộp lại rồi tải lên."))


def _look_at_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Raise Wrong for a part that is a program, a package of its own, or named so as to leave the folder."""
    name = part.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or name[1:3] == ":/":
        raise Wrong(_("chứa tên tệp trỏ ra ngoài thư mục nên không được nhận. Bạn hãy nén lại rồi tải lên."))
    if part.is_dir():
        return
    ending = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    inner = name.rpartition("/")[2]
    with package.open(part) as content:
        head = content.read(len(EICAR))
    if ending in _PROGRAM_ENDINGS:
        raise Wrong(
            _("chứa chương trình hoặc macro (%(name)s). Bạn hãy bỏ ra, nén lại rồi tải lên.", name=inner[:80])
        )
    refuse_programs(head)
    is_package = head.startswith(b"PK\x03\x04") and ending not in (
        ".docx",
        ".xlsx",
        ".pptx",
        ".odt",
        ".ods",
        ".odp",
    )
    if ending in _PACKAGE_ENDINGS or is_package or head.startswith(_PACKAGE_HEADS):
        raise Wrong(
            _(
                "chứa tệp nén khác bên trong (%(name)s). Bạn hãy bung ra, nén lại một lần rồi tải lên.",
                name=inner[:80],
            )
        )


def _macros() -> str:
    return str(
        _("có macro (mã lệnh) bên trong. Bạn hãy lưu thành bản không có macro, hoặc PDF, rồi tải lên.")
    )


def _overlapping(stream: IO[bytes], overlap: int) -> Iterator[bytes]:
    """The rest of `stream` in pieces, each beginning with the end of the one before."""
    end = b""
    while chunk := stream.read(256 * 1024):
        yield end + chunk
        end = chunk[-overlap:]
