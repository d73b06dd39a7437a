"""The shadow run: the frozen inputs of an edition under other plugins, versions or settings.

Pure but for what is installed: it reads two documents, computes in memory and gives back a report. The official
outputs are taken as they are stored and never computed again, so their plugins' versions need not be installed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from core.plugin_api import AwardScheme, Edition, PluginRef, Text, settings_fields
from core.plugin_host import (
    default_host,
    dump_settings,
    plugin_refs,
    resolve_settings,
    rules_for,
)
from core.plugin_host.core_settings import NAME as CORE
from core.results.checks import require_plain
from core.results.compute import compute, edition_of_inputs
from core.results.formats import (
    Inputs,
    InputsError,
    Outputs,
    RulesRef,
    canonical_text,
    parse_inputs,
    points,
    sha256_text,
)
from core.results.shadow import EntryChange, ShadowDifference, Standing, compare_outputs

SHADOW_FORMAT: Final = "bangvang.shadow/1"
CONFIRMED: Final = "confirmed"


@dataclass(frozen=True, slots=True)
class ShadowChange:
    """What is tried: another ordered list of plugins (None: that of the inputs), and settings by plugin that
    replace the frozen ones. Plugins always run in the version that is installed.
    """

    plugins: tuple[str, ...] | None = None
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting whose value is not the frozen one, as JSON values; None where one of the two has no such setting."""

    plugin: str
    key: str
    official: Any
    shadow: Any


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """A shadow run beside the official computation. SHA-256 are over canonical documents.

    `left_out` are frozen settings ("plugin.key") that the plugins of the run do not know; `awards` and `parts` are
    the names of awards and of the parts of the total.
    """

    tenant: str
    edition: str
    official: Outputs = field(hash=False)
    outputs: Outputs = field(hash=False)
    official_sha256: str
    inputs_sha256: str
    outputs_sha256: str
    official_plugins: tuple[PluginRef, ...]
    plugins: tuple[PluginRef, ...]
    settings: tuple[SettingChange, ...] = field(hash=False)
    left_out: tuple[str, ...]
    awards: Mapping[str, Text] = field(hash=False)
    parts: Mapping[str, str] = field(hash=False)
    difference: ShadowDifference = field(hash=False)

    @property
    def plugins_changed(self) -> bool:
        """Whether the run used another list or another version of plugins than the official computation."""
        return self.official_plugins != self.plugins

    def document(self) -> dict[str, Any]:
        """The report as `bangvang.shadow/1`; entries and awards that do not change are not in it."""
        found = self.difference
        return {
            "format": SHADOW_FORMAT,
            "tenant": self.tenant,
            "edition": self.edition,
            "same": found.is_same,
            "official": {
                "inputs_sha256": self.official.inputs_sha256,
                "outputs_sha256": self.official_sha256,
                "plugins": [_ref(one) for one in self.official_plugins],
            },
            "shadow": {
                "inputs_sha256": self.inputs_sha256,
                "outputs_sha256": self.outputs_sha256,
                "plugins": [_ref(one) for one in self.plugins],
            },
            "settings": [
                {"plugin": one.plugin, "key": one.key, "official": one.official, "shadow": one.shadow}
                for one in self.settings
            ],
            "left_out": list(self.left_out),
            "awards": [
                {
                    "key": one.key,
                    "name": self.awards[one.key].vi if one.key in self.awards else one.key,
                    "official": one.official,
                    "shadow": one.shadow,
                    "gained": list(one.gained),
                    "lost": list(one.lost),
                }
                for one in found.awards
            ],
            "undecided": {"gained": list(found.undecided_gained), "lost": list(found.undecided_lost)},
            "undecided_specials": {
                "gained": list(found.undecided_specials_gained),
                "lost": list(found.undecided_specials_lost),
            },
            "entries": [_entry(one) for one in found.changed],
        }


