"""The office's form of a shadow run: the tenant's plugins, each with its settings as they were frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from core.contests.settings_form import (
    Kind,
    SettingField,
    errors_at,
    given_by,
    is_marked,
    setting_fields,
    typed_of,
)
from core.kernel.errors import Invalid
from core.plugin_api import Plugin, Text
from core.plugin_host import (
    PluginUnavailable,
    SettingsInvalid,
    default_host,
    dump_one,
    resolve_one,
)
from core.plugin_host.core_settings import NAME as CORE
from core.results.shadow_run import CONFIRMED, ShadowChange


@dataclass(frozen=True, slots=True)
class TriedField:
    """One setting in the form: `name` of its control, what stands in it, and whether that is an illustration."""

    name: str
    setting: SettingField
    typed: str
    is_illustration: bool


@dataclass(frozen=True, slots=True)
class TriedPlugin:
    """One plugin of the form. `frozen` is its version in the official computation, None where it had no part."""

    name: str
    title: Text
    installed: str
    frozen: str | None
    chosen: bool
    fields: tuple[TriedField, ...]

    @property
    def is_core(self) -> bool:
        """Whether these are the conventions of the platform, which are always asked last."""
        return self.name == CORE


@dataclass(frozen=True, slots=True)
class TriedForm:
    """The form: its plugins in their order, those that are no longer usable, and what is wrong by control."""

    plugins: tuple[TriedPlugin, ...]
    missing: tuple[str, ...]
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict, hash=False)

    @property
    def labels(self) -> dict[str, Text]:
        """Control → what people call it, for the summary of errors."""
        return {one.name: one.setting.label for plugin in self.plugins for one in plugin.fields}


def blank_form(rules: Mapping[str, Any], names: Iterable[str], locale: str) -> TriedForm:
    """The form before anything was typed: the frozen `rules` of the inputs, and beside them the plugins `names`.

    A frozen value that the installed version does not take any more gives way to that version's default.
    """
    frozen = {ref["name"]: ref["version"] for ref in rules["plugins"]}
    plugins, missing = [], []
    for name in dict.fromkeys((*frozen, *names, CORE)):
        try:
            plugin = default_host().plugin(name)
        except PluginUnavailable:
            missing.append(name)
            continue
        values = _starting_values(name, rules.get("settings", {}).get(name, {}))
        plugins.append(
            TriedPlugin(
                name=name,
                title=plugin.info.title,
                installed=plugin.info.version,
                frozen=frozen.get(name),
                chosen=name in frozen or name == CORE,
                fields=_fields(plugin, values, locale),
            )
        )
    return TriedForm(tuple(plugins), tuple(missing))


def typed_form(blank: TriedForm, sent: Mapping[str, str], chosen: Sequence[str]) -> TriedForm:
    """The same form with what was sent: settings by control, and the names of the ticked plugins."""
    return TriedForm(
        tuple(
            TriedPlugin(
                one.name,
                one.title,
                one.installed,
                one.frozen,
                one.is_core or one.name in chosen,
                tuple(_typed(each, sent) for each in one.fields),
            )
            for one in blank.plugins
        ),
        blank.missing,
    )


def change_of(form: TriedForm, rules: Mapping[str, Any]) -> ShadowChange:
    """What the form asks to try. Raises Invalid, by control, for what cannot be read or a plugin's schema refuses."""
    chosen = tuple(one.name for one in form.plugins if one.chosen and not one.is_core)
    if not chosen:
        raise Invalid.one("plugins", _("Chọn ít nhất một bộ quy tắc."))
    errors: dict[str, list[str]] = {}
    settings: dict[str, dict[str, Any]] = {}
    for one in form.plugins:
        if not one.chosen:
            continue
        try:
            settings[one.name] = _given(one, rules.get("settings", {}).get(one.name, {}))
        except Invalid as error:
            errors |= {_control(one.name, name): told for name, told in error.errors.items()}
    if errors:
        raise Invalid(errors)
    return ShadowChange(chosen, settings)


def _given(one: TriedPlugin, frozen: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed for one plugin, once its schema takes it."""
    plugin = default_host().plugin(one.name)
    asked = [each.setting for each in one.fields]
    held = dump_one(one.name, _starting_values(one.name, frozen))
    given = given_by(plugin, asked, {each.setting.name: each.typed for each in one.fields}, held)
    del given[CONFIRMED]
    try:
        resolve_one(one.name, given)
    except SettingsInvalid as error:
        raise Invalid(errors_at(error.errors)) from None
    return given


def _starting_values(name: str, frozen: Mapping[str, Any]) -> Mapping[str, Any]:
    """The frozen settings of a plugin, complete; what the installed version does not know or take is left out."""
    known = default_host().plugin(name).settings().fields
    values = {key: value for key, value in frozen.items() if key in known and key != CONFIRMED}
    try:
        resolved = resolve_one(name, values)
    except SettingsInvalid as error:
        refused = {path.split(".")[1] for path in error.errors if "." in path}
        resolved = resolve_one(name, {key: value for key, value in values.items() if key not in refused})
    confirmed = frozen.get(CONFIRMED, ())
    return {**resolved, CONFIRMED: [key for key in confirmed if key in known]}


def _fields(plugin: Plugin, values: Mapping[str, Any], locale: str) -> tuple[TriedField, ...]:
    asked = setting_fields(plugin, locale)
    typed = typed_of(asked, values)
    return tuple(
        TriedField(
            _control(plugin.info.name, one.name),
            one,
            typed[one.name],
            is_marked(plugin, values, one.key),
        )
        for one in asked
    )


def _typed(one: TriedField, sent: Mapping[str, str]) -> TriedField:
    """A box that is not ticked is not sent; any other control that is missing keeps its value."""
    unsent = "" if one.setting.kind is Kind.YES_NO else one.typed
    return TriedField(one.name, one.setting, sent.get(one.name, unsent), one.is_illustration)


def _control(plugin: str, name: str) -> str:
    return f"{plugin}.{name}" if name else ""
