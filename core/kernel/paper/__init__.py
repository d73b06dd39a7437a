"""Papers to print, sign and stamp: one content, written as PDF and as a Word document in the official layout."""

from core.kernel.paper.prose import read_prose
from core.kernel.paper.values import (
    Block,
    Box,
    Heading,
    Items,
    Masthead,
    OfficialPaper,
    Paragraph,
    Run,
    Table,
    plain,
)

__all__ = [
    "Block",
    "Box",
    "Heading",
    "Items",
    "Masthead",
    "OfficialPaper",
    "Paragraph",
    "Run",
    "Table",
    "plain",
    "read_prose",
]
