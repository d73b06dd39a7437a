"""Texts and how much they are: characters, words, pages. Python and the browser count them alike."""

from __future__ import annotations

import unicodedata

CASES: tuple[tuple[str, int, int, int], ...] = (
    ("", 0, 0, 0),
    ("  \n ", 0, 0, 0),
    ("Máy sấy chè", 11, 3, 1),
    (unicodedata.normalize("NFD", "Máy sấy chè"), 11, 3, 1),
    ("Máy\u202e sấy\u2066 chè\u200f", 11, 3, 1),
    ("Máy\x00 sấy\x1b chè\x85", 11, 3, 1),
    ("e\u200f\u0302\u0301 x\x00\u0301", 4, 2, 1),
    ("Máy\uffff sấy\ufdd0 chè\U0001fffe", 11, 3, 1),
    ("một\r\nhai\rba", 10, 3, 1),
    ("- gạch đầu dòng\n• chấm – ngang", 30, 5, 1),
    ("giảm 30% (từ 10 kg)", 19, 5, 1),
    ("chè 🍵 ngon", 10, 2, 1),
    ("👨‍👩‍👧", 5, 0, 0),
    ("một\u00a0hai\u2003ba\u3000bốn", 14, 4, 1),
    ("½ Ⅳ ²", 5, 3, 1),
    ("chữ " * 400, 1599, 400, 1),
    ("chữ " * 401, 1603, 401, 2),
    ("a" * 10_000, 10_000, 1, 1),
)
