"""Thái Nguyên: 80 points of the jury, 20 of the vote, two thirds of the committee."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.plugin_api import Aggregate, ComponentScores, Entry, FieldKind, Sheet
from core.plugin_host import illustration_marks, rules_for
from tests.unit.plugins.editions import thainguyen_2025, thainguyen_2026

RULES = rules_for(thainguyen_2025())


def _entry(code: str, **facts: object) -> Entry:
    return Entry(code, None, code, facts=facts)


def _aggregate(codes: list[str]) -> Aggregate:
    scores = {"doi_moi": Decimal("18.5"), "hieu_qua": Decimal(27), "kha_nang": Decimal(25)}
    return RULES.aggregate_sheets(
        RULES.deciding_round(), [Sheet("hoi_dong", "J1", code, scores) for code in codes]
    )


def _vote(codes: list[str], votes: Mapping[str, int]) -> ComponentScores:
    components = RULES.score_components([_entry(code) for code in codes], _aggregate(codes), votes)
    assert [one.key for one in components] == ["jury", "vote"]
    return components[1]


def test_words_of_the_contest() -> None:
    terms = RULES.terms()

    assert [str(one) for one in (terms.contest, terms.entry, terms.jury)] == [
        "Cuộc thi",
        "công trình",
        "Hội đồng chuyên môn",
    ]


def test_jury_has_80_points_in_three_official_criteria() -> None:
    deciding = RULES.deciding_round()

    assert deciding.key == "hoi_dong"
    assert deciding.maximum == Decimal(80)
    assert [(one.key, one.maximum, one.clause, one.official) for one in deciding.criteria] == [
        ("doi_moi", Decimal(20), "tieu_chi_doi_moi", True),
        ("hieu_qua", Decimal(30), "tieu_chi_hieu_qua", True),
        ("kha_nang", Decimal(30), "tieu_chi_kha_nang", True),
    ]


def test_second_edition_carries_the_points_over_and_says_so() -> None:
    rules = rules_for(thainguyen_2026())

    assert [one.official for one in rules.deciding_round().criteria] == [False, False, False]
    clause = rules.clause("tieu_chi_doi_moi")
    assert clause is not None
    assert clause.official is False
    assert clause.article.vi == "Áp dụng theo lần thứ nhất; chưa đối chiếu với Thể lệ của lần này"
    gate = rules.clause("da_trien_khai")
    assert gate is not None
    assert gate.official is True


def test_vote_part_of_the_worked_example() -> None:
    vote = _vote(["A", "B", "C", "D"], {"A": 480, "B": 312, "C": 7})

    assert {entry: str(score) for entry, score in vote.scores.items()} == {
        "A": "20.0",
        "B": "13.0",
        "C": "0.3",
        "D": "0.0",
    }
    assert vote.maximum == Decimal(20)
    assert vote.steps[0].data == {
        "points": "20",
        "most_votes": 480,
        "entries": {
            "A": {"votes": 480, "score": "20.0"},
            "B": {"votes": 312, "score": "13.0"},
            "C": {"votes": 7, "score": "0.3"},
            "D": {"votes": 0, "score": "0.0"},
        },
    }


def test_nobody_voted_gives_zero_to_all() -> None:
    vote = _vote(["A", "B"], {})

    assert vote.scores == {"A": Decimal("0.0"), "B": Decimal("0.0")}
    assert vote.steps[0].what.vi == "Không có lượt bình chọn nào: điểm bình chọn của mọi công trình bằng 0."


def test_votes_of_a_withdrawn_entry_do_not_count_even_as_the_maximum() -> None:
    assert _vote(["A", "B"], {"A": 10, "B": 5, "DA_RUT": 1000}).scores == {
        "A": Decimal("20.0"),
        "B": Decimal("10.0"),
    }


def test_jury_part_keeps_its_two_decimals_beside_the_vote() -> None:
    jury = RULES.score_components([_entry("A")], _aggregate(["A"]), {"A": 1})[0]

    assert (jury.maximum, str(jury.scores["A"]), jury.clause) == (Decimal(80), "70.50", "diem_hoi_dong")


@given(st.dictionaries(st.integers(1, 9).map(lambda number: f"E{number}"), st.integers(0, 5000), min_size=1))
def test_vote_part_is_within_its_range_and_keeps_the_order_of_votes(votes: dict[str, int]) -> None:
    scores = _vote(sorted(votes), votes).scores

    assert all(Decimal(0) <= score <= Decimal(20) for score in scores.values())
    assert all(scores[one] >= scores[two] for one in votes for two in votes if votes[one] >= votes[two])
    if max(votes.values()):
        assert max(scores.values()) == Decimal(20)


@given(st.permutations(["A", "B", "C", "D"]), st.randoms(use_true_random=False))
def test_order_of_entries_and_votes_changes_no_score(codes: list[str], shuffler: Random) -> None:
    votes = [("A", 480), ("B", 312), ("C", 7)]
    shuffler.shuffle(votes)

    assert (
        _vote(codes, dict(votes)).scores == _vote(["A", "B", "C", "D"], {"A": 480, "B": 312, "C": 7}).scores
    )


def test_one_account_has_one_vote_an_entry_and_may_vote_for_all() -> None:
    policy = RULES.vote_policy()

    assert (policy.enabled, policy.votes_per_entry, policy.max_entries, policy.clause) == (
        True,
        1,
        None,
        "binh_chon",
    )


@pytest.mark.parametrize(("members", "needed"), [(9, 6), (10, 7), (11, 8), (15, 10)])
def test_two_thirds_of_the_committee_decide(members: int, needed: int) -> None:
    rule = RULES.decision_rule()

    assert rule.needed(members) == needed
    assert rule.is_met(needed, members) is True
    assert rule.is_met(needed - 1, members) is False


def test_prizes_are_illustrations_and_points_are_not() -> None:
    assert [tier.key for tier in RULES.award_scheme().tiers] == ["nhat", "nhi", "ba", "khuyen_khich"]
    assert [tier.official for tier in RULES.award_scheme().tiers] == [False] * 4
    assert [mark.key for mark in illustration_marks(thainguyen_2025())] == [
        "score_places",
        "max_authors",
        "author_shares",
        "author_confirmation",
        "upload_grace",
        "section_megabytes",
        "dossier_megabytes",
        "completion_days",
        "paper_dossier",
        "similar_text",
        "similar_title",
        "deviation_percent",
        "deliberation_remarks",
        "score_step",
        "quota_nhat",
        "quota_nhi",
        "quota_ba",
        "quota_khuyen_khich",
        "description_words",
    ]


def test_quotas_confirmed_by_the_committee_are_official() -> None:
    confirmed = {"quota_nhat": 2, "confirmed": ["quota_nhat"]}
    tier = rules_for(thainguyen_2025(thainguyen_innovation=confirmed)).award_scheme().tiers[0]

    assert (tier.quota, tier.official) == (2, True)


def test_work_that_is_not_deployed_is_blocked_with_its_clause() -> None:
    found = RULES.check_entries([_entry("A", da_trien_khai=False, minh_chung_trien_khai="x")])

    assert [(one.check, str(one.severity), one.clause, one.field) for one in found] == [
        ("da_trien_khai", "block", "da_trien_khai", "da_trien_khai")
    ]


def test_deployment_needs_evidence() -> None:
    found = RULES.check_entries(
        [
            _entry("A", da_trien_khai=True, minh_chung_trien_khai="  "),
            _entry("B", da_trien_khai=True, minh_chung_trien_khai="Biên bản nghiệm thu"),
        ]
    )

    assert [(one.entry, one.check) for one in found] == [("A", "minh_chung_trien_khai")]


def test_form_asks_for_one_of_six_kinds_and_the_benefit_in_money() -> None:
    kind = RULES.form_field("loai_hinh")
    money = RULES.form_field("loi_ich_thanh_tien")

    assert kind is not None
    assert money is not None
    assert [choice.name.vi for choice in kind.choices] == [
        "Dự án",
        "Sản phẩm",
        "Công trình",
        "Giải pháp kỹ thuật",
        "Công nghệ",
        "Giải pháp quản lý",
    ]
    assert (kind.kind, money.kind) == (FieldKind.CHOICE, FieldKind.MONEY)


def test_menu_offers_the_vote_between_entries_and_results() -> None:
    assert [item.href for item in RULES.navigation()] == [
        "/the-le",
        "/bai-du-thi",
        "/binh-chon",
        "/ket-qua",
        "/tin-tuc",
        "/tai-lieu",
    ]


def test_benefits_are_asked_for_in_money_and_not_in_money() -> None:
    asked = {section.key: [one.key for one in section.fields] for section in RULES.dossier_form()}

    assert asked["thuyet_minh"] == ["doi_moi_sang_tao", "kha_nang_ap_dung"]
    assert asked["hieu_qua"] == [
        "hieu_qua_kinh_te_xa_hoi",
        "bang_loi_ich_thanh_tien",
        "loi_ich_thanh_tien",
        "loi_ich_khong_thanh_tien",
        "bang_loi_ich_khac",
    ]


def test_a_declared_benefit_that_is_not_the_sum_of_its_table_is_told() -> None:
    facts = {"bang_loi_ich_thanh_tien": [{"so_tien": 5}, {"so_tien": 7}], "loi_ich_thanh_tien": 13}

    told = RULES.check_entries([Entry("A", None, "Máy", facts=facts)])
    found = [one for one in told if one.field == "loi_ich_thanh_tien"]

    assert [one.message.vi for one in found] == ["Lợi ích đã ghi là 13 đồng, còn tổng của bảng là 12 đồng."]
