"""What a file really is: its content against its name and against what the form field takes. Nothing is stored here.

A file passes when its ending is one the field accepts, its first bytes are those of that kind, and it can be opened
by whoever has to read it: no password, no picture of absurd size, no package that unfolds to gigabytes.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import filetype
from flask_babel import gettext as _
from PIL import Image, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from core.entries.errors import FileRefused
from core.kernel.formats import file_size
from core.kernel.i18n import locale
from core.kernel.text import clean_line
from core.plugin_api import FormField

MAX_BYTES = 20 * 1024 * 1024
MAX_FILES = 10
MAX_PIXELS = 100_000_000
MAX_UNFOLDED = 500 * 1024 * 1024
MAX_CONTENT_TYPES = 1024 * 1024
MAX_NAME = 120
HEAD = 8192

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OOXML = "application/vnd.openxmlformats-officedocument."

Check = Callable[[IO[bytes]], str | None]


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A file that passed: its cleaned name, its media type by content, its size in bytes."""

    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of file by its ending; `check` looks into the content and says what is wrong, or nothing."""

    media_type: str
    check: Check


def sniff(field: FormField, filename: str, stream: IO[bytes], size: int) -> Sniffed:
    """`stream` (rewound before and after) as a file for `field`; raises FileRefused with a sentence."""
    name = clean_name(filename)
    ending = ending_of(name)
    accepted = tuple(one.lower() for one in field.accept) or tuple(KINDS)
    if ending not in accepted or ending not in KINDS:
        kinds = ", ".join(accepted)
        raise FileRefused(
            field.key,
            _(
                "Tệp “%(name)s” không thuộc loại nhận ở mục này. Các loại nhận: %(kinds)s.",
                name=name,
                kinds=kinds,
            ),
        )
    if size == 0:
        raise FileRefused(
            field.key, _("Tệp “%(name)s” không có nội dung (0 byte). Bạn hãy chọn lại tệp.", name=name)
        )
    limit = field.max_bytes or MAX_BYTES
    if size > limit:
        raise FileRefused(
            field.key,
            _(
                "Tệp “%(name)s” nặng %(size)s, quá mức %(limit)s cho một tệp. Bạn hãy nén hoặc chia nhỏ tệp.",
                name=name,
                size=file_size(size, locale()),
                limit=file_size(limit, locale()),
            ),
        )
    kind = KINDS[ending]
    stream.seek(0)
    wrong = kind.check(stream)
    stream.seek(0)
    if wrong is not None:
        raise FileRefused(field.key, _("Tệp “%(name)s” %(wrong)s", name=name, wrong=wrong))
    return Sniffed(name, kind.media_type, size)


def clean_name(filename: str) -> str:
    """The last part of `filename`, whatever system its path is from, without marks that could mislead.

    Control and direction marks go, leading dots go, and a long name keeps its ending. Never empty.
    """
    last = re.split(r"[/\\]", filename)[-1]
    name = clean_line(unicodedata.normalize("NFC", last))
    name = re.sub(r'[<>:"|?*%;]', "_", name).lstrip(". ")
    if not name:
        return "tep"
    ending = ending_of(name)
    stem = name[: len(name) - len(ending)]
    return stem[: MAX_NAME - len(ending)] + name[len(stem) :]


def ending_of(name: str) -> str:
    """The ending of a file name in lower case with its dot (".pdf"), "" when it has none."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot and stem and len(ending) <= 10 else ""


def _wrong_ending() -> str:
    return str(
        _("có nội dung không đúng với phần đuôi của tên. Bạn hãy mở tệp, lưu lại đúng loại rồi tải lên.")
    )


def _by_magic(*media_types: str) -> Check:
    def check(stream: IO[bytes]) -> str | None:
        found = filetype.guess(stream.read(HEAD))
        if found is None or found.mime not in media_types:
            return _wrong_ending()
        return None

    return check


