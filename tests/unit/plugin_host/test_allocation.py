"""Quotas as ceilings: worked cases, and what holds for every ranking."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.plugin_api import Allocation, AwardScheme, Ranked, Text, Tier
from core.plugin_host.allocation import allocate_by_quota


def _scheme(*tiers: tuple[str, str | None, int | None], spill: bool = False) -> AwardScheme:
    return AwardScheme(
        tuple(
            Tier(key, Text(key), None if minimum is None else Decimal(minimum), quota)
            for key, minimum, quota in tiers
        ),
        spill=spill,
    )


def _ranking(*totals: str | tuple[str, int]) -> tuple[Ranked, ...]:
    """Entries E1, E2 … by falling totals; ("90", 2) stands for two entries that stay tied at 90."""
    rows: list[Ranked] = []
    for total in totals:
        points, size = (total, 1) if isinstance(total, str) else total
        rank = len(rows) + 1
        rows.extend(Ranked(rank, f"E{rank + number}", Decimal(points)) for number in range(size))
    return tuple(rows)


def _by_tier(allocation: Allocation) -> dict[str, list[str]]:
    tiers: dict[str, list[str]] = {}
    for proposal in allocation.proposals:
        tiers.setdefault(proposal.tier, []).append(proposal.entry)
    return tiers


def test_tier_takes_from_the_top_up_to_its_quota() -> None:
    allocation = allocate_by_quota(
        _scheme(("nhat", None, 1), ("nhi", None, 2)), _ranking("90", "80", "70", "60"), "k"
    )

    assert _by_tier(allocation) == {"nhat": ["E1"], "nhi": ["E2", "E3"]}
    assert allocation.undecided == ()


def test_places_nobody_reaches_stay_empty() -> None:
    scheme = _scheme(("nhat", "85", 2), ("nhi", "75", 1))

    allocation = allocate_by_quota(scheme, _ranking("80", "78"), "k")

    assert _by_tier(allocation) == {"nhi": ["E1"]}
    assert [(step.data["tier"], step.data["empty"]) for step in allocation.steps] == [("nhat", 2), ("nhi", 0)]


def test_spill_moves_unused_places_to_the_next_tier() -> None:
    scheme = _scheme(("nhat", "85", 2), ("nhi", "75", 1), spill=True)

    allocation = allocate_by_quota(scheme, _ranking("80", "78", "76", "75"), "k")

    assert _by_tier(allocation) == {"nhi": ["E1", "E2", "E3"]}
    assert [step.data["spilled_in"] for step in allocation.steps] == [0, 2]


def test_who_reaches_a_full_tier_goes_on_to_the_next() -> None:
    scheme = _scheme(("nhat", "85", 1), ("nhi", "75", 2))

    assert _by_tier(allocate_by_quota(scheme, _ranking("95", "90", "70"), "k")) == {
        "nhat": ["E1"],
        "nhi": ["E2"],
    }


def test_tier_without_quota_takes_all_who_reach_it() -> None:
    scheme = _scheme(("nhat", "85", None), ("nhi", None, None))

    assert _by_tier(allocate_by_quota(scheme, _ranking("95", "90", "70"), "k")) == {
        "nhat": ["E1", "E2"],
        "nhi": ["E3"],
    }


def test_tied_entries_that_all_fit_are_proposed_together() -> None:
    allocation = allocate_by_quota(
        _scheme(("nhat", None, 2), ("nhi", None, 1)), _ranking(("90", 2), "80"), "k"
    )

    assert _by_tier(allocation) == {"nhat": ["E1", "E2"], "nhi": ["E3"]}


def test_tied_entries_that_do_not_all_fit_are_left_to_the_committee_and_their_places_are_held() -> None:
    scheme = _scheme(("nhat", None, 1), ("nhi", None, 2), ("ba", None, 1))

    allocation = allocate_by_quota(scheme, _ranking(("90", 2), "80", "70", "60"), "k")

    assert allocation.undecided == ("E1", "E2")
    assert _by_tier(allocation) == {"nhi": ["E3"], "ba": ["E4"]}
    assert [(step.data["tier"], step.data["held"]) for step in allocation.steps[:3]] == [
        ("nhat", 1),
        ("nhi", 1),
        ("ba", 0),
    ]
    assert allocation.steps[3].data == {
        "entries": ["E1", "E2"],
        "rank": 1,
        "total": "90",
        "places": {"nhat": 1, "nhi": 1},
    }


def test_tie_at_the_last_place_leaves_the_place_open_and_nobody_below_takes_it() -> None:
    allocation = allocate_by_quota(_scheme(("nhat", None, 2)), _ranking("95", ("90", 3), "80"), "k")

    assert _by_tier(allocation) == {"nhat": ["E1"]}
    assert allocation.undecided == ("E2", "E3", "E4")


def test_held_places_of_tied_entries_go_only_to_tiers_they_reach() -> None:
    scheme = _scheme(("nhat", "85", 1), ("nhi", "85", 0), ("ba", "50", 1))

    allocation = allocate_by_quota(scheme, _ranking(("90", 2), "60"), "k")

    assert allocation.undecided == ("E1", "E2")
    assert allocation.proposals == ()


def test_entries_tied_below_every_place_are_not_disputed() -> None:
    allocation = allocate_by_quota(_scheme(("nhat", "85", 1)), _ranking("90", ("80", 2)), "k")

    assert allocation.undecided == ()
    assert _by_tier(allocation) == {"nhat": ["E1"]}


def test_reason_tells_rank_score_minimum_and_quota() -> None:
    proposal = allocate_by_quota(_scheme(("nhi", "75", 4)), _ranking("77.9"), "k").proposals[0]

    assert proposal.why == Text(
        "Xếp hạng 1 với 77,9 điểm, đạt mức tối thiểu 75, trong chỉ tiêu 4 giải.",
        "Rank 1 with 77.9 points, reaches the minimum of 75, within the quota of 4.",
    )
    assert proposal.clause == "k"


def test_no_tier_proposes_nothing() -> None:
    assert allocate_by_quota(AwardScheme(), _ranking("90"), "k") == Allocation()


totals = st.lists(st.integers(0, 20), max_size=25).map(
    lambda points: sorted((Decimal(point) * 5 for point in points), reverse=True)
)
tiers = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(0, 100)), st.integers(0, 5)), min_size=1, max_size=4
)


def _ranked(points: list[Decimal]) -> tuple[Ranked, ...]:
    """Equal totals stay tied, with the rank of the first of them."""
    return tuple(
        Ranked(points.index(total) + 1, f"E{number:02}", total) for number, total in enumerate(points)
    )


def _from(drawn: list[tuple[int | None, int]], *, spill: bool) -> AwardScheme:
    return _scheme(
        *(
            (f"t{number}", None if least is None else str(least), quota)
            for number, (least, quota) in enumerate(drawn)
        ),
        spill=spill,
    )


@given(totals, tiers)
def test_quotas_and_minimums_hold_for_every_ranking(
    points: list[Decimal], drawn: list[tuple[int | None, int]]
) -> None:
    scheme, ranking = _from(drawn, spill=False), _ranked(points)
    total = {row.entry: row.total for row in ranking}

    allocation = allocate_by_quota(scheme, ranking, "k")

    taken = Counter(proposal.tier for proposal in allocation.proposals)
    for tier in scheme.tiers:
        assert taken[tier.key] <= (tier.quota or 0)
    for proposal in allocation.proposals:
        tier = next(one for one in scheme.tiers if one.key == proposal.tier)
        assert tier.minimum is None or total[proposal.entry] >= tier.minimum


@given(totals, tiers, st.booleans())
def test_every_place_is_proposed_held_spilled_or_empty(
    points: list[Decimal], drawn: list[tuple[int | None, int]], spill: bool
) -> None:
    scheme, ranking = _from(drawn, spill=spill), _ranked(points)

    allocation = allocate_by_quota(scheme, ranking, "k")

    steps = [step.data for step in allocation.steps if "tier" in step.data]
    used = sum(int(str(data[part])) for data in steps for part in ("proposed", "held", "empty"))
    assert used == sum(tier.quota or 0 for tier in scheme.tiers)
    proposed = {proposal.entry for proposal in allocation.proposals}
    assert len(proposed) == len(allocation.proposals)
    assert proposed.isdisjoint(allocation.undecided)


@given(totals, tiers, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(
    points: list[Decimal], drawn: list[tuple[int | None, int]], shuffler: Random
) -> None:
    scheme, ranking = _from(drawn, spill=False), _ranked(points)
    shuffled = list(ranking)
    shuffler.shuffle(shuffled)

    assert allocate_by_quota(scheme, shuffled, "k") == allocate_by_quota(scheme, ranking, "k")


@given(totals, tiers)
def test_nobody_ranked_lower_gets_a_higher_tier(
    points: list[Decimal], drawn: list[tuple[int | None, int]]
) -> None:
    ranking = _ranked(points)
    rank = {row.entry: row.rank for row in ranking}

    allocation = allocate_by_quota(_from(drawn, spill=False), ranking, "k")

    order = [(rank[proposal.entry], int(proposal.tier[1:])) for proposal in allocation.proposals]
    assert [tier for _, tier in sorted(order)] == sorted(tier for _, tier in order)
