"""A round assigned by a plan: proposed, changed by hand, issued, and planned again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from core.contests.models import Edition
from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.assigning import Ending, end
from core.judging.conflict_values import Kind
from core.judging.errors import PlanMoved, PlanOutdated, RoundUnfinished
from core.judging.models import Assignment, Judge
from core.judging.plan import Fit, Move
from core.judging.queries import desk_queue, judge_progress
from core.judging.queries.planning import judges_with_fields, newest_proposal, running_pairs, situation
from core.judging.services import abstain, appoint_judge, declare, open_round, planning, withdraw_judge
from core.judging.setups import Assigned, NextBy, Setup, finished_sheets
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.mail import Mail
from core.letters.catalogue import known_letter
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.support.judging import ROUND, fill, judge_actor, lock, make_council, make_round, place_of
from tests.support.voting import in_tenant

BY_TWO = Setup(way=Assigned.PLAN, k=2)


def planned(edition: EditionView, *, entries: int = 3, judges: int = 3, setup: Setup = BY_TWO) -> list[str]:
    """An open round under a setup, nothing assigned yet; the codes of its entries."""
    owner = account()
    made = [make_entry(edition, owner, title=f"Máy sấy chè {number}") for number in range(1, entries + 1)]
    make_council(edition, judges=judges)
    planning.save_setup(edition, ROUND, setup, actor=SYSTEM, now=NOW)
    open_round(edition, ROUND, actor=SYSTEM, now=NOW)
    return [one.code or "" for one in made]


def proposed(edition: EditionView) -> list[tuple[str, str]]:
    return planning.pairs_of(planning.propose(edition, ROUND, actor=SYSTEM, now=NOW))


def issued(edition: EditionView) -> str:
    newest = newest_proposal(edition.id, ROUND)
    return planning.issue_plan(edition, ROUND, newest.revision if newest else 0, actor=SYSTEM, now=NOW)


def running() -> list[tuple[str, str]]:
    """(number of the judge, way) of the assignments that run."""
    ask = select(Judge.number, Assignment.way).join(Judge, Judge.id == Assignment.judge_id)
    rows = session().execute(ask.where(Assignment.ended_at.is_(None)))
    return sorted((row[0], row[1]) for row in rows)


def letters() -> Sequence[str]:
    ask = select(Mail.recipient).where(Mail.kind == "judging-assigned")
    return sorted(session().scalars(ask))


def test_a_round_to_be_planned_opens_with_nobody_assigned(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        planned(edition)

        assert running() == []


def test_a_newcomer_gets_nothing_of_a_planned_round_by_himself(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        planned(edition)

        appoint_judge(edition, make_account("moi@example.vn").id, actor=SYSTEM, now=NOW)

        assert running() == []


def test_a_proposal_assigns_nobody(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        planned(edition)

        pairs = proposed(edition)

        assert (len(pairs), running()) == (6, [])


def test_an_issued_plan_is_on_the_desks_and_in_the_log_and_told_to_each_judge_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        planned(edition)
        proposed(edition)

        digest = issued(edition)
        again = issued(edition)

        assert running() == [(number, "plan") for number in ("J1", "J1", "J2", "J2", "J3", "J3")]
        assert [row.total for row in judge_progress(edition, ROUND)] == [2, 2, 2]
        (line,) = audit.records(actions=["plan.issued"])
        assert (line.data["digest"], again) == (digest, digest)
        assert letters() == ["giamkhao2@example.vn", "giamkhao3@example.vn", "giamkhao@example.vn"]


def test_the_letter_says_how_many_and_by_when(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        planned(edition)
        proposed(edition)
        issued(edition)

        mail = session().scalars(select(Mail).where(Mail.recipient == "giamkhao2@example.vn")).one()

        assert mail.subject.startswith("2 hồ sơ cần bạn chấm ở ")
        assert "khóa phiếu trước " in mail.body
        assert known_letter("judging-assigned").is_open


def test_issued_again_only_those_get_a_letter_whose_entries_changed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        planned(edition, entries=2, judges=2, setup=replace(BY_TWO, k=1))
        proposed(edition)
        issued(edition)
        appoint_judge(edition, make_account("moi@example.vn").id, actor=SYSTEM, now=NOW)
        owner = account()
        make_entry(edition, owner, title="Hồ sơ đến sau")
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        before = set(running())
        here = situation(edition, ROUND)
        held = set(running_pairs(edition.id, ROUND, here))

        pairs = set(proposed(edition))
        issued(edition)

        changed = {number for _code, number in held ^ pairs if number in {one for _c, one in pairs}}
        assert before == {("J1", "plan"), ("J2", "plan")}
        assert len(letters()) == 2 + len(changed)


def test_who_is_barred_is_proposed_nothing_of_the_entry(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        codes = planned(edition, entries=2, judges=2, setup=replace(BY_TWO, k=1))
        own = make_entry(edition, make_account("giamkhao9@example.vn"), title="Của giám khảo")
        mine = appoint_judge(edition, own.owner_id, actor=SYSTEM, now=NOW)
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        (first, *_rest) = codes
        here = situation(edition, ROUND)
        planning.propose(edition, ROUND, actor=SYSTEM, now=NOW)
        issued(edition)
        end(Ending.CONFLICT, entry_id=here.entry_ids[first], now=NOW)

        pairs = proposed(edition)

        assert (own.code, mine.number) not in pairs
        assert len([pair for pair in pairs if pair[0] == first]) == 1
        conflicted = {(one.judge_id, one.entry_id) for one in session().scalars(
            select(Assignment).where(Assignment.why == "conflict")
        )}  # fmt: skip
        assert not conflicted & {(here.judge_ids[number], here.entry_ids[code]) for code, number in pairs}


def test_planned_again_what_has_a_sheet_stays_with_its_judge(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, entries=3, judges=3)
        one, two, _three = (make_code for make_code in _entries(edition))
        lock(edition, one, number=2)
        fill(edition, two, number=2)
        planning.save_setup(edition, ROUND, replace(BY_TWO, k=1), actor=SYSTEM, now=NOW)

        pairs = proposed(edition)
        issued(edition)

        assert {(one.code, "J2"), (two.code, "J2")} <= set(pairs)
        assert len(pairs) == 3
        assert len(running()) == 3
        assert place_of(edition, one, number=2).judge.number == "J2"


def test_who_abstained_is_replaced(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        abstain(edition, place_of(edition, entry), "Cùng cơ quan", actor=judge_actor(), now=NOW)
        planning.save_setup(edition, ROUND, replace(BY_TWO, k=1), actor=SYSTEM, now=NOW)

        assert proposed(edition) == [(entry.code, "J2")]
        assert running_pairs(edition.id, ROUND, situation(edition, ROUND)) == [(entry.code, "J2")]


def test_a_proposal_made_before_the_council_changed_is_not_issued(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        planned(edition)
        proposed(edition)
        withdraw_judge(edition, "J3", "Nghỉ", actor=SYSTEM, now=NOW)

        with pytest.raises(PlanOutdated):
            issued(edition)

        assert running() == []


def test_a_move_changes_the_proposal_and_is_marked_as_by_hand(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        code, *_rest = planned(edition, setup=replace(BY_TWO, k=1))
        ((_code, leaves),) = [pair for pair in proposed(edition) if pair[0] == code]
        comes = next(number for number in ("J1", "J2", "J3") if number != leaves)

        effect = planning.move_by_hand(
            edition, ROUND, Move(code, leaves, comes), 0, is_confirmed=True, actor=SYSTEM, now=NOW
        )
        issued(edition)

        # From 1, 1, 1 entries to 0, 1, 2: twice the squares of loads, once those of the (only) field.
        assert effect.points == (2 + 1) * (4 - 1 - 1)
        assert running().count((comes, "hand")) == 1
        assert [way for _number, way in running()].count("plan") == 2


def test_a_move_over_the_bound_is_said_and_only_done_when_confirmed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        code, *_rest = planned(edition, setup=replace(BY_TWO, k=1, most=1))
        ((_code, leaves),) = [pair for pair in proposed(edition) if pair[0] == code]
        comes = next(number for number in ("J1", "J2", "J3") if number != leaves)

        with pytest.raises(Invalid) as refused:
            planning.move_by_hand(
                edition, ROUND, Move(code, leaves, comes), 0, is_confirmed=False, actor=SYSTEM, now=NOW
            )

        assert "sẽ có hơn 1 hồ sơ" in refused.value.errors["confirm"][0]
        newest = newest_proposal(edition.id, ROUND)
        assert newest is not None
        assert (code, leaves) in planning.pairs_of(newest)


def test_a_move_to_who_is_in_conflict_is_refused_however_confirmed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, judges=2)
        (entry,) = _entries(edition)
        judge = session().scalars(select(Judge.id).where(Judge.number == "J2")).one()
        end(Ending.CONFLICT, judge_id=judge, now=NOW)
        planning.save_setup(edition, ROUND, replace(BY_TWO, k=1), actor=SYSTEM, now=NOW)
        proposed(edition)

        with pytest.raises(Invalid) as refused:
            planning.move_by_hand(
                edition,
                ROUND,
                Move(entry.code or "", "J1", "J2"),
                0,
                is_confirmed=True,
                actor=SYSTEM,
                now=NOW,
            )

        assert "xung đột lợi ích" in refused.value.errors["comes"][0]


def test_a_move_on_a_page_that_is_no_longer_so_is_refused(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        code, *_rest = planned(edition)
        proposed(edition)

        with pytest.raises(PlanMoved):
            planning.move_by_hand(
                edition, ROUND, Move(code, "J1", "J2"), 7, is_confirmed=True, actor=SYSTEM, now=NOW
            )


def test_a_large_proposal_is_made_by_a_job_that_may_run_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "AT_ONCE", 2)
    with in_tenant(world, world.first) as edition:
        planned(edition)
        proposal = planning.propose(edition, ROUND, actor=SYSTEM, now=NOW)
        assert proposal.state == planning.COMPUTING

        for _run in range(2):
            planning.compute({"proposal": str(proposal.id)})

        assert (proposal.state, len(proposal.pairs)) == (planning.READY, 6)


def test_the_whole_council_judges_all_but_who_may_not(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        planned(edition)
        planning.save_setup(edition, ROUND, Setup(), actor=SYSTEM, now=NOW)

        begun = planning.issue_whole(edition, ROUND, actor=SYSTEM, now=NOW)

        assert (begun, len(running())) == (9, 9)


def test_fields_are_noted_and_used(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = two_rounds(world, first_view)
        entry = make_entry(edition, account())
        field = edition.rules.entry_fields()[0].key
        entry.field = field
        make_council(edition, judges=3)
        planning.save_setup(edition, "so_khao", replace(BY_TWO, k=1), actor=SYSTEM, now=NOW)
        open_round(edition, "so_khao", actor=SYSTEM, now=NOW)

        planning.set_fields(edition, "J2", {field: Fit.MATCH}, actor=SYSTEM, now=NOW)

        assert [dict(one.fits) for one in judges_with_fields(edition)] == [{}, {field: Fit.MATCH}, {}]
        proposal = planning.propose(edition, "so_khao", actor=SYSTEM, now=NOW)
        assert planning.pairs_of(proposal) == [(entry.code, "J2")]


def test_a_field_that_the_rules_do_not_have_is_refused(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        planned(edition)

        with pytest.raises(Invalid):
            planning.set_fields(edition, "J2", {"khong_co": Fit.MATCH}, actor=SYSTEM, now=NOW)


def test_the_next_round_waits_for_entries_that_nobody_was_given(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = two_rounds(world, first_view)
        make_entry(edition, account())
        make_council(edition)
        planning.save_setup(edition, "so_khao", BY_TWO, actor=SYSTEM, now=NOW)
        open_round(edition, "so_khao", actor=SYSTEM, now=NOW)

        with pytest.raises(RoundUnfinished, match="1 hồ sơ chưa giao"):
            open_round(edition, "chung_khao", actor=SYSTEM, now=NOW)


def test_what_the_fewest_have_finished_comes_next_and_nothing_of_it_is_shown(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        one, two, three = make_round(edition, entries=3, judges=3)
        planning.save_setup(edition, ROUND, Setup(next_by=NextBy.LEAST), actor=SYSTEM, now=NOW)
        lock(edition, one, number=2)
        lock(edition, two, number=2)
        lock(edition, two, number=3)
        place = place_of(edition, three)

        queue = desk_queue(edition, place.judge, place.round)

        assert [row.code for row in queue.rows] == [one.code, two.code, three.code]
        assert queue.order == (three.code, one.code, two.code)
        assert queue.unscored_after(three.code or "") == one.code


def test_a_sheet_under_a_conflict_is_none_of_the_finished(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        one, two = make_round(edition, entries=2, judges=3)
        planning.save_setup(edition, ROUND, Setup(next_by=NextBy.LEAST), actor=SYSTEM, now=NOW)
        lock(edition, one, number=2)
        lock(edition, two, number=3)
        declare([one], [Kind.UNIT.value], "", actor=judge_actor(2), now=NOW)
        place = place_of(edition, two)

        assert desk_queue(edition, place.judge, place.round).order == (one.code, two.code)
        counted = {row[0]: row[1] for row in session().execute(select(Entry.code, finished_sheets(ROUND)))}
        assert counted == {one.code: 0, two.code: 1}


def test_only_the_committee_plans(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        planned(edition)

        with pytest.raises(Forbidden):
            planning.propose(edition, ROUND, actor=actor_of(account()), now=NOW)


def test_the_twins_plan_is_not_found(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        planned(edition)
        proposed(edition)
    with in_tenant(world, world.second) as edition:
        assert newest_proposal(edition.id, ROUND) is None
        with pytest.raises(NotFound):
            planning.issue_plan(edition, ROUND, 0, actor=SYSTEM, now=NOW)


def _entries(edition: EditionView) -> list[Entry]:
    ask = select(Entry).where(Entry.edition_id == edition.id).order_by(Entry.code)
    return list(session().scalars(ask))


def two_rounds(world: World, edition: EditionView) -> EditionView:
    """The edition under the rules of Bắc Giang: fields, a preliminary round, the final."""
    stored = session().get_one(Edition, (session().tenant_id, edition.id))
    stored.plugins = ["stkt_base", "bacgiang_stkt"]
    session().flush()
    return view(world.first)
