"""Organisations: officers, invitations, handing over; and what becomes of their dossiers."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from core.entries.filers import organisations_by_entry
from core.entries.models import Entry
from core.entries.organisations import (
    access_entry_as_steward,
    entries_of_nobody_else,
    entries_of_organisation,
    give_to_organisation,
    start_for_organisation,
    take_from_organisation,
    take_over,
)
from core.entries.policies import (
    access_attachment,
    access_entry,
    may_edit,
    may_read_file,
    may_submit,
    side_of,
)
from core.entries.states import By
from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.people import services
from core.people.models import Account
from core.people.organisations import (
    access_organisation,
    invitations_to,
    members_of,
    organisations_of,
)
from tests.support.entries import make_attachment, make_entry
from tests.support.factories import World, actor_of, view
from tests.support.people import last_letter

pytestmark = pytest.mark.usefixtures("tenant")

NOW = real_now()
HOUSE = "Hợp tác xã Chè Tân Cương"


def account(email: str) -> Account:
    return session().scalars(select(Account).where(Account.email == email)).one()


def steward() -> Actor:
    return actor_of(account("tacgia@example.vn"))


def officer() -> Actor:
    return actor_of(account("cutri@example.vn"))


def id_of(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id


def make() -> UUID:
    return services.make_organisation(HOUSE, actor=steward(), now=NOW)


def with_officer() -> UUID:
    made = make()
    services.invite_officer(made, "cutri@example.vn", site="http://x", actor=steward(), now=NOW)
    (invitation,) = invitations_to("cutri@example.vn")
    services.accept_invitation(invitation.id, actor=officer(), now=NOW)
    return made


def entry_of(tenant: World, actor: Actor) -> Entry:
    owner = session().get_one(Account, (session().tenant_id, id_of(actor)))
    return make_entry(view(tenant.first), owner, title="Máy sấy chè", state="draft", published=False)


def test_who_makes_it_is_its_steward() -> None:
    made = make()

    assert [(one.name, one.is_steward) for one in organisations_of(id_of(steward()))] == [(HOUSE, True)]
    assert [one.name for one in members_of(made)] == ["Tác giả Thử"]


def test_an_invited_address_becomes_an_officer_when_it_accepts() -> None:
    made = with_officer()

    letter = last_letter("cutri@example.vn")
    assert letter.subject == f"Lời mời làm cán bộ của {HOUSE}"
    assert "http://x/tai-khoan/to-chuc" in letter.body
    assert [(one.name, one.is_steward) for one in members_of(made)] == [
        ("Tác giả Thử", True),
        ("Người bình chọn Thử", False),
    ]
    assert invitations_to("cutri@example.vn") == []


def test_an_invitation_is_for_its_address_alone_and_for_two_weeks() -> None:
    made = make()
    services.invite_officer(made, "cutri@example.vn", site="", actor=steward(), now=NOW)
    (invitation,) = invitations_to("cutri@example.vn")

    with pytest.raises(NotFound):
        services.accept_invitation(invitation.id, actor=actor_of(account("donvi@example.vn")), now=NOW)
    with pytest.raises(NotFound):
        services.accept_invitation(invitation.id, actor=officer(), now=NOW + timedelta(days=14))
    assert len(members_of(made)) == 1


def test_accepting_twice_is_accepting_once() -> None:
    made = make()
    services.invite_officer(made, "cutri@example.vn", site="", actor=steward(), now=NOW)
    (invitation,) = invitations_to("cutri@example.vn")

    joined = [services.accept_invitation(invitation.id, actor=officer(), now=NOW) for _time in range(2)]

    assert joined == [made, made]
    assert len(members_of(made)) == 2


def test_only_a_steward_invites_and_takes_out() -> None:
    made = with_officer()

    with pytest.raises(Forbidden):
        services.invite_officer(made, "x@example.vn", site="", actor=officer(), now=NOW)
    with pytest.raises(Forbidden):
        services.hand_over(made, id_of(officer()), leaver_id=id_of(steward()), actor=officer(), now=NOW)
    with pytest.raises(Invalid):
        services.invite_officer(made, "cutri@example.vn", site="", actor=steward(), now=NOW)


def test_an_organisation_is_its_officers_alone(tenant: World) -> None:
    made = make()
    session().commit()
    with pytest.raises(NotFound):
        access_organisation(officer(), made)

    with tenant_scope(tenant.second.id):
        twin = steward()
        with pytest.raises(NotFound):
            access_organisation(twin, made)
        assert organisations_of(id_of(twin)) == []


def test_dossiers_of_the_organisation_are_seen_by_all_officers_and_taken_over(tenant: World) -> None:
    made = with_officer()
    entry = entry_of(tenant, steward())
    give_to_organisation(entry.ref, made, actor=steward(), now=NOW)
    give_to_organisation(entry.ref, made, actor=steward(), now=NOW)

    before = [(one.title, one.officer) for one in entries_of_organisation(made)]
    take_over(entry.ref, made, actor=officer(), now=NOW)
    after = [(one.title, one.officer) for one in entries_of_organisation(made)]

    assert before == [("Máy sấy chè", "Tác giả Thử")]
    assert after == [("Máy sấy chè", "Người bình chọn Thử")]
    assert entry.owner_id == officer().id
    assert [one.action for one in audit.records(subject=entry.ref)] == [
        "entry.given_to_organisation",
        "entry.handed_over",
    ]


def test_a_dossier_that_is_no_organisations_is_not_taken_over(tenant: World) -> None:
    made = with_officer()
    own = entry_of(tenant, steward())

    with pytest.raises(NotFound):
        take_over(own.ref, made, actor=officer(), now=NOW)
    with pytest.raises(NotFound):
        give_to_organisation(own.ref, made, actor=officer(), now=NOW)
    assert [ref for ref, _title in entries_of_nobody_else(id_of(steward()))] == [own.ref]


def test_who_is_in_charge_makes_a_dossier_their_own_again(tenant: World) -> None:
    made = with_officer()
    entry = entry_of(tenant, steward())
    give_to_organisation(entry.ref, made, actor=steward(), now=NOW)
    with pytest.raises(NotFound):
        take_from_organisation(entry.ref, made, actor=officer(), now=NOW)

    take_from_organisation(entry.ref, made, actor=steward(), now=NOW)

    assert entries_of_organisation(made) == []


def test_who_leaves_hands_over_the_organisations_dossiers_and_keeps_their_own(tenant: World) -> None:
    made = with_officer()
    filed, own = entry_of(tenant, steward()), entry_of(tenant, steward())
    give_to_organisation(filed.ref, made, actor=steward(), now=NOW)
    leaver = steward()

    services.hand_over(made, id_of(officer()), actor=leaver, now=NOW)

    assert (filed.owner_id, own.owner_id) == (officer().id, leaver.id)
    assert [(one.name, one.is_steward) for one in members_of(made)] == [("Người bình chọn Thử", True)]
    assert last_letter("cutri@example.vn").subject == "Quý vị nhận bàn giao hồ sơ của tổ chức"
    with pytest.raises(NotFound):
        services.hand_over(made, id_of(officer()), actor=leaver, now=NOW)


def test_a_steward_takes_an_officer_out_and_takes_over(tenant: World) -> None:
    made = with_officer()
    entry = entry_of(tenant, officer())
    give_to_organisation(entry.ref, made, actor=officer(), now=NOW)

    services.hand_over(made, id_of(steward()), leaver_id=id_of(officer()), actor=steward(), now=NOW)

    assert entry.owner_id == steward().id
    assert [one.name for one in members_of(made)] == ["Tác giả Thử"]


def test_nobody_hands_over_to_a_stranger_or_to_themselves() -> None:
    made = with_officer()
    stranger = id_of(actor_of(account("donvi@example.vn")))

    for successor in (stranger, id_of(steward())):
        with pytest.raises(Invalid) as refused:
            services.hand_over(made, successor, actor=steward(), now=NOW)
        assert list(refused.value.errors) == ["successor"]


def test_who_left_may_be_invited_again() -> None:
    made = with_officer()
    services.hand_over(made, id_of(steward()), leaver_id=id_of(officer()), actor=steward(), now=NOW)
    later = NOW + timedelta(hours=1)

    services.invite_officer(made, "cutri@example.vn", site="", actor=steward(), now=later)
    (invitation,) = invitations_to("cutri@example.vn")
    services.accept_invitation(invitation.id, actor=officer(), now=later)

    assert [one.name for one in members_of(made)] == ["Tác giả Thử", "Người bình chọn Thử"]


def begin(tenant: World, organisation_id: UUID, actor: Actor, form_token: str = "t" * 32) -> Entry:
    owner = session().get_one(Account, (session().tenant_id, id_of(actor)))
    edition = view(tenant.first)
    return start_for_organisation(
        edition, organisation_id, owner=owner, form_token=form_token, actor=actor, now=edition.now()
    )


def test_a_dossier_begun_for_the_organisation_is_its_own_from_the_start(tenant: World) -> None:
    made = with_officer()

    entries = [begin(tenant, made, officer()) for _time in range(2)]

    assert entries[0].id == entries[1].id
    assert [(one.ref, one.officer) for one in entries_of_organisation(made)] == [
        (entries[0].ref, "Người bình chọn Thử")
    ]
    assert organisations_by_entry([entries[0].id]) == {entries[0].id: HOUSE}
    assert [one.action for one in audit.records(subject=entries[0].ref)] == [
        "entry.started",
        "entry.given_to_organisation",
    ]


def test_nobody_begins_a_dossier_for_an_organisation_that_is_not_theirs(tenant: World) -> None:
    made = with_officer()
    services.hand_over(made, id_of(steward()), leaver_id=id_of(officer()), actor=steward(), now=NOW)

    for actor in (officer(), actor_of(account("donvi@example.vn"))):
        with pytest.raises(NotFound):
            begin(tenant, made, actor)
    assert session().scalars(select(Entry)).all() == []


def test_the_twins_organisation_takes_no_dossier_of_ours(tenant: World) -> None:
    made = make()
    session().commit()

    with tenant_scope(tenant.second.id):
        owner = account("tacgia@example.vn")
        edition = view(tenant.second)
        with pytest.raises(NotFound):
            start_for_organisation(
                edition, made, owner=owner, form_token="t" * 32, actor=actor_of(owner), now=edition.now()
            )


def test_a_steward_reads_each_dossier_and_changes_none(tenant: World) -> None:
    made = with_officer()
    entry = begin(tenant, made, officer())
    file = make_attachment(entry)

    found = access_entry_as_steward(steward(), made, entry.ref)

    assert found.id == entry.id
    assert may_read_file(steward(), entry)
    assert access_attachment(steward(), file.id)[1].id == file.id
    assert (may_edit(steward(), entry), may_submit(steward(), entry)) == (False, False)
    with pytest.raises(NotFound):
        access_entry(steward(), entry.ref)


def test_other_officers_see_the_list_only(tenant: World) -> None:
    made = with_officer()
    entry = begin(tenant, made, steward())

    assert [one.ref for one in entries_of_organisation(made)] == [entry.ref]
    with pytest.raises(NotFound):
        access_entry_as_steward(officer(), made, entry.ref)
    assert not may_read_file(officer(), entry)


def test_a_steward_who_left_reads_nothing_any_more(tenant: World) -> None:
    made = with_officer()
    entry = begin(tenant, made, officer())
    leaver = steward()
    services.hand_over(made, id_of(officer()), actor=leaver, now=NOW)

    with pytest.raises(NotFound):
        access_entry_as_steward(leaver, made, entry.ref)
    assert not may_read_file(leaver, entry)


def test_a_steward_reads_no_dossier_that_is_not_the_organisations(tenant: World) -> None:
    made = with_officer()
    own = entry_of(tenant, officer())
    with pytest.raises(NotFound):
        access_entry_as_steward(steward(), made, own.ref)
    other = services.make_organisation("Hợp tác xã Khác", actor=officer(), now=NOW)
    give_to_organisation(own.ref, other, actor=officer(), now=NOW)

    with pytest.raises(NotFound):
        access_entry_as_steward(steward(), made, own.ref)
    with pytest.raises(NotFound):
        access_entry_as_steward(steward(), other, own.ref)
    assert not may_read_file(steward(), own)


def test_an_officer_of_the_house_is_no_committee_to_its_dossiers(tenant: World) -> None:
    made = with_officer()
    entry = begin(tenant, made, steward())
    member = Actor(id=id_of(officer()), name="Cán bộ", roles=frozenset({Role.COMMITTEE}))

    before = side_of(member, entry)
    services.hand_over(made, id_of(steward()), leaver_id=id_of(officer()), actor=steward(), now=NOW)

    assert (before, side_of(member, entry)) == (By.CO_AUTHOR, By.COMMITTEE)
