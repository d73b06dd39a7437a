"""Two outputs side by side: what is gained, lost and moved, entry by entry, and in words."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plugin_api import Text
from core.plugin_host import PluginUnavailable, SettingsInvalid, dump_settings, resolve_settings
from core.results.formats import InputsError, canonical_text, parse_inputs, sha256_text
from core.results.shadow import AwardChange, compare_outputs
from core.results.shadow_inputs import parse_outputs
from core.results.shadow_run import ShadowChange, ShadowReport, run_shadow
from core.results.shadow_words import NAMED, SAME, difference_words, place_words
from tests.support.results_inputs import document, run, sheet, total_of

TIERS = ("nhat", "nhi", "ba", "khuyen_khich")


def backan(*totals: str, **tried: Any) -> dict[str, Any]:
    """Inputs in which entries BK-1, BK-2 … have these totals; `tried` are settings of the province's plugin."""
    scores = {f"BK-{number}": [total_of(points)] for number, points in enumerate(totals, start=1)}
    return document("backan", edition="6", scores=scores, settings={"backan_stkt": tried} if tried else None)


def shadow(given_: dict[str, Any], **tried: Any) -> Any:
    """The shadow run of these inputs under other settings of the province's plugin."""
    return run_shadow(given_, run(given_), ShadowChange(settings={"backan_stkt": tried}))


def stored(given_: dict[str, Any]) -> Any:
    """The outputs of these inputs, written and read back."""
    return parse_outputs(json.loads(canonical_text(run(given_).document())))


SHARED = st.lists(
    st.integers(min_value=0, max_value=200).map(lambda half: format(Decimal(half) / 2, "f")),
    min_size=1,
    max_size=14,
)


@given(SHARED)
@settings(max_examples=40)
def test_the_same_outputs_differ_in_nothing(totals: list[str]) -> None:
    outputs = run(backan(*totals))
    found = compare_outputs(outputs, outputs, tiers=TIERS)
    assert found.is_same
    assert (found.changed, found.awards) == ((), ())
    assert len(found.entries) == len(totals)
    assert difference_words(found, {}) == (SAME,)


@given(SHARED, st.integers(min_value=0, max_value=200))
@settings(max_examples=60)
def test_a_lower_minimum_of_the_last_tier_moves_exactly_those_between(totals: list[str], half: int) -> None:
    minimum = Decimal(half) / 2
    lower = min(minimum, Decimal(55))
    free = {f"quota_{tier}": None for tier in TIERS}
    found = shadow(backan(*totals, **free), minimum_khuyen_khich=format(lower, "f")).difference
    between = {
        f"BK-{number}"
        for number, points in enumerate(totals, start=1)
        if lower <= Decimal(points) < Decimal(55)
    }
    assert {one.entry for one in found.changed} == between
    assert {code for award in found.tiers for code in award.gained} == between
    assert not any(award.lost for award in found.tiers)


@given(SHARED, SHARED)
@settings(max_examples=60)
def test_counts_of_every_tier_add_up(totals: list[str], others: list[str]) -> None:
    official, other = run(backan(*totals)), run(backan(*others))
    found = compare_outputs(official, other, tiers=TIERS)
    assert [award.key for award in found.tiers] == list(TIERS)
    for award in found.tiers:
        assert award.shadow == award.official + len(award.gained) - len(award.lost)
        assert not {*award.gained} & {*award.lost}
    assert sum(award.official for award in found.tiers) == len(official.proposal)
    assert sum(award.shadow for award in found.tiers) == len(other.proposal)
    assert len(found.entries) == max(len(totals), len(others))
    ranked = sum(one.official.rank is not None for one in found.entries)
    assert ranked + len(found.ranked_gained) - len(found.ranked_lost) == len(other.ranking)


@given(SHARED, SHARED)
@settings(max_examples=40)
def test_turned_round_what_was_gained_is_lost(totals: list[str], others: list[str]) -> None:
    official, other = run(backan(*totals)), run(backan(*others))
    there = compare_outputs(official, other, tiers=TIERS)
    back = compare_outputs(other, official, tiers=TIERS)
    assert {one.entry: -one.places for one in there.risen} == {one.entry: one.places for one in back.fallen}
    assert [(a.key, set(a.gained), set(a.lost)) for a in there.tiers] == [
        (a.key, set(a.lost), set(a.gained)) for a in back.tiers
    ]
    assert set(there.undecided_gained) == set(back.undecided_lost)


