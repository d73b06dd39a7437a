"""Events between rooms: an earlier room tells later ones without knowing them.

A listener runs in the same unit of work as the deed; if it raises, the deed is undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")
_listeners: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def listens_to(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a function for events of exactly this class (a frozen dataclass)."""

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        if function not in _listeners[kind]:
            _listeners[kind].append(function)
        return function

    return register


def emit(happened: object) -> None:
    """Tell every listener of the event's class, in the order they registered."""
    for call in _listeners[type(happened)]:
        call(happened)
