"""The options of ballots as somebody reads them: of a dossier its code, and the title that he may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.blind import title_shown
from core.judging.council_room import Attendee
from core.judging.meeting.ballot_models import Ballot, BallotOption
from core.kernel.db import session


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as it is read: `code` is that of the dossier it stands for, "" for none."""

    position: int
    words: str
    code: str


def choices_of(
    edition: EditionView, ballots: Sequence[Ballot], attendee: Attendee
) -> dict[UUID, list[Choice]]:
    """The options of each of the ballots of a round in their order, without those of dossiers that this request leaves
    out; of a dossier the title that the attendee may know. One query."""
    return _choices(edition, ballots, attendee.round.key, attendee.judge.id if attendee.judge else None)


def choices_told(edition: EditionView, ballots: Sequence[Ballot], round_key: str) -> dict[UUID, list[Choice]]:
    """The options as the council of the round reads them together. One query."""
    return _choices(edition, ballots, round_key, None)


def _choices(
    edition: EditionView, ballots: Sequence[Ballot], round_key: str, judge_id: UUID | None
) -> dict[UUID, list[Choice]]:
    ask = (
        select(BallotOption, Entry.code, title_shown(edition, round_key, judge_id))
        .outerjoin(Entry, Entry.id == BallotOption.entry_id)
        .where(BallotOption.ballot_id.in_([one.id for one in ballots]))
        .order_by(BallotOption.position)
    )
    found: dict[UUID, list[Choice]] = {one.id: [] for one in ballots}
    for option, code, title in session().execute(ask):
        if option.entry_id is not None and code is None:
            continue
        words = option.words
        if code is not None:
            words = code if title == code else f"{code}: {title}"
        found[option.ballot_id].append(Choice(option.position, words, code or ""))
    return found
