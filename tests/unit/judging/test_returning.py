"""A conflict that is dismissed gives no entry more judges than its plan says; and each reserve is asked in turn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.assigning import Ending, Way
from core.judging.conflict_models import Conflict
from core.judging.conflict_values import ConflictState, Kind
from core.judging.models import Assignment, Judge
from core.judging.seats import SeatRole
from core.judging.services import CouncilFacts, decide, declare, open_round, planning
from core.judging.setups import Assigned, Setup
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.mail import Mail
from core.people.models import Account
from tests.support.councils import made_council, seated
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import ROUND, WHOLE, fill, judge_actor, lock, make_council, make_round
from tests.support.voting import in_tenant

FIRST, SECOND = "dukhuyet1@example.vn", "dukhuyet2@example.vn"
LATER, LAST = NOW + timedelta(hours=1), NOW + timedelta(hours=2)


def running(entry: Entry) -> dict[str, str]:
    """Judge → way of the assignments of an entry that run."""
    ask = (
        select(Judge.number, Assignment.way)
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(Assignment.entry_id == entry.id, Assignment.ended_at.is_(None))
    )
    return {number: way for number, way in session().execute(ask)}  # noqa: C416


def planned(edition: EditionView, *, k: int = 1) -> Entry:
    """An entry that `k` of three judges have by an issued plan."""
    entry = make_entry(edition, account(), title="Máy sấy chè")
    make_council(edition, judges=3)
    planning.save_setup(edition, ROUND, Setup(way=Assigned.PLAN, k=k), actor=SYSTEM, now=NOW)
    open_round(edition, ROUND, actor=SYSTEM, now=NOW)
    issue(edition, NOW)
    return entry


def issue(edition: EditionView, when: object) -> None:
    made = planning.propose(edition, ROUND, actor=SYSTEM, now=when)  # type: ignore[arg-type]
    planning.issue_plan(edition, ROUND, made.revision, actor=SYSTEM, now=when)  # type: ignore[arg-type]


def replaced(
    edition: EditionView, entry: Entry, *, before: Mapping[str, str] | None = None
) -> tuple[int, int]:
    """A judge declared a conflict (after filling `before`) and a new plan gave the entry to another: both numbers."""
    old = set(running(entry))
    gone = int(min(old)[1:])
    if before is not None:
        fill(edition, entry, number=gone, scores=before)
    declare([entry], [Kind.UNIT.value], "", actor=judge_actor(gone), now=LATER)
    issue(edition, LATER + timedelta(minutes=1))
    (new,) = set(running(entry)) - old
    return gone, int(new[1:])


def dismiss() -> None:
    seen = {one.id: one.revision for one in session().scalars(select(Conflict))}
    decide(
        seen,
        ConflictState.DISMISSED,
        "Nhầm người",
        actor=actor_of(account("btc@example.vn")),
        now=LAST,
    )


def endings() -> dict[str, str]:
    ask = select(Judge.number, Assignment.why).join(Judge, Judge.id == Assignment.judge_id)
    rows = session().execute(ask.where(Assignment.ended_at.is_not(None)))
    return {number: why for number, why in rows}  # noqa: C416


def test_with_nothing_done_the_newcomer_keeps_the_place(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = planned(edition)
        gone, new = replaced(edition, entry)

        dismiss()

        assert running(entry) == {f"J{new}": Way.PLAN}
        assert endings() == {f"J{gone}": Ending.MOVED}


def test_who_is_further_keeps_the_place_and_the_other_is_told_what_is_left(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = planned(edition)
        gone, new = replaced(edition, entry, before={"doi_moi": "10"})

        dismiss()

        assert running(entry) == {f"J{gone}": Way.PLAN}
        assert endings() == {f"J{new}": Ending.MOVED}


def test_a_newcomer_who_did_more_keeps_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = planned(edition)
        gone, new = replaced(edition, entry, before={"doi_moi": "10"})
        fill(edition, entry, number=new, scores=WHOLE)

        dismiss()

        assert running(entry) == {f"J{new}": Way.PLAN}
        assert endings() == {f"J{gone}": Ending.MOVED}


def test_a_sheet_that_was_locked_stands_beside_what_was_locked_since(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = planned(edition)
        (number,) = running(entry)
        lock(edition, entry, number=int(number[1:]))
        _gone, new = replaced(edition, entry)
        lock(edition, entry, number=new)

        dismiss()

        assert running(entry) == {number: Way.PLAN, f"J{new}": Way.PLAN}


def test_judges_of_the_first_plan_stay_where_two_judge(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = planned(edition, k=2)
        gone, new = replaced(edition, entry)
        (other,) = set(running(entry)) - {f"J{new}"}

        dismiss()

        assert set(running(entry)) == {other, f"J{new}"}
        assert endings() == {f"J{gone}": Ending.MOVED}


def test_without_a_new_plan_the_place_is_given_back(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = planned(edition)
        before = running(entry)
        (number,) = before
        declare([entry], [Kind.UNIT.value], "", actor=judge_actor(int(number[1:])), now=LATER)

        dismiss()

        assert running(entry) == before


def with_two_reserves(edition: EditionView, entries: int = 1) -> list[Entry]:
    made = make_round(edition, entries=entries)
    made_council(edition, CouncilFacts(pledge_required=False, reserves_step_in=True))
    for email in (FIRST, SECOND):
        seated(edition, email, SeatRole.RESERVE)
    return made


def test_the_next_reserve_is_asked_when_the_first_has_a_conflict(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = with_two_reserves(edition)
        declare([entry], [Kind.UNIT.value], "", actor=actor_of(account(FIRST)), now=NOW)

        declare([entry], [Kind.UNIT.value], "", actor=judge_actor(), now=NOW)

        reserve = account(SECOND)
        ask = select(Judge.number).where(Judge.account_id == reserve.id)
        assert running(entry) == {session().scalars(ask).one(): Way.RESERVE}
        told = session().scalars(select(Mail.recipient).where(Mail.kind == "council-stands-in")).all()
        assert FIRST not in told


def test_a_reserve_with_a_conflict_takes_the_rest_and_the_next_what_he_may_not(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        closed, open_ = with_two_reserves(edition, entries=2)
        declare([closed], [Kind.UNIT.value], "", actor=actor_of(account(FIRST)), now=NOW)

        declare([closed, open_], [Kind.UNIT.value], "", actor=judge_actor(), now=NOW)

        ask = select(Account.email, Judge.number).join(Judge, Judge.account_id == Account.id)
        numbers = {email: number for email, number in session().execute(ask)}  # noqa: C416
        assert running(closed) == {numbers[SECOND]: Way.RESERVE}
        assert running(open_) == {numbers[FIRST]: Way.RESERVE}
