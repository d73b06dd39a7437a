"""What a rehearsed edition will bring, drawn before anything happens: who enters what and when, who votes for what.

Pure given the seed: every part draws from a stream of its own, so that one part's size does not move another's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from core.contests.values import EditionView, PhaseKind, PhaseView

SECOND = timedelta(seconds=1)


class Outcome(StrEnum):
    """What becomes of a dossier."""

    ACCEPTED = "accepted"
    COMPLETED = "completed"
    REFUSED = "refused"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is played, and from which seed."""

    entries: int
    judges: int
    voters: int
    seed: int


@dataclass(frozen=True, slots=True)
class EntryPlan:
    """One dossier: whose, its outcome, and the instant of each deed (None: it is not done).

    `is_early` says that it is screened before the screening phase, which needs a reason.
    """

    index: int
    owner: int
    outcome: Outcome
    started_at: datetime
    submitted_at: datetime | None = None
    screened_at: datetime | None = None
    completed_at: datetime | None = None
    rechecked_at: datetime | None = None
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    is_early: bool = False


@dataclass(frozen=True, slots=True)
class VotePlan:
    """One vote: the number of the voter, the index of the dossier, the instant."""

    voter: int
    entry: int
    at: datetime


def stream(seed: int, *names: object) -> Random:
    """The source of chance for one part of a rehearsal; the same on any machine."""
    return Random("/".join(str(part) for part in (seed, *names)))  # noqa: S311 -- a play, not a secret


def between(rng: Random, first: datetime, last: datetime) -> datetime:
    """An instant in [first, last), to the second."""
    seconds = max(1, int((last - first).total_seconds()))
    return first + timedelta(seconds=rng.randrange(seconds))


def plan_entries(
    edition: EditionView, size: Size, *, until: datetime | None = None, shared_owner: int = 1
) -> tuple[EntryPlan, ...]:
    """The dossiers of an edition, `size.entries` of them, of which the first `shared_owner` have one owner.

    `until` is the instant at which a demonstration stops: all are begun before it, and when it lies inside the
    submission phase some are still drafts then. Without it all are handed in, save one more that comes too late.
    """
    submission = _phase(edition, PhaseKind.SUBMISSION)
    is_open = until is not None and until < submission.closes_at
    last = until if until is not None and is_open else submission.closes_at
    rng = stream(size.seed, "entries")
    outcomes = _outcomes(rng, size.entries, with_drafts=is_open)
    plans = [
        _entry(rng, edition, index, outcome, last=last, owner=_owner(index, shared_owner), is_open=is_open)
        for index, outcome in enumerate(outcomes)
    ]
    if until is not None and is_open:
        plans[:3] = _of_one_entrant(plans[:3], until)
    plans = _with_withdrawal(rng, edition, plans)
    if until is None:
        late = between(rng, submission.closes_at - timedelta(days=1), submission.closes_at - SECOND)
        plans.append(EntryPlan(size.entries, size.entries, Outcome.DRAFT, late))
    return tuple(plans)


