"""Vietnamese text."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from core.kernel.text import clean, clean_line, fold, given_name_key, initials, slug, sort_key


def test_clean_composes_and_drops_control_and_direction_marks() -> None:
    typed = "  " + unicodedata.normalize("NFD", "Đổi mới") + "\x00\u202esáng\u200f tạo\r\nhai dòng\u2066 "
    assert clean(typed) == "Đổi mớisáng tạo\nhai dòng"


def test_clean_keeps_emoji() -> None:
    assert clean("Chè Thái Nguyên 🍵") == "Chè Thái Nguyên 🍵"


def test_clean_line_is_one_line() -> None:
    assert clean_line("a\n b\t\tc") == "a b c"


def test_fold_finds_names_without_marks() -> None:
    assert fold("Đặng Đức Huỳnh ưỡn") == "dang duc huynh uon"


def test_slug_is_an_address() -> None:
    assert slug("Xã Đại Từ (mới)") == "xa-dai-tu-moi"


def shuffled(words: list[str]) -> list[str]:
    """The words in another order than the one expected."""
    return words[1::2] + words[::2]


def test_vietnamese_dictionary_order() -> None:
    names = ["An", "Ao", "Ăn", "Ân", "Dũng", "Đan", "Em", "Ê", "Ổi", "Ơn", "Yên"]
    assert sorted(shuffled(names), key=sort_key) == names


def test_tones_come_after_letters() -> None:
    words = ["ma", "mà", "mả", "mã", "má", "mạ", "mai"]
    assert sorted(shuffled(words), key=sort_key) == words


@given(st.text(max_size=200))
def test_a_sort_key_is_digits_of_bounded_length(value: str) -> None:
    key = sort_key(value)
    assert key.isascii()
    assert key.isdigit()
    assert len(key) <= 3 * len(unicodedata.normalize("NFC", value).lower()) + 2


def test_people_sort_by_given_name() -> None:
    people = ["Nguyễn Văn An", "Trần Thị Bình", "Đỗ Văn Bình", "Lê Đức"]
    assert sorted(people, key=given_name_key) == ["Nguyễn Văn An", "Đỗ Văn Bình", "Trần Thị Bình", "Lê Đức"]


def test_initials() -> None:
    assert (initials("Nguyễn Thị Hoa"), initials("Hoa")) == ("NH", "HO")
