"""Deliberations as pages and services know them: frozen values, and what follows from points alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core.judging.council_room import Attendee
from core.judging.deviation import Spread
from core.judging.points import points_text
from core.judging.states import SheetState
from core.plugin_api import Round, exact_sum

Points = Mapping[str, Mapping[str, Decimal]]
"""Judge's number → criterion → points."""


class Scope(StrEnum):
    """Who takes part besides those who lead; never who has a conflict with the entry."""

    ENTRY = "entry"  # the judges of the entry
    GROUP = "group"  # the group that judges its field
    COUNCIL = "council"  # every judge of the round


class DeliberationState(StrEnum):
    """Whether points may still be changed."""

    OPEN = "open"
    CLOSED = "closed"
    ENDED = "ended"  # without an outcome: its entry left the contest


class Standing(StrEnum):
    """Where an entry stands on the list."""

    CLOSE = "close"  # its judges do not differ by more than the setting
    WAITING = "waiting"  # to deliberate
    OPEN = "open"
    KEPT = "kept"  # closed, and no points were changed
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class RoomPlace:
    """An entry in the common work of a round, for one attendee: `own` is the state of his sheet for it, None for who
    does not judge it."""

    attendee: Attendee
    entry_id: UUID
    entry_code: str
    entry_title: str
    field: str | None
    own: SheetState | None

    @property
    def round(self) -> Round:
        """The round."""
        return self.attendee.round


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """An entry of the list: the spread of its totals and of what differs by more than the setting.

    `totals` are the judges' totals from the lowest up, `over` keys of criteria, `awaited` how many judges have not
    finished. `is_back` says that it was talked about and waits again, since a sheet has come after that.
    """

    code: str
    title: str
    total: Spread
    totals: tuple[Decimal, ...]
    criteria: Mapping[str, Spread] = field(hash=False)
    over: tuple[str, ...]
    awaited: int
    standing: Standing
    number: int
    is_back: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A change of points in a deliberation: the judge under his number."""

    judge: str
    number: int
    before: Mapping[str, Decimal] = field(hash=False)
    after: Mapping[str, Decimal] = field(hash=False)
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeliberationView:
    """One deliberation of an entry, the newest or an earlier one. `before` and `after` are the points at its opening
    and its closing; `participants` are numbers of judges."""

    id: UUID
    entry_id: UUID
    code: str
    title: str
    round: str
    number: int
    scope: Scope
    participants: tuple[str, ...]
    reason: str
    state: DeliberationState
    opened_at: datetime
    closed_at: datetime | None
    outcome: str
    before: Points = field(hash=False)
    after: Points = field(hash=False)
    criterion: str
    leader_id: UUID | None
    version: int

    @property
    def is_open(self) -> bool:
        """Whether points may still be changed in it."""
        return self.state is DeliberationState.OPEN

    def unknown_to(self, judges: Iterable[str]) -> tuple[str, ...]:
        """Those of `judges`, whose sheets count now, of whom it knew nothing when it was closed; none while it is open.

        Who locked after the closing is among them, and whose conflict was dismissed meanwhile.
        """
        return () if self.is_open else tuple(one for one in judges if one not in self.after)


@dataclass(frozen=True, slots=True)
class DeliberationRecord:
    """A deliberation with the changes that were made in it, in their order; what minutes are drafted from."""

    deliberation: DeliberationView
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ChangedSheet:
    """A change as results publish it: what the sheet said before, and what opens its commitment of then."""

    round: str
    judge: str
    entry: str
    number: int
    at: datetime
    before: Mapping[str, Decimal] = field(hash=False)
    after: Mapping[str, Decimal] = field(hash=False)
    nonce: str
    commitment: str
    remark: str = ""


def total_of(points: Mapping[str, Decimal]) -> Decimal:
    """The sum of a sheet's points."""
    return exact_sum(points.values())


def in_order(numbers: Sequence[str]) -> list[str]:
    """Numbers of judges as people count: J2 before J10."""
    return sorted(numbers, key=lambda one: int(one[1:]))


def spread_of(points: Sequence[Decimal], maximum: Decimal) -> Spread:
    """The lowest and highest of `points`, one at least."""
    return Spread(min(points), max(points), maximum)


def as_text(points: Mapping[str, Decimal]) -> dict[str, str]:
    """Points as they are stored beside a deliberation: criterion → "18.5", by key."""
    return {key: points_text(points[key]) for key in sorted(points)}


def as_points(stored: Mapping[str, str]) -> dict[str, Decimal]:
    """What `as_text` wrote, as points again."""
    return {key: Decimal(text) for key, text in stored.items()}
