"""The settings of an edition's plugins as the office shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.kernel.formats import score
from core.plugin_api import Text
from core.plugin_host import default_host, illustration_marks


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting with its value in words; `is_illustration`: no document gives it and nobody confirmed it."""

    key: str
    label: Text
    help: Text
    value: str
    is_illustration: bool


@dataclass(frozen=True, slots=True)
class PluginRow:
    """A plugin of the edition, the version in force, and its settings."""

    name: str
    version: str
    title: Text
    settings: tuple[SettingRow, ...]


def plugin_rows(edition: EditionView, locale: str) -> list[PluginRow]:
    """The edition's plugins in the order of the list, each with its settings."""
    marked = {(mark.plugin, mark.key) for mark in illustration_marks(edition.values)}
    versions = {ref.name: ref.version for ref in edition.values.plugins}
    rows = []
    for plugin in default_host().require(tuple(versions)):
        name = plugin.info.name
        values: Mapping[str, object] = edition.values.settings.get(name, {})
        settings = tuple(
            SettingRow(
                key=key,
                label=declared.metadata["label"],
                help=declared.metadata["help"],
                value=value_words(values.get(key), locale),
                is_illustration=(name, key) in marked,
            )
            for key, declared in plugin.settings().fields.items()
            if key != "confirmed"
        )
        rows.append(PluginRow(name, versions[name], plugin.info.title, settings))
    return rows


def value_words(value: Any, locale: str) -> str:
    """A settings value as people read it."""
    if value is None:
        return str(_("không đặt"))
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    if isinstance(value, Decimal | int):
        return score(value, locale)
    if isinstance(value, Text):
        return value.in_(locale)
    if isinstance(value, list | tuple):
        return ", ".join(value_words(one, locale) for one in value) or _("không có")
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {value_words(one, locale)}" for key, one in value.items()) or _("không có")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
