"""Passwords that are known from breaches: a local copy of the Pwned Passwords list, looked up by range.

`BREACH_LIST` names a folder with one file a prefix (`0A1B2.txt`, lines `SUFFIX:COUNT`, as the list's own downloader
writes them) or one file of whole SHA-1 digests in order (`DIGEST:COUNT` a line). Nothing leaves the machine, and
neither is read whole: of the folder one small file, of the big file some forty lines by bisection.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

PREFIX = 5


def is_breached(password: str, where: str) -> bool:
    """Whether the list at `where` holds `password`; never when there is no list ("")."""
    if not where:
        return False
    # SHA-1 is how the list is keyed; nothing of ours is kept under it.
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    place = Path(where)
    return _in_folder(place, digest) if place.is_dir() else _in_file(place, digest)


def _in_folder(folder: Path, digest: str) -> bool:
    prefix, suffix = digest[:PREFIX], digest[PREFIX:]
    path = next(
        (one for one in (folder / f"{prefix}.txt", folder / prefix, folder / prefix.lower()) if one.exists()),
        None,
    )
    if path is None:
        return False
    with path.open("rb") as lines:
        return any(_key(line) == suffix and _count(line) != 0 for line in lines)


def _in_file(path: Path, digest: str) -> bool:
    with path.open("rb") as source:
        low, high = 0, source.seek(0, 2)
        while low < high:  # the first line that begins at or after `low` is not below the digest
            middle = (low + high) // 2
            source.seek(middle)
            if middle:
                source.readline()
            line = source.readline()
            if line and _key(line) < digest:
                low = middle + 1
            else:
                high = middle
        source.seek(low)
        if low:
            source.readline()
        line = source.readline()
        return _key(line) == digest and _count(line) != 0


def _key(line: bytes) -> str:
    return line.partition(b":")[0].strip().decode("ascii", "replace").upper().lstrip("\ufeff")


def _count(line: bytes) -> int:
    """How often the password was seen; the list's padding lines say 0. A line without a count counts."""
    text = line.partition(b":")[2].strip()
    return int(text) if text.isdigit() else 1
