"""What changed between two versions: the pure comparison."""

from __future__ import annotations

import time
from typing import Any

import pytest

from core.entries.differences import (
    AuthorChange,
    Differences,
    FieldChange,
    FileChange,
    Kind,
    Span,
    differences,
    word_spans,
)

HOA = {"name": "Trần Thị Hoa", "role": "chief", "birth_year": 1985, "workplace": "HTX", "share": None}
NAM = {"name": "Lê Văn Nam", "role": "member", "birth_year": None, "workplace": "", "share": None}
PLAN = {"field": "tep", "name": "mo-ta.pdf", "sha256": "a" * 64, "size": 10, "media_type": "application/pdf"}


def snapshot(**parts: Any) -> dict[str, Any]:
    """A version with `parts` of its own."""
    return {
        "title": "Máy sấy chè",
        "field": "nong_lam",
        "unit": None,
        "authors": [HOA],
        "facts": {"tom_tat": "Giảm một nửa thời gian."},
        "files": [PLAN],
        "number": 1,
        "at": "2025-11-12T03:00:00+00:00",
    } | parts


def test_the_same_content_at_another_time_has_no_differences() -> None:
    found = differences(snapshot(), snapshot(number=2, at="2025-11-13T03:00:00+00:00"))

    assert found == Differences((), (), (), is_reordered=False)
    assert not found


def test_answers_that_changed_came_or_went_are_named_in_order() -> None:
    old = snapshot(facts={"tom_tat": "Cũ", "bo": "x"})
    new = snapshot(title="Máy sấy", facts={"tom_tat": "Mới", "them": 5})

    assert differences(old, new).fields == (
        FieldChange("title", "Máy sấy chè", "Máy sấy"),
        FieldChange("tom_tat", "Cũ", "Mới"),
        FieldChange("bo", "x", None),
        FieldChange("them", None, 5),
    )


def test_an_author_is_known_by_name_and_told_when_something_else_is_said() -> None:
    old, new = snapshot(authors=[HOA, NAM]), snapshot(authors=[HOA | {"share": "60"}])

    assert differences(old, new).authors == (
        AuthorChange(Kind.CHANGED, HOA, HOA | {"share": "60"}),
        AuthorChange(Kind.REMOVED, NAM, None),
    )


def test_authors_in_another_order_are_told() -> None:
    assert differences(snapshot(authors=[HOA, NAM]), snapshot(authors=[NAM, HOA])) == Differences(
        (), (), (), is_reordered=True
    )


@pytest.mark.parametrize(
    ("files", "change"),
    [
        ([PLAN | {"sha256": "b" * 64}], (Kind.CHANGED, PLAN, PLAN | {"sha256": "b" * 64})),
        ([PLAN | {"name": "khac.pdf"}], (Kind.RENAMED, PLAN, PLAN | {"name": "khac.pdf"})),
        ([], (Kind.REMOVED, PLAN, None)),
        (
            [PLAN, PLAN | {"name": "anh.jpg", "sha256": "c" * 64}],
            (Kind.ADDED, None, PLAN | {"name": "anh.jpg", "sha256": "c" * 64}),
        ),
    ],
)
def test_a_file_that_came_went_or_changed_is_told_as_such(files: list[Any], change: tuple[Any, ...]) -> None:
    kind, before, after = change

    assert differences(snapshot(), snapshot(files=files)).files == (FileChange(kind, "tep", before, after),)


def test_words_that_changed_are_marked_and_the_others_stay() -> None:
    assert word_spans("Giảm một nửa thời gian sấy.", "Giảm hai phần ba thời gian sấy.") == (
        Span(Kind.SAME, "Giảm "),
        Span(Kind.REMOVED, "một nửa "),
        Span(Kind.ADDED, "hai phần ba "),
        Span(Kind.SAME, "thời gian sấy."),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "mới"),
        ("cũ", ""),
        ("a b c", "c b a"),
        ("một\nhai", "một\n\nhai ba"),
        ("chữ " * 500, "chữ khác " * 400),
    ],
)
def test_the_spans_give_both_texts_back(old: str, new: str) -> None:
    spans = word_spans(old, new)

    assert "".join(one.text for one in spans if one.kind is not Kind.ADDED) == old
    assert "".join(one.text for one in spans if one.kind is not Kind.REMOVED) == new


def test_a_very_long_text_is_compared_by_lines_first_and_quickly() -> None:
    lines = [
        f"Dòng {number} của bản mô tả, với những chữ lặp đi lặp lại. " * 6 + "\n" for number in range(600)
    ]
    old = "".join(lines)
    new = "".join([*lines[:10], "Một dòng mới.\n", *lines[20:300], "Dòng 300 đã viết lại.\n", *lines[301:]])
    began = time.process_time()

    spans = word_spans(old, new)

    assert "".join(one.text for one in spans if one.kind is not Kind.ADDED) == old
    assert "".join(one.text for one in spans if one.kind is not Kind.REMOVED) == new
    assert time.process_time() - began < 2


def test_a_long_text_with_a_word_changed_in_every_line_marks_those_words() -> None:
    old = "".join(f"Đoạn {number} nói về cách sấy chè ở nơi này. \n" for number in range(400))

    spans = word_spans(old, old.replace("chè", "ngô"))

    assert [one.text for one in spans if one.kind is Kind.ADDED] == ["ngô "] * 400
    assert [one.text for one in spans if one.kind is Kind.REMOVED] == ["chè "] * 400


def test_a_long_line_of_one_word_over_and_over_is_shown_as_two_blocks() -> None:
    old, new = "a" + " chữ" * 5000 + " b", "c" + " chữ" * 4000 + " d"

    assert word_spans(old, new) == (Span(Kind.REMOVED, old), Span(Kind.ADDED, new))
