"""How a council scored: each figure against a case that is worked out by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.judging.statistics import (
    Band,
    EntryFigures,
    Mark,
    bands,
    entry_figures,
    judge_figures,
    noise_of_a_sheet,
    worth_another_judge,
)
from tests.support.factories import NOW


def marks(**given_: dict[str, int]) -> list[Mark]:
    """Marks of judges by name, each a mapping of entry → points, locked a minute apart in that order."""
    return [
        Mark(judge, entry, Decimal(points), NOW + timedelta(minutes=minute))
        for judge, own in given_.items()
        for minute, (entry, points) in enumerate(own.items())
    ]


STRICT = marks(J1={"A": 60, "B": 50}, J2={"A": 70, "B": 60}, J3={"A": 80, "B": 70})


def test_severity_is_measured_against_the_others_on_the_same_entries() -> None:
    figures = judge_figures(STRICT)

    assert [(one.judge, one.severity) for one in figures] == [
        ("J1", Fraction(-15)),
        ("J2", Fraction(0)),
        ("J3", Fraction(15)),
    ]
    assert [one.mean for one in figures] == [55, 65, 75]


def test_a_judge_who_shares_no_entry_has_no_severity_and_stands_last() -> None:
    figures = judge_figures([*STRICT, *marks(J4={"C": 10})])

    assert (figures[-1].judge, figures[-1].severity, figures[-1].spread, figures[-1].drift) == (
        "J4",
        None,
        None,
        None,
    )


def test_the_spread_is_the_deviation_of_a_sample() -> None:
    (one,) = judge_figures(marks(J1={"A": 2, "B": 4, "C": 4, "D": 4, "E": 5, "F": 5, "G": 7, "H": 9}))

    assert one.spread is not None
    assert round(one.spread, 4) == Decimal("2.1381")  # √(32 ÷ 7)


def test_drift_is_the_later_half_above_the_earlier_one() -> None:
    figures = judge_figures(
        marks(J1={"A": 50, "B": 50, "C": 60, "D": 60}, J2={"A": 50, "B": 50, "C": 50, "D": 50})
    )

    assert [(one.judge, one.drift) for one in figures] == [("J2", Fraction(-10)), ("J1", Fraction(10))]


def test_an_entry_is_added_up_by_mean_median_and_standard_scores() -> None:
    figures = entry_figures(marks(J1={"A": 10, "B": 20}, J2={"A": 30, "B": 20}, J3={"A": 50, "B": 20}))

    assert [(one.entry, int(one.mean), int(one.median)) for one in figures] == [("A", 30, 30), ("B", 20, 20)]
    assert [round(one.standard or 0, 4) for one in figures] == [Decimal("0.2357"), Decimal("-0.2357")]
    assert [dict(one.ranks) for one in figures] == [
        {"mean": 1, "median": 1, "standard": 1},
        {"mean": 2, "median": 2, "standard": 2},
    ]


def test_equal_values_share_a_place() -> None:
    figures = entry_figures(marks(J1={"A": 10, "B": 10, "C": 5}))

    assert [one.ranks["mean"] for one in figures] == [1, 1, 3]


def test_a_judge_who_gave_all_the_same_says_nothing_by_standard_scores() -> None:
    (only,) = entry_figures(marks(J1={"A": 10}, J2={"A": 20}))

    assert (only.standard, "standard" in only.ranks) == (None, False)


def test_the_noise_is_what_judges_differ_by_on_one_entry() -> None:
    pooled = marks(J1={"A": 60, "B": 50}, J2={"A": 64, "B": 58})

    assert noise_of_a_sheet(pooled) == Fraction(8 + 32, 2)
    assert [round(one.noise or 0, 4) for one in entry_figures(pooled)] == [Decimal("3.1623")] * 2  # √(20 ÷ 2)
    assert noise_of_a_sheet(marks(J1={"A": 1, "B": 2})) is None


def figured(*means: int, noise: str | None = "1", sheets: int = 3) -> list[EntryFigures]:
    return [
        EntryFigures(
            f"E{place}",
            sheets,
            Fraction(mean),
            Fraction(mean),
            None,
            None if noise is None else Decimal(noise),
            {},
        )
        for place, mean in enumerate(means, start=1)
    ]


def test_a_band_ends_where_the_noise_of_a_difference_does() -> None:
    # 1.96 × √2 = 2.77: 88 is within it from 90, 87 is not.
    assert bands(figured(90, 88, 87, 80)) == [Band(("E1", "E2")), Band(("E3",)), Band(("E4",))]


def test_without_noise_only_equals_are_together() -> None:
    assert bands(figured(90, 90, 89, noise=None)) == [Band(("E1", "E2")), Band(("E3",))]


def test_another_judge_matters_most_at_the_line() -> None:
    near = figured(90, 82, 80, 79, 70)

    assert worth_another_judge(near, 2) == ["E2", "E3"]
    assert worth_another_judge(near, 2, most=1) == ["E2"]


@pytest.mark.parametrize("places", [0, 5, 6])
def test_where_no_line_is_drawn_nobody_is_near_it(places: int) -> None:
    assert worth_another_judge(figured(90, 82, 80, 79, 70), places) == []


def test_a_caller_of_few_digits_changes_nothing() -> None:
    whole = entry_figures(STRICT)
    with localcontext(prec=3):
        assert entry_figures(STRICT) == whole


scored = st.dictionaries(
    st.tuples(st.sampled_from(["J1", "J2", "J3"]), st.sampled_from("ABCDE")),
    st.integers(0, 100),
    min_size=1,
)


@given(scored, st.randoms(use_true_random=False))
def test_the_order_of_the_sheets_changes_nothing(given_: dict[tuple[str, str], int], chance: Random) -> None:
    made = [
        Mark(judge, entry, Decimal(points), NOW + timedelta(minutes=points))
        for (judge, entry), points in given_.items()
    ]
    mixed = list(made)
    chance.shuffle(mixed)

    assert judge_figures(mixed) == judge_figures(made)
    assert entry_figures(mixed) == entry_figures(made)


@given(scored)
def test_every_entry_is_in_one_band_in_the_order_of_means(given_: dict[tuple[str, str], int]) -> None:
    figures = entry_figures([Mark(judge, entry, Decimal(n), NOW) for (judge, entry), n in given_.items()])

    assert [one for band in bands(figures) for one in band.entries] == [one.entry for one in figures]
