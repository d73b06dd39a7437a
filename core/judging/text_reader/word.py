"""The words, tables and pictures of a DOCX in their order, as blocks of plain data.

Carried are the body, its text boxes and its notes at the foot, as they read once every tracked change is accepted.
Headers, footers, comments, hidden words, alternative texts and properties are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.judging.text_reader.formulas import line_of
from core.judging.text_reader.numbering import Numbering
from core.judging.text_reader.package import (
    Block,
    Element,
    Package,
    Tally,
    child,
    is_on,
    value,
    whole,
)
from core.judging.text_reader.pictures import Pictures
from core.judging.text_reader.tables import columns_of, placed, rows_of

PAGE_MM = 165.0
EMU_A_MM = 36_000
TABLES_IN_TABLES = 4
BOXES_IN_BOXES = 6
_THROUGH = frozenset(
    ("hyperlink", "ins", "moveTo", "smartTag", "sdtContent", "fldSimple", "customXml", "bdo", "dir", "ruby", "rubyBase")
)  # fmt: skip
_AROUND = frozenset(("ins", "moveTo", "customXml", "smartTag", "sdtContent"))
_SYMBOLS = {
    "F0FC": "✓", "F0FB": "✗", "F0FE": "☑", "F0FD": "☒", "F0A8": "□", "F06F": "□", "F071": "□", "F0E0": "→", "F0E8": "→",
    "F0B7": "•", "F0A7": "▪", "F0D8": "►", "F0B0": "°", "F0B1": "±", "F0B3": "≥", "F0A3": "≤", "F0B4": "×",
}  # fmt: skip


@dataclass(slots=True)
class _Style:
    level: int | None
    numbers: Element | None
    based_on: str


@dataclass(slots=True)
class Word:
    """A document that is being read."""

    package: Package
    pictures: Pictures
    tally: Tally
    part: str
    targets: dict[str, str] = field(default_factory=dict)
    styles: dict[str, _Style] = field(default_factory=dict)
    notes: dict[tuple[str, str], Element] = field(default_factory=dict)
    numbering: Numbering = field(default_factory=Numbering)

    def blocks(self, parent: Element, width: float, depth: int = 0) -> Iterator[Block]:
        """What stands in `parent`, which is `width` millimetres wide and in `depth` tables."""
        for one in parent:
            if one.tag == "p":
                yield from self._paragraph(one, width, depth)
            elif one.tag == "tbl":
                yield from self._table(one, width, depth)
            elif one.tag in _AROUND:
                yield from self.blocks(one, width, depth)
            elif one.tag == "sdt":
                yield from self.blocks(_of(one, "sdtContent"), width, depth)
            elif one.tag == "AlternateContent":
                yield from self.blocks(_chosen(one), width, depth)
            elif one.tag == "altChunk":
                yield self._gap("part")

    def _gap(self, what: str) -> Block:
        self.tally.left_out[what] += 1
        return {"k": "gap", "what": what}

    def _paragraph(self, paragraph: Element, width: float, depth: int) -> Iterator[Block]:
        self.tally.block()
        facts = paragraph.find("pPr")
        level, mark, indent = self._standing(facts)
        align = {"center": "c", "right": "r", "end": "r"}.get(value(child(facts, "jc")) or "", "l")
        runs: list[Block] = []
        after: list[Block] = []
        is_marked = False

        def flushed() -> Iterator[Block]:
            nonlocal is_marked
            made = _joined(self.tally, runs)
            runs.clear()
            if made:
                own = "" if is_marked else mark
                is_marked = True
                yield {"k": "p", "level": level, "align": align, "mark": own, "indent": indent, "runs": made}

        for one in self._inline(paragraph, width, depth):
            if one["k"] == "run" or one["k"] == "note":
                runs.append(one)
            elif one["k"] == "box":
                after += one["blocks"]
            else:
                yield from flushed()
                yield {**one, "align": align}
        yield from flushed()
        yield from after

    def _standing(self, facts: Element | None) -> tuple[int, str, int]:
        """The level of a heading (0 for none), the mark of a list's paragraph, and how far it is moved in."""
        style = value(child(facts, "pStyle")) or ""
        level_said = value(child(facts, "outlineLvl"))
        level = whole(level_said) if level_said is not None else None
        numbers = child(facts, "numPr")
        list_id, at = value(child(numbers, "numId")), value(child(numbers, "ilvl"))
        for _step in range(10):
            found = self.styles.get(style)
            if found is None:
                break
            level = found.level if level is None else level
            list_id = value(child(found.numbers, "numId")) if list_id is None else list_id
            at = value(child(found.numbers, "ilvl")) if at is None else at
            style = found.based_on
        depth = whole(at)
        mark = self.numbering.mark(list_id, depth) if list_id else ""
        heading = level + 1 if level is not None and 0 <= level < 9 else 0
        return heading, mark, depth if mark and not heading else 0

    def _inline(self, parent: Element, width: float, depth: int) -> Iterator[Block]:
        for one in parent:
            if one.tag == "r":
                facts = one.find("rPr")
                if not is_on(child(facts, "vanish")):
                    yield from self._run(one, _look(facts), width, depth)
            elif one.tag in _THROUGH:
                yield from self._inline(one, width, depth)
            elif one.tag == "sdt":
                yield from self._inline(_of(one, "sdtContent"), width, depth)
            elif one.tag == "AlternateContent":
                yield from self._inline(_chosen(one), width, depth)
            elif one.tag in ("oMath", "oMathPara"):
                self.tally.left_out["formula"] += 1
                yield {"k": "run", "t": line_of(one)}

    def _run(self, run: Element, look: dict[str, Any], width: float, depth: int) -> Iterator[Block]:
        for one in run:
            written = _written(one)
            if written is not None:
                yield {"k": "run", "t": written, **look}
            elif one.tag in ("footnoteReference", "endnoteReference"):
                yield from self._note(one, width)
            elif one.tag == "AlternateContent":
                yield from self._run(_chosen(one), look, width, depth)
            elif one.tag in ("drawing", "pict", "object"):
                yield from self._drawing(one, width, depth)

    def _note(self, reference: Element, width: float) -> Iterator[Block]:
        found = self.notes.get((reference.tag[: -len("Reference")], reference.get("id", "")))
        if found is None:
            return
        runs: list[Block] = []
        for paragraph in found.iter("p"):
            if runs:
                runs.append({"k": "run", "t": "\n"})
            for one in self._inline(paragraph, width, BOXES_IN_BOXES + 1):
                if one["k"] == "run":
                    runs.append(one)
                elif one["k"] in ("pic", "box"):
                    self.tally.left_out["picture"] += 1
        made = _joined(self.tally, runs)
        if made:
            yield {"k": "note", "runs": made}

    def _drawing(self, drawing: Element, width: float, depth: int) -> Iterator[Block]:
        made = list(self._drawn(drawing, width, depth, _extent(drawing)))
        if drawing.tag == "object" and not any(one["k"] == "pic" for one in made):
            self.tally.left_out["picture"] -= sum(
                one["k"] == "gap" and one["what"] == "picture" for one in made
            )
            yield self._gap("object")
            return
        if not made:  # lines and frames; nothing is said where they stood
            self.tally.left_out["drawing"] += 1
        yield from made

    def _drawn(
        self, parent: Element, width: float, depth: int, extent: tuple[float, float] | None
    ) -> Iterator[Block]:
        for one in parent:
            if one.tag == "txbxContent":
                if depth < BOXES_IN_BOXES:
                    yield {"k": "box", "blocks": list(self.blocks(one, width, depth + 1))}
                else:
                    yield self._gap("part")
            elif one.tag == "pic":
                yield self._picture(one, width, extent)
            elif one.tag == "imagedata":
                yield self._old_picture(one, parent, width)
            elif one.tag == "chart":
                yield self._gap("chart")
            elif one.tag == "relIds":
                yield self._gap("diagram")
            elif one.tag == "AlternateContent":
                yield from self._drawn(_chosen(one), width, depth, extent)
            elif one.tag in ("inline", "anchor"):
                yield from self._drawn(one, width, depth, _extent(one) or extent)
            else:
                yield from self._drawn(one, width, depth, extent)

    def _picture(self, picture: Element, width: float, extent: tuple[float, float] | None) -> Block:
        """DrawingML: `extent` is the frame that text flows around, a group of pictures has one for all of them."""
        blip = child(picture, "blipFill", "blip")
        frame = child(picture, "spPr", "xfrm")
        own = child(frame, "ext")
        size = extent or (60.0, 60.0)
        if own is not None:
            size = (whole(own.get("cx")) / EMU_A_MM or size[0], whole(own.get("cy")) / EMU_A_MM or size[1])
        cut = child(picture, "blipFill", "srcRect")
        sides = ("l", "t", "r", "b")
        left, top, right, bottom = (max(0, whole(value(cut, side))) for side in sides)
        turn = round(whole(value(frame, "rot")) / 60_000)
        name = value(blip, "r:embed") or ""
        return self._image(name, size, width, (left, top, right, bottom), turn)

    def _old_picture(self, data: Element, shape: Element, width: float) -> Block:
        """VML: sizes stand in the style of the shape, in points."""
        said = (one.partition(":") for one in shape.get("style", "").split(";"))
        style = {key.strip(): words.strip() for key, _colon, words in said}
        sizes = [_points(style.get(name, "")) for name in ("width", "height")]
        return self._image(data.get("r:id", ""), (sizes[0] or 80.0, sizes[1] or 80.0), width, (0, 0, 0, 0), 0)

    def _image(
        self, rel: str, size: tuple[float, float], width: float, crop: tuple[int, int, int, int], turn: int
    ) -> Block:
        part = self.targets.get(rel, "")
        if not part or not self.package.has(part):
            return self._gap("picture")
        scale = min(1.0, width / max(size[1] if turn % 180 == 90 else size[0], 1))
        found = self.pictures.add(
            part,
            self.package.content(part),
            width=max(3.0, size[0] * scale),
            height=max(3.0, size[1] * scale),
            crop=crop,
            turn=turn,
        )
        return self._gap("picture") if found is None else found

    def _table(self, table: Element, width: float, depth: int) -> Iterator[Block]:
        rows = list(rows_of(table))
        if depth >= TABLES_IN_TABLES:
            for row in rows:
                for cell in row:
                    yield from self.blocks(cell.content, width, depth)
            return
        columns = columns_of(table, rows)
        share = width / sum(columns)
        cells = []
        for cell in placed(rows, len(columns)):
            self.tally.block()
            across = sum(columns[cell.column : cell.column + cell.across]) * share - 4
            content = list(self.blocks(cell.content, max(across, 5.0), depth + 1))
            cells.append([cell.column, cell.row, cell.across, cell.down, content])
        if any(one[4] for one in cells):
            yield {"k": "table", "columns": [round(one * share, 2) for one in columns], "cells": cells}


