"""The contest's papers from its plugins, filled in: with the edition's words, and those of one dossier with it.

What fills a paper is words and never markup: it is escaped before the paper's Markdown is read, so that nobody's
answer can add a heading, a link or a line to a paper that the committee reads as its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from markupsafe import Markup

from core.contests.values import EditionView
from core.kernel import formats
from core.kernel.errors import NotFound
from core.kernel.markdown import to_html
from core.plugin_api import Clause, Document, Text

Value = Text | str

BLANK = "………………………………"
"""What stands where nothing is known: a line to write on."""

_NAME = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}")
_ALONE = re.compile(rf"([ \t]*){_NAME.pattern}[ \t]*")
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")  # CommonMark 2.4: each ASCII punctuation mark may be escaped


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in the reader's language, ready to print."""

    key: str
    title: str
    body: Markup
    clause: Clause | None


def fill(document: Document, values: Mapping[str, Value]) -> Text:
    """The Markdown of `document` with each `{name}` replaced by its value in the same language, escaped.

    A name without a value, or with an empty one, leaves a line to write on. A value keeps its lines where its name
    stands alone on a line; elsewhere it becomes one line.
    """
    english = _filled(document.body.en, {name: _in(value, "en") for name, value in values.items()})
    return Text(
        _filled(document.body.vi, {name: _in(value, "vi") for name, value in values.items()}), english
    )


def escaped(value: str) -> str:
    """`value` on one line as Markdown that says just that."""
    return _MARKS.sub(r"\\\1", " ".join(value.split()))


def names_in(document: Document) -> frozenset[str]:
    """The names that `document` has in braces, in either language: of DOCUMENT_FIELDS, or `answer.KEY`."""
    return frozenset(_NAME.findall(document.body.vi)) | frozenset(_NAME.findall(document.body.en))


def documents_of(edition: EditionView, *, per_entry: bool) -> tuple[Document, ...]:
    """The edition's papers of one kind, in the order of its plugins."""
    return tuple(one for one in edition.rules.documents() if one.per_entry is per_entry)


def access_document(edition: EditionView, key: str, *, per_entry: bool) -> Document:
    """The paper `key` of its kind; raises NotFound."""
    for one in documents_of(edition, per_entry=per_entry):
        if one.key == key:
            return one
    raise NotFound(_("Không tìm thấy biểu mẫu này."))


def paper_of(
    document: Document, edition: EditionView, values: Mapping[str, Value], now: datetime, language: str
) -> Paper:
    """`document` filled with the fields of the edition, the day of `now` and `values`, in `language`."""
    body = to_html(filled(document, edition, values, now, language))
    return Paper(
        document.key,
        document.title.in_(language),
        Markup(body),  # noqa: S704 - cleaned by nh3
        edition.rules.clause(document.clause),
    )


def filled(
    document: Document, edition: EditionView, values: Mapping[str, Value], now: datetime, language: str
) -> str:
    """The Markdown of `document` filled like `paper_of`: what its PDF and its Word document are made of."""
    known: dict[str, Value] = {
        "edition": edition.name,
        "date": Text(formats.date(now, "vi"), formats.date(now, "en")),
        **values,
    }
    return fill(document, known).in_(language)


def _filled(body: str, values: Mapping[str, str]) -> str:
    return "\n".join(_filled_line(line, values) for line in body.split("\n"))


def _filled_line(line: str, values: Mapping[str, str]) -> str:
    alone = _ALONE.fullmatch(line)
    if alone is None:
        return _NAME.sub(lambda found: escaped(values.get(found[1], "")) or BLANK, line)
    # A blank line parts paragraphs, any other end of a line stays one.
    lines = [escaped(one) for one in values.get(alone[2], "").strip().splitlines()] or [BLANK]
    ends = ["\\" if one and following else "" for one, following in zip(lines, [*lines[1:], ""], strict=True)]
    return "\n".join(f"{alone[1]}{one}{end}" for one, end in zip(lines, ends, strict=True))


def _in(value: Value, language: str) -> str:
    return value.in_(language) if isinstance(value, Text) else value
