"""What later rooms know of who stands behind a dossier: whom its authors are reached through, who only keeps it.

Guardians are kept by the room of personal data, dossiers keyed in for a citizen by the receiving office and by imports;
whoever looks for conflicts asks here and need not know them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Kin:
    """Somebody who acts for an author of a dossier; `contact` is a telephone number or an address."""

    entry_id: UUID
    name: str
    contact: str


Kindred = Callable[[Collection[UUID]], Iterable[Kin]]
Keepers = Callable[[Collection[UUID]], Iterable[UUID]]
_kindred: list[Kindred] = []
_keepers: list[Keepers] = []


def tells_kin(tells: Kindred) -> Kindred:
    """Register who acts for the authors of the dossiers asked about."""
    if tells not in _kindred:
        _kindred.append(tells)
    return tells


def tells_kept(tells: Keepers) -> Keepers:
    """Register which of the dossiers asked about their owner only keeps for somebody else."""
    if tells not in _keepers:
        _keepers.append(tells)
    return tells


def kin_of(entry_ids: Collection[UUID]) -> list[Kin]:
    """Who acts for authors of these dossiers. A query for each room that knows some."""
    return [one for tells in _kindred for one in tells(entry_ids)]


def kept_for_others(entry_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these dossiers that an officer owns in the place of a citizen. A query for each room that knows some."""
    return frozenset(one for tells in _keepers for one in tells(entry_ids))
