"""Texts of letters: a first line `# subject`, then the body in Markdown, with places such as `{ten_ho_so}`.

Pure: texts and values in, words out. A paragraph that holds places, all of them empty, is left out. What fills a place
in are words: in the HTML form they are escaped, and no mark in them means anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape

import nh3
from markdown_it import MarkdownIt

from core.kernel.text import clean, clean_line
from core.letters.catalogue import LetterKind

SUBJECT_CHARS = 200
BODY_CHARS = 10_000
_PLACE = re.compile(r"\{([^{}\n]*)\}")
_OPEN, _SHUT = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}([0-9]+){_SHUT}")
_TAGS = {"p", "br", "hr", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "blockquote"}
_reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["code", "fence", "backticks", "image"]
)


@dataclass(frozen=True, slots=True)
class LetterWords:
    """The two parts of a text, places still open."""

    subject: str
    body: str

    @property
    def source(self) -> str:
        """Both as one text, as files and the database keep it."""
        return f"# {self.subject}\n\n{self.body}\n"


@dataclass(frozen=True, slots=True)
class Filled:
    """A letter ready to send: subject, plain text, and the same as a fragment of HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text: in which part ("subject" or "body"), and the sentence, in Vietnamese and English."""

    part: str
    vi: str
    en: str


def read_words(source: str) -> LetterWords:
    """The parts of a text; one without a `# subject` line has an empty subject."""
    head, _line, body = clean(source).partition("\n")
    if not head.startswith("# "):
        return LetterWords("", clean(source))
    return LetterWords(clean_line(head[2:]), body.strip())


def faults(kind: LetterKind, words: LetterWords) -> list[Fault]:
    """What keeps `words` from being the text of `kind`, in the order of the text."""
    found = [*_length_faults(words)]
    for part, text in (("subject", words.subject), ("body", words.body)):
        for number, line in enumerate(text.split("\n"), start=1):
            found += [
                _unknown(kind, part, number, name) for name in _PLACE.findall(line) if not kind.place(name)
            ]
            if re.search(r"[{}]", _PLACE.sub("", line)):
                found.append(
                    Fault(
                        part,
                        f"Dòng {number}: có dấu “{{” hoặc “}}” lẻ; chỗ điền viết liền như {{{kind.places[0].name}}}.",
                        f"Line {number}: a brace stands alone; a place reads {{{kind.places[0].name}}}.",
                    )
                )
    for place in kind.places:
        if place.needed and f"{{{place.name}}}" not in words.body:
            found.append(
                Fault(
                    "body",
                    f"Thiếu chỗ điền {{{place.name}}} ({place.says.vi}): thư này phải có.",
                    f"The place {{{place.name}}} ({place.says.in_('en')}) is missing; this letter needs it.",
                )
            )
    return found


def fill(words: LetterWords, values: Mapping[str, str]) -> Filled:
    """`words` with every place filled in from `values`; a place without a value is empty."""
    given = {name: clean(value) for name, value in values.items()}
    subject = clean_line(_filled(_tidied(words.subject, given), given))
    kept = [_tidied(one, given) for one in re.split(r"\n{2,}", words.body) if not _is_empty(one, given)]
    text = "\n\n".join(_filled(one, given) for one in kept)
    return Filled(subject, f"{text}\n", _html("\n\n".join(kept), given))


def _is_empty(paragraph: str, given: Mapping[str, str]) -> bool:
    names = _PLACE.findall(paragraph)
    return bool(names) and not any(given.get(name) for name in names)


def _filled(text: str, given: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: given.get(match[1], ""), text)


def _tidied(text: str, given: Mapping[str, str]) -> str:
    """Without the places that stay empty, and without the blanks and lines that they leave behind."""
    left = _PLACE.sub(lambda match: match[0] if given.get(match[1]) else "", text)
    lines = (
        re.sub(r"(?<=\S) {2,}(?=\S)", " ", re.sub(r" +([.,;:)]|$)", r"\1", line)) for line in left.split("\n")
    )
    return "\n".join(line for line in lines if line.strip())


def _html(body: str, given: Mapping[str, str]) -> str:
    """Markdown first, values after: they are put where tokens stood, escaped."""
    values: list[str] = []

    def hold(match: re.Match[str]) -> str:
        values.append(given.get(match[1], ""))
        return f"{_OPEN}{len(values) - 1}{_SHUT}"

    source = _PLACE.sub(hold, re.sub(f"[{_OPEN}{_SHUT}]", "", body))
    made = nh3.clean(
        _reader.render(source),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
    )
    return _TOKEN.sub(lambda match: _escaped(values[int(match[1])]), made).strip()


def _escaped(value: str) -> str:
    if re.fullmatch(r"https?://\S+", value):
        return f'<a href="{escape(value)}">{escape(value)}</a>'
    return escape(value).replace("\n", "<br>")


def _length_faults(words: LetterWords) -> list[Fault]:
    found = []
    if not words.subject:
        found.append(Fault("subject", "Bạn hãy ghi tiêu đề thư.", "Please write a subject."))
    if not words.body:
        found.append(Fault("body", "Bạn hãy ghi nội dung thư.", "Please write the letter."))
    for part, text, most in (("subject", words.subject, SUBJECT_CHARS), ("body", words.body, BODY_CHARS)):
        if len(text) > most:
            over = len(text) - most
            found.append(
                Fault(
                    part,
                    f"Dài quá {most} ký tự; cần bớt {over}.",
                    f"Longer than {most} characters by {over}.",
                )
            )
    return found


def _unknown(kind: LetterKind, part: str, number: int, name: str) -> Fault:
    near = get_close_matches(name, [one.name for one in kind.places], n=1)
    vi = f"Dòng {number}: thư này không có chỗ điền {{{name}}}."
    en = f"Line {number}: this letter has no place {{{name}}}."
    if near:
        vi += f" Có phải {{{near[0]}}}?"
        en += f" Do you mean {{{near[0]}}}?"
    return Fault(part, vi, en)
