"""The outer form of a bundle: a .zip that has the same bytes wherever and whenever it is made.

Files are stored, not compressed, because compressed bytes differ between versions of zlib; names stand in order, and
the time in it is fixed. So a single changed byte can be found, also one that no file's content shows.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

_TIME: Final = (1980, 1, 1, 0, 0, 0)
MOST_BYTES: Final = 256 * 1024 * 1024
MOST_FILES: Final = 100


class BundleError(ValueError):
    """A bundle that does not hold: the file in it (`name`, "" for the .zip itself) and one sentence."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{name}: {sentence}" if name else sentence)
        self.name = name
        self.sentence = sentence


def pack(files: Mapping[str, bytes]) -> bytes:
    """The .zip of `files`, byte for byte the same for the same files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _TIME)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name])
    return target.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The files of a bundle. Raises BundleError that names the damaged file, or says that it is no whole .zip."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError):
        raise BundleError("", "Tệp không phải là gói .zip còn nguyên vẹn.") from None
    with archive:
        infos = archive.infolist()
        if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
            raise BundleError("", "Gói .zip quá lớn nên không được mở.")
        files: dict[str, bytes] = {}
        for info in infos:
            if info.filename in files:
                raise BundleError(info.filename, "có hai tệp cùng tên trong gói.")
            files[info.filename] = _read(archive, info)
    return files


def require_untouched(data: bytes, files: Mapping[str, bytes]) -> None:
    """Raise BundleError unless `data` is exactly the .zip of `files`: names the file at the first foreign byte."""
    expected = pack(files)
    if data == expected:
        return
    place = next(
        (at for at, (one, other) in enumerate(zip(data, expected, strict=False)) if one != other),
        min(len(data), len(expected)),
    )
    raise BundleError(_name_at(expected, place), "phần đầu mục hoặc mục lục trong gói .zip đã bị thay đổi.")


def _name_at(archive: bytes, place: int) -> str:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        before = [info for info in opened.infolist() if info.header_offset <= place]
        directory = opened.start_dir
    return before[-1].filename if before and place < directory else "mục lục .zip"


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as source:
            content = source.read(info.file_size + 1)
            source.read()
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError, NotImplementedError):
        raise BundleError(info.filename, "nội dung bị hỏng hoặc đã bị thay đổi.") from None
    if len(content) != info.file_size:
        raise BundleError(info.filename, "nội dung bị hỏng hoặc đã bị thay đổi.")
    return content
