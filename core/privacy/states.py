"""What a person may ask about their data, and the one table of moves of such a request.

    received ──▶ acknowledged ──▶ extended (once) ──▶ done | refused (with the reason)
        └──────────────┴───────────────┴────────────▶ taken back by the person

Rights: Law 91/2025/QH15, article 4. Terms: Decree 356/2025/NĐ-CP, article 5. The numbers of articles come from a
secondary source; the words of the law are to be compared before they are relied on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is asked."""

    SEE = "see"
    CORRECT = "correct"
    DELETE = "delete"
    RESTRICT = "restrict"
    OBJECT = "object"
    WITHDRAW = "withdraw"
    COMPLAIN = "complain"


class State(StrEnum):
    """How a request stands."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    EXTENDED = "extended"
    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class Move(StrEnum):
    """What can be done with a request."""

    ACKNOWLEDGE = "acknowledge"
    EXTEND = "extend"
    FINISH = "finish"
    REFUSE = "refuse"
    TAKE_BACK = "take_back"


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table; `words` says that the office must write something to the person."""

    move: Move
    sources: frozenset[State]
    target: State
    words: bool = False


OPEN = frozenset({State.RECEIVED, State.ACKNOWLEDGED, State.EXTENDED})
TRANSITIONS = (
    Transition(Move.ACKNOWLEDGE, frozenset({State.RECEIVED}), State.ACKNOWLEDGED),
    Transition(Move.EXTEND, frozenset({State.RECEIVED, State.ACKNOWLEDGED}), State.EXTENDED, words=True),
    Transition(Move.FINISH, OPEN, State.DONE, words=True),
    Transition(Move.REFUSE, OPEN, State.REFUSED, words=True),
    Transition(Move.TAKE_BACK, OPEN, State.TAKEN_BACK),
)


def transition(state: str, move: Move) -> Transition | None:
    """The line of the table for `move` out of `state`; None when there is none."""
    return next((one for one in TRANSITIONS if one.move is move and state in one.sources), None)


def moves(state: str) -> tuple[Move, ...]:
    """What the office can do with a request in `state`, in the order of the table."""
    return tuple(one.move for one in TRANSITIONS if state in one.sources and one.move is not Move.TAKE_BACK)
