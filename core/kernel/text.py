"""Vietnamese text: cleaning what was typed, folding for search, ordering for lists."""

from __future__ import annotations

import re
import unicodedata

_BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0x200E, 0x200F, 0xFEFF]
# Code points that are no characters and never will be (Unicode 15, section 23.7); XML, and so DOCX, refuses them.
_NO_CHARACTERS = [
    *range(0xFDD0, 0xFDF0),
    *(plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)),
]
_DROPPED = dict.fromkeys([*_BIDI, *_NO_CHARACTERS], None)
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: index for index, letter in enumerate(_LETTERS, start=1)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0302", "\u0306", "\u031b"}


def clean(value: str) -> str:
    """`value` in NFC, outer blanks trimmed; line breaks are kept as \\n.

    Control and direction marks are dropped, and what is no character. They are dropped first: one between a letter and
    its mark would keep the two from being composed.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n").translate(_DROPPED)
    kept = "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", kept).strip()


def clean_line(value: str) -> str:
    """`clean`, on one line with single blanks."""
    return re.sub(r"\s+", " ", clean(value))


def without_marks(value: str) -> str:
    """`value` without the marks of Vietnamese: a short message then holds 160 characters instead of 70."""
    decomposed = unicodedata.normalize("NFD", value.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def fold(value: str) -> str:
    """`value` without marks and case: "Đặng Đức Huỳnh" → "dang duc huynh"; for search on both databases."""
    return without_marks(value).casefold()


def slug(value: str) -> str:
    """`value` as a part of an address: "Xã Đại Từ" → "xa-dai-tu"."""
    return re.sub(r"[^a-z0-9]+", "-", fold(value)).strip("-")


def sort_key(value: str) -> str:
    """Digits that sort in Vietnamese dictionary order on any database: letters first (a ă â … d đ …), then tones.

    Two digits a letter, "00" after the last, then one digit a tone; at most 3 × length + 2 characters.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFC", value).lower():
        parts = unicodedata.normalize("NFD", char)
        base = unicodedata.normalize("NFC", parts[0] + "".join(c for c in parts[1:] if c in _SHAPES))
        letters.append(_letter_code(base))
        tones.append(str(next((_TONES[c] for c in parts if c in _TONES), 0)))
    return "".join(letters) + "00" + "".join(tones)


def _letter_code(base: str) -> str:
    if base.isspace():
        return "01"
    if base.isdigit() and base.isascii():
        return f"1{base}"
    rank = _RANK.get(base)
    return f"{40 + rank}" if rank else "39"


def given_name_key(full_name: str) -> str:
    """The sort key of a person's name as officials sort it: by given name, then family and middle names."""
    parts = full_name.split()
    return sort_key(" ".join([parts[-1], *parts[:-1]])) if parts else ""


def initials(full_name: str) -> str:
    """Two letters that stand for a person: "Nguyễn Thị Hoa" → "NH"."""
    parts = full_name.split()
    return (parts[0][0] + parts[-1][0]).upper() if len(parts) > 1 else full_name[:2].upper()
