"""What a file really is: its content against its name and against what the form field takes. Nothing is stored here.

A file passes when its ending is one the field accepts, its first bytes are those of that kind, and it can be opened
by whoever has to read it: no password, no picture of absurd size, no package that unfolds to gigabytes.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import filetype
from flask_babel import gettext as _
from PIL import Image, UnidentifiedImageError

from core.entries.errors import FileRefused
from core.entries.packages import (
    Wrong,
    look_into_office,
    look_into_old_office,
    look_into_zip,
    refuse_programs,
    wrong_ending,
)
from core.kernel.formats import file_size
from core.kernel.i18n import locale
from core.kernel.text import clean_line
from core.plugin_api import FormField

MAX_BYTES = 20 * 1024 * 1024
MAX_FILES = 10
# A JPEG is drawn small as it is read; the other kinds unfold whole, three bytes a pixel.
MAX_PIXELS = 100_000_000
MAX_PIXELS_UNFOLDED = 40_000_000
MAX_NAME = 120
HEAD = 8192

# ISO/IEC 23008-12: pictures and sequences of pictures in HEVC; "mif1" and "msf1" name the container alone.
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
_AVIF = frozenset({b"avif", b"avis"})
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})

_OOXML = "application/vnd.openxmlformats-officedocument."

Check = Callable[[IO[bytes]], int | None]


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A file that passed: its cleaned name, its media type by content, its size in bytes, the pages of a PDF."""

    name: str
    media_type: str
    size: int
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of file by its ending; `check` looks into the content, gives its pages if it has any, or raises Wrong."""

    media_type: str
    check: Check


def sniff(field: FormField, filename: str, stream: IO[bytes], size: int) -> Sniffed:
    """`stream` (rewound before and after) as a file for `field`; raises FileRefused with a sentence."""
    name, ending = named(field, filename, size)
    kind = KINDS[ending]
    stream.seek(0)
    try:
        head = stream.read(HEAD)
        if looks_heic(head):
            raise FileRefused(field.key, _heic(name))
        refuse_programs(head)
        stream.seek(0)
        pages = kind.check(stream)
    except Wrong as wrong:
        raise FileRefused(field.key, _("Tệp “%(name)s” %(wrong)s", name=name, wrong=wrong.told)) from wrong
    finally:
        stream.seek(0)
    if field.max_pages is not None and pages is not None and pages > field.max_pages:
        raise FileRefused(
            field.key,
            _(
                "Tệp “%(name)s” có %(pages)s trang, quá mức %(limit)s trang của mục này. Bạn hãy rút gọn rồi tải lên.",
                name=name,
                pages=pages,
                limit=field.max_pages,
            ),
        )
    return Sniffed(name, kind.media_type, size, pages)


def named(field: FormField, filename: str, size: int) -> tuple[str, str]:
    """The cleaned name of a file for `field` and its ending, told before its content is there.

    Raises FileRefused for a kind that the field does not take, an empty file, one byte too many.
    """
    name = clean_name(filename)
    ending = ending_of(name)
    accepted = tuple(one.lower() for one in field.accept) or tuple(KINDS)
    if ending not in accepted or ending not in KINDS:
        raise FileRefused(field.key, _not_taken(name, ending, accepted))
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
    return name, ending


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


def looks_heic(head: bytes) -> bool:
    """Whether content that begins with `head` is a picture as iPhones take them, whatever its name says."""
    if head[4:8] != b"ftyp":
        return False
    box = head[8 : min(int.from_bytes(head[:4], "big"), 256)]
    # The major brand, four bytes of version, the compatible brands.
    brands = {box[:4], *(box[at : at + 4] for at in range(8, len(box) - 3, 4))}
    return not _HEIC.isdisjoint(brands) and _AVIF.isdisjoint(brands)


def _not_taken(name: str, ending: str, accepted: tuple[str, ...]) -> str:
    if ending in (".heic", ".heif") and not _PICTURES.isdisjoint(accepted):
        return _heic(name)
    return str(
        _(
            "Tệp “%(name)s” không thuộc loại nhận ở mục này. Các loại nhận: %(kinds)s.",
            name=name,
            kinds=", ".join(accepted),
        )
    )


def _heic(name: str) -> str:
    return str(
        _(
            "Tệp “%(name)s” là ảnh chụp từ iPhone dạng HEIC, máy khác không mở được: bạn vào Cài đặt › Camera › Định "
            "dạng, chọn “Tương thích nhất” rồi chụp lại, hoặc lưu ảnh thành JPEG rồi chọn lại.",
            name=name,
        )
    )


def _by_magic(*media_types: str) -> Check:
    def check(stream: IO[bytes]) -> None:
        found = filetype.guess(stream.read(HEAD))
        if found is None or found.mime not in media_types:
            raise Wrong(wrong_ending())

    return check


def _pdf(stream: IO[bytes]) -> int:
    from pypdf import PdfReader  # 9 MB of a worker's memory, from the first PDF on
    from pypdf.errors import PyPdfError

    _by_magic("application/pdf")(stream)
    stream.seek(0)
    try:
        reader = PdfReader(stream)
        is_locked = reader.is_encrypted and not reader.decrypt("")
        pages = 0 if is_locked else len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        # A broken file may fail anywhere in the reader; for the sender it is one thing.
        raise Wrong(_("bị hỏng, không mở được. Bạn hãy xuất lại tệp PDF rồi tải lên.")) from error
    if is_locked:
        raise Wrong(_("đang đặt mật khẩu nên hội đồng không mở được. Bạn hãy bỏ mật khẩu rồi tải lên."))
    if not pages:
        raise Wrong(_("không có trang nào. Bạn hãy xuất lại tệp PDF."))
    return pages


def _picture(media_type: str, most: int) -> Check:
    def check(stream: IO[bytes]) -> None:
        found = filetype.guess(stream.read(HEAD))
        if found is None or found.mime != media_type:
            raise Wrong(wrong_ending())
        stream.seek(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                with Image.open(stream) as image:
                    pixels = image.width * image.height
                    image.verify()
        except Image.DecompressionBombError:
            pixels = most + 1
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise Wrong(_("bị hỏng, không mở được. Bạn hãy chụp hoặc lưu lại ảnh rồi tải lên.")) from error
        if pixels > most:
            raise Wrong(
                _(
                    "có kích thước ảnh quá lớn. Bạn hãy thu nhỏ ảnh xuống dưới %(most)s triệu điểm ảnh.",
                    most=most // 1_000_000,
                )
            )

    return check


def _ooxml(main: str) -> Check:
    def check(stream: IO[bytes]) -> None:
        look_into_office(stream, main)

    return check


def _ole(stream: IO[bytes]) -> None:
    look_into_old_office(stream)


def _zip(stream: IO[bytes]) -> None:
    look_into_zip(stream)


_JPEG = _Kind("image/jpeg", _picture("image/jpeg", MAX_PIXELS))
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
    ".png": _Kind("image/png", _picture("image/png", MAX_PIXELS_UNFOLDED)),
    ".webp": _Kind("image/webp", _picture("image/webp", MAX_PIXELS_UNFOLDED)),
    ".mp4": _Kind("video/mp4", _by_magic("video/mp4", "video/x-m4v")),
    ".mov": _Kind("video/quicktime", _by_magic("video/quicktime", "video/mp4")),
    ".mp3": _Kind("audio/mpeg", _by_magic("audio/mpeg")),
    ".zip": _Kind("application/zip", _zip),
}
