"""A paper as a PDF, through the house's press (`core.kernel.pdf`) and its template `official`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.kernel.paper.values import (
    Block,
    Box,
    Heading,
    Items,
    OfficialPaper,
    Paragraph,
    Table,
    Words,
    text_of,
)
from core.kernel.paper.word import STATE
from core.kernel.pdf import render_pdf
from core.kernel.qr import qr_svg_file


def pdf_of(paper: OfficialPaper, *, at: datetime, organiser: str = "") -> bytes:
    """`paper` as the bytes of a PDF, the same for the same paper and instant. Raises PdfNotMade."""
    head = paper.masthead
    data: dict[str, Any] = {
        "language": paper.language,
        "title": paper.title,
        "organiser": organiser or head.issuer,
        "state": list(STATE) if paper.state else None,
        "superior": head.superior,
        "issuer": head.issuer,
        "number": head.number,
        "place_and_day": head.place_and_day,
        "subtitle": paper.subtitle,
        "note": paper.note,
        "footer": paper.footer,
        "blocks": [_plain(one) for one in paper.blocks],
        "qr": bool(paper.qr),
        "qr_alt": paper.qr,
        "qr_note": paper.qr_note,
    }
    return render_pdf("official", data, at=at, files={"qr.svg": qr_svg_file(paper.qr)} if paper.qr else None)


def _plain(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "words": _words(block.words)}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "indent": block.indent, "words": _words(block.words)}
    if isinstance(block, Items):
        items = [{"depth": depth, "mark": mark, "words": _words(words)} for depth, mark, words in block.items]
        return {"kind": "items", "items": items}
    if isinstance(block, Box):
        return {"kind": "box", "lines": [_words(one) for one in block.lines]}
    return _table(block)


def _table(block: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "rows": [[_words(cell) for cell in row] for row in block.rows],
        "grows": _widest(block),
        "head": block.head,
        "right": sorted(block.right),
        "ruled": block.ruled,
    }


def _widest(block: Table) -> int:
    """The column that takes what width is left: the one with the most words."""
    width = max((len(row) for row in block.rows), default=1)
    sizes = [
        sum(len(text_of(row[column])) for row in block.rows if column < len(row)) for column in range(width)
    ]
    return sizes.index(max(sizes)) if sizes else 0


def _words(words: Words) -> list[dict[str, Any]]:
    return [{"text": run.text, "bold": run.bold, "italic": run.italic} for run in words]