def _pdf(stream: IO[bytes]) -> str | None:
    wrong = _by_magic("application/pdf")(stream)
    if wrong is not None:
        return wrong
    stream.seek(0)
    try:
        reader = PdfReader(stream)
        if reader.is_encrypted and not reader.decrypt(""):
            return str(_("đang đặt mật khẩu nên hội đồng không mở được. Bạn hãy bỏ mật khẩu rồi tải lên."))
        if not len(reader.pages):
            return str(_("không có trang nào. Bạn hãy xuất lại tệp PDF."))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        # A broken file may fail anywhere in the reader; for the sender it is one thing.
        return str(_("bị hỏng, không mở được. Bạn hãy xuất lại tệp PDF rồi tải lên."))
    return None


def _picture(media_type: str) -> Check:
    def check(stream: IO[bytes]) -> str | None:
        wrong = _by_magic(media_type)(stream)
        if wrong is not None:
            return wrong
        stream.seek(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                with Image.open(stream) as image:
                    if image.width * image.height > MAX_PIXELS:
                        return str(
                            _("có kích thước ảnh quá lớn. Bạn hãy thu nhỏ ảnh xuống dưới 100 triệu điểm ảnh.")
                        )
                    image.verify()
        except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
            return str(_("bị hỏng, không mở được. Bạn hãy chụp hoặc lưu lại ảnh rồi tải lên."))
        return None

    return check


def _ooxml(main: str) -> Check:
    """A check of an Office package: the part types it declares must name `main` (ECMA-376, part 2, 10.1.2)."""

    def check(stream: IO[bytes]) -> str | None:
        if stream.read(8) == _OLE:
            return str(
                _("đang đặt mật khẩu hoặc là bản Office đời cũ. Bạn hãy bỏ mật khẩu, lưu lại rồi tải lên.")
            )
        stream.seek(0)
        try:
            with zipfile.ZipFile(stream) as package:
                if sum(one.file_size for one in package.infolist()) > MAX_UNFOLDED:
                    return str(_("bung ra quá lớn nên không được nhận."))
                with package.open("[Content_Types].xml") as declared:
                    types = declared.read(MAX_CONTENT_TYPES)
        except (
            zipfile.BadZipFile,
            KeyError,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
            EOFError,
        ):
            return str(
                _("có nội dung không đúng với phần đuôi của tên hoặc bị hỏng. Bạn hãy lưu lại rồi tải lên.")
            )
        if f"{main}.main+xml".encode() not in types:
            return _wrong_ending()
        return None

    return check


def _ole(stream: IO[bytes]) -> str | None:
    if stream.read(8) != _OLE:
        return _wrong_ending()
    return None


def _zip(stream: IO[bytes]) -> str | None:
    try:
        with zipfile.ZipFile(stream) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError):
        return str(_("không phải tệp nén ZIP hoặc bị hỏng. Bạn hãy nén lại rồi tải lên."))
    if sum(one.file_size for one in parts) > MAX_UNFOLDED:
        return str(_("bung ra quá lớn nên không được nhận."))
    if any(one.flag_bits & 1 for one in parts):
        return str(_("đang đặt mật khẩu. Bạn hãy bỏ mật khẩu rồi tải lên."))
    return None


_JPEG = _Kind("image/jpeg", _picture("image/jpeg"))
KINDS: dict[str, _Kind] = {
    ".pdf": _Kind("application/pdf", _pdf),
    ".docx": _Kind(f"{_OOXML}wordprocessingml.document", _ooxml("wordprocessingml.document")),
    ".xlsx": _Kind(f"{_OOXML}spreadsheetml.sheet", _ooxml("spreadsheetml.sheet")),
    ".pptx": _Kind(f"{_OOXML}presentationml.presentation", _ooxml("presentationml.presentation")),
    ".doc": _Kind("application/msword", _ole),
    ".xls": _Kind("application/vnd.ms-excel", _ole),
    ".ppt": _Kind("application/vnd.ms-powerpoint", _ole),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".png": _Kind("image/png", _picture("image/png")),
    ".webp": _Kind("image/webp", _picture("image/webp")),
    ".mp4": _Kind("video/mp4", _by_magic("video/mp4", "video/x-m4v")),
    ".mov": _Kind("video/quicktime", _by_magic("video/quicktime", "video/mp4")),
    ".mp3": _Kind("audio/mpeg", _by_magic("audio/mpeg")),
    ".zip": _Kind("application/zip", _zip),
}
