"""What judges see so differently that they should talk about it."""

from __future__ import annotations

from decimal import Decimal

from core.judging.deviation import Spread, divergences, to_deliberate
from core.judging.values import LockedSheet
from core.plugin_api import Criterion, Round, Text
from tests.support.factories import NOW

NEW, GOOD = Criterion("moi", Text("Mới"), Decimal(40)), Criterion("ich", Text("Ích"), Decimal(60))
ROUND = Round("so_khao", Text("Sơ khảo"), (NEW, GOOD))


def sheet(judge: str, entry: str, new: str, good: str, round_key: str = "so_khao") -> LockedSheet:
    scores = {"moi": Decimal(new), "ich": Decimal(good)}
    return LockedSheet(round_key, judge, entry, scores, NOW, "n", "c")


def test_the_widest_spread_of_totals_comes_first() -> None:
    found = divergences(
        ROUND,
        [sheet("J1", "A", "10", "50"), sheet("J2", "A", "20", "45"), sheet("J1", "B", "10", "30"),
         sheet("J2", "B", "30", "50"), sheet("J3", "B", "20", "40")],
    )  # fmt: skip

    assert [(one.entry, one.sheets, one.total.points) for one in found] == [
        ("B", 3, Decimal(40)),
        ("A", 2, Decimal(5)),
    ]
    assert found[0].total == Spread(Decimal(40), Decimal(80), Decimal(100))


def test_judges_who_agree_on_the_sum_may_differ_on_every_criterion() -> None:
    (one,) = divergences(ROUND, [sheet("J1", "A", "40", "20"), sheet("J2", "A", "10", "50")])

    assert one.total.points == 0
    assert one.over(50) == ("moi",)
    assert to_deliberate([one], 50) == [one]
    assert to_deliberate([one], 75) == []


def test_exactly_the_limit_is_within_it() -> None:
    (one,) = divergences(ROUND, [sheet("J1", "A", "20", "30"), sheet("J2", "A", "24", "46")])

    assert (one.total.points, one.total.exceeds(20), one.total.exceeds(19)) == (Decimal(20), False, True)


def test_one_sheet_and_sheets_of_another_round_diverge_from_nothing() -> None:
    sheets = [
        sheet("J1", "A", "0", "0"),
        sheet("J2", "A", "40", "60", "chung_khao"),
        sheet("J1", "B", "1", "1"),
    ]

    assert divergences(ROUND, sheets) == []
