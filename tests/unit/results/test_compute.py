"""The pure computation on real rules: worked examples, ties, quotas, and that order never matters."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.results.formats import InputsError
from tests.support.results_inputs import document, entry, run, sheet, total_of

SAME = [["18.5", "27", "25"]]


def votes_of(given_: dict[str, Any]) -> dict[str, str]:
    return {row["entry"]: row["components"]["vote"] for row in run(given_).document()["ranking"]}


def test_the_official_vote_formula_gives_the_worked_example() -> None:
    given_ = document(
        scores={"TN-1": SAME, "TN-2": SAME, "TN-3": SAME}, votes={"TN-1": 480, "TN-2": 312, "TN-3": 7}
    )
    assert votes_of(given_) == {"TN-1": "20.0", "TN-2": "13.0", "TN-3": "0.3"}


def test_nobody_voted_gives_nobody_a_vote_part() -> None:
    assert votes_of(document(scores={"TN-1": SAME, "TN-2": SAME})) == {"TN-1": "0.0", "TN-2": "0.0"}


def test_a_withdrawn_leader_is_not_even_the_maximum() -> None:
    given_ = document(
        scores={"TN-1": SAME, "TN-2": SAME, "TN-3": SAME},
        votes={"TN-1": 480, "TN-2": 312, "TN-3": 7},
        withdrawn=["TN-1"],
    )
    outputs = run(given_)
    assert {row.entry: str(row.components["vote"]) for row in outputs.ranking} == {
        "TN-2": "20.0",
        "TN-3": "0.4",
    }
    assert [(row.entry, row.reason) for row in outputs.not_ranked] == [("TN-1", "Đã rút khỏi kỳ thi.")]


def test_an_entry_without_a_locked_sheet_is_not_ranked_and_not_the_maximum() -> None:
    given_ = document(scores={"TN-1": SAME, "TN-2": []}, votes={"TN-1": 10, "TN-2": 40})
    outputs = run(given_)
    assert [(row.entry, str(row.components["vote"])) for row in outputs.ranking] == [("TN-1", "20.0")]
    assert [(row.entry, row.reason, row.clause) for row in outputs.not_ranked] == [
        (
            "TN-2",
            "Không có phiếu chấm đã khóa ở vòng quyết định (Hội đồng chuyên môn chấm).",
            "diem_hoi_dong",
        )
    ]


def test_the_total_is_the_sum_of_parts_each_rounded_once() -> None:
    given_ = document(
        scores={"TN-1": [["18.5", "27", "25"], ["18", "27", "25"], ["18", "27", "25"]], "TN-2": SAME},
        votes={"TN-1": 1, "TN-2": 3},
    )
    rows = run(given_).document()["ranking"]
    assert [(row["entry"], row["total"], row["components"]) for row in rows] == [
        ("TN-2", "90.50", {"jury": "70.50", "vote": "20.0"}),
        ("TN-1", "76.87", {"jury": "70.17", "vote": "6.7"}),
    ]


BANDS = ["84.5", "75"] + ["74.5", "70", "66", "65"] + ["64.5", "55"] + [str(54 - n) for n in range(13)]


def backan_edition_6() -> dict[str, Any]:
    """The picture of edition 6: 2, 4, 2 and 13 solutions in the bands."""
    scores = {f"BK-6-{n:04d}": [total_of(points)] for n, points in enumerate(BANDS, start=1)}
    return document("backan", edition="6", scores=scores)


def test_backan_edition_6_proposes_two_second_four_third_two_encouragement() -> None:
    outputs = run(backan_edition_6())
    tiers = [row.tier for row in outputs.proposal]
    assert tiers == ["nhi", "nhi", "ba", "ba", "ba", "ba", "khuyen_khich", "khuyen_khich"]
    assert {row.entry for row in outputs.proposal} == {f"BK-6-{n:04d}" for n in range(1, 9)}
    assert len(outputs.ranking) == 21


def test_a_tie_is_broken_by_the_jury_part_then_by_criteria_in_their_order() -> None:
    given_ = document(
        scores={"TN-1": [["10", "20", "20"]], "TN-2": [["12", "18", "20"]], "TN-3": [["10", "20", "20"]]}
    )
    rows = run(given_).document()["ranking"]
    assert [(row["rank"], row["entry"], row["tied_with"]) for row in rows] == [
        (1, "TN-2", []),
        (2, "TN-1", ["TN-3"]),
        (2, "TN-3", ["TN-1"]),
    ]


def test_ties_share_a_rank_and_the_next_rank_is_left_out() -> None:
    given_ = document(scores={"TN-1": SAME, "TN-2": SAME, "TN-3": [["1", "1", "1"]]})
    assert [row.rank for row in run(given_).ranking] == [1, 1, 3]


def test_tied_entries_that_do_not_all_fit_are_left_to_the_committee() -> None:
    outputs = run(document(scores={"TN-1": SAME, "TN-2": SAME}))
    assert outputs.undecided == ("TN-1", "TN-2")
    assert outputs.proposal == ()
    assert outputs.document()["steps"][-1]["data"]["undecided"] == ["TN-1", "TN-2"]


def test_below_the_threshold_of_the_first_round_is_not_ranked() -> None:
    given_ = document("bacgiang", edition="11", scores={"BG-1": [total_of("80")], "BG-2": [total_of("90")]})
    given_["sheets"] += [
        sheet("bacgiang", "J1", "BG-1", total_of("50"), "so_khao"),
        sheet("bacgiang", "J1", "BG-2", total_of("49.5"), "so_khao"),
    ]
    outputs = run(given_)
    assert [row.entry for row in outputs.ranking] == ["BG-1"]
    assert [(row.entry, row.reason) for row in outputs.not_ranked] == [
        ("BG-2", "Vòng Sơ khảo đạt 49,50 điểm, dưới mức 50 để vào vòng sau.")
    ]


def test_the_oldest_author_gets_the_special_award_beside_a_tier() -> None:
    given_ = document("bacgiang", edition="11", scores={"BG-1": [total_of("80")], "BG-2": [total_of("90")]})
    given_["entries"][0]["authors"][0]["birth_year"] = 1940
    proposals = [(row.entry, row.tier) for row in run(given_).proposal]
    assert proposals == [("BG-2", "nhat"), ("BG-1", "nhat"), ("BG-1", "tac_gia_cao_tuoi")]


def test_votes_where_the_public_does_not_vote_are_refused() -> None:
    given_ = document("backan", edition="8", scores={"BK-1": [total_of("80")]}, votes={"BK-1": 3})
    with pytest.raises(InputsError, match=r"votes\.BK-1: kỳ thi này không có phần bình chọn\."):
        run(given_)


def test_settings_of_the_inputs_are_what_counts() -> None:
    given_ = document(
        scores={"TN-1": SAME},
        votes={"TN-1": 3},
        settings={"thainguyen_innovation": {"points_binh_chon": "10"}, "core": {"score_places": 0}},
    )
    assert run(given_).document()["ranking"][0]["components"] == {"jury": "71", "vote": "10.0"}


def test_every_clause_of_the_outputs_is_one_of_the_rules() -> None:
    from core.plugin_host import rules_for
    from core.results.compute import edition_of_inputs
    from core.results.formats import parse_inputs

    for given_ in (backan_edition_6(), document(scores={"TN-1": SAME, "TN-2": []})):
        known = {one.key for one in rules_for(edition_of_inputs(parse_inputs(given_))).clauses()}
        outputs = run(given_).document()
        cited = {
            row["clause"]
            for part in ("not_ranked", "proposal", "steps")
            for row in outputs[part]
            if row["clause"]
        }
        assert cited <= known


POINTS = st.integers(0, 40).map(lambda n: format(Decimal(n) / 2, "f"))


@settings(max_examples=40, deadline=None)
@given(
    scores=st.lists(st.lists(st.lists(POINTS, min_size=3, max_size=3), max_size=3), min_size=1, max_size=8),
    votes=st.lists(st.integers(0, 3), min_size=8, max_size=8),
    seed=st.integers(0, 1000),
)
def test_the_order_of_rows_never_changes_a_result(
    scores: list[list[list[str]]], votes: list[int], seed: int
) -> None:
    by_code = {f"TN-{number}": sheets for number, sheets in enumerate(scores)}
    given_ = document(scores=by_code, votes=dict(zip(by_code, votes, strict=False)))
    shuffled = {**given_, "votes": dict(reversed(given_["votes"].items()))}
    order = random.Random(seed)  # noqa: S311 - a repeatable shuffle
    for key in ("entries", "sheets"):
        shuffled[key] = order.sample(given_[key], len(given_[key]))
    first, second = run(given_).document(), run(shuffled).document()
    del first["inputs_sha256"], second["inputs_sha256"]
    assert first == second


def test_very_many_ties_are_ranked_without_losing_any() -> None:
    scores = {f"TN-{n:05d}": [[f"{n % 20}", "27", "25"]] for n in range(2000)}
    outputs = run(document(scores=scores))
    assert len(outputs.ranking) == 2000
    assert {row.rank for row in outputs.ranking} == set(range(1, 2000, 100))


def test_entries_beside_the_sheets_do_not_need_a_title_to_count() -> None:
    given_ = document(scores={"TN-1": SAME})
    given_["entries"].append(entry("TN-2", title=""))
    assert [row.entry for row in run(given_).not_ranked] == ["TN-2"]
