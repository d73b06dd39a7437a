"""Who may vote for what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from flask_babel import gettext as _

from core.contests.policies import PhaseClosed, require_open
from core.contests.values import EditionView, PhaseKind, PhaseView
from core.entries.states import State
from core.kernel.actor import Actor, Role
from core.kernel.errors import DomainError, Forbidden
from core.kernel.formats import deadline
from core.kernel.i18n import locale
from core.plugin_api import Clause, VotePolicy


class NotVotable(DomainError):
    """The entry is not published for voting, or it left the contest."""

    kind = "not-votable"


class NotVerified(Forbidden):
    """The account has not confirmed its e-mail address."""

    kind = "not-verified"


class VoteLimit(DomainError):
    """The account has voted for as many entries as the rules allow."""

    kind = "vote-limit"


class VoteCancelled(DomainError):
    """The committee cancelled this account's vote for the entry; it cannot be cast again."""

    kind = "vote-cancelled"


class VotesFrozen(PhaseClosed):
    """The votes of the edition are counted and frozen."""

    kind = "votes-frozen"


class VotingStillOpen(DomainError):
    """Votes are frozen only when the voting phase is over."""

    kind = "voting-still-open"


class Votable(Protocol):
    """What a vote needs to know of an entry: a stored entry or a row of it."""

    @property
    def id(self) -> UUID:
        """Its key."""

    @property
    def code(self) -> str | None:
        """Its public code."""

    @property
    def edition_id(self) -> UUID:
        """Its edition."""

    @property
    def state(self) -> str:
        """Its state."""

    @property
    def published_at(self) -> datetime | None:
        """When it was published for voting."""


def is_votable(entry: Votable, edition: EditionView) -> bool:
    """Whether the public may vote for `entry` while the edition's voting runs."""
    return entry.published_at is not None and entry.state == State.ACCEPTED and entry.edition_id == edition.id


def require_votable(entry: Votable, edition: EditionView) -> None:
    """Return when the entry can be voted for; raise NotVotable when not."""
    if not is_votable(entry, edition):
        word = edition.rules.terms().entry_capital.in_(locale())
        name = edition.short_name.in_(locale())
        sentence = _(
            "%(entry)s này không nằm trong danh sách bình chọn của %(edition)s.", entry=word, edition=name
        )
        raise NotVotable(sentence).under(clause_of(edition))


def require_voting_open(edition: EditionView, now: datetime) -> VotePolicy:
    """The edition's vote policy; raises PhaseClosed when there is no vote or it does not run at `now`."""
    policy = edition.rules.vote_policy()
    if not policy.enabled:
        raise PhaseClosed(_("%(edition)s không có phần bình chọn.", edition=edition.short_name.in_(locale())))
    try:
        require_open(edition, PhaseKind.VOTING, now)
    except PhaseClosed as closed:
        raise closed.under(clause_of(edition)) from None
    return policy


def clause_of(edition: EditionView) -> Clause | None:
    """The clause of the public vote: what a refused vote rests on."""
    return edition.rules.clause(edition.rules.vote_policy().clause)


def voting_is_over(edition: EditionView, now: datetime) -> bool:
    """Whether the edition's voting phase has ended (or there is none)."""
    phase = edition.phase(PhaseKind.VOTING)
    return phase is None or now >= phase.closes_at


def phase_of(edition: EditionView) -> PhaseView | None:
    """The voting phase of the edition, when it has one."""
    return edition.phase(PhaseKind.VOTING)


def window_of(edition: EditionView) -> str:
    """The dates of the voting phase in words: "từ … đến …"; empty when there is none."""
    phase = edition.phase(PhaseKind.VOTING)
    if phase is None:
        return ""
    opens, closes = deadline(phase.opens_at, locale()), deadline(phase.closes_at, locale())
    return str(_("từ %(opens)s đến %(closes)s", opens=opens, closes=closes))


def may_manage(actor: Actor) -> bool:
    """Whether `actor` looks after the votes: the committee, or the platform itself."""
    return actor.id is None or actor.is_(Role.COMMITTEE)


def require_manager(actor: Actor) -> None:
    """Raise Forbidden unless `actor` looks after the votes."""
    if not may_manage(actor):
        raise Forbidden(_("Chỉ Ban Tổ chức được làm việc này."))


def differences(kept: Mapping[str, int], counted: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Entry code → (kept, counted) where the running tally is not what the votes themselves say."""
    codes = sorted({*kept, *counted})
    pairs = {code: (kept.get(code, 0), counted.get(code, 0)) for code in codes}
    return {code: pair for code, pair in pairs.items() if pair[0] != pair[1]}
