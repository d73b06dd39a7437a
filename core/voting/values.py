"""What the room gives back: frozen views of votes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.entries.listing import Card


@dataclass(frozen=True, slots=True)
class VoteReceipt:
    """The proof a voter keeps: the receipt code, and the commitment that stands in the audit log."""

    code: str
    entry: str
    commitment: str
    cast_at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class VotableRow:
    """An entry as a vote needs it."""

    id: UUID
    code: str | None
    title: str
    edition_id: UUID
    state: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What whoever holds a receipt code may learn: that it counts (or why not), for which entry, since when.

    `log_number` is the line of the audit log that holds the commitment. Nothing about the voter.
    """

    code: str
    edition_id: UUID
    entry: str
    title: str
    cast_at: datetime
    commitment: str
    cancelled_at: datetime | None
    cancel_reason: str | None
    log_number: int | None


@dataclass(frozen=True, slots=True)
class FreezeView:
    """The frozen counts: entry code → votes. `differences`: code → (running tally, counted), only when just frozen."""

    at: datetime
    by_name: str
    votes: Mapping[str, int]
    sha256: str
    total: int
    differences: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BallotRow:
    """One entry on the page of the vote.

    `receipt` is the reader's own, when he voted for it; `votes` is None until the votes are frozen.
    """

    card: Card
    receipt: str | None
    votes: int | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """One page of the list of the vote; `mine` counts the reader's standing votes in the edition."""

    rows: tuple[BallotRow, ...]
    total: int
    page: int
    pages: int
    mine: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """Votes of one day in Viet Nam: cast that day, and how many of those were cancelled since."""

    day: datetime
    cast: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """An entry with its standing votes, by the running tally."""

    code: str
    title: str
    votes: int


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """Votes from one address: `digest` names it without telling it; `votes` that stand, of `accounts` accounts."""

    digest: str
    votes: int
    accounts: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class CastRow:
    """One vote as the committee sees it: when, for what, by whom."""

    receipt: str
    entry: str
    title: str
    voter: str
    cast_at: datetime
    cancelled_at: datetime | None
    cancel_reason: str | None
