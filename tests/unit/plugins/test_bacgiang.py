"""Bắc Giang: separate criteria document, threshold into the final, prize for the oldest author."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.plugin_api import Allocation, Author, Entry, Proposal, Ranked, Text
from core.plugin_host import rules_for
from tests.unit.plugins.editions import bacgiang_11

RULES = rules_for(bacgiang_11())
EVERYONE = rules_for(bacgiang_11(bacgiang_stkt={"oldest_author_among": "ranked"}))


def _entry(code: str, *authors: tuple[str, int | None]) -> Entry:
    listed = tuple(
        Author(ref, "chief" if not number else "member", year) for number, (ref, year) in enumerate(authors)
    )
    return Entry(code, "cntt", code, authors=listed)


def _oldest(entries: Sequence[Entry], awarded: Sequence[str], *, everyone: bool = False) -> Allocation:
    ranking = [Ranked(number, one.code, Decimal(90 - number)) for number, one in enumerate(entries, start=1)]
    proposals = [Proposal(code, "nhi", Text("vì")) for code in awarded]
    return (EVERYONE if everyone else RULES).special_awards(entries, ranking, proposals)


def test_preliminary_round_has_a_threshold_and_the_final_decides() -> None:
    assert [(one.key, one.deciding, one.threshold) for one in RULES.rounds()] == [
        ("so_khao", False, Decimal(50)),
        ("chung_khao", True, None),
    ]
    without = rules_for(bacgiang_11(bacgiang_stkt={"preliminary_threshold": None}))
    assert [one.threshold for one in without.rounds()] == [None, None]


def test_criteria_cite_the_separate_document() -> None:
    for criterion in RULES.deciding_round().criteria:
        clause = RULES.clause(criterion.clause)
        assert clause is not None
        assert clause.document.vi == (
            "Tiêu chí đánh giá giải pháp tham gia Hội thi Sáng tạo kỹ thuật tỉnh Bắc Giang lần thứ 11"
        )


def test_quotas_are_those_awarded_in_edition_7_and_no_minimum() -> None:
    scheme = RULES.award_scheme()

    assert [(tier.key, tier.minimum, tier.quota) for tier in scheme.tiers] == [
        ("nhat", None, 3),
        ("nhi", None, 8),
        ("ba", None, 13),
        ("khuyen_khich", None, 18),
    ]
    assert [special.key for special in scheme.specials] == ["tac_gia_cao_tuoi"]


def test_oldest_author_of_an_awarded_entry_gets_the_prize() -> None:
    entries = [_entry("A", ("a1", 1960), ("a2", 1990)), _entry("B", ("b1", 1955)), _entry("C", ("c1", 1940))]

    allocation = _oldest(entries, ["A", "B"])

    assert allocation.proposals == (
        Proposal(
            "B",
            "tac_gia_cao_tuoi",
            Text("Có tác giả cao tuổi nhất, sinh năm 1955.", "Has the oldest author, born in 1955."),
            "tac_gia_cao_tuoi",
        ),
    )


def test_scope_can_be_every_entry_of_the_final() -> None:
    entries = [_entry("A", ("a1", 1960)), _entry("C", ("c1", 1940))]

    assert [one.entry for one in _oldest(entries, ["A"], everyone=True).proposals] == ["C"]


def test_oldest_authors_of_one_year_go_to_the_committee() -> None:
    entries = [_entry("B", ("b1", 1955)), _entry("A", ("a1", 1955))]

    allocation = _oldest(entries, ["A", "B"])

    assert allocation.proposals == ()
    assert allocation.undecided == ("A", "B")
    assert allocation.steps[0].what.vi == (
        "Giải tác giả cao tuổi nhất: nhiều tác giả cùng năm sinh, Ban Tổ chức quyết định."
    )


def test_one_author_with_two_entries_counts_with_the_better_ranked() -> None:
    entries = [_entry("B", ("x", 1950)), _entry("A", ("x", 1950))]

    allocation = _oldest(entries, ["A", "B"])

    assert [one.entry for one in allocation.proposals] == ["B"]
    assert allocation.undecided == ()


def test_two_oldest_authors_of_the_same_entry_are_no_tie() -> None:
    assert [one.entry for one in _oldest([_entry("A", ("x", 1950), ("y", 1950))], ["A"]).proposals] == ["A"]


def test_unknown_birth_years_are_counted_and_propose_nothing() -> None:
    allocation = _oldest([_entry("A", ("a1", None))], ["A"])

    assert allocation.proposals == ()
    assert allocation.undecided == ()
    assert allocation.steps[0].data == {"entries": [], "birth_year": None, "authors_without_birth_year": 1}


def test_order_of_entries_changes_nothing() -> None:
    entries = [_entry("A", ("a1", 1960)), _entry("B", ("b1", 1955)), _entry("C", ("c1", 1955))]

    assert _oldest(entries, ["A", "B", "C"]) == _oldest(list(reversed(entries)), ["C", "A", "B"])


def test_form_asks_for_the_benefit_that_is_not_in_money_after_the_money() -> None:
    keys = [one.key for section in RULES.dossier_form() for one in section.fields]

    assert keys[keys.index("gia_tri_lam_loi") + 1] == "hieu_qua_khong_thanh_tien"
