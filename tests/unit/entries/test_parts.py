"""Saving a dossier part by part: versions, conflicts, what did not pass."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.contests.values import PhaseKind
from core.entries.errors import MoveRefused, PartConflict
from core.entries.forms import asked_at, kept_part, tidy_part
from core.entries.models import Entry
from core.entries.parts import PartVersion, Saving, Served, read_stamp, stamp, version_of
from core.entries.services import SavedPart, check, save_draft, save_form, save_part, unsaved_errors
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.plugin_api import Severity
from tests.support.entries import make_entry
from tests.support.factories import NOW
from tests.support.queries import count_queries
from tests.unit.entries.conftest import Here

SUMMARY = "facts.tom_tat"


def saving(op: str, base: int = 0, mine: Collection[str] = ()) -> Saving:
    """One saving; `op` is short for its id."""
    return Saving(f"saving-{op}", base, tuple(f"saving-{one}" for one in mine))


def put(here: Here, entry: Entry, path: str, typed: Any, one: Saving) -> SavedPart:
    """Save one part as the entrant."""
    return save_part(entry, here.edition, path, typed, saving=one, actor=here.entrant, now=NOW)


def draft(here: Here, **facts: Any) -> Entry:
    """A draft with these answers."""
    return make_entry(here.edition, here.owner, state="draft", facts=facts)


def served(here: Here, entry: Entry, *paths: str) -> dict[str, Served]:
    """The stamps of a form with these parts, as they come back."""
    read = {}
    for path in paths:
        asked = asked_at(here.edition, path)
        shown = tidy_part(asked, kept_part(entry, path, asked))
        read[path] = read_stamp(stamp(version_of(entry, path).number, shown))
    return {path: one for path, one in read.items() if one is not None}


def test_a_part_is_saved_and_its_version_grows(here: Here) -> None:
    entry = draft(here)

    first = put(here, entry, SUMMARY, "Sấy bằng nắng", saving("a"))
    second = put(here, entry, SUMMARY, "Sấy bằng nắng và gió", saving("b", 1))

    assert (first.version, second.version) == (1, 2)
    assert entry.facts == {"tom_tat": "Sấy bằng nắng và gió"}


def test_a_saving_that_is_sent_again_saves_once(here: Here) -> None:
    entry = draft(here)
    put(here, entry, SUMMARY, "Một", saving("a"))
    put(here, entry, SUMMARY, "Hai", saving("b", 1))

    again = put(here, entry, SUMMARY, "Một", saving("a"))

    assert (again.version, entry.facts["tom_tat"]) == (2, "Hai")


def test_what_is_stored_already_is_not_stored_again(here: Here) -> None:
    entry = draft(here, tom_tat="Một")

    saved = put(here, entry, SUMMARY, " Một ", saving("a", 7))

    assert (saved.version, entry.parts) == (0, {})


def test_a_part_that_somebody_saved_meanwhile_is_not_overwritten(here: Here) -> None:
    entry = draft(here)
    put(here, entry, SUMMARY, "Của trang kia", saving("a"))

    with pytest.raises(PartConflict) as refusal:
        put(here, entry, SUMMARY, "Của trang này", saving("b", 0))

    told = refusal.value
    assert (told.path, told.theirs, told.version, told.by_same) == (SUMMARY, "Của trang kia", 1, True)
    assert entry.facts == {"tom_tat": "Của trang kia"}


def test_another_part_never_conflicts(here: Here) -> None:
    entry = draft(here)
    put(here, entry, SUMMARY, "Của trang kia", saving("a"))

    saved = put(here, entry, "facts.noi_trien_khai", "Xã Đại Từ", saving("b", 0))

    assert saved.version == 1
    assert entry.facts == {"tom_tat": "Của trang kia", "noi_trien_khai": "Xã Đại Từ"}


def test_ones_own_saving_whose_answer_was_lost_is_no_conflict(here: Here) -> None:
    entry = draft(here)
    put(here, entry, SUMMARY, "Máy sấy", saving("a"))

    saved = put(here, entry, SUMMARY, "Máy sấy chè", saving("b", 0, mine=["a"]))

    assert (saved.version, entry.facts["tom_tat"]) == (2, "Máy sấy chè")


def test_a_saving_of_a_program_between_is_told_too(here: Here) -> None:
    entry = draft(here)
    put(here, entry, SUMMARY, "Máy sấy", saving("a"))
    save_draft(entry, here.edition, {"facts": {"tom_tat": "Qua API"}}, actor=here.entrant, now=NOW)

    with pytest.raises(PartConflict):
        put(here, entry, SUMMARY, "Máy sấy chè", saving("b", 1, mine=["a"]))


def test_the_same_amount_written_another_way_is_no_conflict(here: Here) -> None:
    entry = draft(here)
    put(here, entry, "facts.loi_ich_thanh_tien", "25.000.000", saving("a"))

    saved = put(here, entry, "facts.loi_ich_thanh_tien", "25000000 đồng", saving("b", 0))

    assert (saved.version, entry.facts) == (1, {"loi_ich_thanh_tien": 25_000_000})


def test_what_does_not_pass_is_kept_as_it_was_typed_and_stops_handing_in(here: Here) -> None:
    entry = draft(here, loi_ich_thanh_tien=5)

    saved = put(here, entry, "facts.loi_ich_thanh_tien", "hai triệu", saving("a"))

    sentence = "Bạn hãy nhập số tiền bằng đồng, chỉ gồm chữ số, ví dụ 25.000.000."
    assert (saved.version, saved.shown, saved.errors) == (
        1,
        "hai triệu",
        {"facts.loi_ich_thanh_tien": [sentence]},
    )
    assert (entry.facts, entry.unsaved) == (
        {"loi_ich_thanh_tien": 5},
        {"facts.loi_ich_thanh_tien": "hai triệu"},
    )
    assert unsaved_errors(entry, here.edition) == saved.errors
    [found] = [one for one in check(entry, here.edition) if one.check == "unsaved"]
    assert (found.severity, found.field) == (Severity.BLOCK, "loi_ich_thanh_tien")


def test_what_passes_at_last_takes_the_place_of_what_did_not(here: Here) -> None:
    entry = draft(here)
    put(here, entry, "facts.loi_ich_thanh_tien", "hai triệu", saving("a"))

    put(here, entry, "facts.loi_ich_thanh_tien", "2.000.000", saving("b", 1))

    assert (entry.facts, entry.unsaved) == ({"loi_ich_thanh_tien": 2_000_000}, {})


def test_a_program_that_names_a_part_settles_what_did_not_pass_in_it(here: Here) -> None:
    entry = draft(here, loi_ich_thanh_tien=5)
    put(here, entry, "facts.loi_ich_thanh_tien", "hai triệu", saving("a"))
    put(here, entry, "title", "a" * 501, saving("b"))

    save_draft(entry, here.edition, {"facts": {"loi_ich_thanh_tien": 5}}, actor=here.entrant, now=NOW)

    assert (entry.facts, list(entry.unsaved)) == ({"loi_ich_thanh_tien": 5}, ["title"])


def test_an_unknown_unit_is_kept_as_typed_and_told(here: Here) -> None:
    entry = draft(here)

    saved = put(here, entry, "unit", "Xã Không Có", saving("a"))

    said = {"unit": ["Không tìm thấy đơn vị “Xã Không Có” trong danh sách."]}
    assert (saved.errors, entry.unit_id, unsaved_errors(entry, here.edition)) == (said, None, said)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (unicodedata.normalize("NFD", "Máy sấy chè"), "Máy sấy chè"),
        ("Máy sấy 🍵 chè", "Máy sấy 🍵 chè"),
        ("Máy\u202e sấy\u2066 chè\u200f", "Máy sấy chè"),
        ("Máy\x00 sấy\x1b chè", "Máy sấy chè"),
        ("Máy\r\nsấy", "Máy\nsấy"),
    ],
)
def test_marks_that_nobody_sees_are_not_stored(here: Here, typed: str, kept: str) -> None:
    entry = draft(here)

    put(here, entry, SUMMARY, typed, saving("a"))

    assert entry.facts == {"tom_tat": kept}


def test_a_line_of_ten_thousand_characters_is_kept_whole_until_it_is_cut(here: Here) -> None:
    entry = draft(here)

    saved = put(here, entry, "title", "a" * 10_000, saving("a"))

    assert saved.errors == {"title": ["Nội dung dài 10000 ký tự, tối đa 500; cần bớt 9500."]}
    assert (len(entry.unsaved["title"]), entry.title == "a" * 10_000) == (10_000, False)


@pytest.mark.parametrize("path", ["facts.khong_co", "facts.hinh_anh", "authors", "state", "facts", ""])
def test_what_is_no_part_of_the_form_does_not_exist(here: Here, path: str) -> None:
    with pytest.raises(NotFound):
        put(here, draft(here), path, "x", saving("a"))


@pytest.mark.parametrize("op", ["", "ngắn", "a" * 41])
def test_a_saving_needs_an_id_of_its_own(here: Here, op: str) -> None:
    with pytest.raises(Invalid):
        put(here, draft(here), SUMMARY, "x", Saving(op, 0))


def test_after_the_deadline_a_draft_is_still_written(here: Here) -> None:
    phase = here.edition.phase(PhaseKind.SUBMISSION)
    assert phase is not None
    entry, late = draft(here), phase.closes_at + timedelta(days=3)

    save_part(entry, here.edition, SUMMARY, "Muộn", saving=saving("a"), actor=here.entrant, now=late)

    assert (entry.facts, entry.updated_at) == ({"tom_tat": "Muộn"}, late)


def test_what_was_handed_in_takes_no_more_savings(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    with pytest.raises(MoveRefused):
        put(here, entry, SUMMARY, "Thêm", saving("a"))


def test_nobody_saves_into_another_s_dossier(here: Here) -> None:
    with pytest.raises(Forbidden):
        save_part(draft(here), here.edition, SUMMARY, "x", saving=saving("a"), actor=here.officer, now=NOW)


def test_only_the_last_savings_are_remembered(here: Here) -> None:
    entry = draft(here)
    for number in range(12):
        put(here, entry, SUMMARY, f"Lần {number}", saving(str(number), number))

    held = version_of(entry, SUMMARY)

    assert (held.number, held.ops) == (12, tuple(f"saving-{number}" for number in range(4, 12)))


def test_a_field_is_saved_in_two_statements_beside_the_reading(here: Here) -> None:
    entry = draft(here, tom_tat="Cũ")
    session().flush()

    with count_queries(here.world.app) as counted:
        put(here, entry, SUMMARY, "Mới", saving("a"))

    assert counted.count == 2


def test_a_part_of_a_form_that_was_not_touched_is_not_written(here: Here) -> None:
    entry = draft(here, tom_tat="Cũ")
    stamps = served(here, entry, SUMMARY)
    put(here, entry, SUMMARY, "Của trang kia", saving("a"))

    outcome = save_form(entry, here.edition, {SUMMARY: "Cũ"}, served=stamps, actor=here.entrant, now=NOW)

    assert (outcome.errors, outcome.conflicts, entry.facts) == ({}, {}, {"tom_tat": "Của trang kia"})


def test_a_touched_part_that_somebody_saved_meanwhile_is_named_and_the_rest_is_saved(here: Here) -> None:
    entry = draft(here, tom_tat="Cũ")
    stamps = served(here, entry, SUMMARY, "facts.noi_trien_khai")
    put(here, entry, SUMMARY, "Của trang kia", saving("a"))
    typed = {SUMMARY: "Của tôi", "facts.noi_trien_khai": "Xã Đại Từ"}

    outcome = save_form(entry, here.edition, typed, served=stamps, actor=here.entrant, now=NOW)

    assert {path: one.theirs for path, one in outcome.conflicts.items()} == {SUMMARY: "Của trang kia"}
    assert entry.facts == {"tom_tat": "Của trang kia", "noi_trien_khai": "Xã Đại Từ"}


def test_a_form_knows_its_own_savings(here: Here) -> None:
    entry = draft(here, tom_tat="Cũ")
    stamps = served(here, entry, SUMMARY)
    put(here, entry, SUMMARY, "Cũ hơn", saving("a"))

    outcome = save_form(
        entry,
        here.edition,
        {SUMMARY: "Của tôi"},
        served=stamps,
        mine=["saving-a"],
        actor=here.entrant,
        now=NOW,
    )

    assert (outcome.conflicts, entry.facts) == ({}, {"tom_tat": "Của tôi"})


def test_a_form_keeps_what_does_not_pass_as_it_was_typed(here: Here) -> None:
    entry = draft(here)
    typed = {SUMMARY: "Được", "facts.thang_trien_khai": "13/2025"}

    outcome = save_form(entry, here.edition, typed, served={}, actor=here.entrant, now=NOW)

    assert outcome.errors == {"facts.thang_trien_khai": ["Bạn hãy nhập tháng và năm, ví dụ 04/2025."]}
    assert (entry.facts, entry.unsaved) == ({"tom_tat": "Được"}, {"facts.thang_trien_khai": "13/2025"})


def test_two_dossiers_have_versions_of_their_own(here: Here) -> None:
    first, second = draft(here), draft(here)
    put(here, first, SUMMARY, "Một", saving("a"))

    session().expire_all()

    kept = {one.id: version_of(one, SUMMARY).number for one in session().scalars(select(Entry))}
    assert (kept[first.id], kept[second.id]) == (1, 0)


@pytest.mark.parametrize("words", [None, "", "3", "x-abc", "-abc", "9999999999-a"])
def test_what_is_no_stamp_is_read_as_none(words: str | None) -> None:
    assert read_stamp(words) is None


def test_a_version_is_newer_than_the_one_that_was_read() -> None:
    held = PartVersion(3, ("a", "b"))

    assert [held.is_newer_than(3), held.is_newer_than(2), held.is_newer_than(2, ["b"])] == [
        False,
        True,
        False,
    ]
    assert held.is_newer_than(2, ["a"])
