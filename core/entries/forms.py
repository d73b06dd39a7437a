"""The dossier as an HTML form: reading what was typed the Vietnamese way, and showing what is kept.

Controls are named by the paths of `schemas`: `title`, `facts.tom_tat`, `facts.loi_ich.0.so_tien`. A *part* is what is
saved by itself, with one path: `title`, `facts.tom_tat`, `facts.loi_ich`. The authors have a form of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.queries import Dossier
from core.entries.tables import row_limit, shown_rows, table_text, tidy_rows, typed_rows
from core.kernel import formats
from core.kernel.text import clean
from core.plugin_api import FieldKind, FormField, Text

GENERAL, AUTHORS = "chung", "tac-gia"
"""The steps of the form that the core asks itself; the others are the plugins' sections."""
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


def key_of(path: str) -> str:
    """The field of a finding that a path means: the other way round of `path_of`."""
    return path.removeprefix("facts.")


def asked_at(edition: EditionView, path: str) -> FormField | None:
    """The question behind the path `facts.<key>`; None for the core's own parts and for what is not asked."""
    head, _dot, key = path.partition(".")
    return edition.rules.form_field(key) if head == "facts" else None


def parts_in(edition: EditionView, step: str | None = None) -> list[str]:
    """The paths of the parts that are saved each by itself, of one step or of all; files are none of them."""
    general = ["title", "field", "unit"] if edition.rules.entry_fields() else ["title", "unit"]
    found = general if step in (None, GENERAL) else []
    return found + [
        f"facts.{one.key}"
        for section in edition.rules.dossier_form()
        if step in (None, section.key)
        for one in section.fields
        if one.kind is not FieldKind.FILES
    ]


def typed_parts(form: Mapping[str, str], edition: EditionView, step: str | None = None) -> dict[str, Any]:
    """What a browser sent for the parts of `step` (None: of the whole form), by path, as it was typed.

    A part of which the form has no control is left alone: a page that does not show it takes nothing away.
    """
    typed: dict[str, Any] = {}
    for path in parts_in(edition, step):
        if not _is_sent(form, path):
            continue
        asked = asked_at(edition, path)
        if asked is not None and asked.kind is FieldKind.TABLE:
            typed[path] = typed_rows(form, asked)
        elif asked is not None and asked.kind is FieldKind.CHECK:
            typed[path] = form.get(path, "") != ""
        else:
            typed[path] = form.get(path, "")
    return typed


def _is_sent(form: Mapping[str, str], path: str) -> bool:
    """Whether the form has the part: a control of it, or its stamp, which a box that is not ticked leaves alone."""
    return path in form or f"v.{path}" in form or any(name.startswith(f"{path}.") for name in form)


def data_of(typed: Mapping[str, Any], edition: EditionView) -> dict[str, Any]:
    """Typed parts as `load_dossier` wants them."""
    data: dict[str, Any] = {}
    for path, value in typed.items():
        asked = asked_at(edition, path)
        if asked is None:
            data[path] = value
        else:
            data.setdefault("facts", {})[asked.key] = canonical(asked, value)
    return data


def tidy_part(asked: FormField | None, value: Any) -> Any:
    """A typed part as it is kept and compared: text without unseen marks, tables without empty rows."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list) and asked is not None:
        return tidy_rows(
            ({str(key): clean(str(cell or "")) for key, cell in row.items()} for row in value), asked
        )
    return value


def kept_values(dossier: Dossier, edition: EditionView) -> dict[str, Any]:
    """Every control as the dossier holds it, written the Vietnamese way, or what was typed last and did not pass."""
    unit = dossier.unit.name if dossier.unit else ""
    values = {
        path: kept_part(dossier.entry, path, asked_at(edition, path), unit) for path in parts_in(edition)
    }
    return values | {path: typed for path, typed in dossier.entry.unsaved.items() if path in values}


def kept_part(entry: Entry, path: str, asked: FormField | None, unit: str = "") -> Any:
    """One part as the dossier holds it, as it would be typed; `unit` is the name of the dossier's unit."""
    if asked is not None:
        value = entry.facts.get(asked.key)
        return shown_rows(value or [], asked) if asked.kind is FieldKind.TABLE else _typed(asked.kind, value)
    core = {"title": entry.title, "field": entry.field or "", "unit": unit}
    return core[path]


def labels(edition: EditionView) -> dict[str, Text | str]:
    """What each control is called, by path, for the list of errors."""
    known: dict[str, Text | str] = {
        "title": _("Tên"),
        "field": _("Lĩnh vực"),
        "unit": _("Đơn vị"),
    }
    for one in questions(edition):
        known[f"facts.{one.key}"] = one.label
        for number in range(row_limit(one) if one.kind is FieldKind.TABLE else 0):
            known |= {f"facts.{one.key}.{number}.{column.key}": one.label for column in one.columns}
    return known


def answer_text(asked: FormField, value: Any, locale: str) -> str:
    """An answer for reading; "" when there is none."""
    if value in (None, "", []):
        return ""
    if asked.kind is FieldKind.TABLE:
        return table_text(value, asked, locale)
    if asked.kind is FieldKind.CHOICE:
        return next((one.name.in_(locale) for one in asked.choices if one.key == value), str(value))
    if asked.kind is FieldKind.CHECK:
        return str(_("Có") if value is True else _("Không"))
    if asked.kind is FieldKind.MONEY:
        return formats.money(int(value), locale)
    if asked.kind is FieldKind.NUMBER:
        return formats.score(str(value), locale)
    if asked.kind in (FieldKind.MONTH, FieldKind.DATE):
        return "/".join(reversed(str(value).split("-")))
    return str(value)


def reading_text(asked: FormField | None, shown: Any, locale: str) -> str:
    """A part as it stands in its control, for reading beside another copy of it."""
    if isinstance(shown, list) and asked is not None:
        names = {one.key: one.label.in_(locale) for one in asked.columns}
        return "\n".join(
            "; ".join(f"{names[key]}: {cell}" for key, cell in row.items() if cell and key in names)
            for row in shown
        )
    if asked is not None and asked.kind in (FieldKind.CHECK, FieldKind.CHOICE):
        return answer_text(asked, shown, locale)
    return str(shown)


def canonical(asked: FormField, typed: Any) -> Any:
    """What was typed, as the schema wants it; what cannot be read goes on as it is, to be refused in words."""
    if asked.kind is FieldKind.TABLE and isinstance(typed, list):
        kinds = {one.key: one.kind for one in asked.columns}
        return [
            {key: canonical_words(kinds.get(key, FieldKind.TEXT), str(cell)) for key, cell in row.items()}
            for row in typed
        ]
    if asked.kind is FieldKind.CHECK:
        return typed not in (False, "", None)
    return canonical_words(asked.kind, typed) if isinstance(typed, str) else typed


def canonical_words(kind: FieldKind, typed: str) -> Any:
    """One answer typed the Vietnamese way, as the schema wants it; for spreadsheets as for the form."""
    words = typed.strip()
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
    if kind is FieldKind.CHECK:
        return value is True
    if value is None:
        return ""
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
