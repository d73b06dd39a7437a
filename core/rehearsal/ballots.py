"""Voters at work: votes inside the window, the same vote twice, and votes that come too early or too late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from core.contests.policies import PhaseClosed
from core.contests.values import PhaseKind
from core.rehearsal.agenda import Deed, NotRefused
from core.rehearsal.plan import SECOND, VotePlan, plan_votes
from core.rehearsal.stage import Stage
from core.voting.queries import access_votable
from core.voting.services import cast_vote
from core.voting.values import VoteReceipt


def vote_deeds(stage: Stage) -> Iterator[Deed]:
    """Every planned vote; where there are any, also a repeated one, one too early and one too late."""
    votes = plan_votes(stage.edition, stage.size, stage.entries)
    for place, vote in enumerate(votes):
        yield Deed(vote.at, 1000 + place, partial(_vote, stage, vote))
    phase = stage.edition.phase(PhaseKind.VOTING)
    if phase is None or not votes:
        return
    yield Deed(phase.opens_at - SECOND, 900, partial(_outside, stage, votes[0]))
    repeated = _repeatable(votes, phase.closes_at)
    yield Deed(repeated.at + 30 * SECOND, 1000 + len(votes), partial(_again, stage, repeated))
    yield Deed(phase.closes_at, 900, partial(_outside, stage, votes[-1]))
    yield Deed(phase.closes_at + SECOND, 901, partial(_outside, stage, votes[-1]))


def _repeatable(votes: Sequence[VotePlan], closes_at: datetime) -> VotePlan:
    return next((vote for vote in votes if vote.at + 30 * SECOND < closes_at), votes[0])


def _vote(stage: Stage, vote: VotePlan, now: datetime) -> None:
    _cast(stage, vote, now)
    stage.counts["votes"] += 1


def _again(stage: Stage, vote: VotePlan, now: datetime) -> None:
    if _cast(stage, vote, now).is_new:
        raise NotRefused("A second vote of the same account for the same entry was counted.")
    stage.counts["repeated_votes_not_counted"] += 1


def _outside(stage: Stage, vote: VotePlan, now: datetime) -> None:
    try:
        _cast(stage, vote, now)
    except PhaseClosed:
        stage.counts["votes_refused_outside_window"] += 1
        return
    raise NotRefused("A vote was taken outside the window.")


def _cast(stage: Stage, vote: VotePlan, now: datetime) -> VoteReceipt:
    voter = stage.person("voter", vote.voter, now)
    entry = access_votable(stage.codes[vote.entry])
    address = f"10.{vote.voter // 65536 % 256}.{vote.voter // 256 % 256}.{vote.voter % 256}"
    return cast_vote(stage.edition, entry, voter=voter, now=now, address=address)
