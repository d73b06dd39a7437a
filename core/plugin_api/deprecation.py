"""How a name of the API goes: it works on for a while and says with a warning until when, and what to use instead.

A function or class is marked with `deprecated`, a hook with `hookspec(…, deprecated=Deprecation(…))`; a name that was
renamed or moved is given on by a module's `__getattr__ = moved(__name__, {…})`.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

_Named = TypeVar("_Named", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since which version of the API a name should no longer be used, which version is without it, and what to use."""

    since: str
    removed_in: str
    instead: str

    def warning(self, name: str) -> DeprecationWarning:
        """The warning that names both versions."""
        return DeprecationWarning(
            f"{name} is deprecated since API {self.since} and is gone in API {self.removed_in}: use {self.instead}"
        )


def deprecated(*, since: str, removed_in: str, instead: str) -> Callable[[_Named], _Named]:
    """Mark a function or a class: each call, or each object made, warns at the place of the caller."""
    going = Deprecation(since, removed_in, instead)

    def mark(named: _Named) -> _Named:
        if not isinstance(named, type):
            return cast(_Named, _warning(named, going.warning(named.__name__)))
        made: Any = named
        made.__init__ = _warning(made.__init__, going.warning(named.__name__))
        return cast(_Named, made)

    return mark


def moved(module: str, names: Mapping[str, tuple[object, Deprecation]]) -> Callable[[str], object]:
    """A module's `__getattr__` that still gives the old `names`, each with what it is now; a use of one warns."""

    def look_up(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        value, going = names[name]
        warnings.warn(going.warning(f"{module}.{name}"), stacklevel=2)
        return value

    return look_up


def _warning(function: Callable[..., Any], warning: DeprecationWarning) -> Callable[..., Any]:
    @functools.wraps(function)
    def warns(*args: Any, **kwargs: Any) -> Any:
        warnings.warn(warning, stacklevel=2)
        return function(*args, **kwargs)

    return warns
