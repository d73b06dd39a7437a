"""What a council decided by a ballot, from its counts alone. Pure.

A tie is told as a tie and too few votes as too few: no winner is invented. A blank vote counts as cast, so towards how
many have voted, and for no option. How many must vote, what majority is needed and of which votes stand in no document
that could be read; all three are chosen for each ballot and shown as an illustration.
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
    """What the option with the most votes needs, of the votes that `Basis` says."""

    MOST = "most"  # more than any other
    HALF = "half"  # more than half
    TWO_THIRDS = "two_thirds"  # at least two thirds


class Basis(StrEnum):
    """Of which votes a majority is reckoned."""

    VALID = "valid"  # those that are not blank
    CAST = "cast"  # all, blank ones too


class Verdict(StrEnum):
    """What came of a ballot."""

    WON = "won"
    TIE = "tie"  # several have the most votes, equally many
    NO_MAJORITY = "no_majority"  # one has the most, and not enough
    NO_QUORUM = "no_quorum"  # too few voted
    ALL_BLANK = "all_blank"  # enough voted, and nobody for an option


@dataclass(frozen=True, slots=True)
class Outcome:
    """The one count of a ballot: votes by option and blank ones, how many could vote, and who stands first."""

    counts: tuple[int, ...]
    voters: int
    verdict: Verdict
    leading: tuple[int, ...]
    blank: int = 0
    basis: Basis = Basis.VALID

    @property
    def cast(self) -> int:
        """How many votes were cast, blank ones too."""
        return sum(self.counts) + self.blank

    @property
    def reckoned(self) -> int:
        """Of how many votes the majority is reckoned."""
        return self.cast if self.basis is Basis.CAST else sum(self.counts)


def decide(
    counts: Sequence[int],
    voters: int,
    quorum: Quorum,
    majority: Majority,
    *,
    blank: int = 0,
    basis: Basis = Basis.VALID,
) -> Outcome:
    """The outcome of `counts` (votes by option, in their order) and `blank` votes among `voters`; `leading` are
    positions from 1.

    Raises ValueError for more votes than voters, or for fewer than none.
    """
    valid = sum(counts)
    cast = valid + blank
    if any(count < 0 for count in (*counts, blank)) or cast > voters:
        raise ValueError(f"{cast} votes of {voters} voters")
    most = max(counts, default=0)
    leading = tuple(place for place, count in enumerate(counts, start=1) if count == most and most > 0)
    reckoned = cast if basis is Basis.CAST else valid
    if cast == 0 or not _enough(cast, voters, quorum):
        verdict = Verdict.NO_QUORUM
    elif not leading:
        verdict = Verdict.ALL_BLANK
    elif len(leading) > 1:
        verdict = Verdict.TIE
    elif not _carries(most, reckoned, majority):
        verdict = Verdict.NO_MAJORITY
    else:
        verdict = Verdict.WON
    return Outcome(tuple(counts), voters, verdict, leading, blank, basis)


def _enough(cast: int, voters: int, quorum: Quorum) -> bool:
    if quorum is Quorum.ALL:
        return cast == voters
    return 2 * cast > voters if quorum is Quorum.HALF else 3 * cast >= 2 * voters


def _carries(most: int, reckoned: int, majority: Majority) -> bool:
    if majority is Majority.MOST:
        return True
    return 2 * most > reckoned if majority is Majority.HALF else 3 * most >= 2 * reckoned
