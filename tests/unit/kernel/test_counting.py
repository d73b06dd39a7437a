"""How much a text is; the browser's copy of the count is held to the same cases (tests/browser/test_autosave.py)."""

from __future__ import annotations

import unicodedata

import pytest

from core.kernel.counting import Size, size_of
from tests.support.counting import CASES


@pytest.mark.parametrize(("text", "chars", "words", "pages"), CASES)
def test_texts_are_counted_as_they_would_be_stored(text: str, chars: int, words: int, pages: int) -> None:
    assert size_of(text) == Size(chars, words, pages)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_letter_is_one_character_however_it_was_typed(form: str) -> None:
    typed = unicodedata.normalize("NFC" if form == "NFC" else "NFD", "Tiếng Việt có nguyễn, thuở, được")

    assert size_of(typed) == Size(32, 6, 1)
