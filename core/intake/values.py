"""Whether the papers that arrived are those of what was handed in: pure, over plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.kernel.clock import local


class Way(StrEnum):
    """How papers come."""

    POST = "post"
    HAND = "hand"
    UNIT = "unit"


class ConsentKind(StrEnum):
    """How a citizen agreed that an officer files for them."""

    SIGNED = "signed"
    SPOKEN = "spoken"


class Standing(StrEnum):
    """How the paper of a dossier stands to its electronic twin."""

    NONE = "none"
    PARTIAL = "partial"
    OUTDATED = "outdated"
    COMPLETE = "complete"


class Timeliness(StrEnum):
    """When papers came, seen from the deadline. Which day counts, postmark or arrival, is the rules' matter."""

    IN_TIME = "in_time"
    BY_POSTMARK = "by_postmark"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One arrival that holds: the version its papers belong to (0: unknown) and what was in it."""

    version: int
    items: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the arrivals of a dossier come to: its standing, and the keys of the papers that are still missing."""

    standing: Standing
    missing: tuple[str, ...]


def reconcile(expected: Sequence[str], version: int, arrivals: Iterable[Arrived]) -> Reconciled:
    """Set what arrived against what a dossier of `version` needs on paper.

    Papers that name an earlier version do not count for the present one; those that name none do, since the officer
    who took them in had the dossier open. With papers of earlier versions alone the standing is OUTDATED.
    """
    held = list(arrivals)
    counted = [one for one in held if one.version in (0, version)]
    have: set[str] = set().union(*(one.items for one in counted)) if counted else set()
    missing = tuple(key for key in expected if key not in have)
    if not held:
        return Reconciled(Standing.NONE, missing)
    if not counted:
        return Reconciled(Standing.OUTDATED, missing)
    return Reconciled(Standing.PARTIAL if missing else Standing.COMPLETE, missing)


def timeliness(arrived_on: date, postmarked_on: date | None, closes_at: datetime) -> Timeliness:
    """Where the days of an arrival lie to the deadline, an exclusive instant: its last day is the day before it."""
    last_day = local(closes_at - timedelta(microseconds=1)).date()
    if arrived_on <= last_day:
        return Timeliness.IN_TIME
    if postmarked_on is not None and postmarked_on <= last_day:
        return Timeliness.BY_POSTMARK
    return Timeliness.LATE


def known_items(expected: Collection[str], ticked: Iterable[str]) -> list[str]:
    """What was ticked and is expected, each once, in a fixed order."""
    return sorted({one for one in ticked if one in expected})