def test_entries_that_change_places_say_from_where_to_where_and_by_which_part() -> None:
    given_ = document(
        scores={"TN-1": [["18", "27", "25"]], "TN-2": [["17", "27", "25"]]}, votes={"TN-1": 0, "TN-2": 10}
    )
    tried = ShadowChange(settings={"thainguyen_innovation": {"points_binh_chon": "1"}})
    report = run_shadow(given_, run(given_), tried)
    (second, first) = report.difference.entries
    assert (second.entry, second.official.rank, second.shadow.rank, second.places) == ("TN-2", 1, 2, -1)
    assert (first.entry, first.official.rank, first.shadow.rank, first.places) == ("TN-1", 2, 1, 1)
    assert [(part.key, part.official, part.shadow, part.difference) for part in second.parts] == [
        ("vote", Decimal("20.0"), Decimal("1.0"), Decimal("-19.0"))
    ]
    assert (second.difference, first.difference) == (Decimal("-19.00"), Decimal(0))
    assert report.parts["vote"] == "Điểm bình chọn của cộng đồng"
    assert [str(one) for one in difference_words(report.difference, report.awards)[-3:]] == [
        "1 hồ sơ lên hạng: TN-1 từ hạng 2 lên 1.",
        "1 hồ sơ xuống hạng: TN-2 từ hạng 1 xuống 2.",
        "1 hồ sơ khác tổng điểm: TN-2 từ 89,00 thành 70,00.",
    ]
    assert [str(place_words(one)) for one in (second, first)] == ["xuống 1 hạng", "lên 1 hạng"]


def test_a_tier_is_told_with_who_is_gained() -> None:
    report = shadow(backan("70", "62", "61", "40"), minimum_ba="60")
    words = difference_words(report.difference, report.awards)
    assert [str(one) for one in words] == [
        "Giải Ba: thêm 2 hồ sơ (BK-2, BK-3); từ 1 thành 3.",
        "Giải Khuyến khích: bớt 2 hồ sơ (BK-2, BK-3); từ 2 thành 0.",
    ]
    assert words[0].in_("en") == "Third Prize: gains 2 (BK-2, BK-3); from 1 to 3."


def test_a_tie_that_no_longer_fits_is_told() -> None:
    report = shadow(backan("90", "80", "80"), quota_nhi=1)
    assert report.difference.undecided_gained == ("BK-2", "BK-3")
    words = difference_words(report.difference, report.awards)
    assert "Thêm 2 hồ sơ bằng điểm, chờ Ban Tổ chức quyết định: BK-2, BK-3." in [str(one) for one in words]


def test_an_entry_below_a_new_threshold_is_no_longer_ranked() -> None:
    given_ = document("bacgiang", edition="11", scores={"BG-1": [total_of("80")], "BG-2": [total_of("90")]})
    given_["sheets"] += [
        sheet("bacgiang", "J1", "BG-1", total_of("60"), "so_khao"),
        sheet("bacgiang", "J1", "BG-2", total_of("90"), "so_khao"),
    ]
    official = run(given_)
    below = json.loads(json.dumps(given_))
    below["sheets"][-2] = sheet("bacgiang", "J1", "BG-1", total_of("40"), "so_khao")
    found = compare_outputs(official, run(below))
    assert [one.entry for one in found.ranked_lost] == ["BG-1"]
    lost = found.ranked_lost[0]
    assert (lost.shadow.rank, lost.shadow.reason) == (
        None,
        "Vòng Sơ khảo đạt 40,00 điểm, dưới mức 50 để vào vòng sau.",
    )
    assert str(place_words(lost)) == "không còn được xếp hạng"
    assert "1 hồ sơ không còn được xếp hạng: BG-1." in [str(one) for one in difference_words(found, {})]


def test_special_awards_stand_apart_from_tiers() -> None:
    given_ = document("bacgiang", edition="11", scores={"BG-1": [total_of("80")], "BG-2": [total_of("90")]})
    older = json.loads(json.dumps(given_))
    given_["entries"][0]["authors"][0]["birth_year"] = 1940
    older["entries"][1]["authors"][0]["birth_year"] = 1930
    found = compare_outputs(run(given_), run(older), tiers=("nhat",), specials=("tac_gia_cao_tuoi",))
    assert found.specials == (AwardChange("tac_gia_cao_tuoi", 1, 1, ("BG-2",), ("BG-1",)),)
    assert all(one.is_same for one in found.tiers)
    assert not found.is_same