def plan_votes(edition: EditionView, size: Size, entries: Sequence[EntryPlan]) -> tuple[VotePlan, ...]:
    """The votes in the order of time: a few entries draw most of them, as in life; none for one withdrawn."""
    phase = edition.phase(PhaseKind.VOTING)
    votable = [one for one in entries if one.published_at is not None]
    if phase is None or not edition.rules.vote_policy().enabled or not votable:
        return ()
    rng = stream(size.seed, "votes")
    ranks = list(range(len(votable)))
    rng.shuffle(ranks)
    weights = [1000 // (rank + 2) for rank in ranks]
    most = edition.rules.vote_policy().max_entries or 6
    votes = []
    for voter in range(size.voters):
        wanted = min(most, rng.choice((1, 1, 2, 2, 3, 4)))
        chosen = dict.fromkeys(rng.choices(range(len(votable)), weights=weights, k=wanted))
        first = between(rng, phase.opens_at, phase.closes_at - timedelta(hours=1))
        for step, place in enumerate(chosen):
            at = first + timedelta(minutes=2 * step)
            gone = votable[place].withdrawn_at
            if gone is None or at < gone:
                votes.append(VotePlan(voter, votable[place].index, at))
    return tuple(sorted(votes, key=lambda vote: (vote.at, vote.voter, vote.entry)))


def qualities(seed: int, codes: Sequence[str]) -> Mapping[str, int]:
    """How good each entry is, in thousandths of the full points; most are between 550 and 850."""
    return {code: _bell(stream(seed, "quality", code), 420, 960) for code in codes}


def points(seed: int, judge: str, mark: str, quality: int, *, steps: int) -> int:
    """How many of `steps` steps a judge gives: the entry's quality, the judge's severity, a little of its own.

    `mark` names what is scored: round, entry and criterion.
    """
    severity = stream(seed, "severity", judge).randint(-60, 60)
    own = stream(seed, "points", judge, mark).randint(-70, 70)
    return min(steps, max(0, (quality + severity + own) * steps // 1000))


def _bell(rng: Random, low: int, high: int) -> int:
    return low + sum(rng.randint(0, high - low) for _ in range(3)) // 3


def _owner(index: int, shared_owner: int) -> int:
    """Most entrants hand in one dossier, some two."""
    if index < shared_owner:
        return 0
    return index - 1 if index % 8 == 5 else index


def _outcomes(rng: Random, entries: int, *, with_drafts: bool) -> list[Outcome]:
    """The first three are fixed, so that a demonstration's entrant has one of each; the others are drawn."""
    weights = (60, 14, 5, 21) if with_drafts else (82, 12, 6, 0)
    kinds = list(Outcome)
    fixed = [Outcome.ACCEPTED, Outcome.COMPLETED, Outcome.DRAFT if with_drafts else Outcome.REFUSED]
    drawn = rng.choices(kinds, weights=weights, k=max(0, entries - len(fixed)))
    return [*fixed, *drawn][:entries]


def _entry(
    rng: Random,
    edition: EditionView,
    index: int,
    outcome: Outcome,
    *,
    last: datetime,
    owner: int,
    is_open: bool,
) -> EntryPlan:
    opens = _phase(edition, PhaseKind.SUBMISSION).opens_at
    # People come late: the square root of an even draw, in thousandths.
    late = max(rng.randrange(1000), rng.randrange(1000))
    started = opens + (last - opens) * late // 1000
    if outcome is Outcome.DRAFT:
        return EntryPlan(index, owner, outcome, started.replace(microsecond=0))
    submitted = min(started + timedelta(hours=rng.randint(20, 400)), between(rng, started, last))
    phase = _phase(edition, PhaseKind.SCREENING)
    soon, room = submitted + timedelta(hours=rng.randint(30, 150)), timedelta(days=3)
    is_early = (is_open or index % 20 == 7) and soon + 3 * room < phase.opens_at
    if not is_early:
        room = (phase.closes_at - phase.opens_at) / 4
    screened = soon if is_early else between(rng, phase.opens_at, phase.closes_at - 3 * room)
    is_returned = outcome is Outcome.COMPLETED
    completed = screened + room if is_returned else None
    published = None if outcome is Outcome.REFUSED else _published(edition)
    return EntryPlan(
        index,
        owner,
        outcome,
        started.replace(microsecond=0),
        submitted.replace(microsecond=0),
        screened.replace(microsecond=0),
        completed,
        completed + room if completed is not None else None,
        published,
        is_early=is_early,
    )


def _of_one_entrant(plans: Sequence[EntryPlan], until: datetime) -> list[EntryPlan]:
    """The dossiers of a demonstration's entrant while entries are received: accepted, returned to him, begun."""
    days = ((40, 33, 25), (16, 12, 2), (3, None, None))
    return [
        EntryPlan(
            plan.index,
            plan.owner,
            plan.outcome,
            until - timedelta(days=started),
            None if submitted is None else until - timedelta(days=submitted),
            None if screened is None else until - timedelta(days=screened),
            is_early=True,
        )
        for plan, (started, submitted, screened) in zip(plans, days, strict=False)
    ]


def _with_withdrawal(rng: Random, edition: EditionView, plans: list[EntryPlan]) -> list[EntryPlan]:
    """One of the published entries leaves later: in the vote, or before judging where there is no vote."""
    public = [one for one in plans if one.published_at is not None and one.index > 2]
    if len(public) < 4:
        return plans
    leaving = rng.choice(public)
    voting = edition.phase(PhaseKind.VOTING)
    at = (
        voting.opens_at + (voting.closes_at - voting.opens_at) * 6 // 10
        if voting is not None
        else _published(edition) + timedelta(minutes=30)
    )
    return [replace(one, withdrawn_at=at) if one is leaving else one for one in plans]


def _published(edition: EditionView) -> datetime:
    return _phase(edition, PhaseKind.SCREENING).closes_at - timedelta(hours=1)


def _phase(edition: EditionView, kind: PhaseKind) -> PhaseView:
    found = edition.phase(kind)
    if found is None:
        raise ValueError(f"{edition.key}: no phase {kind}")
    return found
