"""The office's form of a plugin's settings, made from its schema; and what was typed, as the schema reads it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from marshmallow import fields
from marshmallow.validate import OneOf, Range

from core.contests.schemas import parse_day
from core.contests.settings_plan import CONFIRMED
from core.kernel.errors import Invalid
from core.kernel.formats import score
from core.kernel.text import clean, clean_line
from core.plugin_api import Plugin, Text, is_illustration

_WHOLE = re.compile(r"-?[0-9]+")
_GROUPED = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+")


class Kind(StrEnum):
    """How a setting is typed. `FIXED` ones are too rich for a form and stay as the tenant's folder says."""

    DECIMAL = "decimal"
    WHOLE = "whole"
    WORD = "word"
    TEXT = "text"
    YES_NO = "yes_no"
    DAY = "day"
    LINES = "lines"
    PAIRS = "pairs"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting in the form; `bounds` says its limits in words, `default` is the schema's value."""

    key: str
    label: Text
    help: Text
    kind: Kind
    choices: tuple[str, ...]
    may_be_empty: bool
    bounds: str
    default: object

    @property
    def name(self) -> str:
        """The name of its control."""
        return control(self.key)


def control(key: str) -> str:
    """The name of the control that a setting is typed into."""
    return f"s_{key}"


def setting_fields(plugin: Plugin, locale: str) -> tuple[SettingField, ...]:
    """The plugin's settings in the order of the schema, without `confirmed`, which is a tick box at each."""
    return tuple(
        _field(key, declared, locale)
        for key, declared in plugin.settings().fields.items()
        if key != CONFIRMED
    )


def typed_of(asked: Sequence[SettingField], values: Mapping[str, Any]) -> dict[str, str]:
    """Settings in force as the controls show them; the names of confirmed ones are joined by blanks."""
    typed = {one.name: _typed(one.kind, values.get(one.key)) for one in asked}
    return {**typed, CONFIRMED: " ".join(values.get(CONFIRMED, ()))}


def given_by(
    plugin: Plugin, asked: Sequence[SettingField], typed: Mapping[str, str], held: Mapping[str, Any]
) -> dict[str, Any]:
    """What was typed as the plugin's schema reads it, complete; `held` (JSON values) gives what is not in a form.

    Raises Invalid, at the names of the controls, for what cannot be read at all.
    """
    declared = plugin.settings().fields
    given: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for one in asked:
        if one.kind is Kind.FIXED:
            given[one.key] = held[one.key]
            continue
        try:
            given[one.key] = _read(one, declared[one.key], typed.get(one.name, ""))
        except Invalid as error:
            errors.update(error.errors)
    if errors:
        raise Invalid(errors)
    known = {one.key for one in asked}
    given[CONFIRMED] = [key for key in typed.get(CONFIRMED, "").split() if key in known]
    return given


