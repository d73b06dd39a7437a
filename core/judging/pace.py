"""How long lay between a judge's first opening of a dossier in a round and the locking of his sheet. Pure, but for the
seam.

This is the longest he can have read it here, and not how long he read: who reads on paper, or without a network, is not
seen. Openings are recorded by a later room (privacy), which registers who tells them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

AccountAndEntry = tuple[UUID, UUID]
Openings = Callable[[Iterable[UUID], datetime], Mapping[AccountAndEntry, datetime]]

SHORTEST = timedelta(minutes=5)
SHARE = 4
LEAST = 10

_tellers: list[Openings] = []


@dataclass(frozen=True, slots=True)
class Pace:
    """One judge: how many of his sheets have a known first opening, the median time to their locking, and how many
    were locked sooner than is plausible."""

    judge: str
    known: int
    middle: timedelta
    quick: int


def tells_openings(function: Openings) -> Openings:
    """Register a function that gives, of these accounts, (account, entry) → the first opening since an instant, never
    before it. One query."""
    if function not in _tellers:
        _tellers.append(function)
    return function


def first_openings(accounts: Iterable[UUID], since: datetime | None) -> dict[AccountAndEntry, datetime]:
    """What all who know tell of these accounts since an instant, such as the one at which a round was assigned: who
    has read a dossier in an earlier round reads it anew. None, as of a round without assignments, tells nothing."""
    asked, found = tuple(accounts), dict[AccountAndEntry, datetime]()
    if since is None or not asked:
        return found
    for told in _tellers:
        for pair, at in told(asked, since).items():
            found[pair] = min(at, found.get(pair, at))
    return found


def paces(times: Mapping[str, list[timedelta]]) -> list[Pace]:
    """The pace of each judge, out of judge → times from first opening to locking; the quickest first.

    Too quick is under five minutes and under a quarter of the median of the whole round. Nothing is called too quick
    while fewer than ten times are known: there is nothing to compare with.
    """
    whole = [one for own in times.values() for one in own]
    limit = min(SHORTEST, _middle(whole) / SHARE) if len(whole) >= LEAST else timedelta(0)
    found = [
        Pace(judge, len(own), _middle(own), sum(one < limit for one in own))
        for judge, own in times.items()
        if own
    ]
    return sorted(found, key=lambda one: (one.middle, one.judge))


def _middle(times: list[timedelta]) -> timedelta:
    return timedelta(seconds=median(one.total_seconds() for one in times))
