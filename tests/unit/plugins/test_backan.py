"""Bắc Kạn: bands as minimums, quotas as ceilings, and the real picture of edition 6."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from core.plugin_api import Ranked
from core.plugin_host import Rules, rules_for
from tests.unit.plugins.editions import backan_8

RULES = rules_for(backan_8())


def _ranking(totals: list[Decimal]) -> list[Ranked]:
    ordered = sorted(totals, reverse=True)
    return [Ranked(number, f"BK-8-{number:04}", total) for number, total in enumerate(ordered, start=1)]


def _proposed(rules: Rules, totals: list[Decimal]) -> Counter[str]:
    return Counter(one.tier for one in rules.allocate(rules.award_scheme(), _ranking(totals)).proposals)


def test_edition_6_gives_no_first_two_second_four_third_two_encouragement() -> None:
    points = ["84.5", "75", "74.99", "70", "66", "65", "64.5", "55", "54.99"]
    totals = [Decimal(one) for one in points] + [Decimal(40 + number) for number in range(12)]

    allocation = RULES.allocate(RULES.award_scheme(), _ranking(totals))

    assert [one.tier for one in allocation.proposals] == ["nhi"] * 2 + ["ba"] * 4 + ["khuyen_khich"] * 2
    assert [one.entry for one in allocation.proposals] == [f"BK-8-{number:04}" for number in range(1, 9)]
    assert allocation.undecided == ()


def test_bands_are_settings_and_none_is_official_for_this_edition() -> None:
    tiers = RULES.award_scheme().tiers

    assert [(tier.key, tier.minimum, tier.clause, tier.official) for tier in tiers] == [
        ("nhat", Decimal(85), "muc_diem_giai_nhat", False),
        ("nhi", Decimal(75), "muc_diem_xet_giai", False),
        ("ba", Decimal(65), "muc_diem_xet_giai", False),
        ("khuyen_khich", Decimal(55), "muc_diem_xet_giai", False),
    ]
    changed = rules_for(backan_8(backan_stkt={"minimum_nhat": "80", "quota_nhat": None}))
    assert (changed.award_scheme().tiers[0].minimum, changed.award_scheme().tiers[0].quota) == (
        Decimal(80),
        None,
    )


def test_quota_is_a_ceiling_and_the_rest_goes_on() -> None:
    rules = rules_for(backan_8(backan_stkt={"quota_nhi": 1}))

    assert _proposed(rules, [Decimal(80), Decimal(79), Decimal(66)]) == {"nhi": 1, "ba": 2}


@given(st.lists(st.decimals(0, 100, places=2), max_size=40))
def test_quotas_are_never_exceeded_and_nothing_below_55_is_proposed(totals: list[Decimal]) -> None:
    scheme = RULES.award_scheme()
    ranking = _ranking(totals)
    total = {row.entry: row.total for row in ranking}

    allocation = RULES.allocate(scheme, ranking)

    taken = Counter(one.tier for one in allocation.proposals)
    assert all(taken[tier.key] <= (tier.quota or 0) for tier in scheme.tiers)
    assert all(total[one.entry] >= Decimal(55) for one in allocation.proposals)


@given(st.lists(st.decimals(0, 100, places=2), max_size=40), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_proposal(totals: list[Decimal], shuffler: Random) -> None:
    ranking = _ranking(totals)
    shuffled = list(ranking)
    shuffler.shuffle(shuffled)

    assert RULES.allocate(RULES.award_scheme(), shuffled) == RULES.allocate(RULES.award_scheme(), ranking)


def test_form_asks_for_the_place_in_the_province() -> None:
    asked = RULES.form_field("noi_ap_dung")

    assert asked is not None
    assert asked.help is not None
    assert (
        asked.help.vi
        == "Nêu nơi áp dụng trong tỉnh Bắc Kạn, theo tên đơn vị hành chính tại thời điểm áp dụng."
    )


def test_province_cites_its_own_rules_for_the_look_back() -> None:
    clause = RULES.clause("tao_ra_trong_thoi_han")

    assert clause is not None
    assert clause.document.vi == (
        "Thể lệ Hội thi Sáng tạo Kỹ thuật tỉnh Bắc Kạn lần thứ 8 (Quyết định 968/QĐ-BTCHT ngày 04/6/2024)"
    )
    assert clause.official is False
