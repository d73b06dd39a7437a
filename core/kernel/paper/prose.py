"""From Markdown, as plugins write their papers, to blocks of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.kernel.paper.values import Block, Heading, Items, Paragraph, Run, Table, Words

_reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def read_prose(source: str) -> tuple[Block, ...]:
    """The blocks of `source` in their order. Links keep their words, pictures their description; code is plain text."""
    return tuple(_Reading(_reader.parse(source)).blocks())


class _Reading:
    """One pass over the tokens of a text."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = list(tokens)
        self._at = 0

    def blocks(self) -> Iterator[Block]:
        while self._at < len(self._tokens):
            token = self._next()
            if token.type == "heading_open":
                yield Heading(self._inline(), min(max(int(token.tag[1]), 2), 4))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                yield Items(tuple(self._items(token, 0)))
            elif token.type == "table_open":
                yield self._table()
            elif token.type == "inline":
                yield Paragraph(_words(token), self._indent(token))
            elif token.type in ("fence", "code_block"):
                yield Paragraph((Run(token.content.rstrip("\n")),))

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _inline(self) -> Words:
        return _words(self._next())

    def _indent(self, token: Token) -> int:
        return max(0, (token.level - 1) // 2)

    def _items(self, opening: Token, depth: int) -> Iterator[tuple[int, str, Words]]:
        number = int(opening.attrGet("start") or 1)
        ordered = opening.type == "ordered_list_open"
        closing = opening.type.replace("_open", "_close")
        mark = ""
        while True:
            token = self._next()
            if token.type == closing and token.level == opening.level:
                return
            if token.type == "list_item_open":
                mark = f"{number}." if ordered else "-"
                number += 1
            elif token.type == "inline":
                yield depth, mark, _words(token)
                mark = ""  # a further paragraph of the same item
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                yield from self._items(token, depth + 1)

    def _table(self) -> Table:
        rows: list[list[Words]] = []
        right: set[int] = set()
        while True:
            token = self._next()
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                if token.attrGet("style") == "text-align:right":
                    right.add(len(rows[-1]))
                rows[-1].append(self._inline())
        made = tuple(tuple(row) for row in rows)
        # Two cells side by side that end in "(signature …)" are where people sign: an arrangement without lines.
        return Table(made, head=True, right=frozenset(right), ruled=not _is_for_signing(made))


def _is_for_signing(rows: Sequence[Sequence[Words]]) -> bool:
    last = ["".join(run.text for run in cell).strip() for cell in rows[-1]] if rows else []
    return len(last) == 2 and all(one.startswith("(") and one.endswith(")") for one in last)


def _words(inline: Token) -> Words:
    runs: list[Run] = []
    bold = italic = 0
    for token in inline.children or ():
        if token.type in ("strong_open", "strong_close"):
            bold += 1 if token.nesting > 0 else -1
        elif token.type in ("em_open", "em_close"):
            italic += 1 if token.nesting > 0 else -1
        elif token.type in ("text", "code_inline", "image"):
            runs.append(Run(token.content, bold > 0, italic > 0))
        elif token.type == "hardbreak":
            runs.append(Run("\n", bold > 0, italic > 0))
        elif token.type == "softbreak":
            runs.append(Run(" ", bold > 0, italic > 0))
    return _joined(runs)


def _joined(runs: Sequence[Run]) -> Words:
    """Neighbours of one look as one run, empty ones left out."""
    made: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if made and (made[-1].bold, made[-1].italic) == (run.bold, run.italic):
            made[-1] = Run(made[-1].text + run.text, run.bold, run.italic)
        else:
            made.append(run)
    return tuple(made)
