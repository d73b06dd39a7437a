"""From the cells of a workbook to dossiers as the schema takes them, and what is wrong, cell by cell. Pure.

The same schema as the form's and the API's decides (`core.entries.schemas`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema, ValidationError

from core.contests.queries import UnitRow
from core.contests.values import EditionView
from core.entries.forms import canonical_words
from core.entries.schemas import AUTHORS_MAX, dossier_schema, flat_errors
from core.imports.columns import (
    ENTRIES,
    EXAMPLE,
    PEOPLE,
    Column,
    Layout,
    column_at,
    heading_key,
)
from core.imports.reading import MOST_PEOPLE, MOST_ROWS, Cell, SheetCells, Unreadable, text_of
from core.kernel.errors import Invalid
from core.kernel.i18n import locale
from core.kernel.text import clean_line, fold
from core.people.schemas import EmailForm, load, phone_digits
from core.plugin_api import AuthorRole, FieldKind, Text

_YES = {"co", "yes", "x", "true", "1", "dung"}
_NO = {"khong", "no", "", "false", "0", "sai"}


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with one cell; `row` is the number that the spreadsheet shows, `column` counts from 0."""

    sheet: str
    row: int
    column: int
    heading: str
    sentence: str

    @property
    def told(self) -> str:
        """`Dòng 12, cột “Năm sinh”: …`"""
        place = _("Dòng %(row)s, cột “%(column)s”", row=self.row, column=self.heading)
        return f"{place}: {self.sentence}"


@dataclass(slots=True)
class ReadRow:
    """One dossier of the workbook: its row, its key, what the schema took, whose it is, and its errors."""

    number: int
    key: str
    data: dict[str, Any]
    email: str = ""
    phone: str = ""
    errors: list[CellError] = field(default_factory=list)

    @property
    def chief(self) -> str:
        """The name of the chief author."""
        authors = self.data.get("authors") or [{}]
        return str(authors[0].get("name", ""))

    @property
    def title(self) -> str:
        """The title."""
        return str(self.data.get("title", ""))


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a workbook holds, and what is said about it as a whole."""

    rows: list[ReadRow]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet with its headings understood: column key → place."""

    name: str
    places: dict[str, int]
    rows: Sequence[tuple[int, tuple[Cell, ...]]]

    def cell(self, row: Sequence[Cell], key: str) -> Cell:
        """The cell of column `key`; None where the sheet has no such column."""
        place = self.places.get(key)
        return None if place is None or place >= len(row) else row[place]


def read_workbook(
    sheets: Sequence[SheetCells], edition: EditionView, layout: Layout, units: Sequence[UnitRow]
) -> Workbook:
    """The dossiers of `sheets`. Raises Unreadable when no sheet has the headings, or there are too many rows."""
    notes: list[str] = []
    main = _table(sheets, ENTRIES, layout.entries, notes)
    if main is None:
        raise Unreadable("headings")
    if len(main.rows) > MOST_ROWS:
        raise Unreadable("rows")
    people = _table(sheets, PEOPLE, layout.people, notes, besides=main.name)
    if people is not None and len(people.rows) > MOST_PEOPLE:
        raise Unreadable("rows")
    schema = dossier_schema(edition)
    by_name = _unit_names(units)
    rows = [_read(main, number, cells, layout, by_name) for number, cells in main.rows]
    _refuse_repeated_keys(rows, main, layout)
    if people is not None:
        _add_people(rows, people, layout)
    for row in rows:
        _load(row, schema, main, layout)
    return Workbook(rows, notes)


def without_rows(sheets: Sequence[SheetCells], closed: Mapping[int, str], layout: Layout) -> list[SheetCells]:
    """The sheets with the dossiers of the rows `closed` (number → key) emptied, and their people on the other sheet.

    Rows stay in their places, since errors name them. A sheet that is not understood is left out.
    """
    main = _table(sheets, ENTRIES, layout.entries, [])
    if main is None:
        return []
    people = _table(sheets, PEOPLE, layout.people, [], besides=main.name)
    keys = {fold(key) for key in closed.values()}
    emptied = {main.name: set(closed)}
    if people is not None:
        of_them = {
            number for number, cells in people.rows if fold(text_of(people.cell(cells, "key"))) in keys
        }
        emptied[people.name] = of_them
    return [
        SheetCells(
            one.name,
            tuple(
                () if number in emptied[one.name] else cells for number, cells in enumerate(one.rows, start=1)
            ),
        )
        for one in sheets
        if one.name in emptied
    ]


def row_token(edition: EditionView, key: str) -> str:
    """What makes a row of an edition the same row in every file: the form token of its dossier."""
    digest = hashlib.blake2b(f"{edition.id}:{fold(key)}".encode(), digest_size=24).hexdigest()
    return f"import-{digest}"


