"""What a council decided by a ballot, from its counts alone. Pure.

A tie is told as a tie and too few votes as too few: no winner is invented. How many must vote and what majority is
needed stand in no document that could be read; both are chosen for each ballot and shown as an illustration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Quorum(StrEnum):
    """How many of those who may vote must have voted."""

    HALF = "half"  # more than half
    TWO_THIRDS = "two_thirds"  # at least two thirds
    ALL = "all"


class Majority(StrEnum):
    """What the option with the most votes needs, of the votes cast."""

    MOST = "most"  # more than any other
    HALF = "half"  # more than half
    TWO_THIRDS = "two_thirds"  # at least two thirds


class Verdict(StrEnum):
    """What came of a ballot."""

    WON = "won"
    TIE = "tie"  # several have the most votes, equally many
    NO_MAJORITY = "no_majority"  # one has the most, and not enough
    NO_QUORUM = "no_quorum"  # too few voted


@dataclass(frozen=True, slots=True)
class Outcome:
    """The one count of a ballot: votes by option, how many could vote and did, and who stands first."""

    counts: tuple[int, ...]
    voters: int
    verdict: Verdict
    leading: tuple[int, ...]

    @property
    def cast(self) -> int:
        """How many votes were cast."""
        return sum(self.counts)


def decide(counts: Sequence[int], voters: int, quorum: Quorum, majority: Majority) -> Outcome:
    """The outcome of `counts` (votes by option, in their order) among `voters`; `leading` are positions from 1.

    Raises ValueError for more votes than voters, or for fewer than none.
    """
    cast = sum(counts)
    if any(count < 0 for count in counts) or cast > voters:
        raise ValueError(f"{cast} votes of {voters} voters")
    most = max(counts, default=0)
    leading = tuple(place for place, count in enumerate(counts, start=1) if count == most and most > 0)
    if cast == 0 or not _enough(cast, voters, quorum):
        verdict = Verdict.NO_QUORUM
    elif len(leading) > 1:
        verdict = Verdict.TIE
    elif not _carries(most, cast, majority):
        verdict = Verdict.NO_MAJORITY
    else:
        verdict = Verdict.WON
    return Outcome(tuple(counts), voters, verdict, leading)


def _enough(cast: int, voters: int, quorum: Quorum) -> bool:
    if quorum is Quorum.ALL:
        return cast == voters
    return 2 * cast > voters if quorum is Quorum.HALF else 3 * cast >= 2 * voters


def _carries(most: int, cast: int, majority: Majority) -> bool:
    if majority is Majority.MOST:
        return True
    return 2 * most > cast if majority is Majority.HALF else 3 * most >= 2 * cast