def run_shadow(document: Mapping[str, Any], official: Outputs, change: ShadowChange) -> ShadowReport:
    """Compute the inputs in `document` under `change` and compare with the `official` outputs of the same inputs.

    Raises InputsError where the inputs are malformed, are not those of `official`, or hold what the rules tried
    refuse (a sheet above a lowered maximum); SettingsInvalid with every wrong setting; PluginUnavailable when the
    list cannot run; PluginFailed when a plugin does.
    """
    frozen = parse_inputs(document)
    if frozen.rules is None:
        raise InputsError("rules", "còn thiếu: cần tên plugin và cài đặt đã chốt.")
    if frozen.sha256 != official.inputs_sha256:
        raise InputsError("inputs_sha256", "kết quả chính thức không phải được tính từ dữ liệu vào này.")
    names = change.plugins if change.plugins is not None else tuple(ref.name for ref in frozen.rules.plugins)
    carried, left_out = _carried(names, frozen.rules.settings)
    merged = {name: {**carried.get(name, {})} for name in (CORE, *names)}
    for name, given in change.settings.items():
        merged[name] = {**merged.get(name, {}), **given}
    settings = dump_settings(names, resolve_settings(names, merged))
    refs = plugin_refs(names)
    inputs = _under(frozen, document, RulesRef(refs, settings))
    edition = edition_of_inputs(inputs)
    outputs = compute(inputs, edition)
    before = _official_edition(frozen)
    schemes = [rules_for(one).award_scheme() for one in (edition, before) if one is not None]
    return ShadowReport(
        tenant=inputs.tenant,
        edition=inputs.edition,
        official=official,
        outputs=outputs,
        official_sha256=_digest(official),
        inputs_sha256=inputs.sha256,
        outputs_sha256=_digest(outputs),
        official_plugins=frozen.rules.plugins,
        plugins=refs,
        settings=_settings_changed(frozen.rules.settings if before is None else _dumped(before), settings),
        left_out=left_out,
        awards={key: name for scheme in reversed(schemes) for key, name in _names(scheme).items()},
        parts=_part_names(official) | _part_names(outputs),
        difference=compare_outputs(
            official,
            outputs,
            tiers=list(dict.fromkeys(tier.key for scheme in schemes for tier in scheme.tiers)),
            specials=list(dict.fromkeys(one.key for scheme in schemes for one in scheme.specials)),
        ),
    )


def _under(frozen: Inputs, document: Mapping[str, Any], rules: RulesRef) -> Inputs:
    """The same inputs under other rules, with the SHA-256 that the document with those rules has."""
    require_plain(rules.settings, "rules.settings")
    tried = {
        **document,
        "rules": {"plugins": [_ref(one) for one in rules.plugins], "settings": rules.settings},
    }
    return replace(frozen, rules=rules, sha256=sha256_text(canonical_text(tried)))


def official_outputs(document: Mapping[str, Any]) -> Outputs:
    """The outputs of inputs that came without any: computed by exactly the plugins and settings they name.

    Raises InputsError when one of them is not installed in that version.
    """
    inputs = parse_inputs(document)
    return compute(inputs, edition_of_inputs(inputs))


def _carried(
    names: Sequence[str], frozen: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    """The frozen settings that the plugins of the run know, and the paths of those that they do not."""
    carried: dict[str, dict[str, Any]] = {}
    left_out: list[str] = []
    for name, values in frozen.items():
        if name != CORE and name not in names:
            left_out += [f"{name}.{key}" for key in values if key != CONFIRMED]
            continue
        known = settings_fields(default_host().plugin(name).settings)
        carried[name] = {key: value for key, value in values.items() if key in known}
        left_out += [f"{name}.{key}" for key in values if key not in known]
        if isinstance(confirmed := carried[name].get(CONFIRMED), list):
            carried[name][CONFIRMED] = [key for key in confirmed if key in known]
    return carried, tuple(sorted(left_out))


def _settings_changed(
    frozen: Mapping[str, Mapping[str, Any]], tried: Mapping[str, Mapping[str, Any]]
) -> tuple[SettingChange, ...]:
    changes = []
    for name in dict.fromkeys((*tried, *frozen)):
        before, after = frozen.get(name, {}), tried.get(name, {})
        changes += [
            SettingChange(name, key, before.get(key), after.get(key))
            for key in dict.fromkeys((*after, *before))
            if key != CONFIRMED and before.get(key) != after.get(key)
        ]
    return tuple(changes)


def _official_edition(frozen: Inputs) -> Edition | None:
    """The rules of the official computation, for names and defaults alone; None when its versions are not installed."""
    try:
        return edition_of_inputs(frozen)
    except InputsError:
        return None


def _dumped(edition: Edition) -> dict[str, dict[str, Any]]:
    return dump_settings([ref.name for ref in edition.plugins], edition.settings)


def _names(scheme: AwardScheme) -> dict[str, Text]:
    return {tier.key: tier.name for tier in scheme.tiers} | {one.key: one.name for one in scheme.specials}


def _part_names(outputs: Outputs) -> dict[str, str]:
    """The parts of the total by name, as the step that adds them up tells."""
    for step in outputs.steps:
        parts = step.data.get("components")
        if isinstance(parts, Mapping):
            return {
                key: str(part.get("name", key)) for key, part in parts.items() if isinstance(part, Mapping)
            }
    return {}


def _digest(outputs: Outputs) -> str:
    return sha256_text(canonical_text(outputs.document()))


def _ref(one: PluginRef) -> dict[str, str]:
    return {"name": one.name, "version": one.version}


def _entry(one: EntryChange) -> dict[str, Any]:
    return {"entry": one.entry, "official": _standing(one.official), "shadow": _standing(one.shadow)}


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "rank": one.rank,
        "total": None if one.total is None else points(one.total),
        "components": {key: points(value) for key, value in one.components.items()},
        "awards": list(one.awards),
        "undecided": one.undecided,
        "reason": one.reason,
    }
