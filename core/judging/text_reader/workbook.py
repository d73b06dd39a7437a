"""The sheets of an XLSX as tables of words, with the letters of columns and the numbers of rows; then its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.judging.text_reader.package import Block, Element, Package, Tally, TooMuch, child, whole
from core.judging.text_reader.pictures import Pictures

CELLS_MAX = 60_000
AREA_MAX = 5_000_000
NARROW = 85
WIDE = 140
WIDEST = 45
LEAST = 5
PICTURE_MM = 160.0
EMU_A_MM = 36_000


@dataclass(frozen=True, slots=True)
class Sheets:
    """The blocks of a workbook; `is_wide` when a page has to lie on its side."""

    blocks: list[Block]
    is_wide: bool


def read_workbook(source: Path, package: Package, pictures: Pictures, tally: Tally) -> Sheets:
    """The visible sheets in their order. Raises TooMuch, and whatever a broken file makes of it."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    main = package.main()
    book = package.xml(main)  # no document type in it: what is refused there is not given to another reader
    targets = package.targets(main)
    parts = {one.get("name", ""): targets.get(one.get("r:id", ""), "") for one in book.iter("sheet")}
    with CalamineWorkbook.from_path(source) as workbook:
        grids = []
        for facts in workbook.sheets_metadata:
            if facts.visible is not SheetVisibleEnum.Visible:
                tally.left_out["hidden_sheet"] += 1
            elif facts.typ is SheetTypeEnum.ChartSheet:
                tally.left_out["chart"] += 1
            elif facts.typ is SheetTypeEnum.WorkSheet:
                sheet = workbook.get_sheet_by_name(facts.name)
                grids.append((facts.name, _filled(sheet, tally)))
    is_wide = any(sum(grid.widths) > NARROW for _name, grid in grids)
    blocks: list[Block] = []
    for name, grid in grids:
        drawn = list(_drawn(package, parts.get(name, ""), pictures, tally))
        if not grid.rows and not drawn:
            continue
        runs = [{"k": "run", "t": tally.text(name)}]
        blocks.append({"k": "p", "level": 1, "align": "l", "mark": "", "indent": 0, "runs": runs})
        blocks += _tables(grid, WIDE if is_wide else NARROW)
        blocks += drawn
    return Sheets(blocks, is_wide)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Rows of (number, cells) without the empty ones; the letters of the columns, their widths in letters."""

    rows: list[tuple[int, list[str]]]
    letters: list[str]
    widths: list[int]
    right: list[bool]


def _filled(sheet: Any, tally: Tally) -> _Grid:
    if sheet.total_height * sheet.total_width > AREA_MAX:
        raise TooMuch("a sheet of too many cells")
    first_row, first_column = sheet.start or (0, 0)
    rows: list[tuple[int, list[str]]] = []
    numeric: dict[int, int] = {}
    count = 0
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), start=first_row + 1):
        cells = [tally.text(said(cell)).strip() for cell in row]
        if not any(cells):
            continue
        for at, cell in enumerate(row):
            if cells[at]:
                count += 1
                numeric[at] = numeric.get(at, 0) + (1 if isinstance(cell, int | float) else -1)
        if count > CELLS_MAX:
            raise TooMuch(f"more than {CELLS_MAX} cells")
        rows.append((number, cells))
    used = sorted(numeric)
    kept = [(number, [cells[at] for at in used]) for number, cells in rows]
    widths = [
        max(LEAST, min(WIDEST, max(len(line) for _n, cells in kept for line in cells[at].split("\n")) + 2))
        for at in range(len(used))
    ]
    letters = [letters_of(first_column + at) for at in used]
    return _Grid(kept, letters, widths, [numeric[at] > 0 for at in used])


def _tables(grid: _Grid, room: int) -> Iterator[Block]:
    """The grid as tables that fit beside each other's page, as many columns each as there is room for."""
    at = 0
    while at < len(grid.letters):
        end, taken = at, 0
        while end < len(grid.letters) and (end == at or taken + grid.widths[end] <= room):
            taken += grid.widths[end]
            end += 1
        rows = [[str(number), *cells[at:end]] for number, cells in grid.rows if any(cells[at:end])]
        yield {
            "k": "grid",
            "head": ["", *grid.letters[at:end]],
            "widths": grid.widths[at:end],
            "right": grid.right[at:end],
            "rows": rows,
        }
        at = end


