"""Filling, locking and abstaining: exact points, one judge's own sheet, and what is locked stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core.contests.policies import PhaseClosed
from core.contests.values import EditionView, PhaseKind
from core.entries.models import Entry
from core.judging.commitments import sealed
from core.judging.errors import SheetAbstained, SheetConflict, SheetIncomplete, SheetLocked, SheetNotAbstained
from core.judging.policies import access_sheet
from core.judging.queries import abstentions, desk_queue, locked_sheets, sheet_of
from core.judging.services import (
    abstain,
    abstain_for_good,
    lock_all_ready,
    lock_sheet,
    save_scores,
    take_back_abstention,
    withdraw_judge,
)
from core.judging.states import SheetState
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.errors import Forbidden, Invalid, NotFound
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import (
    ROUND,
    WHOLE,
    fill,
    judge_actor,
    lock,
    make_round,
    place_of,
    points,
    stored_sheets,
)
from tests.support.voting import in_tenant

SECOND = timedelta(seconds=1)
AFTER = NOW + timedelta(days=11)


def test_points_are_kept_exactly_and_the_total_is_their_sum(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        saved = fill(edition, entry)
        assert saved == sheet_of(place_of(edition, entry))
        assert dict(saved.scores) == points(WHOLE)
        assert (saved.total, saved.state, saved.revision) == (Decimal("70.5"), SheetState.DRAFT, 1)


def test_one_criterion_is_saved_alone_and_a_blank_clears_one(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        fill(edition, entry, scores={"doi_moi": "10"})
        both = fill(edition, entry, scores={"hieu_qua": "20"})
        assert dict(both.scores) == points({"doi_moi": "10", "hieu_qua": "20"})
        saved = save_scores(
            edition,
            place_of(edition, entry),
            {"doi_moi": None},
            "Cần thêm số liệu",
            both.revision,
            actor=judge_actor(),
            now=NOW,
        )
        assert dict(saved.sheet.scores) == points({"hieu_qua": "20"})
        assert (saved.sheet.remark, saved.sheet.revision) == ("Cần thêm số liệu", 3)


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("doi_moi", "20.5", "Điểm từ 0 đến 20."),
        ("doi_moi", "-0.5", "Điểm từ 0 đến 20."),
        ("doi_moi", "18.25", "Điểm theo bước 0,5: ví dụ 18 hoặc 18,5."),
        ("hieu_qua", "29.75", "Điểm theo bước 0,5: ví dụ 29,5 hoặc 30."),
        ("khong_co", "1", "Phiếu chấm không có tiêu chí này."),
    ],
)
def test_points_that_do_not_fit_are_refused_at_their_field(
    world: World, key: str, typed: str, sentence: str
) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        with pytest.raises(Invalid) as wrong:
            fill(edition, entry, scores={key: typed})
        assert wrong.value.errors == {f"score_{key}": [sentence]}
        assert stored_sheets() == []


def test_a_float_is_never_taken_for_points(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        scores: dict[str, Decimal | None] = {"doi_moi": 18.5}  # type: ignore[dict-item]
        with pytest.raises(TypeError):
            save_scores(edition, place_of(edition, entry), scores, None, 0, actor=judge_actor(), now=NOW)


def test_a_sheet_saved_on_two_devices_shows_both_and_overwrites_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        place = place_of(edition, entry)
        fill(edition, entry, scores={"doi_moi": "10"})
        with pytest.raises(SheetConflict) as conflict:
            save_scores(edition, place, points({"doi_moi": "15"}), "khác", 0, actor=judge_actor(), now=NOW)
        assert dict(conflict.value.stored.scores) == points({"doi_moi": "10"})
        assert conflict.value.typed == points({"doi_moi": "15"})
        assert dict(sheet_of(place).scores) == points({"doi_moi": "10"})


def test_the_same_points_from_a_second_device_are_no_conflict(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        first = fill(edition, entry)
        again = save_scores(
            edition, place_of(edition, entry), points(WHOLE), None, 0, actor=judge_actor(), now=NOW
        )
        assert again.sheet == first


def test_locking_fixes_the_sheet_and_puts_its_commitment_into_the_log(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        locked = lock(edition, entry)
        (row,) = locked_sheets(edition)
        (line,) = audit.records(actions=["sheet.locked"])
        assert (locked.state, locked.locked_at) == (SheetState.LOCKED, NOW)
        assert (row.round, row.judge, row.entry, row.scores) == (ROUND, "J1", entry.code, points(WHOLE))
        assert line.subject == entry.code
        told = {"edition": edition.key, "round": ROUND, "form": 2, "commitment": locked.commitment}
        assert line.data == told
        assert locked.commitment == row.commitment
        code = entry.code or ""
        assert row.commitment == sealed(edition.key, ROUND, code, "J1", row.scores, row.remark, row.nonce)


def test_the_log_of_a_lock_does_not_hold_the_points_nor_the_judge(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        lock(edition, entry)
        (line,) = audit.records(actions=["sheet.locked"])
        assert set(line.data) == {"edition", "round", "form", "commitment"}


def test_a_sheet_that_lacks_a_criterion_is_not_locked(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        drafted = fill(edition, entry, scores={"doi_moi": "10", "hieu_qua": "0"})
        with pytest.raises(SheetIncomplete) as refusal:
            lock_sheet(edition, place_of(edition, entry), drafted.revision, actor=judge_actor(), now=NOW)
        assert refusal.value.missing == ("kha_nang",)
        assert locked_sheets(edition) == []


def test_a_sheet_changed_since_it_was_read_again_is_not_locked(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        fill(edition, entry)
        with pytest.raises(SheetConflict):
            lock_sheet(edition, place_of(edition, entry), 0, actor=judge_actor(), now=NOW)
        assert locked_sheets(edition) == []


def test_a_locked_sheet_is_changed_by_no_service(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        locked, place, actor = lock(edition, entry), place_of(edition, entry), judge_actor()
        with pytest.raises(SheetLocked):
            save_scores(edition, place, points({"doi_moi": "1"}), None, locked.revision, actor=actor, now=NOW)
        with pytest.raises(SheetLocked):
            save_scores(edition, place, {}, "sửa", locked.revision, actor=actor, now=NOW)
        with pytest.raises(SheetLocked):
            abstain(edition, place, "đổi ý", actor=actor, now=NOW)
        with pytest.raises(SheetLocked):
            take_back_abstention(edition, place, actor=actor, now=NOW)
        assert lock_sheet(edition, place, locked.revision, actor=actor, now=NOW) == locked
        seen = {entry.code or "": locked.revision}
        assert lock_all_ready(edition, place.judge, place.round, seen, actor=actor, now=NOW) == []
        assert sheet_of(place) == locked
        assert len(audit.records(actions=["sheet.locked"])) == 1


def test_locking_all_takes_whole_sheets_as_they_were_read_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        whole, changed, part, untouched = make_round(edition, entries=4)
        seen = {
            whole.code or "": fill(edition, whole).revision,
            changed.code or "": fill(edition, changed).revision,
            part.code or "": fill(edition, part, scores={"doi_moi": "1"}).revision,
            untouched.code or "": 0,
        }
        fill(edition, changed, scores={"doi_moi": "2"})
        place = place_of(edition, whole)
        locked = lock_all_ready(edition, place.judge, place.round, seen, actor=judge_actor(), now=NOW)
        assert locked == [whole.code]
        assert [row.entry for row in locked_sheets(edition)] == [whole.code]


def test_an_abstention_keeps_its_reason_counts_nothing_and_can_be_taken_back(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        drafted, place, actor = fill(edition, entry), place_of(edition, entry), judge_actor()
        abstain(edition, place, "Tác giả là người nhà", actor=actor, now=NOW)
        (row,) = abstentions(edition)
        assert (row.round, row.judge, row.entry, row.reason) == (
            ROUND,
            "J1",
            entry.code,
            "Tác giả là người nhà",
        )
        with pytest.raises(SheetAbstained):
            lock_sheet(edition, place, drafted.revision + 1, actor=actor, now=NOW)
        back = take_back_abstention(edition, place, actor=actor, now=NOW)
        assert (back.state, dict(back.scores), back.reason) == (SheetState.DRAFT, points(WHOLE), "")
        assert abstentions(edition) == []


def test_an_abstention_for_good_is_never_taken_back_and_may_be_said_after_the_end(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        place, actor = place_of(edition, entry), judge_actor()
        with pytest.raises(SheetNotAbstained):
            abstain_for_good(edition, place, actor=actor, now=NOW)
        abstain(edition, place, "Bận", actor=actor, now=NOW)

        final = abstain_for_good(edition, place, actor=actor, now=AFTER)

        again = abstain_for_good(edition, place, actor=actor, now=AFTER + SECOND)
        assert (final.state, final.final_at, again) == (SheetState.ABSTAINED, AFTER, final)
        abstain(edition, place, "Lý do khác", actor=actor, now=NOW)
        with pytest.raises(SheetAbstained, match="thôi hẳn"):
            take_back_abstention(edition, place, actor=actor, now=NOW)


def test_abstaining_needs_a_reason(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        with pytest.raises(Invalid) as wrong:
            abstain(edition, place_of(edition, entry), " ", actor=judge_actor(), now=NOW)
        assert wrong.value.errors == {"reason": ["Cần ghi lý do không chấm hồ sơ này."]}


@pytest.mark.parametrize(("second", "is_taken"), [(-1, False), (0, True), (1, True)])
def test_scoring_opens_at_its_instant(world: World, second: int, is_taken: bool) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        opens, _closes = _judging(edition)
        assert _can_fill(edition, entry, opens + second * SECOND) is is_taken


@pytest.mark.parametrize(("second", "is_taken"), [(-1, True), (0, False), (1, False)])
def test_locking_ends_at_its_instant(world: World, second: int, is_taken: bool) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        drafted = fill(edition, entry)
        _opens, closes = _judging(edition)
        assert _can_lock(edition, entry, drafted.revision, closes + second * SECOND) is is_taken
        assert len(locked_sheets(edition)) == int(is_taken)


def test_what_is_saved_after_the_end_is_kept_told_and_not_counted(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        _opens, closes = _judging(edition)
        place = place_of(edition, entry)
        saved = save_scores(edition, place, points(WHOLE), None, 0, actor=judge_actor(), now=closes)
        assert (saved.counts, dict(sheet_of(place).scores)) == (False, points(WHOLE))
        with pytest.raises(PhaseClosed) as refusal:
            lock_sheet(edition, place, saved.sheet.revision, actor=judge_actor(), now=closes)
        assert refusal.value.message == (
            "Đã hết thời gian chấm điểm: từ 10:00 ngày 10/11/2025 đến 10:00 ngày 22/11/2025. "
            "Phiếu chưa khóa được giữ nguyên và không được tính."
        )
        assert (locked_sheets(edition), sheet_of(place).state) == ([], SheetState.DRAFT)


def test_a_judge_sees_his_own_scores_and_never_anothers(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock(edition, entry, number=1)
        other = place_of(edition, entry, number=2)
        assert sheet_of(other).scores == {}
        (row,) = desk_queue(edition, other.judge, other.round).rows
        assert (row.state, row.scored, row.total) == (SheetState.DRAFT, 0, Decimal(0))


def test_nobody_fills_anothers_sheet(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        place = place_of(edition, entry, number=1)
        for actor in (judge_actor(2), SYSTEM, actor_of(account("btc@example.vn"))):
            with pytest.raises(Forbidden):
                save_scores(edition, place, points(WHOLE), None, 0, actor=actor, now=NOW)
        assert stored_sheets() == []


def test_who_is_no_judge_of_the_edition_reaches_no_sheet(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        with pytest.raises(Forbidden):
            access_sheet(edition, actor_of(account("btc@example.vn")), ROUND, entry.code or "")
        withdraw_judge(edition, "J1", "Nghỉ công tác", actor=SYSTEM, now=NOW)
        with pytest.raises(Forbidden):
            access_sheet(edition, judge_actor(), ROUND, entry.code or "")


def test_a_sheet_of_the_other_tenant_does_not_exist_here(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        lock(edition, first)
        code = second.code or ""
    with in_tenant(world, world.second) as edition:
        make_round(edition)
        assert locked_sheets(edition) == []
        with pytest.raises(NotFound):
            access_sheet(edition, judge_actor(), ROUND, code)
        with pytest.raises(NotFound):
            access_sheet(edition, judge_actor(), "chung_khao", "TT-K1-0001")


def _judging(edition: EditionView) -> tuple[datetime, datetime]:
    phase = edition.phase(PhaseKind.JUDGING)
    assert phase is not None
    return phase.opens_at, phase.closes_at


def _can_fill(edition: EditionView, entry: Entry, now: datetime) -> bool:
    try:
        fill(edition, entry, now=now)
    except PhaseClosed:
        return False
    return True


def _can_lock(edition: EditionView, entry: Entry, revision: int, now: datetime) -> bool:
    try:
        lock_sheet(edition, place_of(edition, entry), revision, actor=judge_actor(), now=now)
    except PhaseClosed:
        return False
    return True
