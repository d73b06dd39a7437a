"""Tables in a dossier (`FieldKind.TABLE`): from the form to rows and back, their sums, how they read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core.entries.schemas import ROWS_MAX
from core.kernel import formats
from core.plugin_api import FieldKind, FormColumn, FormField

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """A table for reading: heads, rows of texts, and the sums under the columns of money ("" under the others)."""

    heads: tuple[str, ...]
    numbers: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[str, ...]


def typed_rows(form: Mapping[str, str], asked: FormField) -> list[dict[str, str]]:
    """The rows of a table as a browser sent them, in the order of their numbers, empty ones left out.

    The controls are `facts.<key>.<number>.<column>`; the row whose button was pressed is taken out.
    """
    controls = re.compile(rf"facts\.{re.escape(asked.key)}\.(\d{{1,4}})\.")
    numbers = sorted({int(found[1]) for name in form if (found := controls.match(name))})
    gone = form.get("do", "").removeprefix(f"remove-row-{asked.key}-")
    return tidy_rows(
        (
            {one.key: form.get(f"facts.{asked.key}.{number}.{one.key}", "") for one in asked.columns}
            for number in numbers
            if str(number) != gone
        ),
        asked,
    )


def tidy_rows(rows: Iterable[Mapping[str, Any]], asked: FormField) -> list[dict[str, str]]:
    """The rows with every column named, without those in which nothing was typed."""
    named = [{one.key: str(row.get(one.key) or "").strip() for one in asked.columns} for row in rows]
    return [row for row in named if any(row.values())]


def shown_rows(rows: Iterable[Row], asked: FormField) -> list[dict[str, str]]:
    """Stored rows, each cell written the Vietnamese way, as the form shows it."""
    return [{one.key: typed_cell(one, row.get(one.key)) for one in asked.columns} for row in rows]


def typed_cell(column: FormColumn, value: Any) -> str:
    """A stored cell as it would be typed; "" when it is empty."""
    if value is None:
        return ""
    if column.kind is FieldKind.MONEY:
        return formats.number(int(value))
    if column.kind is FieldKind.NUMBER:
        return str(value).replace(".", ",")
    return str(value)


def sums_of(rows: Iterable[Row], asked: FormField) -> dict[str, int]:
    """The exact sums of the columns of money in đồng, by column key."""
    held = list(rows)
    return {
        one.key: sum(int(row[one.key]) for row in held if one.key in row)
        for one in asked.columns
        if one.kind is FieldKind.MONEY
    }


def typed_sums(rows: Iterable[Mapping[str, str]], asked: FormField) -> dict[str, int]:
    """The sums of the columns of money of rows as they were typed; a cell that is no amount is left out."""
    columns = [one for one in asked.columns if one.kind is FieldKind.MONEY]
    amounts = [{one.key: re.sub(r"[. ,]", "", row.get(one.key, "")) for one in columns} for row in rows]
    return sums_of(
        (
            {key: int(digits) for key, digits in row.items() if digits.isascii() and digits.isdigit()}
            for row in amounts
        ),
        asked,
    )


def table_answer(rows: Sequence[Row], asked: FormField, locale: str) -> TableAnswer:
    """The table for reading in `locale`."""
    sums = sums_of(rows, asked)
    return TableAnswer(
        heads=tuple(head_of(one, locale) for one in asked.columns),
        numbers=tuple(one.kind is not FieldKind.TEXT for one in asked.columns),
        rows=tuple(tuple(_cell(one, row.get(one.key), locale) for one in asked.columns) for row in rows),
        sums=tuple(formats.number(sums[one.key], locale) if one.key in sums else "" for one in asked.columns)
        if sums
        else (),
    )


def head_of(column: FormColumn, locale: str) -> str:
    """The head of a column with the unit of its numbers."""
    unit = column.unit.in_(locale) if column.unit else _("đồng") if column.kind is FieldKind.MONEY else ""
    label = column.label.in_(locale)
    return f"{label} ({unit})" if unit else label


def table_text(rows: Sequence[Row], asked: FormField, locale: str) -> str:
    """The table as lines, one a row, for papers and exports; the sums stand last."""
    lines = [
        "; ".join(
            f"{one.label.in_(locale)}: {_said(one, row[one.key], locale)}"
            for one in asked.columns
            if one.key in row
        )
        for row in rows
    ]
    columns = {one.key: one for one in asked.columns}
    for key, total in sums_of(rows, asked).items():
        if len(rows) > 1:
            lines.append(
                _(
                    "Cộng %(what)s: %(sum)s",
                    what=_lower_first(columns[key].label.in_(locale)),
                    sum=formats.money(total, locale),
                )
            )
    return "\n".join(lines)


def row_limit(asked: FormField) -> int:
    """How many rows the table takes."""
    return asked.max_rows or ROWS_MAX


def _cell(column: FormColumn, value: Any, locale: str) -> str:
    if value is None:
        return ""
    if column.kind is FieldKind.MONEY:
        return formats.number(int(value), locale)
    if column.kind is FieldKind.NUMBER:
        return formats.score(str(value), locale)
    return str(value)


def _said(column: FormColumn, value: Any, locale: str) -> str:
    if column.kind is FieldKind.MONEY:
        return formats.money(int(value), locale)
    said = _cell(column, value, locale)
    return f"{said} {column.unit.in_(locale)}" if column.unit else said


def _lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]
