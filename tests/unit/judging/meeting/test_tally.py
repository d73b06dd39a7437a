"""What a ballot's counts come to."""

from __future__ import annotations

import pytest

from core.judging.meeting.tally import Basis, Majority, Quorum, Verdict, decide


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


@pytest.mark.parametrize(
    ("counts", "blank", "voters", "quorum", "majority", "basis", "verdict", "leading"),
    [
        # Two of three votes that are not blank, and two of five that were cast.
        ((2, 1), 2, 5, Quorum.ALL, Majority.HALF, Basis.VALID, Verdict.WON, (1,)),
        ((2, 1), 2, 5, Quorum.ALL, Majority.HALF, Basis.CAST, Verdict.NO_MAJORITY, (1,)),
        ((2, 1), 1, 4, Quorum.ALL, Majority.TWO_THIRDS, Basis.VALID, Verdict.WON, (1,)),
        ((2, 1), 1, 4, Quorum.ALL, Majority.TWO_THIRDS, Basis.CAST, Verdict.NO_MAJORITY, (1,)),
        # Half of the votes cast is not more than half.
        ((2, 0), 2, 4, Quorum.ALL, Majority.HALF, Basis.CAST, Verdict.NO_MAJORITY, (1,)),
        ((3, 0), 2, 5, Quorum.ALL, Majority.HALF, Basis.CAST, Verdict.WON, (1,)),
        # Blank votes are no option: they neither lead nor tie.
        ((1, 0), 4, 5, Quorum.ALL, Majority.MOST, Basis.VALID, Verdict.WON, (1,)),
        ((1, 0), 4, 5, Quorum.ALL, Majority.MOST, Basis.CAST, Verdict.WON, (1,)),
        ((1, 1), 1, 3, Quorum.ALL, Majority.MOST, Basis.VALID, Verdict.TIE, (1, 2)),
        # They were cast, so that enough have voted.
        ((2, 0), 2, 6, Quorum.TWO_THIRDS, Majority.HALF, Basis.VALID, Verdict.WON, (1,)),
        ((2, 0), 1, 6, Quorum.TWO_THIRDS, Majority.HALF, Basis.VALID, Verdict.NO_QUORUM, (1,)),
        ((0, 0), 3, 3, Quorum.ALL, Majority.MOST, Basis.VALID, Verdict.ALL_BLANK, ()),
        ((0, 0), 3, 3, Quorum.ALL, Majority.HALF, Basis.CAST, Verdict.ALL_BLANK, ()),
        ((0, 0), 1, 3, Quorum.HALF, Majority.MOST, Basis.VALID, Verdict.NO_QUORUM, ()),
    ],
)
def test_a_blank_vote_is_cast_and_for_no_option(
    counts: tuple[int, ...],
    blank: int,
    voters: int,
    quorum: Quorum,
    majority: Majority,
    basis: Basis,
    verdict: Verdict,
    leading: tuple[int, ...],
) -> None:
    found = decide(counts, voters, quorum, majority, blank=blank, basis=basis)

    assert (found.verdict, found.leading, found.blank, found.cast) == (
        verdict,
        leading,
        blank,
        sum(counts) + blank,
    )
    assert found.reckoned == sum(counts) + (blank if basis is Basis.CAST else 0)


def test_more_votes_than_voters_are_a_fault() -> None:
    with pytest.raises(ValueError, match="3 votes of 2 voters"):
        decide((2, 1), 2, Quorum.HALF, Majority.MOST)
    with pytest.raises(ValueError, match="3 votes of 2 voters"):
        decide((1, 1), 2, Quorum.HALF, Majority.MOST, blank=1)
    with pytest.raises(ValueError, match="1 votes of 2 voters"):
        decide((1, 1), 2, Quorum.HALF, Majority.MOST, blank=-1)
