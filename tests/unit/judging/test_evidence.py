"""What was found and what was declared are kept apart, and a dismissal covers no more than it was about."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from core.entries.barring import is_barred
from core.entries.models import Entry, EntryAuthor
from core.judging.conflict_models import Conflict
from core.judging.conflict_values import ConflictState, Evidence, Kind
from core.judging.conflict_words import why
from core.judging.queries import conflict_page
from core.judging.services import decide, declare, suspect
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.mail import Mail
from core.people.models import Account
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of, make_account, make_unit
from tests.support.judging import judge_account, judge_actor, make_round
from tests.support.voting import in_tenant

MET = "Gặp một lần ở hội thảo"


def test_what_was_declared_does_not_erase_what_was_found(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        same_unit(one)
        suspect(edition.id, now=NOW)

        declare([one], [Kind.OTHER], MET, actor=judge_actor(1), now=NOW)

        held = stored()
        assert ([each["code"] for each in held.evidence], held.declared) == (["same_unit"], ["other"])
        told = why(conflict_page(edition, officer())[0])
        assert len(told) == 3
        assert told[-1].endswith("Trường Đại học Thử")


def test_who_becomes_an_author_after_a_dismissal_is_barred(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        declare([one], [Kind.OTHER], MET, actor=judge_actor(1), now=NOW)
        decide(seen(), ConflictState.DISMISSED, "Không đáng kể", actor=officer(), now=NOW)
        make_author(one)

        assert suspect(edition.id, now=NOW) == {"confirmed": 1}

        assert is_barred(judge_actor(1), one.id)


def test_who_declared_and_is_an_author_is_confirmed_before_anybody_decides(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        declare([one], [Kind.OTHER], MET, actor=judge_actor(1), now=NOW)
        make_author(one)

        suspect(edition.id, now=NOW)

        held = stored()
        assert (held.state, held.how, held.declared) == ("confirmed", "declared", ["other"])


def test_a_dismissed_declaration_says_nothing_of_what_is_found_later(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        declare([one], [Kind.OTHER], MET, actor=judge_actor(1), now=NOW)
        decide(seen(), ConflictState.DISMISSED, "Không đáng kể", actor=officer(), now=NOW)
        same_unit(one)

        assert suspect(edition.id, now=NOW) == {"opened": 1}

        held = stored()
        assert (held.state, held.how, held.reason) == ("open", "suspected", "Không đáng kể")
        assert not is_barred(judge_actor(1), one.id)


def test_what_a_dismissal_was_about_does_not_come_back_and_something_new_does(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        same_unit(one)
        suspect(edition.id, now=NOW)
        declare([one], [Kind.OTHER], MET, actor=judge_actor(1), now=NOW)
        me = officer()
        decide(seen(), ConflictState.DISMISSED, "Khác khoa", actor=me, now=NOW)

        again = suspect(edition.id, now=NOW)
        judge_account(1).phone = account().phone = "0912345678"
        session().flush()
        with_phone = suspect(edition.id, now=NOW)

        assert (again, with_phone) == ({}, {"opened": 1})
        assert conflict_page(edition, me)[0].new == {Evidence.PHONE.value}


def test_another_unit_than_the_dismissed_one_opens_it_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        same_unit(one)
        suspect(edition.id, now=NOW)
        decide(seen(), ConflictState.DISMISSED, "Khác khoa", actor=officer(), now=NOW)
        other = make_unit("truong-khac", name="Trường Cao đẳng Khác")
        judge_account(1).unit_id = one.unit_id = other.id
        session().flush()

        assert suspect(edition.id, now=NOW) == {"opened": 1}


def test_when_only_the_new_evidence_goes_the_earlier_dismissal_holds_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        same_unit(one)
        suspect(edition.id, now=NOW)
        decide(seen(), ConflictState.DISMISSED, "Khác khoa", actor=officer(), now=NOW)
        judge_account(1).phone = account().phone = "0912345678"
        session().flush()
        suspect(edition.id, now=NOW)
        judge_account(1).phone = None
        session().flush()

        assert suspect(edition.id, now=NOW) == {"dismissed": 1}
        assert suspect(edition.id, now=NOW) == {}


def test_the_office_is_told_of_a_dismissed_conflict_that_opens_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        declare([one], [Kind.OTHER], MET, actor=judge_actor(1), now=NOW)
        me = officer()
        decide(seen(), ConflictState.DISMISSED, "Không đáng kể", actor=me, now=NOW)
        same_unit(one)

        suspect(edition.id, now=NOW)
        suspect(edition.id, now=NOW)

        ask = select(Mail.recipient).where(
            Mail.kind == "conflict-reopened", Mail.recipient == "can-bo-1@example.vn"
        )
        assert list(session().scalars(ask)) == ["can-bo-1@example.vn"]


def test_what_is_certain_is_not_dismissed_while_it_stands(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        author = make_author(one)
        suspect(edition.id, now=NOW)
        me = officer()
        with pytest.raises(Invalid) as refused:
            decide(seen(), ConflictState.DISMISSED, "Nhầm", actor=me, now=NOW)
        assert list(refused.value.errors) == ["pick"]
        author.account_id = None
        session().flush()

        assert decide(seen(), ConflictState.DISMISSED, "Nhầm", actor=me, now=NOW) == 1


def same_unit(entry: Entry) -> None:
    judge_account(1).unit_id = entry.unit_id = make_unit("truong-thu", name="Trường Đại học Thử").id
    session().flush()


def make_author(entry: Entry, who: Account | None = None) -> EntryAuthor:
    author = session().scalars(select(EntryAuthor).where(EntryAuthor.entry_id == entry.id)).first()
    assert author is not None
    author.account_id = (who or judge_account(1)).id
    session().flush()
    return author


def stored() -> Conflict:
    return session().scalars(select(Conflict).execution_options(populate_existing=True)).one()


def seen() -> dict[UUID, int]:
    return {row[0]: row[1] for row in session().execute(select(Conflict.id, Conflict.revision))}


def officer() -> Actor:
    return actor_of(make_account("can-bo-1@example.vn", name="Cán bộ Thử", roles=[Role.COMMITTEE]))
