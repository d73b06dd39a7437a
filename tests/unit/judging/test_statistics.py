"""How a council scored: each figure against a case that is worked out by hand."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.judging.borderline import Line, worth_another_judge
from core.judging.noise import Noise, noise_of
from core.judging.statistics import (
    Band,
    EntryFigures,
    JudgeFigures,
    Mark,
    bands,
    entry_figures,
    judge_figures,
    noise_of_marks,
)
from tests.support.factories import NOW


def marks(**given_: dict[str, int]) -> list[Mark]:
    """Marks of judges by name, each a mapping of entry → points, begun a minute apart in that order."""
    return [
        Mark(judge, entry, Decimal(points), NOW + timedelta(minutes=minute))
        for judge, own in given_.items()
        for minute, (entry, points) in enumerate(own.items())
    ]


def judges(given_: list[Mark]) -> list[JudgeFigures]:
    return judge_figures(given_, noise_of_marks(given_))


def entries(given_: list[Mark]) -> list[EntryFigures]:
    return entry_figures(given_, noise_of_marks(given_))


STRICT = marks(J1={"A": 60, "B": 50}, J2={"A": 70, "B": 60}, J3={"A": 80, "B": 70})


def test_severity_is_measured_against_the_others_on_the_same_entries() -> None:
    figures = judges(STRICT)

    assert [(one.judge, one.severity) for one in figures] == [
        ("J1", Fraction(-15)),
        ("J2", Fraction(0)),
        ("J3", Fraction(15)),
    ]
    assert [one.mean for one in figures] == [55, 65, 75]


def test_a_judge_who_shares_no_entry_has_no_severity_and_stands_last() -> None:
    figures = judges([*STRICT, *marks(J4={"C": 10})])

    assert (figures[-1].judge, figures[-1].severity, figures[-1].spread, figures[-1].drift) == (
        "J4",
        None,
        None,
        None,
    )


def test_the_spread_is_the_deviation_of_a_sample() -> None:
    (one,) = judges(marks(J1={"A": 2, "B": 4, "C": 4, "D": 4, "E": 5, "F": 5, "G": 7, "H": 9}))

    assert one.spread is not None
    assert round(one.spread, 4) == Decimal("2.1381")  # √(32 ÷ 7)


def test_drift_is_the_later_half_above_the_earlier_one() -> None:
    figures = judges(marks(J1={"A": 50, "B": 50, "C": 60, "D": 60}, J2={"A": 50, "B": 50, "C": 50, "D": 50}))

    assert [(one.judge, one.drift) for one in figures] == [("J2", Fraction(-10)), ("J1", Fraction(10))]


def test_an_entry_is_added_up_by_mean_median_and_standard_scores() -> None:
    figures = entries(marks(J1={"A": 10, "B": 20}, J2={"A": 30, "B": 20}, J3={"A": 50, "B": 20}))

    assert [(one.entry, int(one.mean), int(one.median)) for one in figures] == [("A", 30, 30), ("B", 20, 20)]
    assert [round(one.standard or 0, 4) for one in figures] == [Decimal("0.2357"), Decimal("-0.2357")]
    assert [dict(one.ranks) for one in figures] == [
        {"mean": 1, "median": 1, "standard": 1},
        {"mean": 2, "median": 2, "standard": 2},
    ]


def test_equal_values_share_a_place() -> None:
    figures = entries(marks(J1={"A": 10, "B": 10, "C": 5}))

    assert [one.ranks["mean"] for one in figures] == [1, 1, 3]


def test_a_judge_who_gave_all_the_same_says_nothing_by_standard_scores() -> None:
    (only,) = entries(marks(J1={"A": 10}, J2={"A": 20}))

    assert (only.standard, "standard" in only.ranks) == (None, False)


def test_judges_who_agree_on_the_order_leave_no_noise_however_strict_they_are() -> None:
    agreed = {entry: 60 + 3 * place for place, entry in enumerate("ABCDE")}
    given_ = marks(
        **{
            judge: {entry: points + apart for entry, points in agreed.items()}
            for judge, apart in (("J1", -10), ("J2", 0), ("J3", 10))
        }
    )
    noise = noise_of_marks(given_)

    assert noise == Noise(rest=Fraction(0), severity=Fraction(100))
    figures = entry_figures(given_, noise)
    assert [one.noise for one in figures] == [Decimal(0)] * 5
    assert bands(figures, noise) == [Band((entry,)) for entry in "EDCBA"]
    assert [one.doubt for one in judge_figures(given_, noise)] == [Decimal(0)] * 3


def test_the_noise_is_what_judges_differ_by_beside_their_severity() -> None:
    # J2 gives 6 more on average; what is left is ±1 on each of four sheets, with one sheet to tell it by.
    given_ = marks(J1={"A": 60, "B": 50}, J2={"A": 64, "B": 58})

    noise = noise_of_marks(given_)

    assert noise == Noise(rest=Fraction(4), severity=Fraction(16))  # (6² − 4) ÷ 2
    assert [round(one.noise or 0, 4) for one in entries(given_)] == [Decimal("1.4142")] * 2  # √(4 ÷ 2)


def test_where_each_judges_only_some_the_levels_are_those_of_least_squares() -> None:
    # A ring of three entries and three judges: with one sheet to spare, 6 apart around it, so 1 on each of six.
    given_ = marks(J1={"A": 10, "B": 10}, J2={"B": 10, "C": 10}, J3={"C": 10, "A": 16})

    noise = noise_of_marks(given_)

    assert noise is not None
    assert noise.rest == 6


@pytest.mark.parametrize(
    "given_",
    [
        marks(J1={"A": 1, "B": 2}),
        marks(J1={"A": 1}, J2={"A": 5}),
        marks(J1={"A": 1, "B": 2}, J2={"B": 5, "C": 3}),
        marks(J1={"A": 1}, J2={"A": 5}, J3={"B": 1}, J4={"B": 5}),
        [],
    ],
    ids=["one judge", "one entry", "a chain", "two pairs", "nothing"],
)
def test_without_a_sheet_to_spare_the_noise_is_not_known(given_: list[Mark]) -> None:
    assert noise_of_marks(given_) is None


def test_severity_counts_between_entries_of_different_judges_alone() -> None:
    noise = Noise(rest=Fraction(6), severity=Fraction(30))
    trio, other = frozenset({"J1", "J2", "J3"}), frozenset({"J4", "J5", "J6"})

    assert noise.between(trio, trio) == 4  # 6 × (1/3 + 1/3)
    assert noise.between(trio, other) == 24  # + 30 × (1/3 + 1/3)
    assert noise.between(trio, frozenset({"J1", "J2", "J4"})) == 4 + Fraction(20, 3)  # + 30 × (1/9 + 1/9)
    assert noise.between(trio, frozenset({"J1", "J2"})) == 5 + 5  # + 30 × (2 × (1/6)² + 1/9)
    assert noise.alone(3) == 12


def test_an_entry_of_few_judges_is_less_sure_beside_the_whole_council() -> None:
    noise = Noise(rest=Fraction(0), severity=Fraction(36))
    even = {one: Fraction(1, 4) for one in ("J1", "J2", "J3", "J4")}

    assert noise.around(frozenset(even), even) == 0
    assert noise.around(frozenset({"J1"}), even) == 36 * (Fraction(9, 16) + 3 * Fraction(1, 16))


def figured(*means: int, judged_by: tuple[str, ...] = ("J1", "J2", "J3")) -> list[EntryFigures]:
    return [
        EntryFigures(f"E{place}", frozenset(judged_by), Fraction(mean), Fraction(mean), None, None, {})
        for place, mean in enumerate(means, start=1)
    ]


ONE = Noise(rest=Fraction(3), severity=Fraction(6))
"""With three judges an entry has a standard error of 1 beside another of the same judges."""


def test_a_band_ends_where_the_noise_of_a_difference_does() -> None:
    # 1.96 × √2 = 2.77: 88 is within it from 90, 87 is not.
    assert bands(figured(90, 88, 87, 80), ONE) == [Band(("E1", "E2")), Band(("E3",)), Band(("E4",))]


def test_another_judge_matters_most_at_the_line() -> None:
    near = figured(90, 82, 80, 79, 70)

    assert worth_another_judge(near, Line(2), ONE) == ["E2", "E3"]
    assert worth_another_judge(near, Line(2), ONE, most=1) == ["E2"]


def test_at_a_threshold_severity_counts_as_well() -> None:
    near = figured(90, 82, 80, 77, 70)

    # 1.96 × √((3 + 6) ÷ 3) = 3.39
    assert worth_another_judge(near, Line(threshold=Decimal(80)), ONE) == ["E3", "E2", "E4"]


def test_more_who_reach_the_threshold_than_there_are_places_compete_for_them() -> None:
    near = figured(90, 82, 80, 75, 70)

    assert worth_another_judge(near, Line(2, Decimal(75)), ONE) == ["E2", "E3"]
    assert worth_another_judge(near, Line(4, Decimal(75)), ONE) == ["E4"]


def test_each_field_has_a_line_of_its_own() -> None:
    fields = {"E1": "a", "E2": "a", "E3": "b", "E4": "b"}

    found = worth_another_judge(figured(90, 70, 60, 59), Line(1, by_field=True), ONE, fields=fields)

    assert found == ["E3", "E4"]


@pytest.mark.parametrize("places", [None, 0, 5, 6])
def test_where_no_line_is_drawn_nobody_is_near_it(places: int | None) -> None:
    assert worth_another_judge(figured(90, 82, 80, 79, 70), Line(places), ONE) == []


def test_sheets_begun_at_one_time_have_no_earlier_and_later_half() -> None:
    at_once = [
        Mark(judge, entry, Decimal(points), NOW)
        for judge, own in (("J1", (40, 41, 80, 81)), ("J2", (60, 61, 62, 63)))
        for entry, points in zip("ABCD", own, strict=True)
    ]

    assert [one.drift for one in judges(at_once)] == [None, None]


def test_drift_leaves_out_what_nobody_knows_the_beginning_of() -> None:
    known = marks(J1={"A": 50, "B": 60}, J2={"A": 50, "B": 50, "C": 50})
    paper = Mark("J1", "C", Decimal(90), None)

    assert {one.judge: one.drift for one in judges([*known, paper])}["J1"] == 10


def test_a_caller_of_few_digits_changes_nothing() -> None:
    whole = entries(STRICT)
    with localcontext(prec=3):
        assert entries(STRICT) == whole


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

    assert judges(mixed) == judges(made)
    assert entries(mixed) == entries(made)


@given(scored)
def test_every_entry_is_in_one_band_in_the_order_of_means(given_: dict[tuple[str, str], int]) -> None:
    figures = entries([Mark(judge, entry, Decimal(n), NOW) for (judge, entry), n in given_.items()])

    assert [one for band in bands(figures, ONE) for one in band.entries] == [one.entry for one in figures]


@given(scored, st.integers(-50, 50), st.integers(-50, 50))
def test_what_a_judge_or_an_entry_has_more_changes_nothing_of_the_rest(
    given_: dict[tuple[str, str], int], stricter: int, better: int
) -> None:
    moved = {
        (judge, entry): Decimal(n + stricter * (judge == "J2") + better * (entry == "C"))
        for (judge, entry), n in given_.items()
    }
    before = noise_of({pair: Decimal(n) for pair, n in given_.items()})
    after = noise_of(moved)

    assert (before and before.rest) == (after and after.rest)
    assert before is None or (before.rest >= 0 and before.severity >= 0)


def test_judges_and_entries_change_places_without_changing_the_rest() -> None:
    wide = {(judge, entry): Decimal(n) for judge, entry, n in (
        ("J1", "A", 5), ("J1", "B", 9), ("J2", "A", 7), ("J2", "C", 1), ("J3", "B", 2), ("J3", "C", 8),
        ("J4", "A", 3), ("J4", "B", 3), ("J4", "C", 4),
    )}  # fmt: skip
    found, turned = noise_of(wide), noise_of({(entry, judge): n for (judge, entry), n in wide.items()})

    assert found is not None
    assert turned is not None
    assert found.rest == turned.rest