def _table(
    sheets: Sequence[SheetCells],
    name: Text,
    columns: tuple[Column, ...],
    notes: list[str],
    besides: str = "",
) -> _Table | None:
    """The sheet named so, else the first one whose headings hold every needed column."""
    others = [one for one in sheets if one.name != besides]
    named = [one for one in others if fold(one.name) in (fold(name.vi), fold(name.in_("en")))]
    for sheet in named or others:
        found = _understood(sheet, columns, notes)
        if found is not None:
            return found
    return None


def _understood(sheet: SheetCells, columns: tuple[Column, ...], notes: list[str]) -> _Table | None:
    headings = {heading_key(words): one.key for one in columns for words in one.headings}
    start = next((index for index, row in enumerate(sheet.rows) if any(text_of(cell) for cell in row)), None)
    if start is None:
        return None
    places: dict[str, int] = {}
    unknown = []
    for place, cell in enumerate(sheet.rows[start]):
        words = clean_line(text_of(cell))
        key = headings.get(heading_key(words))
        if key is not None:
            places.setdefault(key, place)
        elif words:
            unknown.append(words)
    if any(one.needed and one.key not in places for one in columns):
        return None
    notes += [
        _("Cột “%(column)s” không có trong mẫu nên được bỏ qua.", column=words) for words in unknown[:20]
    ]
    rows = [
        (index + 1, row)
        for index, row in enumerate(sheet.rows[start + 1 :], start=start + 1)
        if any(text_of(cell) for cell in row) and not _is_example(row, places)
    ]
    return _Table(sheet.name, places, rows)


def _is_example(row: Sequence[Cell], places: Mapping[str, int]) -> bool:
    place = places.get("key", 0)
    return place < len(row) and fold(text_of(row[place])).startswith(fold(EXAMPLE))


def _read(
    main: _Table, number: int, cells: Sequence[Cell], layout: Layout, units: Mapping[str, str | None]
) -> ReadRow:
    """The row as the schema wants it; what cannot be read goes on as it is, to be refused in words."""
    row = ReadRow(number, clean_line(text_of(main.cell(cells, "key"))), {})
    facts: dict[str, Any] = {}
    for column in layout.entries:
        cell = main.cell(cells, column.key)
        if column.needed and not text_of(cell):
            _fault(row, main, column, number, _("Ô này không được để trống."))
            continue
        if column.key.startswith("facts.") and column.key in main.places:
            facts[column.key.removeprefix("facts.")] = _value(column, cell)
    row.data["title"] = clean_line(text_of(main.cell(cells, "title")))
    if "field" in main.places:
        field_column = next(one for one in layout.entries if one.key == "field")
        row.data["field"] = _value(field_column, main.cell(cells, "field"))
    chief = {
        "name": clean_line(text_of(main.cell(cells, "chief"))),
        "role": str(AuthorRole.CHIEF),
        "birth_year": _year(main.cell(cells, "birth_year")),
        "workplace": clean_line(text_of(main.cell(cells, "workplace"))),
    }
    row.data["authors"] = [chief]
    row.data["facts"] = facts
    _read_unit(row, main, cells, layout, units)
    _read_contact(row, main, cells, layout)
    return row


def _read_unit(
    row: ReadRow, main: _Table, cells: Sequence[Cell], layout: Layout, units: Mapping[str, str | None]
) -> None:
    words = clean_line(text_of(main.cell(cells, "unit")))
    if not words:
        return
    code = units.get(fold(words), "")
    if code:
        row.data["unit"] = code
        return
    column = next(one for one in layout.entries if one.key == "unit")
    sentence = (
        _("Có nhiều đơn vị tên “%(words)s”; bạn hãy ghi mã đơn vị.", words=words)
        if code is None
        else _("Không tìm thấy đơn vị “%(words)s” trong danh sách.", words=words)
    )
    _fault(row, main, column, row.number, sentence)


def _read_contact(row: ReadRow, main: _Table, cells: Sequence[Cell], layout: Layout) -> None:
    email = clean_line(text_of(main.cell(cells, "email")))
    phone = _phone(main.cell(cells, "phone"))
    for key, words, check in (("email", email, _checked_email), ("phone", phone, phone_digits)):
        if not words:
            continue
        try:
            setattr(row, key, check(words) or "")
        except Invalid as invalid:
            column = next(one for one in layout.entries if one.key == key)
            _fault(row, main, column, row.number, " ".join(next(iter(invalid.errors.values()))))


def _checked_email(words: str) -> str:
    return str(load(EmailForm(), {"email": words})["email"])


def _load(row: ReadRow, schema: Schema, main: _Table, layout: Layout) -> None:
    """Let the dossier schema decide, and put what it refuses at its cell."""
    told = {one.column for one in row.errors if one.sheet == main.name}
    try:
        row.data = schema.load({key: value for key, value in row.data.items() if value is not None})
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, Mapping) else {"": error.messages}
        for path, sentences in flat_errors(messages).items():
            column = column_at(layout.entries, path) or layout.entries[0]
            place = main.places.get(column.key, 0)
            if place not in told:
                _fault(row, main, column, row.number, " ".join(sentences))