def test_a_sentence_names_ten_and_counts_the_others() -> None:
    totals = [format(54 - number, "d") for number in range(NAMED + 3)]
    free = {f"quota_{tier}": None for tier in TIERS}
    report = shadow(backan(*totals, **free), minimum_khuyen_khich="1")
    (told,) = difference_words(report.difference, report.awards)
    assert str(told).endswith("BK-10 và 3 hồ sơ khác); từ 0 thành 13.")
    assert told.in_("en").endswith("BK-10 and 3 more); from 0 to 13.")


def test_an_award_without_a_name_is_told_by_its_key() -> None:
    found = compare_outputs(run(backan("54")), run(backan("56")))
    assert str(difference_words(found, {})[0]) == "khuyen_khich: thêm 1 hồ sơ (BK-1); từ 0 thành 1."
    named = difference_words(found, {"khuyen_khich": Text("Giải Khuyến khích", "Encouragement Prize")})
    assert named[0].in_("en").startswith("Encouragement Prize: gains 1 (BK-1)")


# -- the run -------------------------------------------------------------------------------------------------------


def test_outputs_read_back_are_the_outputs_that_were_written() -> None:
    given_ = backan("84.5", "75", "75", "40")
    outputs = run(given_)
    again = stored(given_)
    assert canonical_text(again.document()) == canonical_text(outputs.document())
    assert again.undecided == outputs.undecided
    assert compare_outputs(outputs, again).is_same


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("format",), "bangvang.outputs/2", "format: phải là bangvang.outputs/1."),
        (("inputs_sha256",), "abc", "inputs_sha256: phải là SHA-256 dạng 64 chữ số thập lục phân."),
        (("ranking", 0, "total"), 84.5, "ranking[0].total: điểm phải viết trong dấu nháy, "),
        (("ranking", 0, "rank"), 0, "ranking[0].rank: phải từ 1."),
        (("ranking", 1, "entry"), "BK-1", "ranking: mã BK-1 nêu hai lần."),
        (("proposal", 0, "tier"), None, "proposal[0].tier: phải là văn bản."),
        (("steps", 0, "data"), [], "steps[0].data: phải là một đối tượng."),
        (("steps", -1, "data"), {"undecided": "BK-1"}, ".data.undecided: phải là một danh sách."),
    ],
)
def test_outputs_that_are_not_what_they_say_are_refused_at_their_place(
    path: tuple[str | int, ...], value: Any, told: str
) -> None:
    broken = json.loads(canonical_text(run(backan("84.5", "75")).document()))
    place = broken
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(InputsError) as refused:
        parse_outputs(broken)
    assert told in str(refused.value)


def test_a_run_without_any_change_is_the_same_down_to_its_outputs() -> None:
    given_ = backan("84.5", "75")
    report = run_shadow(given_, stored(given_), ShadowChange())
    assert report.difference.is_same
    assert not report.plugins_changed
    assert report.official_sha256 == sha256_text(canonical_text(run(given_).document()))
    assert report.outputs.ranking == report.official.ranking
    assert report.outputs.inputs_sha256 == report.inputs_sha256


def test_the_run_names_the_inputs_that_would_give_it() -> None:
    given_ = backan("70", "62")
    report = shadow(given_, minimum_ba="60")
    tried = {**given_, "rules": {**given_["rules"], "settings": settings_of(report)}}
    assert run(tried).inputs_sha256 == report.inputs_sha256
    assert sha256_text(canonical_text(run(tried).document())) == report.outputs_sha256


def test_the_settings_that_differ_are_listed_beside_the_frozen_ones() -> None:
    report = shadow(backan("70", minimum_ba="65"), minimum_ba="60")
    assert [(one.key, one.official, one.shadow) for one in report.settings if one.official is not None] == [
        ("minimum_ba", "65", "60")
    ]


