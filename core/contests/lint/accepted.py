"""Doubts that a committee answered with a reason: a later room keeps the reasons and registers how they are read."""

from __future__ import annotations

from collections.abc import Callable, Collection

from core.contests.lint.values import LintFinding

Reader = Callable[[], Collection[str]]
_readers: dict[str, Reader] = {}


def answers_doubt(code: str, reader: Reader) -> None:
    """`reader` says which places of doubts named `code` the bound tenant has given a reason for ("*": all)."""
    _readers[code] = reader


def is_accepted(one: LintFinding) -> bool:
    """Whether the tenant gave its reason for this doubt; a fault is never accepted."""
    reader = _readers.get(one.code)
    if reader is None or one.is_fault:
        return False
    accepted = reader()
    return "*" in accepted or one.place.key in accepted
