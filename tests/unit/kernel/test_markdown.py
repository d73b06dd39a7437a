"""Markdown becomes HTML that may stand in a page as it is."""

from __future__ import annotations

import pytest

from core.kernel.markdown import html_of, summary, to_html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**đậm** và *nghiêng*", "<p><strong>đậm</strong> và <em>nghiêng</em></p>"),
        ("# Đầu\n\nchữ", "<h2>Đầu</h2>\n<p>chữ</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[bấm](javascript:alert(1))", "<p>[bấm](javascript:alert(1))</p>"),
        ("![ảnh](https://x.vn/a.png)", "<p></p>"),
        ('[a](https://x.vn "b")', '<p><a href="https://x.vn" title="b" rel="noopener noreferrer">a</a></p>'),
    ],
)
def test_markdown_becomes_clean_html(source: str, expected: str) -> None:
    assert to_html(source) == expected


def test_numbers_of_a_table_stand_to_the_right_by_class_and_not_by_style() -> None:
    made = to_html("| a | b |\n| --- | ---: |\n| c | 1 |")

    assert '<table class="table">' in made
    assert '<td class="number">1</td>' in made
    assert "style" not in made


def test_a_language_without_words_has_no_html() -> None:
    assert html_of({"vi": "Xin chào", "en": " "}) == {"vi": "<p>Xin chào</p>"}


def test_a_summary_is_the_first_paragraph_in_plain_text_cut_at_a_blank() -> None:
    assert summary("**Một** hai & ba.\n\nĐoạn sau.") == "Một hai & ba."
    assert summary("một hai ba bốn", limit=10) == "một hai…"
