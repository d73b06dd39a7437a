"""The platform's own allocation holds all that the kit asks of one, and what does not hold is seen."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.plugin_api import Allocation, AwardScheme, Proposal, Ranked, SpecialAward, Text, Tier
from core.plugin_host.allocation import allocate_by_quota
from core.plugin_kit import awards, samples

TIERS = st.lists(
    st.tuples(st.sampled_from([None, 0, 40, 50, 70]), st.sampled_from([None, 0, 1, 2, 3])), max_size=4
)


def scheme_of(tiers: list[tuple[int | None, int | None]], *, spill: bool = False) -> AwardScheme:
    """Tiers with these minimums and quotas, the highest minimum first."""
    ordered = sorted(tiers, key=lambda one: -(one[0] or 0))
    made = tuple(
        Tier(
            f"t{number}",
            Text(f"Giải {number}", f"Tier {number}"),
            None if least is None else Decimal(least),
            quota,
        )
        for number, (least, quota) in enumerate(ordered)
    )
    return AwardScheme(made, spill=spill)


def faults(scheme: AwardScheme, ranking: tuple[Ranked, ...], allocation: Allocation) -> list[str]:
    """Every sentence about a proposal."""
    found = (
        *awards.over_quota(scheme, allocation),
        *awards.out_of_order(scheme, ranking, allocation),
        *awards.torn_ties(ranking, allocation),
        *awards.lost_places(scheme, ranking, allocation),
    )
    return [one.vi for one in found]


@given(st.data(), TIERS, st.booleans())
def test_allocation_of_the_platform_holds_for_any_scheme(
    data: st.DataObject, tiers: list[tuple[int | None, int | None]], spill: bool
) -> None:
    scheme = scheme_of(tiers, spill=spill)
    ranking = data.draw(samples.rankings(scheme, Decimal(100)))

    assert faults(scheme, ranking, allocate_by_quota(scheme, ranking, "dieu")) == []


def proposal(entry: str, tier: str) -> Proposal:
    """A proposal without more words."""
    return Proposal(entry, tier, Text("Đạt.", "Reached."))


def test_prize_below_the_minimum_is_seen() -> None:
    scheme = scheme_of([(50, None)])
    ranking = samples.ranked([Decimal("49.99")])

    assert faults(scheme, ranking, Allocation((proposal("BT-01", "t0"),))) == [
        "BT-01 có 49.99 điểm, dưới mức tối thiểu 50 của Giải 0 mà vẫn được đề xuất."
    ]


def test_tie_at_the_last_place_may_be_left_to_the_committee() -> None:
    scheme = scheme_of([(None, 1)])
    ranking = samples.ranked([Decimal(80), Decimal(80)])

    assert faults(scheme, ranking, Allocation((), ("BT-01", "BT-02"))) == []


def test_special_award_that_is_unknown_repeated_or_for_a_stranger_is_seen() -> None:
    scheme = AwardScheme((), (SpecialAward("tre", Text("Giải trẻ", "Youth"), 1),))
    ranking = samples.ranked([Decimal(80)])
    given_away = Allocation((proposal("BT-01", "tre"), proposal("BT-01", "tre"), proposal("LA-1", "gia")))

    assert [one.vi for one in awards.wrong_specials(scheme, ranking, given_away)] == [
        "Giải phụ gia không có trong cơ cấu giải.",
        "Giải phụ nêu LA-1, bài không được xếp hạng.",
        "Giải phụ tre được đề xuất 2 lần cho BT-01.",
        "Giải phụ tre vượt chỉ tiêu: đề xuất 2 trên 1.",
    ]
