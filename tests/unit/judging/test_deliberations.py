"""Deliberations: who opens and sees what, changed points with before and after, and what the log says of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, update

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.assigning import Ending, end
from core.judging.commitments import sealed
from core.judging.conflict_values import Kind
from core.judging.council_room import access_council_room
from core.judging.deliberation_models import Deliberation, ScoreChange
from core.judging.deliberation_policies import access_deliberation
from core.judging.deliberation_values import Scope, Standing
from core.judging.errors import (
    DeliberationClosed,
    DeliberationRefused,
    OwnSheetUnfinished,
    SheetConflict,
    SheetLocked,
)
from core.judging.models import Sheet, SheetScore
from core.judging.policies import judge_of
from core.judging.queries import locked_sheets, sheets_unlike_their_commitment
from core.judging.queries.deliberations import (
    deliberations_of,
    deviations,
    points_of_entry,
    records_of_entry,
)
from core.judging.services import declare, lead, save_scores
from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.db import session, tenant_scope
from core.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from core.kernel.uow import unit_of_work
from tests.support.deliberations import (
    LOW,
    NEAR,
    WHY,
    change,
    closed,
    differing,
    officer,
    opened,
    room_of,
)
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.support.judging import (
    ROUND,
    WHOLE,
    fill,
    judge_account,
    judge_actor,
    lock,
    make_round,
    place_of,
    points,
)
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

LATER = NOW + timedelta(hours=2)


def rows(edition: EditionView, actor: Actor) -> list[tuple[str, Standing]]:
    """The list as `actor` sees it."""
    return [
        (row.code, row.standing) for row in deviations(edition, access_council_room(edition, actor, ROUND))
    ]


class TestList:
    def test_an_entry_whose_judges_differ_waits_with_the_spread_of_total_and_criteria(
        self, world: World
    ) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)

            (row,) = deviations(edition, access_council_room(edition, officer(), ROUND))

            assert (row.code, row.standing, row.awaited) == (entry.code, Standing.WAITING, 0)
            assert (row.total.lowest, row.total.highest) == (Decimal(49), Decimal("70.5"))
            assert row.over == ("doi_moi", "hieu_qua")
            assert row.totals == (Decimal(49), Decimal("70.5"))

    def test_who_still_has_a_sheet_to_lock_does_not_see_the_entry(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            (entry,) = make_round(edition, judges=3)
            lock(edition, entry, number=1)
            lock(edition, entry, number=2, scores=LOW)

            assert rows(edition, judge_actor(1)) == [(entry.code, Standing.WAITING)]
            assert rows(edition, judge_actor(3)) == []

    def test_an_officer_who_judges_too_does_not_see_it_before_his_own_is_locked(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            (entry,) = make_round(edition, judges=3)
            judge_account(3).roles = ["committee", "judge"]
            lock(edition, entry, number=1)
            lock(edition, entry, number=2, scores=LOW)
            assert rows(edition, judge_actor(3)) == []

            lock(edition, entry, number=3)

            assert rows(edition, judge_actor(3)) == [(entry.code, Standing.WAITING)]

    def test_the_twin_sees_nothing_of_it(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            opened(edition, differing(edition))
        with in_tenant(world, world.second) as edition:
            make_round(edition, judges=2)
            assert rows(edition, officer()) == []
            assert deliberations_of(edition, ROUND) == []

    @pytest.mark.parametrize("entries", [1, 30])
    def test_one_entry_or_thirty_take_the_same_queries(self, world: World, entries: int) -> None:
        with in_tenant(world, world.first) as edition:
            made = make_round(edition, judges=2, entries=entries)
            for entry in made:
                lock(edition, entry, number=1)
                lock(edition, entry, number=2, scores=LOW)
            attendee = access_council_room(edition, judge_actor(1), ROUND)
            with count_queries(world.app) as seen:
                found = deviations(edition, attendee)

            assert len(found) == entries
            assert seen.count == 6, seen


class TestOpening:
    def test_it_keeps_the_points_of_now_and_who_takes_part(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)

            talk = opened(edition, entry)

            assert (talk.number, talk.state, talk.participants) == (1, "open", ["J1", "J2"])
            assert talk.before == {"J1": dict(sorted(WHOLE.items())), "J2": dict(sorted(LOW.items()))}
            (line,) = audit.records(actions=["deliberation.opened"])
            assert (line.subject, line.data) == (
                entry.code,
                {"round": ROUND, "number": 1, "scope": "entry", "judges": 2, "awaited": 0},
            )
            assert rows(edition, officer()) == [(entry.code, Standing.OPEN)]

    def test_opening_again_while_it_is_open_gives_the_same(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            assert opened(edition, entry).id == opened(edition, entry, scope=Scope.COUNCIL).id
            assert len(audit.records(actions=["deliberation.opened"])) == 1

    def test_while_a_judge_has_not_finished_it_needs_a_reason(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            (entry,) = make_round(edition, judges=3)
            lock(edition, entry, number=1)
            lock(edition, entry, number=2, scores=LOW)
            with pytest.raises(Invalid) as refused:
                opened(edition, entry)
            assert list(refused.value.errors) == ["reason"]

            talk = opened(edition, entry, reason="Giám khảo thứ ba ốm")

            assert talk.participants == ["J1", "J2", "J3"]

    def test_two_locked_sheets_are_the_least(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            (entry,) = make_round(edition)
            lock(edition, entry)
            with pytest.raises(DeliberationRefused):
                opened(edition, entry)

    def test_a_judge_who_does_not_lead_may_not_open(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            with pytest.raises(Forbidden):
                opened(edition, entry, leader=judge_actor(1))

    def test_the_whole_council_may_be_asked_without_who_has_a_conflict(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            first, _second = make_round(edition, judges=4, entries=2)
            lock(edition, first, number=1)
            lock(edition, first, number=2, scores=LOW)
            declare([first], [Kind.FAMILY.value], "", actor=judge_actor(3), now=NOW)

            talk = opened(edition, first, scope=Scope.COUNCIL, reason="J4 chưa xong")

            assert talk.participants == ["J1", "J2", "J4"]

    def test_opening_again_after_the_closing_needs_a_reason_and_keeps_the_first(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            closed(edition, entry, opened(edition, entry))
            with pytest.raises(Invalid):
                opened(edition, entry)

            again = opened(edition, entry, reason="Có tài liệu mới")

            assert again.number == 2
            assert [one.deliberation.number for one in records_of_entry(edition, ROUND, entry.id)] == [2, 1]


class TestRoom:
    def test_a_judge_with_a_sheet_to_lock_is_told_to_lock_it(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            (entry,) = make_round(edition, judges=3)
            lock(edition, entry, number=1)
            lock(edition, entry, number=2, scores=LOW)
            opened(edition, entry, reason="Sớm")
            attendee = access_council_room(edition, judge_actor(3), ROUND)
            with pytest.raises(OwnSheetUnfinished):
                access_deliberation(edition, judge_actor(3), attendee, entry.code or "")

    def test_a_judge_who_was_not_asked_finds_nothing(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            first, second = _two_entries_judged_apart(edition)
            opened(edition, first)
            attendee = access_council_room(edition, judge_actor(3), ROUND)
            with pytest.raises(NotFound):
                access_deliberation(edition, judge_actor(3), attendee, first.code or "")
            assert second.code

    def test_a_conflict_in_the_middle_shuts_the_judge_out_and_nothing_is_changed(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition, judges=3)
            talk = opened(edition, entry)
            declare([entry], [Kind.FAMILY.value], "", actor=judge_actor(2), now=NOW)
            assert list(points_of_entry(edition.id, ROUND, entry.id)) == ["J1", "J3"]
            with pytest.raises(NotFound):
                change(edition, entry, talk)

    def test_one_leads_and_another_has_to_take_over(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            other = actor_of(make_account("can-bo-2@example.vn", roles=[Role.COMMITTEE]))
            place = room_of(edition, entry, other)
            with pytest.raises(DeliberationRefused):
                lead(place, talk.id, "doi_moi", actor=other)

            shown = lead(place, talk.id, "doi_moi", take=True, actor=other)

            assert (shown.criterion, shown.leader_id, shown.version) == ("doi_moi", other.id, 2)

    def test_a_criterion_that_the_sheet_has_not_is_not_shown(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            with pytest.raises(NotFound):
                lead(room_of(edition, entry, officer()), talk.id, "khong_co", actor=officer())

    def test_the_room_goes_to_another_dossier_and_back(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            first, second = make_round(edition, judges=2, entries=2)
            for entry in (first, second):
                lock(edition, entry, number=1)
                lock(edition, entry, number=2, scores=LOW)
            here, there = opened(edition, first), opened(edition, second)

            lead(room_of(edition, first, officer()), here.id, "", to=there.id, actor=officer())
            assert (here.next_entry_id, there.next_entry_id) == (second.id, None)
            lead(room_of(edition, second, officer()), there.id, "", to=here.id, actor=officer())
            assert (here.next_entry_id, there.next_entry_id) == (None, first.id)


class TestChange:
    def test_before_after_reason_and_time_are_kept_and_results_take_the_latest(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)

            sheet = change(edition, entry, talk, now=LATER)

            row = session().scalars(select(ScoreChange)).one()
            assert (row.before, row.after) == (dict(sorted(LOW.items())), dict(sorted(NEAR.items())))
            assert (row.reason, row.at, row.number) == (WHY, LATER, 1)
            assert dict(sheet.scores) == points(NEAR)
            taken = {one.judge: one.scores for one in locked_sheets(edition)}
            assert taken["J2"] == points(NEAR)

    def test_the_log_holds_the_new_commitment_beside_the_old_one(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            before = {one.judge: one.commitment for one in locked_sheets(edition)}

            change(edition, entry, talk)

            sheet = next(one for one in locked_sheets(edition) if one.judge == "J2")
            (line,) = audit.records(actions=["sheet.changed"])
            assert line.data == {
                "edition": edition.key,
                "round": ROUND,
                "form": 2,
                "before": before["J2"],
                "commitment": sheet.commitment,
            }
            assert sheet.commitment == sealed(
                edition.key, ROUND, entry.code or "", "J2", sheet.scores, sheet.remark, sheet.nonce
            )
            assert sheets_unlike_their_commitment(edition) == []

    def test_the_same_sent_twice_is_one_change(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            first = change(edition, entry, talk)

            again = change(edition, entry, talk, revision=first.revision - 1)

            assert again.revision == first.revision
            assert len(audit.records(actions=["sheet.changed"])) == 1

    def test_two_devices_that_change_differently_meet_and_nothing_is_overwritten(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            first = change(edition, entry, talk)
            with pytest.raises(SheetConflict) as refused:
                change(edition, entry, talk, {**NEAR, "doi_moi": "12"}, revision=first.revision - 1)
            assert dict(refused.value.stored.scores) == points(NEAR)

    @pytest.mark.parametrize(
        ("scores", "reason", "wrong"),
        [
            ({**NEAR, "doi_moi": "99"}, WHY, ["score_doi_moi"]),
            ({**NEAR, "doi_moi": "18.3"}, WHY, ["score_doi_moi"]),
            (NEAR, " ", ["reason"]),
            (LOW, WHY, ["score_doi_moi"]),
            (NEAR, "x" * 1001, ["reason"]),
        ],
    )
    def test_points_follow_the_rules_and_a_reason_is_needed(
        self, world: World, scores: dict[str, str], reason: str, wrong: list[str]
    ) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            with pytest.raises(Invalid) as refused:
                change(edition, entry, talk, scores, reason=reason)
            assert list(refused.value.errors) == wrong
            assert session().scalars(select(ScoreChange)).all() == []

    def test_outside_an_open_deliberation_a_locked_sheet_stays(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            with pytest.raises(NotFound):
                change(edition, entry, Deliberation(id=entry.id))
            with pytest.raises(SheetLocked):
                save_scores(
                    edition,
                    place_of(edition, entry, number=2),
                    points(NEAR),
                    None,
                    2,
                    actor=judge_actor(2),
                    now=NOW,
                )

    def test_after_the_closing_it_is_refused(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            closed(edition, entry, talk)
            with pytest.raises(DeliberationClosed):
                change(edition, entry, talk)

    def test_a_draft_is_not_changed_here(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            (entry,) = make_round(edition, judges=3)
            lock(edition, entry, number=1)
            lock(edition, entry, number=2, scores=LOW)
            fill(edition, entry, number=3)
            talk = opened(edition, entry, reason="Sớm")
            with pytest.raises(OwnSheetUnfinished):
                change(edition, entry, talk, number=3)

    def test_the_sheet_of_another_is_not_touched(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            change(edition, entry, talk, number=2)
            taken = {one.judge: one.scores for one in locked_sheets(edition)}
            assert taken["J1"] == points(WHOLE)

    def test_the_log_shows_points_edited_by_hand_in_the_database(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            change(edition, entry, talk)
            score = session().scalars(select(SheetScore).where(SheetScore.points == Decimal(18))).one()
            score.points = Decimal(19)
            session().flush()
            assert sheets_unlike_their_commitment(edition) == [(ROUND, "J2", entry.code)]

    def test_the_log_shows_a_change_taken_back_by_hand_with_its_old_commitment(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            change(edition, entry, talk)
            made = session().scalars(select(ScoreChange)).one()
            for key, text in made.before.items():
                row = select(SheetScore).where(
                    SheetScore.sheet_id == made.sheet_id, SheetScore.criterion == key
                )
                session().scalars(row).one().points = Decimal(text)
            back = update(Sheet).where(Sheet.id == made.sheet_id)
            session().execute(back.values(nonce=made.nonce, commitment=made.commitment))
            session().expire_all()
            assert sheets_unlike_their_commitment(edition) == [(ROUND, "J2", entry.code)]


class TestClosing:
    def test_the_outcome_and_the_points_before_and_after_are_kept(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            change(edition, entry, talk)

            closed(edition, entry, talk, "J2 sửa điểm sau khi nghe giải trình", now=LATER)

            (record,) = deliberations_of(edition, ROUND)
            view = record.deliberation
            assert (view.outcome, view.closed_at) == ("J2 sửa điểm sau khi nghe giải trình", LATER)
            assert view.before["J2"] == points(LOW)
            assert view.after["J2"] == points(NEAR)
            assert [(one.judge, one.reason) for one in record.changes] == [("J2", WHY)]
            (line,) = audit.records(actions=["deliberation.closed"])
            assert line.data == {"round": ROUND, "number": 1, "changes": 1}
            assert rows(edition, officer()) == [(entry.code, Standing.CHANGED)]

    def test_without_a_change_the_points_stand(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            closed(edition, entry, opened(edition, entry))
            assert rows(edition, officer()) == [(entry.code, Standing.KEPT)]

    def test_it_needs_words(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            with pytest.raises(Invalid):
                closed(edition, entry, talk, "  ")

    def test_closing_twice_is_once(self, world: World) -> None:
        with in_tenant(world, world.first) as edition:
            entry = differing(edition)
            talk = opened(edition, entry)
            closed(edition, entry, talk)
            closed(edition, entry, talk)
            assert len(audit.records(actions=["deliberation.closed"])) == 1
            with pytest.raises(DeliberationClosed):
                closed(edition, entry, talk, "Khác")


def test_a_change_sent_twice_at_once_while_the_leader_closes_is_one_or_none(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id), unit_of_work():
        edition = view(world.first)
        entry = differing(edition)
        talk_id = opened(edition, entry).id
    together, said = threading.Barrier(3), []

    def do(deed: Callable[[EditionView, Entry, Deliberation], object]) -> None:
        with app.app_context(), tenant_scope(world.first.id):
            together.wait()
            try:
                with unit_of_work():
                    found = session().scalars(select(Entry)).one()
                    talk = session().scalars(select(Deliberation)).one()
                    deed(view(world.first), found, talk)
                said.append("done")
            except DomainError as refused:
                said.append(type(refused).__name__)

    def give(edition: EditionView, entry: Entry, talk: Deliberation) -> None:
        change(edition, entry, talk, revision=2)

    threads = [threading.Thread(target=do, args=(deed,)) for deed in (give, give, closed)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(said) == 3
    assert set(said) <= {"done", "DeliberationClosed"}
    with app.app_context(), tenant_scope(world.first.id):
        made = session().scalars(select(ScoreChange)).all()
        talk = session().get_one(Deliberation, (world.first.id, talk_id))
        assert len(made) <= 1
        assert talk.state == "closed"
        assert talk.after["J2"] == dict(sorted((NEAR if made else LOW).items()))
        assert sheets_unlike_their_commitment(view(world.first)) == []


def _two_entries_judged_apart(edition: EditionView) -> tuple[Entry, Entry]:
    """J1 and J2 judge the first, J3 the second."""
    first, second = make_round(edition, judges=3, entries=2)
    lock(edition, first, number=1)
    lock(edition, first, number=2, scores=LOW)
    third = judge_of(edition.id, judge_account(3).id)
    assert third is not None
    end(Ending.MOVED, judge_id=third.id, entry_id=first.id, now=NOW)
    return first, second
