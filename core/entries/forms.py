"""The dossier as an HTML form: reading what was typed the Vietnamese way, and showing what is kept.

Controls are named by the paths of `schemas`: `title`, `authors.0.name`, `facts.tom_tat`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.contests.values import EditionView
from core.entries.queries import Dossier
from core.entries.schemas import AUTHORS_MAX
from core.kernel import formats
from core.plugin_api import AuthorRole, FieldKind, FormField, Text

AUTHOR_PARTS = ("name", "role", "birth_year", "workplace")
CORE_PATHS = ("title", "field", "unit", "authors")
_GROUPED = re.compile(r"-?\d{1,3}([. ,]\d{3})+")


def questions(edition: EditionView) -> list[FormField]:
    """All questions of the plugins' form in order."""
    return [one for section in edition.rules.dossier_form() for one in section.fields]


def path_of(key: str | None) -> str:
    """The name of the control that a finding's field means; "" when it names none."""
    if key is None:
        return ""
    return key if key in CORE_PATHS else f"facts.{key}"


def read_form(form: MultiDict[str, str], edition: EditionView) -> dict[str, Any]:
    """What `load_dossier` wants, from a form sent by a browser."""
    data: dict[str, Any] = {"title": form.get("title", ""), "unit": form.get("unit", "")}
    if edition.rules.entry_fields():
        data["field"] = form.get("field", "")
    data["authors"] = read_authors(form)
    data["facts"] = {
        one.key: _canonical(one.kind, form.get(f"facts.{one.key}", ""))
        for one in questions(edition)
        if one.kind is not FieldKind.FILES
    }
    return data


def read_authors(form: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows of authors in their order, one taken out when its button was pressed."""
    rows = [
        {part: form.get(f"authors.{index}.{part}", "") for part in AUTHOR_PARTS}
        for index in range(AUTHORS_MAX)
        if f"authors.{index}.name" in form
    ]
    action, _dash, number = form.get("do", "").rpartition("-")
    if action == "remove-author" and number.isdigit() and int(number) < len(rows):
        del rows[int(number)]
    for row in rows:
        row["role"] = row["role"] or str(AuthorRole.MEMBER)
    return rows


def typed_values(form: Mapping[str, str], edition: EditionView) -> dict[str, Any]:
    """Every control as it was typed, for the page that tells the errors."""
    values: dict[str, Any] = {name: form.get(name, "") for name in ("title", "field", "unit")}
    values["authors"] = read_authors(form)
    for one in questions(edition):
        values[f"facts.{one.key}"] = form.get(f"facts.{one.key}", "")
    return values


def kept_values(dossier: Dossier, edition: EditionView) -> dict[str, Any]:
    """Every control as the dossier holds it, written the Vietnamese way."""
    entry = dossier.entry
    values: dict[str, Any] = {
        "title": entry.title,
        "field": entry.field or "",
        "unit": dossier.unit.name if dossier.unit else "",
        "authors": [
            {
                "name": one.name,
                "role": one.role,
                "birth_year": "" if one.birth_year is None else str(one.birth_year),
                "workplace": one.workplace,
            }
            for one in dossier.authors
        ],
    }
    for one in questions(edition):
        values[f"facts.{one.key}"] = _typed(one.kind, entry.facts.get(one.key))
    return values


def shown_rows(values: Mapping[str, Any], wanted: int) -> list[dict[str, str]]:
    """The rows of authors to show: those there are, at least one, at least `wanted`."""
    rows: list[dict[str, str]] = list(values["authors"])
    empty = {"name": "", "role": str(AuthorRole.MEMBER), "birth_year": "", "workplace": ""}
    count = min(max(len(rows), wanted, 1), AUTHORS_MAX)
    rows += [dict(empty) for _row in range(count - len(rows))]
    if len(rows) == 1 and not values["authors"]:
        rows[0]["role"] = str(AuthorRole.CHIEF)
    return rows


def labels(edition: EditionView, rows: int) -> dict[str, Text | str]:
    """What each control is called, by path, for the list of errors."""
    known: dict[str, Text | str] = {
        "title": _("Tên"),
        "field": _("Lĩnh vực"),
        "unit": _("Đơn vị"),
        "authors": _("Tác giả"),
    }
    for index in range(rows):
        who = _("Tác giả thứ %(number)s", number=index + 1)
        known |= {f"authors.{index}.{part}": who for part in AUTHOR_PARTS}
    return known | {f"facts.{one.key}": one.label for one in questions(edition)}


def answer_text(asked: FormField, value: Any, locale: str) -> str:
    """An answer for reading; "" when there is none."""
    if value in (None, "", []):
        return ""
    kind = asked.kind
    if kind is FieldKind.CHOICE:
        return next((one.name.in_(locale) for one in asked.choices if one.key == value), str(value))
    if kind is FieldKind.CHECK:
        return str(_("Có") if value is True else _("Không"))
    if kind is FieldKind.MONEY:
        return formats.money(int(value), locale)
    if kind is FieldKind.NUMBER:
        return formats.score(str(value), locale)
    if kind is FieldKind.MONTH:
        year, month = str(value).split("-")
        return f"{month}/{year}"
    if kind is FieldKind.DATE:
        year, month, day = str(value).split("-")
        return f"{day}/{month}/{year}"
    return str(value)


def _canonical(kind: FieldKind, typed: str) -> Any:
    """What was typed, as the schema wants it; what cannot be read goes on as it is, to be refused in words."""
    words = typed.strip()
    if kind is FieldKind.CHECK:
        return typed != ""
    if kind is FieldKind.MONEY:
        words = re.sub(r"\s*(đồng|vnđ|vnd|đ|₫)\.?$", "", words.lower())
        return re.sub(r"[. ,]", "", words) if _GROUPED.fullmatch(words) else words
    if kind is FieldKind.NUMBER:
        return _number(words)
    if kind is FieldKind.DATE:
        return re.sub(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$", _iso_day, words)
    if kind is FieldKind.MONTH:
        return re.sub(r"^(\d{1,2})[/.-](\d{4})$", lambda m: f"{m[2]}-{int(m[1]):02d}", words)
    return typed


def _number(words: str) -> str:
    """A comma is the decimal sign, dots and blanks set off thousands; a lone dot is read as a decimal sign."""
    if "," in words:
        return words.replace(".", "").replace(" ", "").replace(",", ".")
    if re.fullmatch(r"-?\d{1,3}([. ]\d{3})+", words):
        return words.replace(".", "").replace(" ", "")
    return words


def _iso_day(match: re.Match[str]) -> str:
    return f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"


def _typed(kind: FieldKind, value: Any) -> Any:
    if value is None:
        return ""
    if kind is FieldKind.CHECK:
        return value is True
    if kind is FieldKind.MONEY:
        return formats.number(int(value))
    if kind is FieldKind.NUMBER:
        return str(value).replace(".", ",")
    return value


def removed_files(form: MultiDict[str, str], asked: Iterable[FormField]) -> list[str]:
    """The ids of the files whose box "remove" was ticked."""
    return [
        one
        for field in asked
        if field.kind is FieldKind.FILES
        for one in form.getlist(f"facts.{field.key}__remove")
    ]
