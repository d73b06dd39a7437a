"""The numbers and marks of a Word document's lists, as Word counts them (ECMA-376, part 1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.judging.text_reader.package import Element, child, value, whole

LEVELS = 9
_BULLETS = {
    "-": "–",
    "–": "–",
    "—": "–",
    "+": "+",
    "*": "*",
    "o": "◦",
    "\uf0fc": "✓",
    "\uf0e8": "→",
    "\uf0d8": "►",
}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    kind: str
    words: str


@dataclass(slots=True)
class Numbering:
    """Counts through a document: each paragraph of a list is asked for once, in order."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, tuple[str, dict[int, int]]] = field(default_factory=dict)
    counted: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    @staticmethod
    def of(root: Element | None) -> Numbering:
        """From `word/numbering.xml`."""
        made = Numbering()
        for one in () if root is None else root.findall("abstractNum"):
            made.levels[one.get("abstractNumId", "")] = {
                whole(level.get("ilvl")): _Level(
                    whole(value(child(level, "start")), 1),
                    value(child(level, "numFmt")) or "decimal",
                    value(child(level, "lvlText")) or "",
                )
                for level in one.findall("lvl")
            }
        for one in () if root is None else root.findall("num"):
            starts = {
                whole(each.get("ilvl")): whole(value(child(each, "startOverride")), 1)
                for each in one.findall("lvlOverride")
                if each.find("startOverride") is not None
            }
            made.lists[one.get("numId", "")] = (value(child(one, "abstractNumId")) or "", starts)
        return made

    def mark(self, list_id: str, at: int) -> str:
        """The mark of the next paragraph of a list on level `at` (from 0); "" where it is in no list."""
        if list_id not in self.lists or not 0 <= at < LEVELS:
            return ""
        abstract, starts = self.lists[list_id]
        levels = self.levels.get(abstract, {})
        counts = self.counted.setdefault(abstract, [None] * LEVELS)
        if list_id not in self.begun:
            self.begun.add(list_id)
            for each, start in starts.items():
                if each < LEVELS:
                    counts[each] = start - 1
        level = levels.get(at, _Level(1, "bullet", ""))
        before = counts[at]
        counts[at] = level.start if before is None else before + 1
        counts[at + 1 :] = [None] * (LEVELS - at - 1)
        if level.kind == "none" and not level.words:
            return ""
        if level.kind == "bullet":
            return _BULLETS.get(level.words[:1], "•")
        return re.sub(r"%([1-9])", lambda found: _one(levels, counts, int(found[1]) - 1), level.words).strip()


def _one(levels: dict[int, _Level], counts: list[int | None], at: int) -> str:
    level = levels.get(at, _Level(1, "decimal", ""))
    count = counts[at]
    return written(level.start if count is None else count, level.kind)


def written(number: int, kind: str) -> str:
    """A number as lists write it: 4, 04, d, D, iv, IV."""
    if kind == "none":
        return ""
    if kind == "decimalZero":
        return f"{number:02d}"
    if kind in ("lowerLetter", "upperLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 10)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        return _roman(number) if kind == "lowerRoman" else _roman(number).upper()
    return str(number)


def _roman(number: int) -> str:
    pairs = (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
        (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    )  # fmt: skip
    made = ""
    for amount, letters in pairs:
        made += letters * (number // amount)
        number %= amount
    return made