def read_word(package: Package, pictures: Pictures, tally: Tally) -> list[Block]:
    """The blocks of a document. Raises TooMuch, and whatever a broken file makes of it."""
    main = package.main()
    folder = main.rpartition("/")[0]
    word = Word(package, pictures, tally, main, package.targets(main))
    parts = {name: f"{folder}/{name}.xml" for name in ("styles", "numbering", "footnotes", "endnotes")}
    roots = {name: package.xml(part) for name, part in parts.items() if package.has(part)}
    word.styles = dict(_styles(roots.get("styles")))
    word.numbering = Numbering.of(roots.get("numbering"))
    for kind in ("footnote", "endnote"):
        for one in roots[f"{kind}s"].findall(kind) if f"{kind}s" in roots else ():
            word.notes[kind, one.get("id", "")] = one
    return list(word.blocks(_of(package.xml(main), "body"), PAGE_MM))


def _styles(root: Element | None) -> Iterator[tuple[str, _Style]]:
    for one in () if root is None else root.findall("style"):
        name = (value(one.find("name")) or "").lower()
        said = value(child(one, "pPr", "outlineLvl"))
        level = whole(said) if said is not None else None
        if level is None and name.startswith("heading ") and name[8:].isdigit():
            level = int(name[8:]) - 1
        elif level is None and name == "title":
            level = 0
        yield (
            one.get("styleId", ""),
            _Style(level, child(one, "pPr", "numPr"), value(one.find("basedOn")) or ""),
        )


