"""Councils by decision: seats and answers, groups that merge fields, and that nothing is opened which nobody judges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.entries.models import Entry
from core.judging.council_models import Seat
from core.judging.errors import CouncilRefused, RoundNotOpen
from core.judging.models import Assignment, Judge
from core.judging.policies import access_judge
from core.judging.queries import desk_queue, judge_progress
from core.judging.seating import council_of, group_rows, seat_rows, waiting_answers
from core.judging.seats import SeatRole, SeatState
from core.judging.services import (
    CouncilFacts,
    GroupFacts,
    accept_seat,
    change_role,
    decline_seat,
    invite_like,
    invite_to_council,
    leave_seat,
    open_round,
    remind,
    remove_group,
    save_council,
    save_group,
    unseat,
    withdraw_judge,
)
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.mail import Mail
from tests.support.councils import invited, made_council, seated, with_fields
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.judging import ROUND, judge_account, lock, make_round
from tests.support.voting import in_tenant

ONE, TWO, THREE = "mot@example.vn", "hai@example.vn", "ba@example.vn"
FIRST = "so_khao"


def letters(key: str) -> list[Mail]:
    return list(session().scalars(select(Mail).where(Mail.kind == key).order_by(Mail.id)))


def running() -> list[tuple[str, str | None]]:
    """Judge's number and entry's field of each assignment that runs."""
    ask = (
        select(Judge.number, Entry.field)
        .select_from(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Assignment.ended_at.is_(None))
    )
    return sorted((row[0], row[1]) for row in session().execute(ask))


def test_what_the_office_does_not_know_of_the_decision_stays_empty(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        council = made_council(edition)

        assert (council.name, council.decision, council.decided_on, council.pledge_required) == (
            "",
            "",
            None,
            True,
        )


def test_saving_a_council_again_changes_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first = made_council(edition)
        second = save_council(edition, ROUND, CouncilFacts(decision="12/QĐ-BTC"), actor=SYSTEM, now=NOW)

        assert (second.id, second.decision) == (first.id, "12/QĐ-BTC")


def test_only_the_committee_makes_councils_and_invites(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        person = actor_of(account())

        with pytest.raises(Forbidden):
            save_council(edition, ROUND, CouncilFacts(), actor=person, now=NOW)
        with pytest.raises(Forbidden):
            invite_to_council(edition, ROUND, account().id, SeatRole.MEMBER, actor=person, now=NOW)
        with pytest.raises(Forbidden):
            remind(edition, ROUND, actor=person, now=NOW)
        with pytest.raises(Forbidden):
            save_group(edition, ROUND, None, GroupFacts("A", frozenset(), frozenset()), actor=person, now=NOW)


def test_who_judges_already_is_a_member_of_the_council_that_is_made(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, judges=2)

        council = made_council(edition)

        rows = [(row.number, row.role, row.state) for row in seat_rows(council)]
        assert rows == [(number, SeatRole.MEMBER, SeatState.ACCEPTED) for number in ("J1", "J2")]


def test_an_invitation_assigns_nothing_until_it_is_accepted(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_entry(edition, account())
        made_council(edition)
        seat = invited(edition, ONE)
        assert (session().scalars(select(Judge)).all(), len(letters("council-invitation"))) == ([], 1)
        assert "khoảng 1 hồ sơ" in letters("council-invitation")[0].body
        assert "Ủy viên" in letters("council-invitation")[0].body

        accept_seat(edition, seat.id, actor=actor_of(account(ONE)), now=NOW)
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)

        assert running() == [("J1", None)]
        assert "judge" in account(ONE).roles


def test_who_accepts_after_the_round_is_open_joins_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        made_council(edition)

        seated(edition, ONE)

        assert running() == [("J1", None), ("J2", None)]


def test_the_secretary_and_the_reserve_do_not_judge(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_entry(edition, account())
        made_council(edition)
        seated(edition, ONE, SeatRole.CHAIR)
        seated(edition, TWO, SeatRole.SECRETARY)
        seated(edition, THREE, SeatRole.RESERVE)

        open_round(edition, ROUND, actor=SYSTEM, now=NOW)

        assert running() == [("J1", None)]
        assert [row.number for row in judge_progress(edition, ROUND)] == ["J1"]


def test_a_council_has_one_chair(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        chair = invited(edition, ONE, SeatRole.CHAIR)
        other = invited(edition, TWO)

        with pytest.raises(Invalid) as wrong:
            invited(edition, THREE, SeatRole.CHAIR)
        assert list(wrong.value.errors) == ["role"]
        with pytest.raises(Invalid):
            change_role(edition, ROUND, other.id, SeatRole.CHAIR, actor=SYSTEM, now=NOW)
        unseat(edition, ROUND, chair.id, "Đi công tác", actor=SYSTEM, now=NOW)
        change_role(edition, ROUND, other.id, SeatRole.CHAIR, actor=SYSTEM, now=NOW)
        assert other.role == SeatRole.CHAIR


def test_nobody_sits_twice_and_who_declined_can_be_asked_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        seat = invited(edition, ONE)
        with pytest.raises(Invalid):
            invited(edition, ONE, SeatRole.RESERVE)
        decline_seat(edition, seat.id, "Bận việc", actor=actor_of(account(ONE)), now=NOW)

        again = invited(edition, ONE, SeatRole.RESERVE)

        assert (again.id, again.state, again.role, again.reason) == (seat.id, "invited", "reserve", "")


def test_who_declined_is_not_assigned_and_cannot_accept_by_the_old_link(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        made_council(edition)
        seat, person = invited(edition, ONE), actor_of(account(ONE))

        decline_seat(edition, seat.id, "", actor=person, now=NOW)
        decline_seat(edition, seat.id, "lần nữa", actor=person, now=NOW)

        assert (seat.state, seat.reason, running()) == ("declined", "", [("J1", None)])
        with pytest.raises(CouncilRefused):
            accept_seat(edition, seat.id, actor=person, now=NOW)


def test_nobody_answers_for_another(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        seat = invited(edition, ONE)
        deeds: tuple[Callable[[], None], ...] = (
            lambda: accept_seat(edition, seat.id, actor=actor_of(account()), now=NOW),
            lambda: decline_seat(edition, seat.id, "", actor=actor_of(account()), now=NOW),
            lambda: leave_seat(edition, seat.id, "x", actor=actor_of(account()), now=NOW),
        )
        for deed in deeds:
            with pytest.raises(NotFound):
                deed()


def test_leaving_after_accepting_needs_a_reason_and_keeps_what_is_locked(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        done, _half = make_round(edition, entries=2)
        council = made_council(edition, CouncilFacts(pledge_required=False))
        lock(edition, done)
        (row,) = seat_rows(council)
        person = actor_of(judge_account())
        with pytest.raises(Invalid):
            leave_seat(edition, row.id, " ", actor=person, now=NOW)

        leave_seat(edition, row.id, "Ốm", actor=person, now=NOW)

        (progress,) = judge_progress(edition, ROUND)
        assert (progress.locked, progress.total, progress.is_active) == (1, 1, False)
        lines = [line for line in audit.records() if line.action == "council.left"]
        assert [line.data for line in lines] == [{"account": str(person.id), "role": "member"}]


def test_a_closed_round_lets_nobody_in_or_out(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        seat, late = seated(edition, ONE), NOW + timedelta(days=10)
        open_seat = invited(edition, TWO)

        with pytest.raises(CouncilRefused):
            leave_seat(edition, seat.id, "Ốm", actor=actor_of(account(ONE)), now=late)
        with pytest.raises(CouncilRefused):
            accept_seat(edition, open_seat.id, actor=actor_of(account(TWO)), now=late)
        with pytest.raises(CouncilRefused):
            invite_to_council(edition, ROUND, make_account(THREE).id, SeatRole.MEMBER, actor=SYSTEM, now=late)


def test_a_member_made_secretary_is_awaited_no_more(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        done, _half = make_round(edition, entries=2)
        council = made_council(edition, CouncilFacts(pledge_required=False))
        lock(edition, done)
        (row,) = seat_rows(council)

        change_role(edition, ROUND, row.id, SeatRole.SECRETARY, actor=SYSTEM, now=NOW)
        assert [one.total for one in judge_progress(edition, ROUND)] == [1]
        change_role(edition, ROUND, row.id, SeatRole.MEMBER, actor=SYSTEM, now=NOW)

        assert [one.total for one in judge_progress(edition, ROUND)] == [2]


def test_withdrawing_a_judge_takes_him_off_his_councils(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        made_council(edition)

        withdraw_judge(edition, "J1", "Nghỉ", actor=SYSTEM, now=NOW)

        (seat,) = session().scalars(select(Seat))
        assert (seat.state, seat.reason) == ("left", "Nghỉ")


def test_reminders_go_to_who_has_not_answered_once_a_day(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        seated(edition, ONE)
        invited(edition, TWO)
        tomorrow = NOW + timedelta(days=1)

        sent = [remind(edition, ROUND, actor=SYSTEM, now=at) for at in (NOW, tomorrow, tomorrow)]

        assert (sent, [mail.recipient for mail in letters("council-reminder")]) == ([0, 1, 0], [TWO])


def test_a_group_merges_fields_and_its_judges_get_their_entries(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = with_fields(world.first, first_view)
        for field in ("vat_lieu", "y_duoc", "giao_duc"):
            make_entry(edition, account(), field=field)
        made_council(edition, round_key=FIRST)
        one, two = (seated(edition, email, round_key=FIRST) for email in (ONE, TWO))
        merged = GroupFacts("Nhóm 1", frozenset({"vat_lieu", "y_duoc"}), frozenset({one.id}))
        save_group(edition, FIRST, None, merged, actor=SYSTEM, now=NOW)
        other = GroupFacts("Nhóm 2", frozenset({"giao_duc"}), frozenset({two.id}))
        save_group(edition, FIRST, None, other, actor=SYSTEM, now=NOW)

        open_round(edition, FIRST, actor=SYSTEM, now=NOW)

        assert running() == [("J1", "vat_lieu"), ("J1", "y_duoc"), ("J2", "giao_duc")]


def test_a_round_in_which_nobody_would_judge_an_entry_does_not_open(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = with_fields(world.first, first_view)
        entries = [make_entry(edition, account(), field=field) for field in ("vat_lieu", "giao_duc")]
        made_council(edition, round_key=FIRST)
        seat = seated(edition, ONE, round_key=FIRST)
        facts = GroupFacts("Nhóm 1", frozenset({"vat_lieu"}), frozenset({seat.id}))
        save_group(edition, FIRST, None, facts, actor=SYSTEM, now=NOW)

        with pytest.raises(RoundNotOpen) as refused:
            open_round(edition, FIRST, actor=SYSTEM, now=NOW)

        assert entries[1].code is not None
        assert (entries[1].code in refused.value.message, running()) == (True, [])


def test_a_council_that_nobody_accepted_opens_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_entry(edition, account())
        made_council(edition)
        invited(edition, ONE)

        with pytest.raises(RoundNotOpen):
            open_round(edition, ROUND, actor=SYSTEM, now=NOW)


def test_a_field_is_in_one_group_and_a_group_has_a_name_and_fields(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = with_fields(world.first, first_view)
        made_council(edition, round_key=FIRST)
        facts = GroupFacts("Nhóm 1", frozenset({"vat_lieu"}), frozenset())
        first = save_group(edition, FIRST, None, facts, actor=SYSTEM, now=NOW)
        wrong = {
            "fields": [
                GroupFacts("Nhóm 2", frozenset({"vat_lieu"}), frozenset()),
                GroupFacts("Nhóm 2", frozenset(), frozenset()),
                GroupFacts("Nhóm 2", frozenset({"khong_co"}), frozenset()),
            ],
            "name": [
                GroupFacts("Nhóm 1", frozenset({"y_duoc"}), frozenset()),
                GroupFacts(" ", frozenset({"y_duoc"}), frozenset()),
            ],
        }
        for key, cases in wrong.items():
            for case in cases:
                with pytest.raises(Invalid) as refused:
                    save_group(edition, FIRST, None, case, actor=SYSTEM, now=NOW)
                assert list(refused.value.errors) == [key]
        save_group(
            edition,
            FIRST,
            first,
            GroupFacts("Nhóm một", frozenset({"y_duoc"}), frozenset()),
            actor=SYSTEM,
            now=NOW,
        )

        council = council_of(edition.id, FIRST)
        assert council is not None
        assert [(row.name, row.fields) for row in group_rows(council)] == [("Nhóm một", ("y_duoc",))]


def test_a_group_of_an_open_round_only_takes_judges_in(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = with_fields(world.first, first_view)
        make_entry(edition, account(), field="vat_lieu")
        made_council(edition, round_key=FIRST)
        one = seated(edition, ONE, round_key=FIRST)
        facts = GroupFacts("Nhóm 1", frozenset({"vat_lieu"}), frozenset({one.id}))
        group = save_group(edition, FIRST, None, facts, actor=SYSTEM, now=NOW)
        open_round(edition, FIRST, actor=SYSTEM, now=NOW)
        two = seated(edition, TWO, round_key=FIRST)
        assert running() == [("J1", "vat_lieu")]

        more = GroupFacts("Nhóm 1", frozenset({"vat_lieu"}), frozenset({one.id, two.id}))
        save_group(edition, FIRST, group, more, actor=SYSTEM, now=NOW)

        assert running() == [("J1", "vat_lieu"), ("J2", "vat_lieu")]
        for fewer in (facts, GroupFacts("Nhóm 1", frozenset({"y_duoc"}), frozenset({one.id, two.id}))):
            with pytest.raises(CouncilRefused):
                save_group(edition, FIRST, group, fewer, actor=SYSTEM, now=NOW)
        with pytest.raises(CouncilRefused):
            remove_group(edition, FIRST, group, actor=SYSTEM, now=NOW)


def test_the_final_can_ask_the_same_people(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = with_fields(world.first, first_view)
        made_council(edition, round_key=FIRST)
        seated(edition, ONE, SeatRole.CHAIR, round_key=FIRST)
        gone = invited(edition, TWO, round_key=FIRST)
        decline_seat(edition, gone.id, "", actor=actor_of(account(TWO)), now=NOW)
        final = made_council(edition, round_key="chung_khao")

        invite_like(edition, "chung_khao", FIRST, actor=SYSTEM, now=NOW)
        invite_like(edition, "chung_khao", FIRST, actor=SYSTEM, now=NOW)

        assert [(row.email, row.role, row.state) for row in seat_rows(final)] == [
            (ONE, SeatRole.CHAIR, SeatState.INVITED)
        ]


def test_leaving_one_round_is_not_leaving_the_other(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = with_fields(world.first, first_view)
        made_council(edition, round_key=FIRST)
        made_council(edition, round_key="chung_khao")
        seat = seated(edition, ONE, round_key=FIRST)
        seated(edition, ONE, round_key="chung_khao")

        unseat(edition, FIRST, seat.id, "Bận", actor=SYSTEM, now=NOW)

        assert [(one.number, one.is_active) for one in session().scalars(select(Judge))] == [("J1", True)]


def test_the_twin_tenant_sees_no_council_of_the_other(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        seat_id = invited(edition, ONE).id
    with in_tenant(world, world.second) as edition:
        assert council_of(edition.id, ROUND) is None
        make_entry(edition, account())
        other = made_council(edition)
        assert seat_rows(other) == []
        with pytest.raises(NotFound):
            accept_seat(edition, seat_id, actor=actor_of(account()), now=NOW)
        with pytest.raises(NotFound):
            unseat(edition, ROUND, seat_id, "x", actor=SYSTEM, now=NOW)


def test_a_desk_of_a_council_member_has_only_his_group(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = with_fields(world.first, first_view)
        mine = make_entry(edition, account(), field="vat_lieu")
        make_entry(edition, account(), field="y_duoc")
        made_council(edition, round_key=FIRST)
        one, two = (seated(edition, email, round_key=FIRST) for email in (ONE, TWO))
        for name, field, seat in (("A", "vat_lieu", one), ("B", "y_duoc", two)):
            facts = GroupFacts(name, frozenset({field}), frozenset({seat.id}))
            save_group(edition, FIRST, None, facts, actor=SYSTEM, now=NOW)
        open_round(edition, FIRST, actor=SYSTEM, now=NOW)

        queue = desk_queue(edition, access_judge(edition, actor_of(account(ONE))), edition.rules.rounds()[0])
        assert [row.code for row in queue.rows] == [mine.code]


def test_who_declined_is_to_be_replaced_until_somebody_else_is_asked(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        council = made_council(edition)
        seat = invited(edition, ONE)
        decline_seat(edition, seat.id, "", actor=actor_of(account(ONE)), now=NOW)
        assert waiting_answers(edition) == {council.round: (0, 1)}

        person = make_account(TWO)
        later = NOW + timedelta(hours=1)
        invite_to_council(edition, ROUND, person.id, SeatRole.MEMBER, actor=SYSTEM, now=later)

        assert waiting_answers(edition) == {council.round: (1, 0)}