def errors_at(errors: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What a schema refused (path → sentences) by the names of the controls; "" for what belongs to none."""
    found: dict[str, list[str]] = {}
    for path, sentences in errors.items():
        parts = path.split(".")
        name = control(parts[1]) if len(parts) > 1 else ""
        found.setdefault(name, []).extend(sentences)
    return found


def is_marked(plugin: Plugin, values: Mapping[str, object], key: str) -> bool:
    """Whether the value of `key` among `values` is shown with "minh họa"."""
    return is_illustration(plugin.settings, values, key)


def _field(key: str, declared: fields.Field[Any], locale: str) -> SettingField:
    default = declared.load_default
    return SettingField(
        key=key,
        label=declared.metadata["label"],
        help=declared.metadata["help"],
        kind=_kind(declared),
        choices=_choices(declared),
        may_be_empty=bool(declared.allow_none),
        bounds=_bounds(declared, locale),
        default=default() if callable(default) else default,
    )


_SIMPLE: tuple[tuple[type[fields.Field[Any]], Kind], ...] = (
    (fields.Boolean, Kind.YES_NO),
    (fields.Integer, Kind.WHOLE),
    (fields.Decimal, Kind.DECIMAL),
    (fields.Date, Kind.DAY),
    (fields.String, Kind.TEXT),
)


def _kind(declared: fields.Field[Any]) -> Kind:
    if _choices(declared):
        return Kind.WORD
    for of_class, kind in _SIMPLE:
        if isinstance(declared, of_class):
            return kind
    if isinstance(declared, fields.List) and _is_simple(declared.inner):
        return Kind.LINES
    if isinstance(declared, fields.Dict) and _is_simple(declared.value_field):
        return Kind.PAIRS
    return Kind.FIXED


def _is_simple(inner: fields.Field[Any] | None) -> bool:
    return inner is not None and isinstance(inner, (fields.Integer, fields.Decimal, fields.String))


def _choices(declared: fields.Field[Any]) -> tuple[str, ...]:
    if not isinstance(declared, fields.String):
        return ()
    known = next((one for one in declared.validators if isinstance(one, OneOf)), None)
    return () if known is None else tuple(str(word) for word in known.choices)


def _bounds(declared: fields.Field[Any], locale: str) -> str:
    limit = next((one for one in declared.validators if isinstance(one, Range)), None)
    if limit is None:
        return ""
    least, most = (None if x is None else score(x, locale) for x in (limit.min, limit.max))
    if least is not None and most is not None:
        return str(_("Từ %(least)s đến %(most)s.", least=least, most=most))
    if least is not None:
        return str(_("Từ %(least)s trở lên.", least=least))
    return "" if most is None else str(_("Nhiều nhất %(most)s.", most=most))


def _typed(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if kind is Kind.YES_NO:
        return "1" if value else ""
    if kind is Kind.DAY and isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if kind is Kind.LINES:
        return "\n".join(_plain(one) for one in value)
    if kind is Kind.PAIRS:
        return "\n".join(f"{key} = {_plain(one)}" for key, one in value.items())
    return _plain(value)


def _plain(value: object) -> str:
    """A number as people here type it, with a comma; anything else as it is."""
    return format(value, "f").replace(".", ",") if isinstance(value, Decimal) else str(value)


def _read(one: SettingField, declared: fields.Field[Any], typed: str) -> Any:
    if one.kind is Kind.YES_NO:
        return typed == "1"
    if one.kind is Kind.LINES and isinstance(declared, fields.List):
        read = _reader(declared.inner)
        return [read(line) for line in _lines(typed)]
    if one.kind is Kind.PAIRS and isinstance(declared, fields.Dict):
        return _pairs(one.name, typed, _reader(declared.value_field))
    text = clean_line(typed)
    if not text and one.kind is not Kind.TEXT:
        return None  # where the setting may not be empty, its schema says so
    if one.kind is Kind.DAY:
        return parse_day(text, one.name).isoformat()
    if one.kind is Kind.TEXT and not text and one.may_be_empty:
        return None
    return _reader(declared)(text)


def _reader(declared: fields.Field[Any] | None) -> Callable[[str], Any]:
    if isinstance(declared, fields.Integer):
        return _whole
    if isinstance(declared, fields.Decimal):
        return _decimal
    return str


def _whole(text: str) -> Any:
    """The whole number typed, thousands set off or not; anything else stays text, which the schema refuses."""
    bare = text.replace(" ", "")
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(".", "")
    return int(bare) if _WHOLE.fullmatch(bare) and len(bare) <= 18 else text


def _decimal(text: str) -> str:
    bare = text.replace(" ", "")
    return bare.replace(",", ".") if bare.count(",") == 1 and "." not in bare else bare


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in clean(typed).splitlines() if line.strip()]


def _pairs(name: str, typed: str, read: Callable[[str], Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in _lines(typed):
        key, equals, value = (part.strip() for part in line.partition("="))
        if not equals or not key or not value:
            raise Invalid.one(
                name, _("Viết mỗi dòng một cặp “tên = giá trị”; dòng “%(line)s” chưa đúng.", line=line)
            )
        if key in found:
            raise Invalid.one(name, _("Tên “%(key)s” được viết hai lần.", key=key))
        found[key] = read(value)
    return found
