"""Conflicts: declared at once, suspected from data, decided by who has none, and what follows for sheets."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.barring import barred_entries, is_barred
from core.entries.models import EntryAuthor
from core.entries.policies import access_entry_office
from core.judging.conflict_models import Conflict
from core.judging.conflict_values import (
    ConflictState,
    EntryFacts,
    House,
    Kind,
    PersonFacts,
    domain_of,
    same_house,
    suspicions,
)
from core.judging.queries import conflict_counts, conflict_page, desk_queue, locked_sheets
from core.judging.services import appoint_judge, decide, declare, open_round, suspect
from core.judging.services.conflicts import ConflictMoved
from core.judging.values import JudgeView
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, make_account, make_unit
from tests.support.judging import ROUND, judge_account, judge_actor, lock, make_council, make_round
from tests.support.voting import in_tenant

ME, ENTRY, OTHER = uuid4(), uuid4(), uuid4()


def found(person: PersonFacts, entry: EntryFacts) -> list[str]:
    return [one.evidence.value for one in suspicions(person, entry)]


def person(**facts: object) -> PersonFacts:
    return PersonFacts(ME, **facts)  # type: ignore[arg-type]


def entry(**facts: object) -> EntryFacts:
    return EntryFacts(ENTRY, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("who", "what", "told"),
    [
        (person(), entry(), []),
        (person(), entry(owner_id=ME), ["owner"]),
        (person(), entry(author_accounts=frozenset({ME})), ["author"]),
        (person(works=frozenset({ENTRY})), entry(), ["author"]),
        (person(houses=(House("Trường Thử", OTHER),)), entry(unit_ids=frozenset({OTHER})), ["same_unit"]),
        (
            person(houses=(House("Trường Đại học Thử", OTHER),)),
            entry(houses=("khoa co khi, truong dai hoc thu",)),
            ["workplace"],
        ),
        (person(houses=(House("Sở Y"),)), entry(houses=("so y te",)), []),
        (
            person(with_him=frozenset({"account:1"})),
            entry(authors=frozenset({"account:1"})),
            ["coauthorship"],
        ),
        (person(phones=frozenset({"d1"})), entry(phones=frozenset({"d1", "d2"})), ["phone"]),
        (
            person(email="a@soyte.gov.vn"),
            entry(emails=frozenset({"b@soyte.gov.vn"})),
            ["email_domain"],
        ),
        (person(email="a@gmail.com"), entry(emails=frozenset({"b@gmail.com"})), []),
        (person(name="tran van ba"), entry(guardians=frozenset({"name:tran van ba"})), ["guardian"]),
        (person(phones=frozenset({"d1"})), entry(guardians=frozenset({"phone:d1"})), ["guardian"]),
    ],
)
def test_what_ties_a_person_to_a_dossier(who: PersonFacts, what: EntryFacts, told: list[str]) -> None:
    assert found(who, what) == told


def test_a_domain_of_everybody_or_of_examples_says_nothing() -> None:
    given = ("a@yahoo.com.vn", "a@example.vn", "không", "A@Truong.EDU.vn")
    assert [domain_of(one) for one in given] == ["", "", "", "truong.edu.vn"]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("so khoa hoc", "phong a so khoa hoc", True),
        ("so khoa hoc", "so khoa hocc", False),
        ("khoa co khi, truong dai hoc thu", "truong dai hoc thu", True),
        ("phong dao tao, truong dai hoc thu", "khoa co khi - truong dai hoc thu, tinh tay ninh", True),
        ("khoa co khi, truong dai hoc mot", "khoa co khi, truong dai hoc hai", False),
        ("xa thu, tinh tay ninh", "xa khac, tinh tay ninh", False),
    ],
)
def test_a_house_is_found_word_for_word(one: str, other: str, is_same: bool) -> None:
    assert same_house(one, other) is is_same


def test_a_domain_that_the_province_shares_ties_nobody() -> None:
    who, what = person(email="a@tinh-thu.gov.vn"), entry(emails=frozenset({"b@tinh-thu.gov.vn"}))
    assert [one.evidence.value for one in suspicions(who, what)] == ["email_domain"]
    assert suspicions(who, what, {"tinh-thu.gov.vn"}) == ()


def test_a_judge_who_declares_sees_the_dossier_no_more_and_his_sheet_does_not_count(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        one, other = make_round(edition, entries=2, judges=2)
        lock(edition, one, number=1)

        assert declare([one], [Kind.FAMILY], "Em ruột", actor=judge_actor(1), now=NOW) == 1

        queue = desk_queue(edition, appointed(edition, 1), edition.rules.rounds()[0])
        assert [row.code for row in queue.rows] == [other.code]
        assert locked_sheets(edition) == []
        assert stored().uncounted == 1
        assert declare([one], [Kind.FAMILY], "", actor=judge_actor(1), now=NOW) == 0


def test_declaring_needs_a_kind_and_words_for_what_is_other(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        with pytest.raises(Invalid) as none:
            declare([one], [], "", actor=judge_actor(1), now=NOW)
        with pytest.raises(Invalid) as silent:
            declare([one], [Kind.OTHER], "  ", actor=judge_actor(1), now=NOW)

        assert (list(none.value.errors), list(silent.value.errors)) == (["kinds"], ["words"])
        assert session().scalars(select(Conflict)).all() == []


def test_dismissed_all_is_as_it_was(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        lock(edition, one)
        declare([one], [Kind.UNIT], "", actor=judge_actor(1), now=NOW)

        changed = decide(seen(), ConflictState.DISMISSED, "Chỉ trùng tên", actor=officer(), now=NOW)

        assert (changed, [sheet.judge for sheet in locked_sheets(edition)]) == (1, ["J1"])
        assert not is_barred(judge_actor(1), one.id)
        assert stored().uncounted == 0


def test_confirmed_after_locking_the_log_says_what_counts_no_more_and_names_nobody(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        lock(edition, one)
        declare([one], [Kind.UNIT], "Chị Hoa là vợ tôi", actor=judge_actor(1), now=NOW)

        decide(seen(), ConflictState.CONFIRMED, "Đúng", actor=officer(), now=NOW)

        (line,) = audit.records(subject=one.code, actions=("conflict.confirmed",))
        assert line.data == {"how": "declared", "why": ["unit"], "judge": "J1", "uncounted": 1}


def test_a_conflict_known_before_the_round_opens_keeps_the_judge_from_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_council(edition)
        one = make_entry(edition, account())
        author = session().scalars(select(EntryAuthor).where(EntryAuthor.entry_id == one.id)).first()
        assert author is not None
        author.account_id = judge_account(1).id
        session().flush()

        open_round(edition, ROUND, actor=SYSTEM, now=NOW)

        assert (stored().state, stored().evidence) == ("confirmed", [{"code": "author", "what": ""}])
        judge = appointed(edition, 1)
        assert desk_queue(edition, judge, edition.rules.rounds()[0]).rows == ()
        assert is_barred(judge_actor(1), one.id)


def test_a_suspicion_closes_nothing_and_comes_back_only_with_new_evidence(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        unit = make_unit("truong-thu", name="Trường Đại học Thử")
        (one,) = make_round(edition)
        judge_account(1).unit_id = unit.id
        one.unit_id = unit.id
        session().flush()

        assert suspect(edition.id, now=NOW)["opened"] == 1
        assert not is_barred(judge_actor(1), one.id)
        decide(seen(), ConflictState.DISMISSED, "Khác khoa", actor=officer(), now=NOW)
        assert suspect(edition.id, now=NOW) == {}
        session().scalars(select(EntryAuthor)).first().account_id = judge_account(1).id  # type: ignore[union-attr]
        session().flush()
        assert suspect(edition.id, now=NOW) == {"confirmed": 1}
        assert is_barred(judge_actor(1), one.id)


def test_an_open_suspicion_that_the_data_no_longer_bear_out_is_dismissed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        unit = make_unit("truong-thu", name="Trường Đại học Thử")
        (one,) = make_round(edition)
        judge_account(1).unit_id = one.unit_id = unit.id
        session().flush()
        suspect(edition.id, now=NOW)
        judge_account(1).unit_id = None
        session().flush()

        assert suspect(edition.id, now=NOW) == {"dismissed": 1}
        assert stored().state == "dismissed"


def test_nobody_sees_or_decides_on_himself_nor_on_what_is_closed_to_him(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        self_declared = officer()
        declare([one], [Kind.FAMILY], "", actor=self_declared, now=NOW)
        declare([one], [Kind.FAMILY], "", actor=judge_actor(1), now=NOW)
        other = officer("can-bo-2@example.vn")

        assert conflict_page(edition, self_declared) == []
        assert sum(conflict_counts(edition, self_declared).values()) == 0
        assert len(conflict_page(edition, other)) == 2
        for conflict_id, revision in seen().items():
            with pytest.raises(NotFound):
                decide({conflict_id: revision}, ConflictState.DISMISSED, "Thử", actor=self_declared, now=NOW)


def test_who_decides_on_what_he_did_not_read_is_asked_to_read_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        declare([one], [Kind.FAMILY], "", actor=judge_actor(1), now=NOW)
        old = {key: revision - 1 for key, revision in seen().items()}
        me = officer()

        with pytest.raises(ConflictMoved):
            decide(old, ConflictState.DISMISSED, "Thử", actor=me, now=NOW)
        with pytest.raises(Invalid):
            decide(seen(), ConflictState.DISMISSED, "", actor=me, now=NOW)


def test_an_officer_with_a_conflict_cannot_reach_the_dossier_to_write(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        me = officer()
        declare([one], [Kind.BUSINESS], "", actor=me, now=NOW)

        with pytest.raises(NotFound):
            access_entry_office(me, one.code or "")
        assert [each.code for each in barred_entries(me)] == [one.code]
        assert barred_entries(officer("can-bo-2@example.vn")) == ()


def test_the_twin_tenant_keeps_its_own(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (one,) = make_round(edition)
        declare([one], [Kind.FAMILY], "", actor=judge_actor(1), now=NOW)
    with in_tenant(world, world.second):
        assert session().scalars(select(Conflict)).all() == []


def appointed(edition: EditionView, number: int) -> JudgeView:
    return appoint_judge(edition, judge_account(number).id, actor=SYSTEM, now=NOW)


def stored() -> Conflict:
    ask = select(Conflict).execution_options(populate_existing=True)
    return session().scalars(ask).one()


def seen() -> dict[UUID, int]:
    return {row[0]: row[1] for row in session().execute(select(Conflict.id, Conflict.revision))}


def officer(email: str = "can-bo-1@example.vn") -> Actor:
    return actor_of(make_account(email, name="Cán bộ Thử", roles=[Role.COMMITTEE]))
