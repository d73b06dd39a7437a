"""Where people of councils work: said by themselves, compared with dossiers, told to nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.entries.models import EntryAuthor
from core.judging.affiliations import access_affiliation, say_affiliation
from core.judging.conflict_models import Affiliation, Conflict, ConflictSettings
from core.judging.conflict_values import Kind
from core.judging.queries import conflict_counts, conflict_page
from core.judging.queries.conflicts import Narrow, conflict_people
from core.judging.services import declare, suspect
from core.judging.services.conflict_settings import share_domains
from core.kernel import audit
from core.kernel.actor import SYSTEM, Role
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.jobs import Job
from tests.support.councils import invited, made_council
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of, make_account, make_unit
from tests.support.judging import judge_account, judge_actor, make_round
from tests.support.voting import in_tenant


def evidence() -> list[list[dict[str, str]]]:
    """The evidence of each conflict that is stored."""
    return list(session().scalars(select(Conflict.evidence).execution_options(populate_existing=True)))


def test_the_unit_a_judge_says_ties_him_to_its_dossiers(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        unit = make_unit("truong-thu", name="Trường Đại học Thử")
        one.unit_id = unit.id
        say_affiliation(str(unit.id), "", actor=judge_actor(), now=NOW)

        suspect(edition.id, now=NOW)

        assert evidence() == [[{"code": "same_unit", "what": "Trường Đại học Thử"}]]


def test_the_workplace_a_judge_says_is_compared_with_that_of_authors(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        author = session().scalars(select(EntryAuthor).where(EntryAuthor.entry_id == one.id)).one()
        author.workplace = "Phòng Đào tạo, Trường Đại học Thử"
        say_affiliation("", "Khoa Cơ khí, Trường Đại học Thử", actor=judge_actor(), now=NOW)

        suspect(edition.id, now=NOW)

        assert evidence() == [[{"code": "workplace", "what": "Khoa Cơ khí, Trường Đại học Thử"}]]


def test_the_workplace_is_compared_with_the_unit_of_the_dossier(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        one.unit_id = make_unit("so-nn", name="Sở Nông nghiệp").id
        say_affiliation("", "Phòng Kế hoạch, Sở Nông nghiệp", actor=judge_actor(), now=NOW)

        suspect(edition.id, now=NOW)

        assert [[each["code"] for each in one] for one in evidence()] == [["workplace"]]


def test_saying_it_asks_for_a_search_and_the_log_does_not_name_the_place(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        before = jobs()

        first = say_affiliation("", "Trường Đại học Thử", actor=judge_actor(), now=NOW)
        again = say_affiliation("", " Trường  Đại học Thử ", actor=judge_actor(), now=NOW)

        assert (first, again, jobs() - before) == (True, False, 1)
        (line,) = audit.records(subject=str(judge_account().id), actions=("account.affiliation_said",))
        assert line.data == {}


def test_a_unit_that_is_not_of_the_list_is_refused(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        with pytest.raises(Invalid) as wrong:
            say_affiliation("nơi khác", "", actor=judge_actor(), now=NOW)

        assert list(wrong.value.errors) == ["unit"]
        assert session().scalars(select(Affiliation)).all() == []


def test_it_is_asked_of_councils_and_the_office_and_of_nobody_else(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        invited(edition, "moi@example.vn")
        officer = make_account("can-bo-9@example.vn", roles=[Role.COMMITTEE])
        for person in (account("moi@example.vn"), officer):
            assert access_affiliation(actor_of(person)).workplace == ""
        with pytest.raises(NotFound):
            access_affiliation(actor_of(make_account("ai-do@example.vn")))


def test_a_mail_domain_that_the_tenant_shares_ties_nobody(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        account().email, judge_account().email = "a@tinh-thu.gov.vn", "b@tinh-thu.gov.vn"
        session().flush()
        suspect(edition.id, now=NOW)
        found = states()

        changed = share_domains("@Tinh-Thu.gov.vn,\n", actor=SYSTEM, now=NOW)
        again = share_domains("tinh-thu.gov.vn", actor=SYSTEM, now=NOW)
        suspect(edition.id, now=NOW)

        assert (found, changed, again, states()) == (["open"], True, False, ["dismissed"])


def test_what_is_no_domain_is_named_and_nothing_is_stored(world: World) -> None:
    with in_tenant(world, world.first):
        with pytest.raises(Invalid) as wrong:
            share_domains("tinh-thu.gov.vn, gmail", actor=SYSTEM, now=NOW)

        assert wrong.value.errors == {"domains": ["“gmail” không phải là tên miền thư."]}
        assert session().scalars(select(ConflictSettings)).all() == []


def test_the_office_narrows_conflicts_by_person_dossier_and_reason(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        one, other = make_round(edition, entries=2, judges=2)
        declare([one], [Kind.FAMILY], "", actor=judge_actor(1), now=NOW)
        declare([other], [Kind.BUSINESS], "", actor=judge_actor(2), now=NOW)
        me = actor_of(make_account("can-bo-9@example.vn", roles=[Role.COMMITTEE]))
        asked = (
            Narrow(),
            Narrow(person=judge_account(2).id),
            Narrow(search=f"may say {one.code}"),
            Narrow(why="business"),
            Narrow(person=judge_account(2).id, why="family"),
        )

        found = [[row.entry_code for row in conflict_page(edition, me, narrow=each)] for each in asked]

        assert found == [[one.code, other.code], [other.code], [one.code], [other.code], []]
        assert sum(conflict_counts(edition, me, asked[3]).values()) == 1
        assert sorted(key for key, _name in conflict_people(edition, me)) == sorted(
            str(judge_account(number).id) for number in (1, 2)
        )


def states() -> list[str]:
    return list(session().scalars(select(Conflict.state).execution_options(populate_existing=True)))


def jobs() -> int:
    return len(session().scalars(select(Job.id).where(Job.kind == "judging.look_for_conflicts")).all())
