"""Tables of a Word document as cells in a grid that has no cell over another, however the file was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.judging.text_reader.package import Element, child, value, whole

_AROUND = frozenset(("ins", "moveTo", "customXml", "smartTag", "sdtContent", "sdt"))
COLUMNS_MAX = 100


@dataclass(slots=True)
class Cell:
    """A cell with its place and how many columns and rows it takes; `content` is the element of its paragraphs."""

    column: int
    row: int
    across: int
    down: int
    merge: str
    content: Element


def rows_of(table: Element) -> Iterator[list[Cell]]:
    """The rows that stand once tracked changes are accepted; cells still as the file counts them."""
    row = 0
    for one in _inside(table, "tr"):
        facts = one.find("trPr")
        if child(facts, "del") is not None:
            continue
        column = whole(value(child(facts, "gridBefore")))
        cells = []
        for each in _inside(one, "tc"):
            own = each.find("tcPr")
            across = max(1, min(whole(value(child(own, "gridSpan")), 1), COLUMNS_MAX))
            merged = child(own, "vMerge")
            merge = "" if merged is None else value(merged) or "continue"
            if child(own, "cellDel") is None:
                cells.append(Cell(column, row, across, 1, merge, each))
            column += across
        yield cells
        row += 1


def columns_of(table: Element, rows: Sequence[Sequence[Cell]]) -> list[float]:
    """The widths of the columns, as shares; as many as the rows need, never none."""
    grid = table.find("tblGrid")
    found = [float(max(whole(one.get("w")), 0)) for one in (() if grid is None else grid.findall("gridCol"))]
    needed = max((cell.column + cell.across for row in rows for cell in row), default=1)
    widths = (found + [0.0] * needed)[: min(max(needed, 1), COLUMNS_MAX)]
    known = [one for one in widths if one > 0]
    usual = sum(known) / len(known) if known else 1.0
    return [max(one, usual / 10) if one > 0 else usual for one in widths]


def placed(rows: Sequence[Sequence[Cell]], columns: int) -> list[Cell]:
    """The cells, those that go on below made one with the first, none over another or outside of `columns`."""
    taken: set[tuple[int, int]] = set()
    open_: dict[int, Cell] = {}
    made: list[Cell] = []
    for row in rows:
        for cell in row:
            above = open_.get(cell.column)
            if cell.merge == "continue" and above is not None and above.across == cell.across:
                above.down += 1
                continue
            for at in range(cell.column, cell.column + cell.across):
                open_.pop(at, None)
            if cell.merge:
                open_[cell.column] = cell
            made.append(cell)
        present = {cell.column for cell in row}
        for at in [at for at in open_ if at not in present]:
            del open_[at]
    return [cell for cell in made if _set_in(cell, columns, taken)]


def _set_in(cell: Cell, columns: int, taken: set[tuple[int, int]]) -> bool:
    """Whether there was a place for it; it is made smaller where another stands in its way."""
    free = [at for at in range(columns) if (cell.row, at) not in taken]
    if not free:
        return False
    if cell.column not in free:
        cell.column = min(free, key=lambda at: abs(at - cell.column))
    across = 1
    while across < cell.across and (at := cell.column + across) < columns and (cell.row, at) not in taken:
        across += 1
    cell.across = across
    down = 1
    over = range(cell.column, cell.column + across)
    while down < cell.down and all((cell.row + down, at) not in taken for at in over):
        down += 1
    cell.down = down
    taken.update((cell.row + y, at) for y in range(down) for at in over)
    return True


def _inside(parent: Element, name: str) -> Iterator[Element]:
    """The elements `name` of a table or row, in content controls and accepted insertions too."""
    for one in parent:
        if one.tag == name:
            yield one
        elif one.tag in _AROUND:
            yield from _inside(one, name)
