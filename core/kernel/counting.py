"""How much a text is: characters, words, pages. The browser counts the same (`core/static/js/counting.js`).

Counted is what would be stored (`text.clean`): in NFC, so that "ế" is one character however it was typed, and without
control and direction marks. A word is what stands between blanks and has a letter or a digit; in Vietnamese that is
one syllable, as word processors count it. Pages are an estimate: about 400 such words fill a page of A4 at 14 points.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.kernel.text import clean

WORDS_A_PAGE = 400


@dataclass(frozen=True, slots=True)
class Size:
    """Characters, words, and pages of A4 as a rough whole number (0 for an empty text)."""

    chars: int
    words: int
    pages: int


def size_of(text: str) -> Size:
    """The size of `text` once it is cleaned."""
    kept = clean(text)
    words = count_words(kept)
    return Size(len(kept), words, -(-words // WORDS_A_PAGE))


def count_words(text: str) -> int:
    """How many words `text` has; a dash or a bullet that stands alone is none."""
    return sum(1 for part in text.split() if any(one.isalpha() or one.isnumeric() for one in part))
