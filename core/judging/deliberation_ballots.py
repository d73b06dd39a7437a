"""The ballots that name an entry, for the page of its deliberation: a dispute may be put to the vote."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.contests.values import EditionView
from core.judging.meeting.ballot_models import BallotOption
from core.judging.meeting.ballot_words import outcome_sentence, state_words
from core.judging.meeting.ballots import ballots_of, outcome_of
from core.kernel.actor import Actor
from core.kernel.db import session


@dataclass(frozen=True, slots=True)
class BallotNote:
    """A ballot in a line: how it stands (kind of badge and words) and what came of it, "" until it is counted."""

    number: int
    question: str
    state: tuple[str, str]
    outcome: str


def ballots_about(edition: EditionView, round_key: str, code: str, *, actor: Actor) -> list[BallotNote]:
    """The round's ballots that name an entry, the newest first, without those that also name a dossier the actor is
    kept from. Two queries at most."""
    named = [one for one in ballots_of(edition, round_key, actor=actor) if code in one.entries]
    if not named:
        return []
    options: dict[UUID, list[str]] = {one.id: [] for one in named}
    ask = select(BallotOption.ballot_id, BallotOption.words).where(BallotOption.ballot_id.in_(options))
    for ballot_id, words in session().execute(ask.order_by(BallotOption.position)):
        options[ballot_id].append(words)
    found = []
    for one in named:
        outcome = outcome_of(one)
        told = "" if outcome is None else outcome_sentence(outcome, options[one.id])
        found.append(BallotNote(one.number, one.question, state_words(one.state, outcome), told))
    return found
