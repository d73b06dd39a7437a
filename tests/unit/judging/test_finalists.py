"""Who goes on to the next round: the threshold, the best n, ties at the border, and what the committee decides."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.errors import FinalistsMoved, RoundNotOpen, RoundUnfinished
from core.judging.figures_door import OwnSheetsOpen
from core.judging.finalists import ByRules, Choice, Judged, Selection, Ties, Verdict, sort_out
from core.judging.going_on import candidates, coming_in, require_own_finished, went_on
from core.judging.queries import entry_progress, locked_sheets
from core.judging.services import abstain, abstain_for_good, declare, open_round
from core.judging.services.finalists import choose, save_selection
from core.kernel import audit
from core.kernel.actor import SYSTEM, Role
from core.kernel.errors import Forbidden, Invalid
from core.results.compute import compute, edition_of_inputs
from core.results.formats import parse_inputs
from core.results.frozen import inputs_document
from tests.support.councils import with_fields
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import judge_account, judge_actor, lock, make_round, place_of
from tests.support.voting import in_tenant

FINAL = "chung_khao"
TWO = Selection(most=2)


def judged(code: str, total: str | None, field: str | None = None, sheets: int = 1) -> Judged:
    return Judged(code, code, field, None if total is None else Decimal(total), sheets)


def told(selection: Selection, *rows: Judged, least: str | None = None) -> dict[str, tuple[str, bool | None]]:
    threshold = None if least is None else Decimal(least)
    return {
        one.judged.code: (one.by_rules.value, one.goes_on) for one in sort_out(rows, selection, threshold, {})
    }


def test_without_a_number_all_who_reach_the_threshold_go_on() -> None:
    found = told(Selection(), judged("A", "60"), judged("B", "59.99"), judged("C", None), least="60")
    assert found == {"A": ("passes", True), "B": ("below", False), "C": ("unjudged", False)}


def test_the_best_n_go_on_and_the_others_are_told_that_places_ran_out() -> None:
    found = told(TWO, judged("A", "70"), judged("B", "80"), judged("C", "69"))
    assert found == {"B": ("passes", True), "A": ("passes", True), "C": ("beyond", False)}


def test_a_tie_for_the_last_place_takes_all_in_or_waits_as_it_is_set() -> None:
    rows = (judged("A", "80"), judged("B", "70"), judged("C", "70"), judged("D", "60"))
    border = {"A": ("passes", True), "B": ("border", True), "C": ("border", True), "D": ("beyond", False)}
    assert told(TWO, *rows) == border
    waiting = {**border, "B": ("border", None), "C": ("border", None)}
    assert told(Selection(most=2, ties=Ties.DECIDE), *rows) == waiting


def test_a_tie_that_fits_is_no_border() -> None:
    assert told(TWO, judged("A", "70"), judged("B", "70"), judged("C", "60")) == {
        "A": ("passes", True),
        "B": ("passes", True),
        "C": ("beyond", False),
    }


def test_places_are_counted_in_each_field_when_it_is_set_so() -> None:
    rows = (judged("A", "90", "x"), judged("B", "80", "x"), judged("C", "50", "y"))
    found = sort_out(rows, Selection(most=1, by_field=True), None, {})
    assert [(one.judged.code, one.place, one.goes_on) for one in found] == [
        ("A", 1, True),
        ("B", 2, False),
        ("C", 1, True),
    ]


def test_a_decision_goes_before_the_rules_and_one_taken_back_does_not() -> None:
    rows = (judged("A", "90"), judged("B", "10"), judged("C", "80"))
    choices = {
        "A": Choice(Verdict.OUT, "trùng đề tài", "Cán bộ", NOW, 1),
        "B": Choice(Verdict.IN, "đặc cách", "Cán bộ", NOW, 1),
        "C": Choice(Verdict.RULES, "nhầm", "Cán bộ", NOW, 2),
    }
    found = {one.judged.code: one for one in sort_out(rows, Selection(), Decimal(60), choices)}
    assert {code: one.goes_on for code, one in found.items()} == {"A": False, "B": True, "C": True}
    assert (found["B"].by_rules, found["C"].choice) == (ByRules.BELOW, None)


def test_who_has_fewer_sheets_than_wanted_is_marked() -> None:
    found = sort_out(
        (judged("A", "90", sheets=2), judged("B", "80", sheets=3)), Selection(sheets=3), None, {}
    )
    assert [one.is_short for one in found] == [True, False]


@given(st.lists(st.integers(0, 6), max_size=12), st.integers(1, 6))
def test_nobody_who_goes_on_has_fewer_points_than_who_does_not(totals: list[int], most: int) -> None:
    rows = [judged(f"{number:02}", str(total)) for number, total in enumerate(totals)]
    found = sort_out(rows, Selection(most=most), None, {})
    inside = [one.judged.total or Decimal(0) for one in found if one.goes_on]
    outside = [one.judged.total or Decimal(0) for one in found if not one.goes_on]
    assert len(inside) >= min(most, len(totals))
    assert not inside or not outside or min(inside) > max(outside)


def judged_round(world: World, edition: EditionView, *shares: int) -> tuple[EditionView, list[Entry]]:
    """A preliminary round in which each entry got so many percent of all points."""
    edition = with_fields(world.first, edition)
    entries = make_round(edition, entries=len(shares), round_key="so_khao")
    for entry, share in zip(entries, shares, strict=True):
        scores = {
            one.key: str((one.maximum * share / 100 / one.step).to_integral_value() * one.step)
            for one in edition.rules.rounds()[0].criteria
        }
        lock(edition, entry, scores=scores, round_key="so_khao")
    return edition, entries


def in_final(edition: EditionView) -> list[str]:
    return [row.code for row in entry_progress(edition, FINAL)[0]]


def test_the_final_opens_with_the_best_and_opening_again_adds_nobody(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, (first, _second, third) = judged_round(world, found, 100, 80, 90)
        assert save_selection(edition, FINAL, TWO, actor=SYSTEM, now=NOW)
        assert open_round(edition, FINAL, actor=SYSTEM, now=NOW) == 2
        assert in_final(edition) == [first.code, third.code]
        assert open_round(edition, FINAL, actor=SYSTEM, now=NOW) == 0
        with pytest.raises(RoundNotOpen):
            save_selection(edition, FINAL, Selection(most=1, revision=1), actor=SYSTEM, now=NOW)


def test_ties_keep_the_round_closed_until_each_is_decided_with_a_reason(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, (first, second, third) = judged_round(world, found, 100, 90, 90)
        save_selection(edition, FINAL, Selection(most=2, ties=Ties.DECIDE), actor=SYSTEM, now=NOW)
        with pytest.raises(RoundUnfinished):
            open_round(edition, FINAL, actor=SYSTEM, now=NOW)
        for entry, verdict in ((second, Verdict.OUT), (third, Verdict.IN)):
            choose(edition, FINAL, entry.code or "", verdict, "Hội đồng họp", seen=0, actor=SYSTEM, now=NOW)
        assert open_round(edition, FINAL, actor=SYSTEM, now=NOW) == 2
        assert in_final(edition) == [first.code, third.code]
        (line,) = [row for row in audit.records(actions=("round.opened",)) if FINAL in row.subject]
        assert line.data["chosen"] == {second.code: "out", third.code: "in"}


def test_a_decision_needs_a_reason_a_finished_round_and_the_state_that_was_read(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, (first, _second) = judged_round(world, found, 100, 90)
        code = first.code or ""
        with pytest.raises(Invalid):
            choose(edition, FINAL, code, Verdict.OUT, " ", seen=0, actor=SYSTEM, now=NOW)
        assert choose(edition, FINAL, code, Verdict.OUT, "trùng", seen=0, actor=SYSTEM, now=NOW)
        assert not choose(edition, FINAL, code, Verdict.OUT, "trùng", seen=0, actor=SYSTEM, now=NOW)
        with pytest.raises(FinalistsMoved):
            choose(edition, FINAL, code, Verdict.IN, "khác", seen=0, actor=SYSTEM, now=NOW)
        with pytest.raises(Forbidden):
            choose(edition, FINAL, code, Verdict.IN, "khác", seen=1, actor=judge_actor(), now=NOW)


def test_an_entry_in_the_round_is_not_left_out_any_more(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, (first,) = judged_round(world, found, 100)
        open_round(edition, FINAL, actor=SYSTEM, now=NOW)
        with pytest.raises(RoundNotOpen):
            choose(edition, FINAL, first.code or "", Verdict.OUT, "lý do", seen=0, actor=SYSTEM, now=NOW)


def test_a_list_that_changed_since_it_was_shown_does_not_open_the_round(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, (first, second) = judged_round(world, found, 100, 90)
        shown = [one.judged.code for one in candidates(edition, edition.rules.rounds()[1])]
        choose(edition, FINAL, second.code or "", Verdict.OUT, "lý do", seen=0, actor=SYSTEM, now=NOW)
        with pytest.raises(FinalistsMoved):
            open_round(edition, FINAL, seen=shown, actor=SYSTEM, now=NOW)
        assert open_round(edition, FINAL, seen=[first.code or ""], actor=SYSTEM, now=NOW) == 1


def test_who_may_not_see_a_dossier_does_not_choose_among_them(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, (first, second) = judged_round(world, found, 100, 90)
        chief = actor_of(account("btc@example.vn"))
        declare([first], ["unit"], "", actor=chief, now=NOW)
        save_selection(edition, FINAL, TWO, actor=SYSTEM, now=NOW)
        with pytest.raises(Forbidden):
            choose(edition, FINAL, second.code or "", Verdict.OUT, "lý do", seen=0, actor=chief, now=NOW)
        with pytest.raises(Forbidden):
            open_round(edition, FINAL, actor=chief, now=NOW)


def test_an_entry_let_in_below_the_threshold_is_ranked_and_one_beyond_the_places_is_told_so(
    world: World,
) -> None:
    with in_tenant(world, world.first) as found:
        edition, (first, low, beyond) = judged_round(world, found, 100, 10, 90)
        save_selection(edition, FINAL, Selection(most=1), actor=SYSTEM, now=NOW)
        choose(edition, FINAL, low.code or "", Verdict.IN, "đặc cách", seen=0, actor=SYSTEM, now=NOW)
        open_round(edition, FINAL, actor=SYSTEM, now=NOW)
        whole = {one.key: str(one.maximum) for one in edition.rules.deciding_round().criteria}
        for entry in (first, low):
            lock(edition, entry, scores=whole, round_key=FINAL)
        inputs = parse_inputs(inputs_document(edition))
        outputs = compute(inputs, edition_of_inputs(inputs))
        assert {row.entry for row in outputs.ranking} == {first.code, low.code}
        ((row),) = outputs.not_ranked
        assert (row.entry, row.reason.endswith("không có trong danh sách vào vòng sau.")) == (
            beyond.code,
            True,
        )


def test_what_the_threshold_alone_says_is_not_written_into_the_inputs(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, _entries = judged_round(world, found, 100, 10)
        open_round(edition, FINAL, actor=SYSTEM, now=NOW)
        assert went_on(edition, locked_sheets(edition)) == {}
        assert "went_on" not in inputs_document(edition)


def test_an_officer_who_may_take_his_abstention_back_is_not_shown_the_points_of_the_round(
    world: World,
) -> None:
    with in_tenant(world, world.first) as found:
        edition = with_fields(world.first, found)
        (entry,) = make_round(edition, judges=2, round_key="so_khao")
        judge_account().roles = [str(Role.JUDGE), str(Role.COMMITTEE)]
        place = place_of(edition, entry, round_key="so_khao")
        abstain(edition, place, "Bận", actor=judge_actor(), now=NOW)
        most = {one.key: str(one.maximum) for one in edition.rules.rounds()[0].criteria}
        lock(edition, entry, number=2, scores=most, round_key="so_khao")
        final = edition.rules.rounds()[1]
        shown = coming_in(edition, final, judge_actor())
        assert (shown["rows"], "thôi hẳn" in shown["unfinished"]) == ([], True)
        with pytest.raises(OwnSheetsOpen):
            require_own_finished(judge_actor(), edition, edition.rules.rounds()[0])

        abstain_for_good(edition, place, actor=judge_actor(), now=NOW)

        assert [row.judged.code for row in coming_in(edition, final, judge_actor())["rows"]] == [entry.code]
        require_own_finished(judge_actor(), edition, edition.rules.rounds()[0])


def test_an_entry_from_which_all_abstained_is_told_and_does_not_go_on(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition = with_fields(world.first, found)
        (entry,) = make_round(edition, round_key="so_khao")
        place = place_of(edition, entry, round_key="so_khao")
        abstain(edition, place, "không đúng chuyên môn", actor=judge_actor(), now=NOW)
        (row,) = candidates(edition, edition.rules.rounds()[1])
        assert (row.by_rules, row.is_short, row.goes_on) == (ByRules.UNJUDGED, True, False)
