"""The settings of an edition's plugins as the office shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.kernel import formats
from core.kernel.errors import NotFound
from core.plugin_api import Plugin, Text
from core.plugin_host import Level, default_host, illustration_marks

CORE = "core"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting with its value in words and where that stands; `is_illustration`: no document gives it and nobody
    confirmed it.
    """

    key: str
    label: Text
    help: Text
    value: str
    source: str
    is_illustration: bool


@dataclass(frozen=True, slots=True)
class PluginRow:
    """A plugin of the edition, the version in force, and its settings.

    `installed` is the version on the server where it is not the frozen one, else empty.
    """

    name: str
    version: str
    installed: str
    title: Text
    settings: tuple[SettingRow, ...]


def plugin_rows(edition: EditionView, locale: str) -> list[PluginRow]:
    """The edition's plugins in the order of the list, each with its settings, the platform's own last."""
    marked = {(mark.plugin, mark.key) for mark in illustration_marks(edition.values)}
    versions = {ref.name: ref.version for ref in edition.values.plugins}
    drift = {ref.name: installed for ref, installed in edition.rules.version_drift()}
    rows = []
    for plugin in plugins_of(edition):
        name = plugin.info.name
        values: Mapping[str, object] = edition.values.settings.get(name, {})
        settings = tuple(
            SettingRow(
                key=key,
                label=declared.metadata["label"],
                help=declared.metadata["help"],
                value=value_words(values.get(key), locale),
                source=source_words(edition, name, key),
                is_illustration=(name, key) in marked,
            )
            for key, declared in plugin.settings().fields.items()
            if key != "confirmed"
        )
        version = versions.get(name, plugin.info.version)
        rows.append(PluginRow(name, version, drift.get(name, ""), plugin.info.title, settings))
    return rows


def plugins_of(edition: EditionView) -> tuple[Plugin, ...]:
    """The edition's plugins in the order of the list, then the platform's own, which has settings too."""
    host = default_host()
    return (*host.require(tuple(ref.name for ref in edition.values.plugins)), host.plugin(CORE))


def plugin_of(edition: EditionView, name: str) -> Plugin:
    """The edition's plugin `name`, or the platform's own; raises NotFound for any other."""
    for plugin in plugins_of(edition):
        if plugin.info.name == name:
            return plugin
    raise NotFound(_("Kỳ thi này không dùng bộ quy tắc đó."))


def source_words(edition: EditionView, plugin: str, key: str) -> str:
    """Where the value of a setting stands, in two words."""
    if edition.is_frozen:
        return str(_("đã chốt"))
    words = {
        Level.EDITION: _("kỳ này"),
        Level.TENANT: _("tỉnh"),
        Level.PLATFORM: _("nền tảng"),
        Level.DEFAULT: _("mặc định"),
    }
    return str(words[edition.layers.level(plugin, key)])


def value_words(value: Any, locale: str) -> str:
    """A settings value as people read it."""
    if value is None:
        return str(_("không đặt"))
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    if isinstance(value, Decimal | int):
        return formats.score(value, locale)
    if isinstance(value, date):
        return formats.date(value, locale)
    if isinstance(value, Text):
        return value.in_(locale)
    if isinstance(value, list | tuple):
        return ", ".join(value_words(one, locale) for one in value) or _("không có")
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {value_words(one, locale)}" for key, one in value.items()) or _("không có")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
