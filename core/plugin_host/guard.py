"""One guard around every implementation of a hook, so that a failure names its plugin and follows the hook's
policy.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import structlog

from core.plugin_api import PROJECT, Combine, Edition, HookInfo, Plugin, Policy, hook_infos
from core.plugin_host.contracts import broken_contract
from core.plugin_host.errors import PluginFailed

log = structlog.get_logger("core.plugin_host")


@dataclass(frozen=True, slots=True)
class Call:
    """The call that is under way: for whom, and with which arguments."""

    edition: Edition | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


_NO_CALL = Call()
current_call: ContextVar[Call] = ContextVar("bangvang_plugin_call")
"""Set by the facade around a hook call, so that a guard knows the tenant even where an implementation does not ask."""


def guarded_parts(plugin: Plugin) -> tuple[ModuleType, ...]:
    """The plugin's hook modules with every implementation under guard, ready to be registered with pluggy."""
    return tuple(_guarded_part(plugin.info.name, part) for part in plugin.hooks)


def _guarded_part(plugin: str, part: object) -> ModuleType:
    shadow = ModuleType(f"guarded.{plugin}")
    known = hook_infos()
    for name in dir(part):
        function = getattr(part, name)
        marks = getattr(function, f"{PROJECT}_impl", None)
        if not callable(function) or marks is None:
            continue
        info = known.get(marks.get("specname") or name)
        # A hook without a specification is kept as it is: check_pending() refuses it by name.
        setattr(shadow, name, function if info is None else _guarded(plugin, info, function, marks))
    return shadow


def _guarded(
    plugin: str, info: HookInfo, function: Callable[..., Any], marks: Mapping[str, Any]
) -> Callable[..., Any]:
    if marks.get("wrapper") or marks.get("hookwrapper"):
        return _guarded_wrapper(plugin, info, function)

    @functools.wraps(function)
    def guard(*arguments: Any) -> Any:
        try:
            return _checked(plugin, info, function(*arguments))
        except Exception as error:
            if info.policy is Policy.STRICT:
                raise _failure(plugin, info, error) from error
            edition = current_call.get(_NO_CALL).edition
            log.exception(
                "plugin_hook_failed",
                plugin=plugin,
                hook=info.name,
                tenant=edition.tenant if edition else None,
                edition=edition.key if edition else None,
            )
            return None

    return guard


def _guarded_wrapper(plugin: str, info: HookInfo, function: Callable[..., Any]) -> Callable[..., Any]:
    """A wrapper changes what others gave, so it can only be strict: its failure names it, theirs passes through."""

    @functools.wraps(function)
    def guard(*arguments: Any) -> Generator[Any, Any, Any]:
        try:
            answer = yield from function(*arguments)
            # Where all are heard, a wrapper passes on the list of everybody's answers, not an answer of its own.
            return answer if info.combine is Combine.ALL else _checked(plugin, info, answer)
        except PluginFailed:
            raise
        except Exception as error:
            raise _failure(plugin, info, error) from error

    return guard


def _checked(plugin: str, info: HookInfo, answer: Any) -> Any:
    if answer is None:
        return None
    broken = broken_contract(info, answer, current_call.get(_NO_CALL).arguments)
    if broken is not None:
        raise PluginFailed(plugin, info.name, broken)
    return answer


def _failure(plugin: str, info: HookInfo, error: Exception) -> PluginFailed:
    if isinstance(error, PluginFailed):
        return error
    return PluginFailed(plugin, info.name, f"{type(error).__name__}: {error}")