def _written(one: Element) -> str | None:
    """The letters that a piece of a run stands for; None for one that is no text."""
    if one.tag == "t":
        return one.text or ""
    if one.tag in ("br", "cr"):
        return "" if one.get("type") in ("page", "column") else "\n"
    if one.tag == "sym":
        return _SYMBOLS.get(one.get("char", "").upper(), "[…]")
    return {"tab": "    ", "noBreakHyphen": "-"}.get(one.tag)


def _look(facts: Element | None) -> dict[str, Any]:
    """Of a run's look what carries meaning."""
    if facts is None:
        return {}
    made: dict[str, Any] = {}
    for key, names in (("b", ("b",)), ("i", ("i",)), ("s", ("strike", "dstrike"))):
        if any(is_on(facts.find(name)) for name in names):
            made[key] = 1
    raised = value(facts.find("vertAlign"))
    if raised in ("superscript", "subscript"):
        made["v"] = 1 if raised == "superscript" else -1
    return made


def _joined(tally: Tally, runs: Iterable[Block]) -> list[Block]:
    """Runs that look alike as one, cleaned; nothing when no word is in them."""
    made: list[Block] = []
    for one in runs:
        last = made[-1] if made else None
        if last is not None and one["k"] == last["k"] == "run" and _same(one, last):
            last["t"] += one["t"]
        else:
            made.append(dict(one))
    for one in made:
        if one["k"] == "run":
            one["t"] = tally.text(one["t"])
    has_words = any(one["k"] == "note" or one["t"].strip() for one in made)
    return [one for one in made if one["k"] == "note" or one["t"]] if has_words else []


def _same(one: Block, other: Block) -> bool:
    return all(one.get(key) == other.get(key) for key in ("b", "i", "s", "v"))


def _of(element: Element, name: str) -> Element:
    found = element.find(name)
    return Element(name) if found is None else found


def _chosen(alternatives: Element) -> Element:
    """What a new program shows: the first choice, else what it falls back to."""
    found = alternatives.find("Choice")
    return found if found is not None else _of(alternatives, "Fallback")


def _extent(frame: Element) -> tuple[float, float] | None:
    found = frame.find("extent")
    if found is None:
        return None
    return whole(found.get("cx")) / EMU_A_MM, whole(found.get("cy")) / EMU_A_MM


def _points(words: str) -> float:
    """Millimetres of "120.5pt" or "3in"; 0 for what says none."""
    for unit, size in (("pt", 25.4 / 72), ("in", 25.4), ("mm", 1.0), ("cm", 10.0), ("px", 25.4 / 96)):
        if words.endswith(unit):
            try:
                return float(words[: -len(unit)]) * size
            except ValueError:
                return 0.0
    return 0.0
