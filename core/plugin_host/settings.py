"""Settings of an edition: validated against every plugin's schema, completed with defaults, and their origin told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from core.plugin_api import Edition, Plugin, Text, is_illustration, settings_fields
from core.plugin_host import defaults
from core.plugin_host.errors import SettingsInvalid
from core.plugin_host.host import Host, default_host


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
