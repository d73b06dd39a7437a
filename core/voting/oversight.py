"""What the committee watches while people vote: days, leaders, and votes that come from one address."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select

from core.contests.values import EditionView
from core.entries.listing import clamp
from core.entries.models import Entry
from core.entries.states import State
from core.kernel.clock import local, start_of
from core.kernel.db import session
from core.people.models import Account
from core.voting.models import Vote, VoteTally
from core.voting.policies import phase_of
from core.voting.values import CastRow, ClusterRow, DayRow, LeaderRow

CLUSTER_ACCOUNTS = 5
"""From how many accounts at one address on the committee is shown the address."""
LEADERS = 20
CLUSTERS = 50
PER_PAGE = 50
MOST_DAYS = 120


def votes_by_day(edition: EditionView, now: datetime) -> list[DayRow]:
    """Votes of each day of the voting phase so far, days of Viet Nam. One query."""
    phase = phase_of(edition)
    if phase is None or now < phase.opens_at:
        return []
    first, last = local(phase.opens_at).date(), local(min(now, phase.closes_at)).date()
    days = [first + timedelta(days=number) for number in range(min((last - first).days + 1, MOST_DAYS))]
    ends = [start_of(day + timedelta(days=1)) for day in days]
    of_day = case(*((Vote.cast_at < end, number) for number, end in enumerate(ends)), else_=len(days))
    ask = (
        select(of_day.label("day"), func.count(), func.count(Vote.cancelled_at))
        .where(Vote.edition_id == edition.id)
        .group_by("day")
    )
    found = {day: (cast, cancelled) for day, cast, cancelled in session().execute(ask)}
    return [DayRow(start_of(day), *found.get(number, (0, 0))) for number, day in enumerate(days)]


def leaders(edition: EditionView) -> list[LeaderRow]:
    """The entries with the most votes by the running tally. One query."""
    ask = (
        select(Entry.code, Entry.title, VoteTally.votes)
        .join(VoteTally, VoteTally.entry_id == Entry.id)
        .where(VoteTally.edition_id == edition.id, VoteTally.votes > 0, Entry.state == State.ACCEPTED)
        .order_by(VoteTally.votes.desc(), Entry.code)
        .limit(LEADERS)
    )
    return [LeaderRow(code or "", title, votes) for code, title, votes in session().execute(ask)]


def clusters(edition: EditionView, *, accounts: int = CLUSTER_ACCOUNTS) -> list[ClusterRow]:
    """Addresses from which at least `accounts` accounts voted, the largest first. One query.

    One address is no proof: a school or an office shares one. It is where to look.
    """
    people = func.count(Vote.account_id.distinct())
    ask = (
        select(
            Vote.address_digest,
            func.count(),
            people,
            func.min(Vote.cast_at),
            func.max(Vote.cast_at),
        )
        .where(Vote.edition_id == edition.id, Vote.address_digest.is_not(None), Vote.cancelled_at.is_(None))
        .group_by(Vote.address_digest)
        .having(people >= accounts)
        .order_by(people.desc(), Vote.address_digest)
        .limit(CLUSTERS)
    )
    return [
        ClusterRow(digest or "", votes, voters, first, last)
        for digest, votes, voters, first, last in session().execute(ask)
    ]


def votes_from(edition: EditionView, digest: str, page: int = 1) -> tuple[list[CastRow], int, int, int]:
    """One page of the votes from one address in the order they were cast; page, pages, and how many. Two queries."""
    own = (Vote.edition_id == edition.id) & (Vote.address_digest == digest)
    total = session().scalars(select(func.count()).select_from(Vote).where(own)).one()
    page, pages = clamp(page, total, PER_PAGE)
    ask = _cast_rows().where(own).order_by(Vote.cast_at, Vote.receipt)
    rows = session().execute(ask.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return [CastRow(*row) for row in rows], page, pages, total


def cast_row(vote_id: UUID) -> CastRow:
    """One vote as the committee sees it. One query."""
    return CastRow(*session().execute(_cast_rows().where(Vote.id == vote_id)).one())


def vote_totals(edition: EditionView) -> tuple[int, int, int]:
    """Standing votes, the accounts behind them, cancelled votes. One query."""
    standing = case((Vote.cancelled_at.is_(None), Vote.account_id))
    ask = select(func.count(standing), func.count(standing.distinct()), func.count(Vote.cancelled_at))
    votes, voters, cancelled = session().execute(ask.where(Vote.edition_id == edition.id)).one()
    return int(votes), int(voters), int(cancelled)


def _cast_rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Vote.receipt,
            Entry.code,
            Entry.title,
            Account.name,
            Vote.cast_at,
            Vote.cancelled_at,
            Vote.cancel_reason,
        )
        .join(Entry, Entry.id == Vote.entry_id)
        .join(Account, Account.id == Vote.account_id)
    )
