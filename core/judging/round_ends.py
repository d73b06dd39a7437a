"""Until when a round should be judged: the committee's own date for it, else the end of the judging phase.

The date binds nobody: sheets can be locked until the phase ends, or a later round opens. The desk, reminders and the
forecast go by it, so that a preliminary round leaves time for the final.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from core.contests.values import EditionView, PhaseKind
from core.judging.round_models import RoundEnd
from core.kernel.clock import local
from core.kernel.db import session


@dataclass(frozen=True, slots=True)
class EndOfRound:
    """The instant at which a round should be done (None without a judging phase), and the document that says so.

    `is_own`: the committee has set it; without it `closes_at` is the end of the phase.
    """

    closes_at: datetime | None
    is_own: bool = False
    basis: str = ""

    @property
    def is_illustration(self) -> bool:
        """Whether a date was set that no document names."""
        return self.is_own and not self.basis

    @property
    def last_day(self) -> date | None:
        """The last day of it here."""
        return None if self.closes_at is None else local(self.closes_at - timedelta(microseconds=1)).date()


def end_of_round(edition: EditionView, round_key: str) -> EndOfRound:
    """Until when the round should be judged; never after the end of the phase. One query."""
    phase = edition.phase(PhaseKind.JUDGING)
    stored = stored_end(edition.id, round_key)
    if phase is None:
        return EndOfRound(None)
    if stored is None:
        return EndOfRound(phase.closes_at)
    return EndOfRound(min(stored.closes_at, phase.closes_at), is_own=True, basis=stored.basis)


def end_ahead(edition: EditionView, round_key: str, now: datetime) -> EndOfRound:
    """The end that who is not done still has before him: that of the round, and once it is past that of the phase."""
    found = end_of_round(edition, round_key)
    phase = edition.phase(PhaseKind.JUDGING)
    if phase is None or found.closes_at is None or now < found.closes_at:
        return found
    return EndOfRound(phase.closes_at)


def stored_end(edition_id: UUID, round_key: str) -> RoundEnd | None:
    """The row of a round's own end. One query."""
    ask = select(RoundEnd).where(RoundEnd.edition_id == edition_id, RoundEnd.round == round_key)
    return session().scalars(ask.execution_options(populate_existing=True)).one_or_none()