def test_official_outputs_are_never_computed_again_with_the_installed_version() -> None:
    given_ = backan("70", "62")
    official = stored(given_)
    for plugin in given_["rules"]["plugins"]:
        plugin["version"] = "0.1.0"
    moved = parse_outputs({**official.document(), "inputs_sha256": _sha(given_)})
    report = run_shadow(given_, moved, ShadowChange(settings={"backan_stkt": {"minimum_ba": "60"}}))
    assert report.official is moved
    assert [ref.version for ref in report.official_plugins] == ["0.1.0", "0.1.0"]
    assert [ref.version for ref in report.plugins] == ["1.0.0", "1.0.0"]
    assert report.plugins_changed
    assert [award.key for award in report.difference.awards] == ["ba", "khuyen_khich"]


def test_a_frozen_setting_that_the_installed_version_does_not_know_is_left_out_and_named() -> None:
    given_ = backan("70")
    official = run(given_)
    given_["rules"]["settings"] = {"backan_stkt": {"minimum_ba": "65", "gone": "1", "confirmed": ["gone"]}}
    moved = parse_outputs({**official.document(), "inputs_sha256": _sha(given_)})
    report = run_shadow(given_, moved, ShadowChange())
    assert report.left_out == ("backan_stkt.gone",)


def test_another_list_of_plugins_leaves_the_settings_of_the_others_out() -> None:
    given_ = backan("70", minimum_ba="65")
    report = run_shadow(given_, stored(given_), ShadowChange(plugins=("stkt_base",)))
    assert [ref.name for ref in report.plugins] == ["stkt_base"]
    assert report.left_out == ("backan_stkt.minimum_ba",)


def test_outputs_of_other_inputs_are_refused() -> None:
    with pytest.raises(InputsError, match="inputs_sha256: kết quả chính thức không phải"):
        run_shadow(backan("70"), run(backan("71")), ShadowChange())


def test_inputs_without_rules_have_nothing_to_stand_beside() -> None:
    given_ = backan("70")
    official = run(given_)
    del given_["rules"]
    with pytest.raises(InputsError, match="rules: còn thiếu"):
        run_shadow(given_, official, ShadowChange())


def test_every_wrong_setting_is_named() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        shadow(backan("70"), minimum_ba="101", quota_ba=2000, khong_co="1")
    assert set(refused.value.errors) == {
        "backan_stkt.minimum_ba",
        "backan_stkt.quota_ba",
        "backan_stkt.khong_co",
    }


def test_sheets_above_a_lowered_maximum_are_refused_at_the_sheet() -> None:
    given_ = backan("90")
    tried = ShadowChange(settings={"stkt_base": {"points_tinh_moi": "20"}})
    with pytest.raises(InputsError, match=r"sheets\[0\]\.scores\.tinh_moi: điểm 40 vượt điểm tối đa 20"):
        run_shadow(given_, run(given_), tried)


def test_a_plugin_that_is_not_installed_cannot_be_tried() -> None:
    given_ = backan("70")
    with pytest.raises(PluginUnavailable, match="Plugin khong_co chưa được cài đặt"):
        run_shadow(given_, run(given_), ShadowChange(plugins=("khong_co",)))


def test_the_report_as_a_document_is_plain_and_holds_what_changes_alone() -> None:
    report = shadow(backan("70", "62", "40"), minimum_ba="60")
    told = json.loads(canonical_text(report.document()))
    assert told["format"] == "bangvang.shadow/1"
    assert told["same"] is False
    assert [row["entry"] for row in told["entries"]] == ["BK-2"]
    assert [(row["key"], row["name"], row["gained"], row["lost"]) for row in told["awards"]] == [
        ("ba", "Giải Ba", ["BK-2"], []),
        ("khuyen_khich", "Giải Khuyến khích", [], ["BK-2"]),
    ]
    assert told["entries"][0]["shadow"]["awards"] == ["ba"]
    assert told["entries"][0]["official"]["total"] == "62.00"


def settings_of(report: ShadowReport) -> dict[str, Any]:
    """The settings a run was computed under, complete."""
    names = tuple(ref.name for ref in report.plugins)
    tried: dict[str, dict[str, Any]] = {one.plugin: {} for one in report.settings}
    for one in report.settings:
        tried[one.plugin][one.key] = one.shadow
    return dump_settings(names, resolve_settings(names, tried))


def _sha(given_: dict[str, Any]) -> str:
    return parse_inputs(given_).sha256