def _add_people(rows: list[ReadRow], people: _Table, layout: Layout) -> None:
    by_key: dict[str, ReadRow] = {}
    for row in rows:
        if row.key:
            by_key.setdefault(fold(row.key), row)
    heads = {one.key: one for one in layout.people}
    strays: list[CellError] = []
    for number, cells in people.rows:
        key = clean_line(text_of(people.cell(cells, "key")))
        meant = by_key.get(fold(key))
        if meant is None:
            sentence = (
                _("Không có hồ sơ nào có mã dòng “%(key)s”.", key=key)
                if key
                else _("Ô này không được để trống.")
            )
            strays.append(_error(people, heads["key"], number, sentence))
            continue
        meant.errors += _add_person(meant, people, number, cells, heads)
    if strays and rows:
        rows[0].errors += strays  # nobody's row: told with the first, so that it is not lost


def _add_person(
    row: ReadRow, people: _Table, number: int, cells: Sequence[Cell], heads: Mapping[str, Column]
) -> list[CellError]:
    name = clean_line(text_of(people.cell(cells, "name")))
    role = _value(heads["role"], people.cell(cells, "role")) or str(AuthorRole.MEMBER)
    year = _year(people.cell(cells, "birth_year"))
    wrong = []
    if not name:
        wrong.append(_error(people, heads["name"], number, _("Ô này không được để trống.")))
    if role not in {key for key, _word in heads["role"].choices}:
        wrong.append(_error(people, heads["role"], number, _("Lựa chọn không có trong danh sách.")))
    if year is not None and not (re.fullmatch(r"[0-9]{4}", year) and 1900 <= int(year) <= 2100):
        wrong.append(_error(people, heads["birth_year"], number, _("Năm sinh gồm bốn chữ số, ví dụ 1985.")))
    if len(row.data["authors"]) >= AUTHORS_MAX:
        wrong.append(_error(people, heads["name"], number, _("Tối đa %(most)s tác giả.", most=AUTHORS_MAX)))
    if not wrong:
        workplace = clean_line(text_of(people.cell(cells, "workplace")))
        row.data["authors"].append(
            {"name": name, "role": role, "birth_year": year, "workplace": workplace[:300]}
        )
    return wrong


def _refuse_repeated_keys(rows: Iterable[ReadRow], main: _Table, layout: Layout) -> None:
    first: dict[str, int] = {}
    for row in rows:
        if not row.key:
            continue
        before = first.setdefault(fold(row.key), row.number)
        if before != row.number:
            sentence = _("Mã dòng này đã có ở dòng %(row)s.", row=before)
            _fault(row, main, layout.entries[0], row.number, sentence)
        elif len(row.key) > 60:
            _fault(row, main, layout.entries[0], row.number, _("Mã dòng dài quá 60 ký tự."))


def _value(column: Column, cell: Cell) -> Any:
    """A cell as the schema wants it."""
    kind = column.kind
    if kind is FieldKind.CHOICE:
        words = clean_line(text_of(cell))
        folded = fold(words)
        by_word = {fold(word): key for key, text in column.choices for word in (text.vi, text.in_("en"), key)}
        return by_word.get(folded, words) or None
    if kind is FieldKind.CHECK:
        folded = fold(clean_line(text_of(cell)))
        return True if folded in _YES else (False if folded in _NO else clean_line(text_of(cell)))
    if isinstance(cell, (datetime, date)) and kind in (FieldKind.DATE, FieldKind.MONTH):
        return f"{cell:%Y-%m-%d}" if kind is FieldKind.DATE else f"{cell:%Y-%m}"
    if isinstance(cell, (int, float)) and kind in (FieldKind.NUMBER, FieldKind.MONEY):
        return text_of(cell).replace(",", ".")
    made = canonical_words(kind, text_of(cell))
    return None if made == "" else made


def _year(cell: Cell) -> str | None:
    """A year as text; of a whole date its year."""
    if isinstance(cell, (datetime, date)):
        return f"{cell:%Y}"
    words = clean_line(text_of(cell))
    match = re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-]([0-9]{4})", words)
    return match[1] if match else words or None


def _phone(cell: Cell) -> str:
    """A telephone number; the zero that a spreadsheet took from a number is put back."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        words = text_of(cell)
        return f"0{words}" if len(words) == 9 else words
    return clean_line(text_of(cell))


def _unit_names(units: Iterable[UnitRow]) -> dict[str, str | None]:
    """Code and name of each unit, folded, to its code; None where two units have one name."""
    found: dict[str, str | None] = {}
    for unit in units:
        name = fold(unit.name)
        found[name] = None if name in found else unit.code
    return found | {fold(unit.code): unit.code for unit in units}


def _fault(row: ReadRow, table: _Table, column: Column, number: int, sentence: str) -> None:
    row.errors.append(_error(table, column, number, sentence))


def _error(table: _Table, column: Column, number: int, sentence: str) -> CellError:
    return CellError(
        table.name, number, table.places.get(column.key, 0), column.label.in_(locale()), sentence
    )
