"""Filling documents: names, blanks, languages, and values that try to be markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.extensions.documents import BLANK, escaped, fill
from core.kernel.markdown import to_html
from core.plugin_api import Document, Text


def filled(body: str, **values: str) -> str:
    """The Vietnamese Markdown of a document with `body`."""
    return fill(Document("mau", Text("Mẫu"), Text(body)), values).vi


def shown(body: str, **values: str) -> str:
    """The same as a reader gets it."""
    return to_html(filled(body, **values))


def test_names_are_replaced_in_the_same_language() -> None:
    document = Document("mau", Text("Mẫu"), Text("Lĩnh vực: {field}", "Field: {field}"))

    made = fill(document, {"field": Text("Y dược", "Medicine")})

    assert (made.vi, made.en) == ("Lĩnh vực: Y dược", "Field: Medicine")


def test_document_without_english_stays_without() -> None:
    assert fill(Document("mau", Text("Mẫu"), Text("{title}")), {"title": "Máy"}).en == ""


def test_answer_of_the_form_is_named_by_its_key() -> None:
    made = fill(Document("mau", Text("Mẫu"), Text("Tóm tắt: {answer.tom_tat}")), {"answer.tom_tat": "Ngắn"})

    assert made.vi == "Tóm tắt: Ngắn"


@pytest.mark.parametrize("values", [{}, {"unit": ""}, {"unit": "  \n "}])
def test_what_is_not_known_is_a_line_to_write_on(values: dict[str, str]) -> None:
    assert filled("Đơn vị: {unit}", **values) == f"Đơn vị: {BLANK}"
    assert filled("{unit}", **values) == BLANK


def test_value_is_never_read_as_a_name() -> None:
    assert shown("{title}", title="{code}", code="TN-1") == "<p>{code}</p>"


def test_lines_are_kept_where_the_name_stands_alone() -> None:
    assert (
        shown("Tác giả:\n\n{authors}", authors="Lê A;\nTrần B") == "<p>Tác giả:</p>\n<p>Lê A;<br>\nTrần B</p>"
    )


def test_blank_line_parts_paragraphs_where_the_name_stands_alone() -> None:
    assert shown("{title}", title="một\n\nhai") == "<p>một</p>\n<p>hai</p>"


def test_value_is_one_line_in_a_sentence_and_in_a_table() -> None:
    assert shown("Tên: {title}.", title="một\n\n# hai") == "<p>Tên: một # hai.</p>"
    table = shown("| a | b |\n|---|---|\n| {title} | x |", title="một | hai\nba")
    assert "<td>một | hai ba</td>" in table


@pytest.mark.parametrize(
    "value",
    [
        "# Quyết định",
        "<script>alert(1)</script>",
        "[bấm](https://example.com)",
        "![x](https://example.com/x.png)",
        "**đậm** _nghiêng_ `mã` ~~bỏ~~",
        "> trích",
        "- mục",
        "1. mục",
        "---",
        "tiêu đề\n===",
        "    mã lùi vào",
        "```\nmã\n```",
        "| a | b |\n|---|---|\n| c | d |",
        "<https://example.com>",
        "&copy; &#60;b&#62;",
        "cuối dòng\\",
        "| hết ô",
    ],
)
def test_answer_cannot_add_markup(value: str) -> None:
    for body in ("{title}", "Tên: {title}", "- {title}", "## {title}", "| a |\n|---|\n| {title} |"):
        tags = set(re.findall(r"</?([a-z0-9]+)", shown(body, title=value)))
        assert tags <= set(re.findall(r"</?([a-z0-9]+)", shown(body, title="chữ"))) | {"br"}, body


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_reader_gets_back_just_the_words(value: str) -> None:
    said = to_html(f"x{escaped(value)}x").removeprefix("<p>").removesuffix("</p>")
    words = " ".join(value.split())
    expected = f"x{words}x".replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert said.replace("&quot;", '"').replace("&nbsp;", "\xa0") == expected
