"""The states of a dossier and the one table of moves between them: who may take each, in which phases.

    draft ──▶ submitted ──▶ accepted (then published or not) ──▶ withdrawn
                 │  ▲   └──▶ refused
                 ▼  │
               returned (by the committee) · revising (by the entrant)

A dossier that was returned may be handed in again while the screening still runs or its own due date has not come,
after the deadline for new ones. What was decided can be reopened (back to submitted) until the list of eligible
dossiers is decided; see `services.screening`.
One that its entrant took back to edit stays handed in: its last version counts until a new one is handed in, and when
the time is over the dossier is put back to that version (`services.revising`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.contests.values import PhaseKind


class State(StrEnum):
    """Where a dossier stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVISING = "revising"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can be done to a dossier as a whole."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    REVISE = "revise"
    KEEP = "keep"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


class By(StrEnum):
    """Who takes a move. No line of the table is a co-author's own: with the right, one hands in as the owner does."""

    OWNER = "owner"
    CO_AUTHOR = "co_author"
    COMMITTEE = "committee"


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table.

    `phases` are those in which the move is open (none named: always). `reason` says that words must be given;
    `clause` that a clause of the rules must be cited. A committee may move outside the phases when it says why.
    """

    move: Move
    source: State
    target: State
    by: By
    phases: tuple[PhaseKind, ...] = ()
    reason: bool = False
    clause: bool = False


_SUBMISSION = (PhaseKind.SUBMISSION,)
_COMPLETION = (PhaseKind.SUBMISSION, PhaseKind.SCREENING)
_SCREENING = (PhaseKind.SCREENING,)

TRANSITIONS = (
    Transition(Move.SUBMIT, State.DRAFT, State.SUBMITTED, By.OWNER, _SUBMISSION),
    Transition(Move.SUBMIT, State.RETURNED, State.SUBMITTED, By.OWNER, _COMPLETION),
    Transition(Move.SUBMIT, State.REVISING, State.SUBMITTED, By.OWNER, _SUBMISSION),
    Transition(Move.REVISE, State.SUBMITTED, State.REVISING, By.OWNER, _SUBMISSION),
    Transition(Move.KEEP, State.REVISING, State.SUBMITTED, By.OWNER),
    Transition(Move.ACCEPT, State.SUBMITTED, State.ACCEPTED, By.COMMITTEE, _SCREENING),
    Transition(Move.RETURN, State.SUBMITTED, State.RETURNED, By.COMMITTEE, _SCREENING, reason=True),
    Transition(
        Move.REFUSE, State.SUBMITTED, State.REFUSED, By.COMMITTEE, _SCREENING, reason=True, clause=True
    ),
    Transition(
        Move.REFUSE, State.RETURNED, State.REFUSED, By.COMMITTEE, _SCREENING, reason=True, clause=True
    ),
    Transition(Move.REOPEN, State.ACCEPTED, State.SUBMITTED, By.COMMITTEE, reason=True),
    Transition(Move.REOPEN, State.REFUSED, State.SUBMITTED, By.COMMITTEE, reason=True),
    Transition(Move.REOPEN, State.RETURNED, State.SUBMITTED, By.COMMITTEE, reason=True),
    Transition(Move.WITHDRAW, State.DRAFT, State.WITHDRAWN, By.OWNER),
    Transition(Move.WITHDRAW, State.SUBMITTED, State.WITHDRAWN, By.OWNER),
    Transition(Move.WITHDRAW, State.RETURNED, State.WITHDRAWN, By.OWNER),
    Transition(Move.WITHDRAW, State.REVISING, State.WITHDRAWN, By.OWNER),
    Transition(Move.WITHDRAW, State.SUBMITTED, State.WITHDRAWN, By.COMMITTEE, reason=True),
    Transition(Move.WITHDRAW, State.RETURNED, State.WITHDRAWN, By.COMMITTEE, reason=True),
    Transition(Move.WITHDRAW, State.REVISING, State.WITHDRAWN, By.COMMITTEE, reason=True),
    Transition(Move.WITHDRAW, State.ACCEPTED, State.WITHDRAWN, By.COMMITTEE, reason=True),
)

EDITABLE = frozenset({State.DRAFT, State.RETURNED, State.REVISING})


def transition(state: str, move: Move, by: By) -> Transition | None:
    """The line of the table for `move` out of `state` taken `by`, or None when there is none."""
    return next(
        (one for one in TRANSITIONS if one.source == state and one.move is move and one.by is by),
        None,
    )


def moves(state: str, by: By) -> tuple[Move, ...]:
    """The moves that `by` has out of `state`, in the order of the table; phases are not looked at."""
    return tuple(one.move for one in TRANSITIONS if one.source == state and one.by is by)


class Scan(StrEnum):
    """What the virus scanner said of a file. Only a clean one can be opened; without a scanner all are."""

    CLEAN = "clean"
    WAITING = "waiting"
    INFECTED = "infected"
