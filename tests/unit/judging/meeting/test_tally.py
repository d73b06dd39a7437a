"""What a ballot's counts come to."""

from __future__ import annotations

import pytest

from core.judging.meeting.tally import Majority, Quorum, Verdict, decide


@pytest.mark.parametrize(
    ("counts", "voters", "quorum", "majority", "verdict", "leading"),
    [
        ((3, 1), 5, Quorum.TWO_THIRDS, Majority.HALF, Verdict.WON, (1,)),
        ((2, 2), 4, Quorum.HALF, Majority.MOST, Verdict.TIE, (1, 2)),
        ((2, 2, 1), 5, Quorum.ALL, Majority.HALF, Verdict.TIE, (1, 2)),
        ((2, 1, 1), 4, Quorum.ALL, Majority.HALF, Verdict.NO_MAJORITY, (1,)),
        ((2, 1, 1), 4, Quorum.ALL, Majority.MOST, Verdict.WON, (1,)),
        ((2, 1), 3, Quorum.ALL, Majority.TWO_THIRDS, Verdict.WON, (1,)),
        ((3, 2), 5, Quorum.ALL, Majority.TWO_THIRDS, Verdict.NO_MAJORITY, (1,)),
        ((2, 0), 4, Quorum.HALF, Majority.MOST, Verdict.NO_QUORUM, (1,)),
        ((3, 0), 5, Quorum.TWO_THIRDS, Majority.MOST, Verdict.NO_QUORUM, (1,)),
        ((4, 0), 6, Quorum.TWO_THIRDS, Majority.MOST, Verdict.WON, (1,)),
        ((5, 0), 6, Quorum.ALL, Majority.MOST, Verdict.NO_QUORUM, (1,)),
        ((0, 0), 6, Quorum.HALF, Majority.MOST, Verdict.NO_QUORUM, ()),
    ],
)
def test_no_winner_is_invented(
    counts: tuple[int, ...],
    voters: int,
    quorum: Quorum,
    majority: Majority,
    verdict: Verdict,
    leading: tuple[int, ...],
) -> None:
    found = decide(counts, voters, quorum, majority)

    assert (found.verdict, found.leading, found.cast) == (verdict, leading, sum(counts))


def test_more_votes_than_voters_are_a_fault() -> None:
    with pytest.raises(ValueError, match="3 votes of 2 voters"):
        decide((2, 1), 2, Quorum.HALF, Majority.MOST)
