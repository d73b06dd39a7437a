"""Units as accounts need them. Units belong to a later room, which registers here how they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit that an account can speak for."""

    id: UUID
    name: str


UnitReader = Callable[[], list[UnitChoice]]
_readers: list[UnitReader] = []


def reads_units(reader: UnitReader) -> UnitReader:
    """Register the function that lists the bound tenant's units in the order of lists."""
    _readers[:] = [reader]
    return reader


def unit_choices() -> list[UnitChoice]:
    """The bound tenant's units. One query."""
    return _readers[0]() if _readers else []
