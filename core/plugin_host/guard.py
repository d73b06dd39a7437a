"""One guard around every implementation of a hook, so that a failure names its plugin and follows the hook's
policy.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator, Mapping
from contextvars import ContextVar
from types import MappingProxyType, ModuleType
from typing import Any

import structlog

from core.kernel.pagecache import leave_unkept
from core.plugin_api import PROJECT, Combine, Edition, HookInfo, Plugin, Policy, hook_infos
from core.plugin_host.contracts import broken_contract
from core.plugin_host.errors import PluginFailed

log = structlog.get_logger("core.plugin_host")

# A plugin that leaves the process would take every tenant with it.
FAILURES = (Exception, SystemExit)


class Call:
    """The call that is under way: for whom, with which arguments, and whether every answer was heard."""

    __slots__ = ("arguments", "edition", "is_whole")

    def __init__(self, edition: Edition | None, arguments: Mapping[str, Any]) -> None:
        self.edition = edition
        self.arguments = arguments
        self.is_whole = True


_NO_CALL = Call(None, MappingProxyType({}))
current_call: ContextVar[Call] = ContextVar("bangvang_plugin_call", default=_NO_CALL)
"""Set by the facade around a hook call, so that a guard knows the tenant even where an implementation does not ask."""


def guarded_parts(plugin: Plugin) -> tuple[ModuleType, ...]:
    """The plugin's hook modules with every implementation under guard, ready to be registered with pluggy.

    ValueError for a wrapper of the old style, whose failures cannot be told from those of the plugins it wraps.
    """
    return tuple(_guarded_part(plugin.info.name, part) for part in plugin.hooks)


def _guarded_part(plugin: str, part: object) -> ModuleType:
    shadow = ModuleType(f"guarded.{plugin}")
    known = hook_infos()
    for name in dir(part):
        function = getattr(part, name)
        marks = getattr(function, f"{PROJECT}_impl", None)
        if not callable(function) or marks is None:
            continue
        if marks.get("hookwrapper"):
            raise ValueError(f"{name} là hookwrapper kiểu cũ; hãy dùng @hookimpl(wrapper=True)")
        info = known.get(marks.get("specname") or name)
        # A hook without a specification is kept as it is: check_pending() refuses it by name.
        setattr(shadow, name, function if info is None else _guarded(plugin, info, function, marks))
    return shadow


def _guarded(
    plugin: str, info: HookInfo, function: Callable[..., Any], marks: Mapping[str, Any]
) -> Callable[..., Any]:
    if marks.get("wrapper"):
        make = _strict_wrapper if info.policy is Policy.STRICT else _collecting_wrapper
        return make(plugin, info, function)

    @functools.wraps(function)
    def guard(*arguments: Any) -> Any:
        try:
            answer = function(*arguments)
            return None if answer is None else _checked(plugin, info, answer)
        except FAILURES as error:
            if info.policy is Policy.STRICT:
                raise _failure(plugin, info, error) from error
            _leave_out(plugin, info, error)
            return None

    return guard


def _strict_wrapper(plugin: str, info: HookInfo, function: Callable[..., Any]) -> Callable[..., Any]:
    """A wrapper whose own failure names it; the failures of what it wraps pass through."""

    @functools.wraps(function)
    def guard(*arguments: Any) -> Generator[Any, Any, Any]:
        try:
            return _checked_whole(plugin, info, (yield from function(*arguments)))
        except PluginFailed:
            raise
        except FAILURES as error:
            raise _failure(plugin, info, error) from error

    return guard


def _collecting_wrapper(plugin: str, info: HookInfo, function: Callable[..., Any]) -> Callable[..., Any]:
    """A wrapper that is left out when it fails: what the others gave is given as it is."""

    @functools.wraps(function)
    def guard(*arguments: Any) -> Generator[Any, Any, Any]:
        try:
            wrapping = function(*arguments)
            next(wrapping)
        except FAILURES as error:
            _leave_out(plugin, info, error)
            return (yield)
        given = yield
        try:
            wrapping.send(given)
            raise RuntimeError("a wrapper yields once")
        except StopIteration as ended:
            answer = ended.value
        except FAILURES as error:
            _leave_out(plugin, info, error)
            return given
        try:
            return _checked_whole(plugin, info, answer)
        except PluginFailed as error:
            _leave_out(plugin, info, error)
            return given

    return guard


def _checked(plugin: str, info: HookInfo, answer: Any) -> Any:
    broken = broken_contract(info, answer, current_call.get().arguments)
    if broken is not None:
        raise PluginFailed(plugin, info.name, broken)
    return answer


def _checked_whole(plugin: str, info: HookInfo, answer: Any) -> Any:
    """What a wrapper gives on: one answer, or the list of everybody's answers where all are heard."""
    if info.combine is not Combine.ALL:
        return _checked(plugin, info, answer)
    if not isinstance(answer, (list, tuple)):
        raise PluginFailed(plugin, info.name, "phải trả về danh sách các câu trả lời đã nhận")
    for one in answer:
        _checked(plugin, info, one)
    return answer


def _leave_out(plugin: str, info: HookInfo, error: BaseException) -> None:
    """Record the error; what follows from the call is not whole, so nobody may keep it."""
    call = current_call.get()
    call.is_whole = False
    leave_unkept()
    log.error(
        "plugin_hook_failed",
        plugin=plugin,
        hook=info.name,
        tenant=call.edition.tenant if call.edition else None,
        edition=call.edition.key if call.edition else None,
        exc_info=error,
    )


def _failure(plugin: str, info: HookInfo, error: BaseException) -> PluginFailed:
    if isinstance(error, PluginFailed):
        return error
    return PluginFailed(plugin, info.name, f"{type(error).__name__}: {error}", raised=True)
