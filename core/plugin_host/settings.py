"""Settings of an edition: what the edition, its tenant and the platform give, laid over each other key by key,
validated against every plugin's schema, completed with defaults, and their origin told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError

from core.plugin_api import Edition, Plugin, Text, is_illustration, settings_fields
from core.plugin_host import core_settings, defaults
from core.plugin_host.errors import SettingsInvalid
from core.plugin_host.host import Host, default_host

Given = Mapping[str, Mapping[str, Any]]  # plugin → setting → value, as TOML or JSON holds it

CONFIRMED = "confirmed"


class Level(StrEnum):
    """Where a value stands, the nearest first."""

    EDITION = "edition"
    TENANT = "tenant"
    PLATFORM = "platform"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Layers:
    """What is given at each level for one edition; the farther levels are cut to the edition's plugins."""

    platform: Given = field(default_factory=dict, hash=False)
    tenant: Given = field(default_factory=dict, hash=False)
    edition: Given = field(default_factory=dict, hash=False)

    def merged(self) -> dict[str, dict[str, Any]]:
        """What holds for the edition."""
        return layered(self.platform, self.tenant, self.edition)

    def inherited(self) -> dict[str, dict[str, Any]]:
        """What would hold if the edition gave nothing of its own."""
        return layered(self.platform, self.tenant, {})

    def level(self, plugin: str, key: str) -> Level:
        """The nearest level that gives the setting `key` of `plugin`."""
        for level in (Level.EDITION, Level.TENANT, Level.PLATFORM):
            given: Given = getattr(self, level.value)
            if key in given.get(plugin, {}):
                return level
        return Level.DEFAULT


def layered(platform: Given, tenant: Given, edition: Given) -> dict[str, dict[str, Any]]:
    """One mapping of settings: for each plugin and key the value of the nearest level that gives it.

    A name in `confirmed` vouches for the value of its own level or of one farther away: it does not pass to a value
    that a nearer level gives instead.
    """
    merged: dict[str, dict[str, Any]] = {}
    for given in (platform, tenant, edition):
        for plugin, values in given.items():
            held = merged.setdefault(plugin, {})
            vouched = _vouched(held.get(CONFIRMED), values)
            held.update(values)
            if vouched is not None:
                held[CONFIRMED] = vouched
    return merged


def _vouched(farther: object, values: Mapping[str, Any]) -> list[Any] | None:
    """The names confirmed once `values` lie over what is `farther`; None leaves it to what `values` say."""
    if not isinstance(farther, list):
        return None
    own = values.get(CONFIRMED, [])
    if not isinstance(own, list):
        return None  # the schema refuses it, with a sentence
    return [*(name for name in farther if name not in values and name not in own), *own]


def only(given: Given, plugin_names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """`given` without the plugins that are neither named nor the core's own."""
    known = {core_settings.NAME, *plugin_names}
    return {name: dict(values) for name, values in given.items() if name in known}


@dataclass(frozen=True, slots=True)
class SettingMark:
    """A setting whose value is shown with "minh họa": no document states it and nobody confirmed it."""

    plugin: str
    key: str
    label: Text
    help: Text
    value: object


def resolve_settings(
    plugin_names: Sequence[str], given: Mapping[str, Any], *, host: Host | None = None
) -> Mapping[str, Mapping[str, object]]:
    """Complete, validated settings of the core ("core") and of each named plugin, from what was `given` by
    plugin.

    Takes what TOML or JSON hold, or what it returned itself. Decimals come back as Decimal. SettingsInvalid
    names each wrong value by its path, also settings of a plugin that is not in the list; PluginUnavailable
    when the list cannot run.
    """
    plugins = (defaults.plugin, *(host or default_host()).require(plugin_names))
    errors: dict[str, tuple[str, ...]] = {}
    resolved: dict[str, Mapping[str, object]] = {}
    known = {plugin.info.name for plugin in plugins}
    for name in sorted(set(given) - known):
        errors[name] = ("Plugin này không có trong danh sách của tỉnh.",)
    for plugin in plugins:
        name = plugin.info.name
        try:
            resolved[name] = plugin.settings().load(given.get(name, {}))
        except ValidationError as error:
            errors.update(_paths(name, error.messages))
    if errors:
        raise SettingsInvalid(errors)
    return resolved


def resolve_one(
    plugin_name: str, given: Mapping[str, Any], *, host: Host | None = None
) -> Mapping[str, object]:
    """Complete, validated settings of one plugin (or of "core"), whatever it needs beside it.

    Raises SettingsInvalid, its paths beginning with the plugin's name, and PluginUnavailable.
    """
    plugin = (host or default_host()).plugin(plugin_name)
    try:
        resolved: Mapping[str, object] = plugin.settings().load(given)
    except ValidationError as error:
        raise SettingsInvalid(_paths(plugin_name, error.messages)) from None
    return resolved


def dump_one(plugin_name: str, resolved: Mapping[str, object], *, host: Host | None = None) -> dict[str, Any]:
    """Resolved settings of one plugin as JSON values, complete."""
    return dict((host or default_host()).plugin(plugin_name).settings().dump(resolved))


def dump_settings(
    plugin_names: Sequence[str], resolved: Mapping[str, Mapping[str, object]], *, host: Host | None = None
) -> dict[str, dict[str, object]]:
    """Resolved settings as JSON values (decimals as text), complete, so that a later default changes nothing."""
    plugins = (defaults.plugin, *(host or default_host()).require(plugin_names))
    return {one.info.name: dict(one.settings().dump(resolved[one.info.name])) for one in plugins}


def illustration_marks(edition: Edition, *, host: Host | None = None) -> tuple[SettingMark, ...]:
    """The settings of the edition's plugins whose values are not official, in the order of the list."""
    found = host or default_host()
    plugins = (defaults.plugin, *found.require(tuple(ref.name for ref in edition.plugins)))
    return tuple(mark for plugin in plugins for mark in _marks(plugin, edition))


def _marks(plugin: Plugin, edition: Edition) -> Iterator[SettingMark]:
    values = edition.settings.get(plugin.info.name) or plugin.settings().load({})
    for key, declared in settings_fields(plugin.settings).items():
        if is_illustration(plugin.settings, values, key):
            yield SettingMark(
                plugin.info.name, key, declared.metadata["label"], declared.metadata["help"], values.get(key)
            )


def _paths(start: str, messages: object) -> dict[str, tuple[str, ...]]:
    """marshmallow's nested messages as one flat mapping of dotted paths."""
    if isinstance(messages, Mapping):
        flat: dict[str, tuple[str, ...]] = {}
        for key, inner in messages.items():
            # marshmallow files the message of a mapping's value under "value": the path says it.
            path = start if key in {"_schema", "value", "key"} else f"{start}.{key}"
            flat.update(_paths(path, inner))
        return flat
    if isinstance(messages, (list, tuple)):
        return {start: tuple(str(message) for message in messages)}
    return {start: (str(messages),)}
