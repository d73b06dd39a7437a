"""What a paper says, free of any format: its masthead, its title and its blocks of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look; a line feed in them breaks the line."""

    text: str
    bold: bool = False
    italic: bool = False


Words = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the paper: level 2 to 4, as a paper has one title."""

    words: Words
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `indent` counts the lists and quotations that it stands in."""

    words: Words
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Items:
    """A list: each item with its depth (0 outermost) and its mark, which is "-" or a number and a stop."""

    items: tuple[tuple[int, str, Words], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the first of them the head unless `head` is false; `right` are the columns of figures.

    Without `ruled` it is an arrangement and no list of figures: two signatures side by side.
    """

    rows: tuple[tuple[Words, ...], ...]
    head: bool = True
    right: frozenset[int] = frozenset()
    ruled: bool = True


@dataclass(frozen=True, slots=True)
class Box:
    """Lines to tick by hand on the paper, each with an empty square before it."""

    lines: tuple[Words, ...]


Block = Heading | Paragraph | Items | Table | Box


@dataclass(frozen=True, slots=True)
class Masthead:
    """The head of an official paper (Decree 30/2020/NĐ-CP, annex I, cells 1 to 5): who issues it, under which number.

    Empty lines are left out. `number` and `place_and_day` keep blanks until the clerk issues the paper.
    """

    superior: str = ""
    issuer: str = ""
    number: str = ""
    place_and_day: str = ""


@dataclass(frozen=True, slots=True)
class OfficialPaper:
    """A whole paper. `footer` stands on every page; `qr` is the address its code leads to, with `qr_note` beside it.

    With `state` the national heading and motto stand on top, as on every paper that is addressed to an authority.
    """

    title: str
    blocks: tuple[Block, ...]
    language: str = "vi"
    state: bool = True
    masthead: Masthead = field(default_factory=Masthead)
    subtitle: str = ""
    note: str = ""
    footer: str = ""
    qr: str = ""
    qr_note: str = ""


def plain(text: str, *, bold: bool = False, italic: bool = False) -> Words:
    """`text` as words of one look."""
    return (Run(text, bold, italic),) if text else ()


def text_of(words: Sequence[Run]) -> str:
    """The words without their look."""
    return "".join(run.text for run in words)
