"""The markers: `hookimpl` for plugins, `hookspec` for the specifications in `core/plugin_api/hooks/`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import pluggy

from core.plugin_api.deprecation import Deprecation

PROJECT = "bangvang"
"""The project name that pluggy knows the hooks by."""

hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as the implementation of the hook of the same name."""

_Spec = TypeVar("_Spec", bound=Callable[..., Any])
_REGISTRY: dict[str, HookInfo] = {}


class Policy(StrEnum):
    """What an exception in a hook does: STRICT stops the operation, COLLECT is recorded and the rest goes on."""

    STRICT = "strict"
    COLLECT = "collect"


class Combine(StrEnum):
    """How the answers of several plugins become one: the last in the tenant's list that answers, or all of them."""

    LATEST = "latest"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class HookInfo:
    """What the host knows of a hook beside its signature.

    `gives` is the class of the value that an implementation returns; with `many` it returns a tuple of them. A hook
    that is `deprecated` warns when a plugin that implements it is registered.
    """

    name: str
    policy: Policy
    combine: Combine
    gives: type[object]
    many: bool
    since: str
    spec: Callable[..., Any]
    deprecated: Deprecation | None = None


def hookspec(
    *,
    policy: Policy,
    combine: Combine,
    gives: type[object],
    since: str,
    many: bool = False,
    deprecated: Deprecation | None = None,
) -> Callable[[_Spec], _Spec]:
    """Declare the decorated function as a hook and register what the host must know of it."""
    mark = pluggy.HookspecMarker(PROJECT)

    def declare(spec: _Spec) -> _Spec:
        name = spec.__name__
        _REGISTRY[name] = HookInfo(name, policy, combine, gives, many, since, spec, deprecated)
        warning = None if deprecated is None else deprecated.warning(f"hook {name}")
        return mark(spec, firstresult=combine is Combine.LATEST, warn_on_impl=warning)

    return declare


def hook_infos() -> dict[str, HookInfo]:
    """Every declared hook by name, in the order of declaration."""
    return dict(_REGISTRY)
