"""An Office package: its parts as XML without entities, and what they refer to."""

from __future__ import annotations

import posixpath
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

PART_MAX = 64 * 1024 * 1024
WHOLE_MAX = 512 * 1024 * 1024
LETTERS_MAX = 1_000_000
BLOCKS_MAX = 20_000
_REFERS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)
_UNSEEN = {
    ord(char): None
    for char in "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"
}

Element = ElementTree.Element
Block = dict[str, Any]


class TooMuch(ValueError):
    """A file that holds more than a copy is made of, or what no Office program writes."""


@dataclass(slots=True)
class Tally:
    """What was carried over so far, and how many things of each kind were left out."""

    letters: int = 0
    blocks: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def text(self, words: str) -> str:
        """The words in NFC without marks that nobody sees; counted. Raises TooMuch."""
        clean = unicodedata.normalize("NFC", words.translate(_UNSEEN).replace("\u00a0", " "))
        self.letters += len(clean)
        if self.letters > LETTERS_MAX:
            raise TooMuch(f"more than {LETTERS_MAX} letters")
        return clean

    def block(self) -> None:
        """One more paragraph or cell. Raises TooMuch."""
        self.blocks += 1
        if self.blocks > BLOCKS_MAX:
            raise TooMuch(f"more than {BLOCKS_MAX} paragraphs")


class _Bare(ElementTree.TreeBuilder):
    """Builds elements without namespaces (`r:` stays where a relationship is named), and no document with entities."""

    def start(self, tag: Any, attrs: Any, /) -> Element:
        """An element by its local name."""
        return super().start(tag.rpartition("}")[2], {_bare_key(key): value for key, value in attrs.items()})

    def end(self, tag: Any, /) -> Element:
        """Its end."""
        return super().end(tag.rpartition("}")[2])

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """No Office program writes one (ECMA-376, part 2); what is declared there may be without end."""
        raise TooMuch("a document type is declared")


class Package:
    """The parts of a package by name."""

    def __init__(self, source: Path) -> None:
        self._archive = ZipFile(source)
        self._sizes = {one.filename: one.file_size for one in self._archive.infolist()}
        if sum(self._sizes.values()) > WHOLE_MAX:
            raise TooMuch("unfolds to too much")

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name in self._sizes

    def content(self, name: str) -> bytes:
        """The bytes of a part. Raises TooMuch, KeyError."""
        if self._sizes[name] > PART_MAX:
            raise TooMuch(f"a part of {self._sizes[name]} bytes")
        return self._archive.read(name)

    def xml(self, name: str) -> Element:
        """A part as elements without namespaces. Raises TooMuch, ParseError, KeyError."""
        parser = ElementTree.XMLParser(target=_Bare())  # noqa: S314 - without entities, in a process with limits
        parser.feed(self.content(name))
        root: Element = parser.close()
        return root

    def targets(self, name: str) -> dict[str, str]:
        """Id → the part that the part `name` refers to by it; "" for what lies outside of the package."""
        folder, _slash, last = name.rpartition("/")
        rels = f"{folder}/_rels/{last}.rels" if folder else f"_rels/{last}.rels"
        if not self.has(rels):
            return {}
        found = {}
        for one in self.xml(rels):
            target = one.get("Target", "")
            if one.get("TargetMode") == "External":
                target = ""
            elif target.startswith("/"):
                target = target[1:]
            else:
                target = posixpath.normpath(posixpath.join(folder, target))
            found[one.get("Id", "")] = target
        return found

    def main(self) -> str:
        """The name of the main part."""
        for one in self.xml("_rels/.rels"):
            if one.get("Type", "").endswith("/officeDocument"):
                return one.get("Target", "").lstrip("/")
        raise TooMuch("no main part")


def child(element: Element | None, *path: str) -> Element | None:
    """What stands below an element under these names."""
    for name in path:
        element = None if element is None else element.find(name)
    return element


def value(element: Element | None, name: str = "val") -> str | None:
    """An attribute of an element that may not be there."""
    return None if element is None else element.get(name)


def is_on(element: Element | None) -> bool:
    """Whether a switch such as `<w:b/>` is there and not off."""
    return element is not None and element.get("val", "1") not in ("0", "false", "off")


def whole(words: str | None, default: int = 0) -> int:
    """A whole number as it is written in an attribute."""
    try:
        return int(float(words)) if words else default
    except (ValueError, OverflowError):
        return default


def _bare_key(key: str) -> str:
    for space in _REFERS:
        if key.startswith(space):
            return f"r:{key[len(space) :]}"
    return key.rpartition("}")[2]
