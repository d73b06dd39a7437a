"""The core's defaults: exact means, jury part, tie-breaks, no vote, simple majority."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal, getcontext, localcontext
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.plugin_api import (
    AwardScheme,
    Criterion,
    Edition,
    Entry,
    NavItem,
    Round,
    Sheet,
    Text,
    TieBreak,
    exact_sum,
    mean,
    round_half_up,
)
from core.plugin_host import Host, PluginFailed, resolve_settings, rules_for

HOST = Host.of()
TWO = Round(
    "cham",
    Text("Chấm"),
    (Criterion("a", Text("A"), Decimal(60)), Criterion("b", Text("B"), Decimal(40))),
)


def _edition(places: int = 2) -> Edition:
    settings = resolve_settings((), {"core": {"score_places": places}}, host=HOST)
    return Edition("mau", "1", Text("Lần thứ nhất"), (2025,), 1, (), settings)


def _sheet(judge: str, entry: str, a: str, b: str) -> Sheet:
    return Sheet("cham", judge, entry, {"a": Decimal(a), "b": Decimal(b)})


def test_jury_part_is_the_exact_mean_rounded_half_up_once() -> None:
    sheets = [
        _sheet("J1", "E1", "40.5", "20"),
        _sheet("J2", "E1", "41", "20.5"),
        _sheet("J3", "E1", "40", "20"),
        _sheet("J1", "E2", "10.01", "0"),
        _sheet("J2", "E2", "10.02", "0"),
    ]

    aggregate = rules_for(_edition(), host=HOST).aggregate_sheets(TWO, sheets)

    # 60.5 + 61.5 + 60 = 182, divided by 3; (10.01 + 10.02) / 2 = 10.015 goes up.
    assert aggregate.totals == {"E1": Decimal("60.67"), "E2": Decimal("10.02")}
    assert aggregate.exact == {"E1": Fraction(182, 3), "E2": Fraction(2003, 200)}
    assert aggregate.criteria["a"]["E1"] == Fraction(243, 6)
    assert aggregate.sheets == {"E1": 3, "E2": 2}
    assert aggregate.steps[0].data == {
        "round": "cham",
        "places": 2,
        "entries": {
            "E1": {"sheets": 3, "sum": "182.0", "mean": "60.67"},
            "E2": {"sheets": 2, "sum": "20.03", "mean": "10.02"},
        },
    }


def test_decimals_of_the_jury_part_are_a_setting() -> None:
    aggregate = rules_for(_edition(0), host=HOST).aggregate_sheets(TWO, [_sheet("J1", "E1", "40.5", "0")])

    assert str(aggregate.totals["E1"]) == "41"


def test_sheets_of_another_round_do_not_count() -> None:
    other = Sheet("so_khao", "J1", "E1", {"a": Decimal(1), "b": Decimal(1)})

    assert rules_for(_edition(), host=HOST).aggregate_sheets(TWO, [other]).totals == {}


def test_sheet_that_lacks_a_criterion_is_no_sheet() -> None:
    half = Sheet("cham", "J1", "E1", {"a": Decimal(1)})

    with pytest.raises(PluginFailed, match="phiếu của J1 cho E1 thiếu tiêu chí b"):
        rules_for(_edition(), host=HOST).aggregate_sheets(TWO, [half])


scores = st.decimals(min_value=0, max_value=60, places=1)
drawn_sheets = st.lists(
    st.builds(
        lambda judge, entry, a, b: Sheet("cham", f"J{judge}", f"E{entry}", {"a": a, "b": b}),
        st.integers(1, 5),
        st.integers(1, 4),
        scores,
        scores,
    ),
    max_size=20,
)


@given(drawn_sheets, st.randoms(use_true_random=False))
def test_order_of_sheets_changes_nothing(sheets: list[Sheet], shuffler: Random) -> None:
    rules = rules_for(_edition(), host=HOST)
    shuffled = list(sheets)
    shuffler.shuffle(shuffled)

    assert rules.aggregate_sheets(TWO, shuffled) == rules.aggregate_sheets(TWO, sheets)


@given(drawn_sheets)
def test_decimal_context_of_the_caller_changes_nothing(sheets: list[Sheet]) -> None:
    rules = rules_for(_edition(), host=HOST)
    usual = rules.aggregate_sheets(TWO, sheets)

    with localcontext(getcontext().copy()) as odd:
        odd.prec, odd.rounding = 2, ROUND_DOWN
        assert rules.aggregate_sheets(TWO, sheets) == usual


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(0, 4))
def test_rounding_is_half_up_and_within_half_a_unit(value: Fraction, places: int) -> None:
    rounded = round_half_up(value, places)

    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**places)
    assert rounded.as_tuple().exponent == -places


def test_halves_go_away_from_zero() -> None:
    assert [str(round_half_up(Fraction(one), 1)) for one in ("0.25", "0.249", "-0.25", "0.05", "0")] == [
        "0.3",
        "0.2",
        "-0.3",
        "0.1",
        "0.0",
    ]


def test_sum_and_mean_lose_nothing() -> None:
    assert exact_sum([Decimal("0.1")] * 3) == Decimal("0.3")
    assert mean([Decimal(1), Decimal(2), Decimal(2)]) == Fraction(5, 3)
    with pytest.raises(ValueError, match="không có giá trị nào"):
        mean([])


def test_total_of_the_defaults_is_the_jury_part() -> None:
    rules = rules_for(_edition(), host=HOST)
    deciding = rules.deciding_round()
    sheets = [Sheet("hoi_dong", "J1", "E1", {"chat_luong": Decimal("71.5")})]

    components = rules.score_components(
        [Entry("E1", None, "Một")], rules.aggregate_sheets(deciding, sheets), {}
    )

    assert [(one.key, one.maximum, one.scores) for one in components] == [
        ("jury", Decimal(100), {"E1": Decimal("71.50")})
    ]


def test_entry_without_a_sheet_cannot_be_scored() -> None:
    rules = rules_for(_edition(), host=HOST)
    nothing = rules.aggregate_sheets(rules.deciding_round(), [])

    with pytest.raises(
        PluginFailed, match="Plugin core không thực hiện được score_components: KeyError: 'E1'"
    ):
        rules.score_components([Entry("E1", None, "Một")], nothing, {})


def test_tie_breaks_are_the_jury_part_then_the_criteria_in_their_order() -> None:
    assert rules_for(_edition(), host=HOST).tie_breaks() == (
        TieBreak("jury", Text("Điểm giám khảo", "Jury part"), component="jury"),
        TieBreak("chat_luong", Text("Chất lượng", "Quality"), criterion="chat_luong"),
    )


def test_tie_break_names_one_thing() -> None:
    with pytest.raises(ValueError, match="tiêu chí phụ phải nêu đúng một"):
        TieBreak("x", Text("X"))


def test_there_is_no_vote_no_field_no_tier_and_more_than_half_decides() -> None:
    rules = rules_for(_edition(), host=HOST)

    assert rules.vote_policy().enabled is False
    assert rules.entry_fields() == ()
    assert rules.award_scheme() == AwardScheme(official=False)
    assert rules.allocate(rules.award_scheme(), ()).proposals == ()
    assert rules.special_awards((), (), ()).proposals == ()
    assert rules.check_entries([Entry("E1", None, "Một")]) == ()
    assert rules.lifecycle_notices() == ()
    assert [rules.decision_rule().needed(members) for members in (9, 10, 11)] == [5, 6, 6]
    assert rules.decision_rule().is_met(0, 0) is False


def test_default_form_asks_for_summary_content_and_files() -> None:
    rules = rules_for(_edition(), host=HOST)

    assert [one.key for section in rules.dossier_form() for one in section.fields] == [
        "tom_tat",
        "noi_dung",
        "tai_lieu",
    ]
    field = rules.form_field("tai_lieu")
    assert field is not None
    assert field.max_bytes == 20 * 1024 * 1024
    assert rules.form_field("la") is None


def test_default_menu_has_the_pages_of_every_contest() -> None:
    menu = rules_for(_edition(), host=HOST).navigation()

    assert menu[0] == NavItem(Text("Thể lệ", "Rules"), "/the-le", 10)
    assert [item.href for item in menu] == ["/the-le", "/bai-du-thi", "/ket-qua", "/tin-tuc", "/tai-lieu"]


def test_text_speaks_the_asked_language_and_fills_its_names() -> None:
    text = Text("Hạn {until} {la}", "Until {until}").filled({"until": "30/6/2025"})

    assert (str(text), text.in_("en-GB"), text.in_("vi")) == (
        "Hạn 30/6/2025 {la}",
        "Until 30/6/2025",
        "Hạn 30/6/2025 {la}",
    )
    assert Text("Chỉ tiếng Việt").in_("en") == "Chỉ tiếng Việt"
