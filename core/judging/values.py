"""What the room works with and gives back: frozen views of judges, rounds and sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from core.judging.states import SheetState
from core.plugin_api import Round


@dataclass(frozen=True, slots=True)
class JudgeView:
    """A judge of an edition; `number` (J1) stands for the person wherever scores are shown."""

    id: UUID
    account_id: UUID
    number: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """Where a sheet belongs: this judge, this entry, this round; whether it was begun or not."""

    judge: JudgeView
    entry_id: UUID
    entry_code: str
    entry_title: str
    round: Round


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet as its judge sees it. `revision` 0 is one that was never saved; scores are exact points."""

    round: str
    entry: str
    state: SheetState
    scores: Mapping[str, Decimal]
    remark: str
    reason: str
    revision: int
    updated_at: datetime | None
    locked_at: datetime | None
    commitment: str | None
    final_at: datetime | None = None

    @property
    def total(self) -> Decimal:
        """The sum of the points entered so far."""
        return sum(self.scores.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class Saved:
    """A sheet after it was saved; `counts` is False when the judging phase is over: kept as a draft, not counted."""

    sheet: SheetView
    counts: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One entry of a judge's queue: how many criteria have points, the total so far."""

    code: str
    title: str
    field: str | None
    state: SheetState
    scored: int
    criteria: int
    total: Decimal
    revision: int
    put_off_at: datetime | None = None
    is_final: bool = False

    @property
    def may_be_taken_back(self) -> bool:
        """Whether the judge abstained and has not made that final."""
        return self.state is SheetState.ABSTAINED and not self.is_final

    @property
    def is_put_off(self) -> bool:
        """Whether the judge laid it behind the others and it still lacks points."""
        return self.put_off_at is not None and self.needs_scores

    @property
    def is_ready(self) -> bool:
        """Whether the sheet is whole and waits to be locked."""
        return self.state is SheetState.DRAFT and self.scored == self.criteria

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do: locked, or the judge abstains."""
        return self.state is not SheetState.DRAFT

    @property
    def needs_scores(self) -> bool:
        """Whether criteria still lack points."""
        return self.state is SheetState.DRAFT and self.scored < self.criteria


@dataclass(frozen=True, slots=True)
class Queue:
    """A judge's entries of one round in the order of their codes, those put off behind the others; `order` are the
    codes as they come next.

    The list says nothing of what others did, whichever way the next one is chosen. `hidden` more are his to judge and
    wait for the committee to approve what is read of them in a blind round.
    """

    round: Round
    rows: tuple[QueueRow, ...]
    order: tuple[str, ...]
    hidden: int = 0

    @property
    def done(self) -> int:
        """How many are locked or abstained from."""
        return sum(row.is_done for row in self.rows)

    @property
    def may_be_taken_back(self) -> int:
        """How many he abstained from without making it final."""
        return sum(row.may_be_taken_back for row in self.rows)

    @property
    def ready(self) -> tuple[QueueRow, ...]:
        """Whole sheets that wait to be locked."""
        return tuple(row for row in self.rows if row.is_ready)

    @property
    def next_unscored(self) -> QueueRow | None:
        """The first entry in the order that still lacks points."""
        rows = {row.code: row for row in self.rows}
        return next((rows[code] for code in self.order if rows[code].needs_scores), None)

    @property
    def put_off(self) -> int:
        """How many the judge laid behind the others."""
        return sum(row.is_put_off for row in self.rows)

    def row(self, code: str) -> QueueRow | None:
        """The row of an entry; None when it is not there."""
        return next((row for row in self.rows if row.code == code), None)

    def position(self, code: str) -> int:
        """The place of an entry in the queue, from 1; 0 when it is not there."""
        return next((number for number, row in enumerate(self.rows, start=1) if row.code == code), 0)

    def beside(self, code: str) -> tuple[str | None, str | None]:
        """The codes before and after an entry."""
        place = self.position(code) - 1
        before = self.rows[place - 1].code if place > 0 else None
        after = self.rows[place + 1].code if 0 <= place < len(self.rows) - 1 else None
        return before, after

    def unscored_after(self, code: str) -> str | None:
        """The next entry that lacks points: in the order of the list going round, else the first in the order; what
        was put off comes when nothing else is left.

        None when there is no other.
        """
        lacking = {row.code: row for row in self.rows if row.needs_scores and row.code != code}
        codes = tuple(row.code for row in self.rows)
        place = codes.index(code) if self.order == codes and code in codes else 0
        turned = [one for one in (*self.order[place:], *self.order[:place]) if one in lacking]
        return next((one for one in turned if not lacking[one].is_put_off), turned[0] if turned else None)


@dataclass(frozen=True, slots=True)
class LockedSheet:
    """A locked sheet as results take it: the judge by number, the entry by code."""

    round: str
    judge: str
    entry: str
    scores: Mapping[str, Decimal] = field(hash=False)
    locked_at: datetime
    nonce: str
    commitment: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Abstention:
    """A judge who does not score an entry, and why."""

    round: str
    judge: str
    entry: str
    reason: str


@dataclass(frozen=True, slots=True)
class JudgeProgress:
    """How far one judge is in a round: sheets by state out of the `total` that he is to judge, done or not.

    `waiting` are those of which he cannot open the dossier yet: the office has approved nothing for blind judges.
    """

    number: str
    name: str
    email: str
    is_active: bool
    locked: int
    drafts: int
    abstained: int
    total: int
    waiting: int

    @property
    def done(self) -> int:
        """Locked or abstained."""
        return self.locked + self.abstained

    @property
    def left(self) -> int:
        """What he can judge now and has not finished."""
        return self.total - self.done - self.waiting


@dataclass(frozen=True, slots=True)
class EntryProgress:
    """How complete one entry is in a round; never a score. `judges` are to judge it, `awaited` have not finished."""

    code: str
    title: str
    field: str | None
    locked: int
    drafts: int
    abstained: int
    judges: int
    awaited: int

    @property
    def is_complete(self) -> bool:
        """Whether everybody who is to judge it has locked or abstained, and at least one locked."""
        return self.locked > 0 and self.awaited == 0


@dataclass(frozen=True, slots=True)
class RoundStanding:
    """One round of the edition in the office: with how many entries it was opened, and its sheets by state.

    `expected` is how many sheets those who judge in it are to fill, done or not; `unlike`, how many locked ones were
    not what the audit log says when they were last compared with it, and `false_line` the first line of the log that
    was changed itself.
    """

    round: Round
    entries: int
    locked: int
    abstained: int
    judges: int
    expected: int
    unlike: int = 0
    false_line: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the round has entries."""
        return self.entries > 0


@dataclass(frozen=True, slots=True)
class Passing:
    """An entry after an earlier round: its jury part there, and whether it goes on to the next."""

    code: str
    title: str
    total: Decimal | None
    passes: bool
