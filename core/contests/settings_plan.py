"""What an edition has to give of its own so that its settings become what the office typed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.kernel.canonical import sha256_of
from core.plugin_host import Layers, dump_one, resolve_one

CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Change:
    """One setting of a plugin that gets another value."""

    key: str
    before: object
    after: object


def own_values(plugin: str, layers: Layers, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What the edition gives `plugin` so that `wanted` (validated, complete) holds over the farther levels.

    A value that equals the farther levels' is not kept, so that it follows them; one that nobody touched stays as it
    stands. A value that a farther level confirmed and the edition does not becomes the edition's own.
    """
    held = dict(layers.edition.get(plugin, {}))
    held.pop(CONFIRMED, None)
    now = resolve_one(plugin, layers.merged().get(plugin, {}))
    farther = resolve_one(plugin, layers.inherited().get(plugin, {}))
    plain = dump_one(plugin, wanted)
    for key in plain:
        if key == CONFIRMED or wanted[key] == now[key]:
            continue
        if wanted[key] == farther[key]:
            held.pop(key, None)
        else:
            held[key] = plain[key]
    vouched = _names(farther)
    for key in vouched - _names(wanted):
        held.setdefault(key, plain[key])
    confirmed = sorted(key for key in _names(wanted) if key in held or key not in vouched)
    return {**held, CONFIRMED: confirmed} if confirmed else held


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Change, ...]:
    """The settings of a plugin that differ, in the order of its schema; `confirmed` among them."""
    return tuple(
        Change(key, before[key], value) for key, value in after.items() if not _same(key, before, after)
    )


def digest_of(plugin: str, values: Mapping[str, object]) -> str:
    """A short name of a plugin's settings, to see whether they are still what somebody looked at."""
    return sha256_of(dump_one(plugin, values))[:16]


def _same(key: str, before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    if key == CONFIRMED:
        return _names(before) == _names(after)
    return before[key] == after[key]


def _names(values: Mapping[str, Any]) -> set[str]:
    return set(values[CONFIRMED])
