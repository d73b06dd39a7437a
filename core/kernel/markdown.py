"""From Markdown, as committees, tenant folders and plugins write it, to clean HTML."""

from __future__ import annotations

from collections.abc import Mapping

import nh3
from markdown_it import MarkdownIt

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "s", "a", "blockquote", "code", "pre",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_CLASSES = {"table": {"table"}, "th": {"number"}, "td": {"number"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def to_html(source: str) -> str:
    """`source` as HTML that may stand in a page as it is: no script, no style, no foreign scheme.

    A page has one H1 and it is the page's own, so headings begin at H2.
    """
    tokens = _reader.parse(source)
    for token in tokens:
        if token.tag in ("h1", "h5", "h6"):
            token.tag = "h2" if token.tag == "h1" else "h4"
        elif token.type == "table_open":
            token.attrs = {"class": "table"}
        elif token.type in ("th_open", "td_open"):
            token.attrs = {"class": "number"} if token.attrGet("style") == "text-align:right" else {}
    made = _reader.renderer.render(tokens, _reader.options, {})
    return nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    ).strip()


def html_of(words: Mapping[str, str]) -> dict[str, str]:
    """The HTML of each language of `words`; a language without words is left out."""
    return {language: to_html(text) for language, text in words.items() if text.strip()}


def summary(source: str, limit: int = 220) -> str:
    """The first words of the first paragraph as plain text, cut at a blank: for lists and descriptions."""
    plain = nh3.clean(to_html(source.strip().split("\n\n")[0]), tags=set()).strip()
    plain = plain.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("\n", " ")
    if len(plain) <= limit:
        return plain
    return plain[:limit].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
