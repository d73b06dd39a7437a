"""Two officers at the same instant, each with a connection of his own: one wins, the other is told, nothing is half."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.contests import rules
from core.contests.policies import RulesMoved
from core.contests.settings_plan import digest_of
from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.services.submission import withdraw
from core.judging.council_room import access_council_room
from core.judging.criteria_versions import versions_of
from core.judging.deliberation_models import Deliberation, ScoreChange
from core.judging.errors import (
    DeliberationClosed,
    DeliberationRefused,
    FinalistsMoved,
    RoundNotOpen,
    RoundUnfinished,
    SheetsAreLocked,
)
from core.judging.finalists import Verdict
from core.judging.going_on import choices_of
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.visit_changes import NewDate, NewGoers, change_goers, move_visit
from core.judging.meeting.visit_models import SiteVisit
from core.judging.meeting.visits import VisitFacts, members_of, moves_of, plan_visit
from core.judging.models import Assignment, RoundEntry
from core.judging.services import lock_sheet, open_round
from core.judging.services.finalists import choose
from core.kernel.actor import SYSTEM, Role
from core.kernel.audit import records
from core.kernel.db import session
from core.kernel.errors import DomainError, NotFound
from core.kernel.mail import Mail
from core.kernel.uow import unit_of_work
from core.plugin_host import dump_one
from tests.support.councils import with_fields
from tests.support.deliberations import change, differing, officer, opened
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.support.judging import (
    ROUND,
    fill,
    judge_account,
    judge_actor,
    make_council,
    make_round,
    place_of,
    stored_sheets,
)
from tests.support.meeting import make_meeting, secretary
from tests.support.voting import in_tenant
from tests.unit.judging.test_finalists import FINAL, judged_round

FIRST = "so_khao"
PLUGIN = "thainguyen_innovation"
LATER = NOW + timedelta(days=5)
Deed = Callable[[EditionView], object]


def at_once(world: World, deeds: Sequence[Deed], *, fields: bool = False) -> list[object]:
    """What each of `deeds` gave, or the refusal it was told, done by threads that set out together, each in a unit of
    work on a connection that it has open already. `fields` reads the edition as `judged_round` does."""
    together, said = threading.Barrier(len(deeds), timeout=30), [object()] * len(deeds)

    def do(place: int, deed: Deed) -> None:
        with in_tenant(world, world.first) as found:
            edition = with_fields(world.first, found) if fields else found
            session().rollback()
            together.wait()
            try:
                with unit_of_work():
                    said[place] = deed(edition)
            except DomainError as refused:
                said[place] = refused

    threads = [threading.Thread(target=do, args=one) for one in enumerate(deeds)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return said


def refusals(said: Sequence[object]) -> list[type[object]]:
    return [type(one) for one in said if isinstance(one, DomainError)]


def test_of_two_choices_about_one_entry_the_first_stands_and_the_other_is_told(world: World) -> None:
    with in_tenant(world, world.first) as found:
        _edition, (entry, *_others) = judged_round(world, found, 100, 90)
        code = entry.code or ""

    def say(verdict: Verdict) -> Deed:
        return lambda edition: choose(
            edition, FINAL, code, verdict, f"lý do {verdict}", seen=0, actor=SYSTEM, now=NOW
        )

    said = at_once(world, [say(Verdict.IN), say(Verdict.OUT)], fields=True)

    assert refusals(said) == [FinalistsMoved]
    won = Verdict.IN if said[0] is True else Verdict.OUT
    with in_tenant(world, world.first) as edition:
        kept = choices_of(edition.id, FINAL)[code]
        assert (kept.verdict, kept.reason, kept.revision) == (won, f"lý do {won}", 1)
        lines = records(actions=["finalists.chosen"])
        assert [one.data["verdict"] for one in lines] == [won.value]


def test_a_choice_and_the_opening_of_its_round_do_not_cross(world: World) -> None:
    with in_tenant(world, world.first) as found:
        _edition, made = judged_round(world, found, 100, 90)
        codes = [one.code or "" for one in made]

    said = at_once(
        world,
        [
            lambda edition: choose(
                edition, FINAL, codes[0], Verdict.OUT, "lý do", seen=0, actor=SYSTEM, now=NOW
            ),
            lambda edition: open_round(edition, FINAL, seen=codes, actor=SYSTEM, now=NOW),
        ],
        fields=True,
    )

    (refused,) = refusals(said)
    assert refused is (RoundNotOpen if said[1] == 2 else FinalistsMoved)
    with in_tenant(world, world.first) as edition:
        assert entries_in(FINAL) == (2 if refused is RoundNotOpen else 0)
        assert len(choices_of(edition.id, FINAL)) == (0 if refused is RoundNotOpen else 1)


def test_of_two_openings_of_a_round_one_puts_its_entries_in_and_the_other_adds_none(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_council(edition, judges=2)
        for number in (1, 2, 3):
            make_entry(edition, account(), title=f"Máy sấy chè {number}")

    def opening(edition: EditionView) -> int:
        return open_round(edition, ROUND, actor=SYSTEM, now=NOW)

    assert sorted(map(str, at_once(world, [opening, opening]))) == ["0", "3"]

    with in_tenant(world, world.first):
        assert entries_in(ROUND) == 3
        assert session().scalar(select(func.count()).select_from(Assignment)) == 6
        assert [len(one.data["entries"]) for one in records(actions=["round.opened"])] == [3]


def test_of_two_lists_of_finalists_shown_before_and_after_a_choice_the_older_opens_nothing(
    world: World,
) -> None:
    with in_tenant(world, world.first) as found:
        edition, made = judged_round(world, found, 100, 90)
        codes = [one.code or "" for one in made]
        choose(edition, FINAL, codes[1], Verdict.OUT, "lý do", seen=0, actor=SYSTEM, now=NOW)

    def opening(seen: Sequence[str]) -> Deed:
        return lambda edition: open_round(edition, FINAL, seen=seen, actor=SYSTEM, now=NOW)

    said = at_once(world, [opening(codes), opening(codes[:1])], fields=True)

    # The older list is refused, or comes when everybody is in already and adds nobody.
    assert said[1] == 1
    assert isinstance(said[0], FinalistsMoved) or said[0] == 0
    with in_tenant(world, world.first):
        assert entries_in(FINAL) == 1


def test_a_round_is_not_added_to_while_the_next_one_opens(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition, _made = judged_round(world, found, 100)
        make_entry(edition, account(), title="Nộp muộn")

    said = at_once(
        world,
        [
            lambda edition: open_round(edition, FIRST, actor=SYSTEM, now=NOW),
            lambda edition: open_round(edition, FINAL, actor=SYSTEM, now=NOW),
        ],
        fields=True,
    )

    (refused,) = refusals(said)
    is_added = said[0] == 1
    assert refused is (RoundUnfinished if is_added else RoundNotOpen)
    with in_tenant(world, world.first):
        assert (entries_in(FIRST), entries_in(FINAL)) == ((2, 0) if is_added else (1, 1))


@pytest.mark.parametrize("is_same", [False, True], ids=["two dates", "the same form twice"])
def test_of_two_who_move_one_visit_the_first_stands_and_everybody_is_told_once(
    world: World,
    is_same: bool,
) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        who = access_council_room(edition, secretary(), ROUND)
        going = frozenset({judge_account(1).id})
        facts = VisitFacts(entry.code or "", NOW + timedelta(days=2), "Hợp tác xã chè", going)
        plan_visit(edition, who, facts, form_token="v1", actor=secretary(), now=NOW)

    def moving(days: int) -> Deed:
        def move(edition: EditionView) -> object:
            who = access_council_room(edition, secretary(), ROUND)
            typed = NewDate(LATER + timedelta(days=days), "Xưởng chè", "Mưa lũ", 0)
            return move_visit(edition, who, 1, typed, actor=secretary(), now=NOW).at

        return move

    said = at_once(world, [moving(0), moving(0 if is_same else 1)])

    assert refusals(said) == ([] if is_same else [MeetingRefused])
    with in_tenant(world, world.first):
        visit = session().scalars(select(SiteVisit)).one()
        assert [one for one in said if not isinstance(one, DomainError)] == [visit.at] * (2 if is_same else 1)
        assert len(moves_of([visit.id])) == 1
        for kind in ("visit-moved", "visit-goer-moved"):
            assert session().scalar(select(func.count()).where(Mail.kind == kind)) == 1
        assert len(records(actions=["visit.moved"])) == 1


def test_of_two_who_choose_other_goers_the_first_stands(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, *_others = make_meeting(edition)
        who = access_council_room(edition, secretary(), ROUND)
        ids = [judge_account(one).id for one in (1, 2, 3)]
        facts = VisitFacts(entry.code or "", NOW + timedelta(days=2), "Hợp tác xã chè", frozenset(ids[:1]))
        plan_visit(edition, who, facts, form_token="v1", actor=secretary(), now=NOW)

    def choosing(account_id: UUID) -> Deed:
        def choose_goers(edition: EditionView) -> object:
            who = access_council_room(edition, secretary(), ROUND)
            typed = NewGoers(frozenset({account_id}), frozenset(ids[:1]), "Bận")
            change_goers(edition, who, 1, typed, actor=secretary(), now=NOW)
            return account_id

        return choose_goers

    said = at_once(world, [choosing(ids[1]), choosing(ids[2])])

    assert refusals(said) == [MeetingRefused]
    with in_tenant(world, world.first):
        visit = session().scalars(select(SiteVisit)).one()
        chosen = [one for one in said if not isinstance(one, DomainError)]
        assert [one.account_id for one in members_of(visit)] == chosen


def test_an_entry_that_leaves_while_its_talk_is_opened_leaves_no_talk_open(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        differing(edition)

    said = at_once(
        world,
        [
            lambda edition: opened(edition, session().scalars(select(Entry)).one()).id,
            lambda edition: (
                withdraw(
                    session().scalars(select(Entry)).one(),
                    edition,
                    reason="Xin rút",
                    actor=officer(),
                    now=NOW,
                ).code
            ),
        ],
    )

    assert said[1] == "TT-K1-0001"
    assert set(refusals(said)) <= {DeliberationRefused, NotFound}
    with in_tenant(world, world.first):
        states = session().scalars(select(Deliberation.state)).all()
        assert states == ([] if refusals(said) else ["ended"])


def test_a_judge_who_changes_points_as_the_entry_leaves_is_taken_or_refused_and_nobody_waits_crosswise(
    world: World,
) -> None:
    with in_tenant(world, world.first) as edition:
        opened(edition, differing(edition))

    def changing(edition: EditionView) -> object:
        entry = session().scalars(select(Entry)).one()
        return change(edition, entry, session().scalars(select(Deliberation)).one(), revision=2).state

    def leaving(edition: EditionView) -> object:
        entry = session().scalars(select(Entry)).one()
        return withdraw(entry, edition, reason="Xin rút", actor=officer(), now=NOW).state

    said = at_once(world, [changing, leaving])

    assert said[1] == "withdrawn"
    assert set(refusals(said)) <= {DeliberationClosed, NotFound}
    with in_tenant(world, world.first):
        assert session().scalars(select(Deliberation.state)).one() == "ended"
        made = session().scalars(select(func.count()).select_from(ScoreChange)).one()
        assert made == (0 if refusals(said) else 1)


def test_the_first_lock_and_a_change_of_criteria_do_not_miss_each_other(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        seen = fill(view(world.first), entry).revision
        one, two = (
            actor_of(make_account(f"cb{number}@example.vn", roles=[Role.COMMITTEE])) for number in (1, 2)
        )
        asked = rules.ask_reopening(view(world.first), "Sửa thang điểm", actor=one, now=NOW).id

    def locking(edition: EditionView) -> object:
        place = place_of(edition, session().scalars(select(Entry)).one())
        return lock_sheet(edition, place, seen, actor=judge_actor(), now=NOW).state

    def changing(edition: EditionView) -> object:
        held = edition.values.settings[PLUGIN]
        wanted, digest = {**dump_one(PLUGIN, held), "points_doi_moi": "25"}, digest_of(PLUGIN, held)
        rules.agree_reopening(edition, asked, actor=two, now=NOW)
        return rules.change_settings(
            edition, PLUGIN, wanted, "Sửa thang điểm", seen=digest, actor=two, now=NOW
        )

    said = at_once(world, [locking, changing])

    # Locked first: nothing changes any more. Changed first: the judge reads the new criteria before he locks.
    assert refusals(said) in ([SheetsAreLocked], [RulesMoved])
    with in_tenant(world, world.first) as edition:
        locked = [one.state == "locked" for one in stored_sheets()]
        assert locked == [refusals(said) == [SheetsAreLocked]]
        assert [one.number for one in versions_of(edition.id)] == ([1] if locked[0] else [2, 1])


def entries_in(round_key: str) -> int:
    return session().scalars(select(func.count()).where(RoundEntry.round == round_key)).one()