def said(cell: Any) -> str:
    """A cell in words: a number with a comma, a day as 20/11/2025."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%d/%m/%Y" if cell.time() == time() else "%d/%m/%Y %H:%M")
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        return f"{int(cell.total_seconds()) // 3600}:{int(cell.total_seconds()) % 3600 // 60:02d}"
    return str(cell)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(f"{value:.12g}"), "f").replace(".", ",")


def letters_of(column: int) -> str:
    """A, B … Z, AA …; from 0."""
    letters = ""
    column += 1
    while column:
        column, at = divmod(column - 1, 26)
        letters = chr(ord("A") + at) + letters
    return letters


def _drawn(package: Package, part: str, pictures: Pictures, tally: Tally) -> Iterator[Block]:
    """Pictures and the words of shapes of one sheet, from its top."""
    if not part or not package.has(part):
        return
    for name in package.targets(part).values():
        if "/drawings/" not in f"/{name}" or not name.endswith(".xml") or not package.has(name):
            continue
        targets = package.targets(name)
        for anchor in sorted(package.xml(name), key=_place):
            yield from _anchored(package, anchor, targets, pictures, tally)


def _place(anchor: Element) -> tuple[int, int]:
    names = ("row", "col")
    row, column = (child(anchor, "from", name) for name in names)
    return whole("" if row is None else row.text), whole("" if column is None else column.text)


def _anchored(
    package: Package, anchor: Element, targets: dict[str, str], pictures: Pictures, tally: Tally
) -> Iterator[Block]:
    made = False
    for one in anchor.iter():
        if one.tag == "pic":
            made = True
            yield _picture(package, one, targets, pictures, tally)
        elif one.tag == "chart":
            made = True
            tally.left_out["chart"] += 1
            yield {"k": "gap", "what": "chart", "align": "l"}
        elif one.tag == "relIds":
            made = True
            tally.left_out["diagram"] += 1
            yield {"k": "gap", "what": "diagram", "align": "l"}
        elif one.tag == "txBody":
            words = "\n".join("".join(t.text or "" for t in line.iter("t")) for line in one.iter("p")).strip()
            if words:
                made = True
                tally.block()
                runs = [{"k": "run", "t": tally.text(words)}]
                yield {"k": "p", "level": 0, "align": "l", "mark": "", "indent": 0, "runs": runs}
    if not made and len(anchor):
        tally.left_out["drawing"] += 1


def _picture(
    package: Package, picture: Element, targets: dict[str, str], pictures: Pictures, tally: Tally
) -> Block:
    blip = child(picture, "blipFill", "blip")
    part = targets.get("" if blip is None else blip.get("r:embed", ""), "")
    found: Block | None = None
    if part and package.has(part):
        size = child(picture, "spPr", "xfrm", "ext")
        cut = child(picture, "blipFill", "srcRect")
        sides = ("l", "t", "r", "b")
        left, top, right, bottom = (max(0, whole(None if cut is None else cut.get(side))) for side in sides)
        width = (0 if size is None else whole(size.get("cx")) / EMU_A_MM) or 80.0
        height = (0 if size is None else whole(size.get("cy")) / EMU_A_MM) or 80.0
        scale = min(1.0, PICTURE_MM / width)
        found = pictures.add(
            part,
            package.content(part),
            width=max(3.0, width * scale),
            height=max(3.0, height * scale),
            crop=(left, top, right, bottom),
            turn=0,
        )
    if found is None:
        tally.left_out["picture"] += 1
        return {"k": "gap", "what": "picture", "align": "l"}
    return {**found, "align": "l"}
