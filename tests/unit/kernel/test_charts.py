"""Geometry of charts: exact shares, rounded for drawing only."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from core.kernel import charts


def test_bars_are_measured_against_the_longest() -> None:
    found = charts.bars([("a", 42, "42"), ("b", 31, "31"), ("c", 0, "0")])
    assert [bar.percent for bar in found] == ["100", "73.8", "0"]


def test_a_bar_over_its_target_is_full() -> None:
    assert charts.bars([("a", 6, "6/5")], maximum=5)[0].percent == "100"


def test_nothing_at_all_draws_empty_bars() -> None:
    assert [bar.percent for bar in charts.bars([("a", 0, "0")])] == ["0"]
    assert charts.bars([]) == ()


def test_parts_follow_each_other_and_fill_the_whole() -> None:
    found = charts.parts([("a", Decimal("1.5"), "1,5"), ("b", Fraction(1, 2), "0,5"), ("c", 2, "2")])
    assert [(part.start, part.percent, part.series) for part in found] == [
        ("0", "37.5", 1),
        ("37.5", "12.5", 2),
        ("50", "50", 3),
    ]


def test_a_line_runs_from_left_to_right_with_zero_below() -> None:
    found = charts.line([("15/10", 0, "0"), ("16/10", 2, "2"), ("17/10", 4, "4")])
    assert found.points == "0,200 320,100 640,0"
    assert found.area == "0,200 0,200 320,100 640,0 640,200"
    assert found.top_text == "4"


def test_an_empty_line_has_no_dots() -> None:
    assert charts.line([]).dots == ()
