"""Whose ties are looked for: every seat of a council; and which: rights and organisations, as soon as they are."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.barring import is_barred
from core.entries.models import Entry, EntryAuthor
from core.entries.organisations import give_to_organisation
from core.entries.rights import Right
from core.entries.services import set_right
from core.judging.blind_models import BlindRound
from core.judging.conflict_models import Conflict
from core.judging.policies import access_sheet
from core.judging.queries import desk_queue
from core.judging.seats import SeatRole
from core.judging.services import accept_seat, appoint_judge, decline_seat, suspect
from core.judging.values import JudgeView
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.people.models import Account, Membership, OfficerInvitation
from core.people.services.organisations import (
    accept_invitation,
    hand_over,
    invite_officer,
    make_organisation,
)
from tests.support.councils import invited, made_council
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.judging import ROUND, judge_account, judge_actor, make_round
from tests.support.voting import in_tenant

ONE = "mot@example.vn"


def evidence() -> list[tuple[str, list[str]]]:
    """State and evidence of each conflict that is stored."""
    ask = select(Conflict).execution_options(populate_existing=True)
    return [(one.state, [each["code"] for each in one.evidence]) for one in session().scalars(ask)]


def write_with(entry: Entry, *people: Account) -> None:
    """More authors of the dossier, who confirmed by the account."""
    session().add_all(
        EntryAuthor(entry_id=entry.id, position=place, name=one.name, role="member", account_id=one.id)
        for place, one in enumerate(people, start=2)
    )
    session().flush()


@pytest.mark.parametrize("role", [SeatRole.SECRETARY, SeatRole.RESERVE, SeatRole.MEMBER])
def test_who_accepts_a_seat_is_looked_at_whatever_the_part(world: World, role: SeatRole) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        entry = make_entry(edition, account())
        seat = invited(edition, ONE, role)
        write_with(entry, account(ONE))

        accept_seat(edition, seat.id, actor=actor_of(account(ONE)), now=NOW)

        assert evidence() == [("confirmed", ["author"])]
        assert is_barred(actor_of(account(ONE)), entry.id)


def test_who_has_not_answered_yet_is_looked_at_too_and_who_declined_is_not(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        entry = make_entry(edition, account())
        seat = invited(edition, ONE, SeatRole.SECRETARY)
        declined = invited(edition, "hai@example.vn", SeatRole.MEMBER)
        decline_seat(edition, declined.id, "", actor=actor_of(account("hai@example.vn")), now=NOW)
        write_with(entry, account(ONE), account("hai@example.vn"))

        suspect(edition.id, now=NOW)

        assert session().scalars(select(Conflict.account_id)).all() == [seat.account_id]


def test_a_right_to_the_dossier_is_found_as_it_is_given_and_is_certain(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        was_author = judge_account()
        write_with(one, was_author)

        set_right(one, was_author.id, Right.VIEW, actor=actor_of(account()), now=NOW)
        session().delete(session().scalars(select(EntryAuthor).where(EntryAuthor.position == 2)).one())
        session().flush()
        suspect(edition.id, now=NOW)

        assert evidence() == [("confirmed", ["right"])]
        assert desk_queue(edition, judge_of(edition), edition.rules.rounds()[0]).rows == ()


def test_a_steward_of_the_filing_organisation_is_found_as_it_files_and_is_certain(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        house = organisation(judge_account(), account())

        give_to_organisation(one.ref, house, actor=actor_of(account()), now=NOW)

        assert evidence() == [("confirmed", ["steward"])]


def test_another_officer_of_the_filing_organisation_is_suspected(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        house = organisation(account(), judge_account())

        give_to_organisation(one.ref, house, actor=actor_of(account()), now=NOW)

        assert evidence() == [("open", ["officer"])]
        assert not is_barred(judge_actor(), one.id)


def test_who_is_made_steward_while_judging_judges_its_dossiers_no_more(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        leaver = make_account("quan-ly@example.vn")
        house = organisation(leaver, judge_account(), account())
        give_to_organisation(one.ref, house, actor=actor_of(account()), now=NOW)

        hand_over(house, judge_account().id, actor=actor_of(leaver), now=NOW)

        assert evidence() == [("confirmed", ["steward"])]


def test_who_joins_the_filing_organisation_is_suspected_at_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        house = organisation(account())
        give_to_organisation(one.ref, house, actor=actor_of(account()), now=NOW)
        email = judge_account().email or ""
        invite_officer(house, email, site="http://localhost", actor=actor_of(account()), now=NOW)
        waiting = session().scalars(select(OfficerInvitation.id)).one()

        accept_invitation(waiting, actor=judge_actor(), now=NOW)

        assert evidence() == [("open", ["officer"])]


def test_a_judge_with_a_right_to_a_dossier_of_a_blind_round_does_not_judge_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        session().add(
            BlindRound(edition_id=edition.id, round=ROUND, is_on=True, questions=[], changed_at=NOW)
        )
        write_with(one, judge_account())
        set_right(one, judge_account().id, Right.EDIT, actor=actor_of(account()), now=NOW)

        with pytest.raises(NotFound):
            access_sheet(edition, judge_actor(), ROUND, one.code or "")


def organisation(steward: Account, *officers: Account) -> UUID:
    """A house with its steward and the other officers."""
    house = make_organisation("Hợp tác xã Chè Thử", actor=actor_of(steward), now=NOW)
    session().add_all(Membership(organisation_id=house, account_id=one.id, joined_at=NOW) for one in officers)
    session().flush()
    return house


def judge_of(edition: EditionView) -> JudgeView:
    return appoint_judge(edition, judge_account().id, actor=SYSTEM, now=NOW)
