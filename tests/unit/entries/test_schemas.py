"""The schema of a dossier: what passes, what is said of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest
from marshmallow import ValidationError

from core.contests.values import EditionView
from core.entries.schemas import Loaded, fact_field, load_dossier, load_part
from core.plugin_api import Choice, EntryField, FieldKind, FormField, FormSection, Text


@dataclass(frozen=True)
class Rules:
    """A form with one question of each kind."""

    def dossier_form(self) -> tuple[FormSection, ...]:
        """One section."""
        questions = [
            FormField(str(kind), Text(kind), kind, choices=(Choice("mot", Text("Một")),))
            for kind in FieldKind
        ]
        return (FormSection("tat_ca", Text("Tất cả"), tuple(questions)),)

    def form_field(self, key: str) -> FormField | None:
        """The question with this key."""
        return next((one for one in self.dossier_form()[0].fields if one.key == key), None)

    def entry_fields(self) -> tuple[EntryField, ...]:
        """One field."""
        return (EntryField("co_khi", Text("Cơ khí")),)


def edition() -> EditionView:
    """An edition as far as the schema looks at it."""
    return cast(EditionView, SimpleNamespace(rules=Rules()))


def facts(key: str, value: Any) -> tuple[Any, list[str]]:
    """What one answer loads to, and what is said of it."""
    loaded = load_dossier(edition(), {"facts": {key: value}})
    return loaded.data.get("facts", {}).get(key), loaded.errors.get(f"facts.{key}", [])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ma\u0301y sa\u0302\u0301y che\u0300", "Máy sấy chè"),
        ("Máy sấy 🍵 chè", "Máy sấy 🍵 chè"),
        ("Máy\u202e sấy\u2066 chè\u200f", "Máy sấy chè"),
        ("Máy\x00 sấy\x1b chè", "Máy sấy chè"),
        ("  Máy\r\nsấy\tchè ", "Máy sấy chè"),
    ],
)
def test_titles_are_cleaned_and_composed(typed: str, kept: str) -> None:
    assert load_dossier(edition(), {"title": typed}) == Loaded({"title": kept}, {})


@pytest.mark.parametrize(
    ("key", "value", "loaded"),
    [
        ("text", " một  dòng ", "một dòng"),
        ("long_text", "hai\r\ndòng", "hai\ndòng"),
        ("choice", "mot", "mot"),
        ("choice", "", None),
        ("number", "12.50", "12.50"),
        ("number", 7, "7"),
        ("number", "-0.5", "-0.5"),
        ("money", 25_000_000, 25_000_000),
        ("money", "25000000", 25_000_000),
        ("money", 10**15, 10**15),
        ("date", "2024-02-29", "2024-02-29"),
        ("month", "2025-04", "2025-04"),
        ("check", True, True),
        ("check", "0", False),
    ],
)
def test_right_answers_load_to_plain_values(key: str, value: Any, loaded: Any) -> None:
    assert facts(key, value) == (loaded, [])


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("text", "a" * 501, "Nội dung dài 501 ký tự, tối đa 500; cần bớt 1."),
        ("text", 5, "Mục này phải là chữ."),
        ("choice", "hai", "Lựa chọn không có trong danh sách."),
        ("choice", ["mot"], "Lựa chọn không có trong danh sách."),
        ("number", 1.5, "Bạn hãy nhập một số, ví dụ 12,5."),
        ("number", "1e9", "Bạn hãy nhập một số, ví dụ 12,5."),
        ("number", "NaN", "Bạn hãy nhập một số, ví dụ 12,5."),
        ("number", True, "Bạn hãy nhập một số, ví dụ 12,5."),
        ("money", "25 triệu", "Bạn hãy nhập số tiền bằng đồng, chỉ gồm chữ số, ví dụ 25.000.000."),
        ("money", -1, "Số tiền phải từ 0 đến 1.000.000.000.000.000 đồng."),
        ("money", 10**15 + 1, "Số tiền phải từ 0 đến 1.000.000.000.000.000 đồng."),
        ("date", "2025-02-29", "Bạn hãy nhập ngày có thật, ví dụ 20/11/2025."),
        ("date", 20251120, "Bạn hãy nhập ngày có thật, ví dụ 20/11/2025."),
        ("month", "2025-13", "Bạn hãy nhập tháng và năm, ví dụ 04/2025."),
        ("check", "có thể", "Mục này chỉ nhận có hoặc không."),
        ("files", ["a.pdf"], "Mục này không có trong hồ sơ."),
    ],
)
def test_wrong_answers_are_told_at_their_place(key: str, value: Any, sentence: str) -> None:
    assert facts(key, value) == (None, [sentence])


def test_all_errors_come_at_once_and_the_rest_is_kept() -> None:
    data = {
        "title": 5,
        "field": "khac",
        "unit": "Xã Đại Từ",
        "chu": 1,
        "authors": [{"name": "A", "birth_year": "19x"}, {"name": "B", "role": "boss"}],
        "facts": {"money": "1000", "la": 1},
    }

    loaded = load_dossier(edition(), data)

    assert loaded.errors == {
        "title": ["Mục này phải là chữ."],
        "field": ["Lựa chọn không có trong danh sách."],
        "chu": ["Mục này không có trong hồ sơ."],
        "authors.0.birth_year": ["Năm sinh gồm bốn chữ số, ví dụ 1985."],
        "authors.1.role": ["Vai trò không có trong danh sách."],
        "facts.la": ["Mục này không có trong hồ sơ."],
    }
    assert (loaded.data["unit"], loaded.data["facts"]) == ("Xã Đại Từ", {"money": 1000})


@pytest.mark.parametrize(
    ("words", "said"),
    [(3, []), (4, ["Nội dung dài 4 từ, tối đa 3; cần bớt 1 từ."])],
)
def test_words_are_limited_where_the_question_says_so(words: int, said: list[str]) -> None:
    field = fact_field(FormField("x", Text("X"), FieldKind.LONG_TEXT, max_words=3))
    try:
        field.deserialize("- chữ " * words)
        told: list[str] = []
    except ValidationError as error:
        told = list(error.messages)

    assert told == said


def test_a_part_loads_as_it_does_in_the_whole_form() -> None:
    sent = {"title": " Máy  sấy ", "field": "khac", "unit": "A", "facts.money": "x", "facts.text": "y"}
    for path, value in sent.items():
        key = path.removeprefix("facts.")
        data = {path: value} if key == path else {"facts": {key: value}}
        whole = load_dossier(edition(), data)
        part = load_part(edition(), path, data)

        assert (part.errors, part.data if not part.errors else {}) == (
            whole.errors,
            whole.data if not whole.errors else {},
        )


@pytest.mark.parametrize("part", ["authors", "facts"])
@pytest.mark.parametrize("value", ["chữ", 5, [1]])
def test_parts_of_a_wrong_shape_are_refused_in_words(part: str, value: Any) -> None:
    (path, sentences), *others = load_dossier(edition(), {part: value}).errors.items()

    assert (path.split(".")[0], others) == (part, [])
    assert sentences[0].endswith("chưa đúng dạng.")
