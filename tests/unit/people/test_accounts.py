"""The own account, roles and invitations."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from core.contests.models import Unit
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.ids import uuid7
from core.people import passwords, queries, services
from core.people.models import Account
from core.people.services import LastCommitteeAccount, Place
from core.people.sessions import account_of_token
from tests.support.factories import World, actor_of, make_account
from tests.support.people import code_in, last_letter

pytestmark = pytest.mark.usefixtures("tenant")

NOW = real_now()


def account(email: str) -> Account:
    return session().scalars(select(Account).where(Account.email == email)).one()


def committee() -> Actor:
    return actor_of(account("btc@example.vn"))


def unit_id() -> UUID:
    return session().scalars(select(Unit.id)).one()


def test_a_changed_name_is_found_and_sorted_by() -> None:
    author = account("tacgia@example.vn")

    services.change_profile(name="Đặng Đức Ánh", phone="0912 345 678", actor=actor_of(author), now=NOW)

    assert [row.name for row in queries.accounts_page("dang duc anh").rows] == ["Đặng Đức Ánh"]
    assert queries.accounts_page("tac gia thu").rows == []
    assert queries.accounts_page().rows[0].name == "Đặng Đức Ánh"
    assert queries.profile_of(author.id).phone == "0912345678"
    (record,) = audit.records(subject=str(author.id))
    assert (record.action, record.data) == ("account.changed", {"fields": ["name", "phone"]})


def test_a_new_password_needs_the_old_one_and_ends_other_devices() -> None:
    author = account("tacgia@example.vn")
    author.password_hash = passwords.hash_password("con trâu là đầu cơ nghiệp")
    session().flush()
    here = services.start_sign_in(author, device="a", address=None, now=NOW)
    there = services.start_sign_in(author, device="b", address=None, now=NOW)
    view = account_of_token(here)
    assert view is not None
    change = {"password": "mười hai con giáp ơi", "this_sign_in": view.sign_in_id, "actor": actor_of(author)}
    with pytest.raises(Invalid) as refused:
        services.change_password(current="sai", now=NOW, **change)  # type: ignore[arg-type]
    assert list(refused.value.errors) == ["current"]

    services.change_password(current="con trâu là đầu cơ nghiệp", now=NOW, **change)  # type: ignore[arg-type]

    assert account_of_token(here) is not None
    assert account_of_token(there) is None
    assert passwords.matches(author.password_hash, "mười hai con giáp ơi")


def test_a_first_password_needs_no_old_one() -> None:
    author = account("tacgia@example.vn")

    services.change_password(
        current="", password="mười hai con giáp ơi", this_sign_in=None, actor=actor_of(author), now=NOW
    )

    assert passwords.matches(author.password_hash, "mười hai con giáp ơi")


def test_a_consent_can_be_given_and_withdrawn() -> None:
    author = account("tacgia@example.vn")
    actor = actor_of(author)

    services.agree("news", actor=actor, now=NOW)
    given = {row.text.purpose: row.given_at for row in queries.consents_of(author.id)}
    services.withdraw_consent("news", actor=actor, now=NOW)
    withdrawn = {row.text.purpose: row.given_at for row in queries.consents_of(author.id)}
    others = dict.fromkeys(("account", "publish_dossier", "publish_person"))

    assert given == {**others, "news": NOW}
    assert withdrawn == {**others, "news": None}
    assert [record.action for record in audit.records(subject=str(author.id))] == [
        "consent.given",
        "consent.withdrawn",
    ]


def test_the_required_consent_is_not_withdrawn_by_a_click() -> None:
    with pytest.raises(Forbidden):
        services.withdraw_consent("account", actor=actor_of(account("tacgia@example.vn")), now=NOW)
    with pytest.raises(NotFound):
        services.agree("ads", actor=actor_of(account("tacgia@example.vn")), now=NOW)


def test_the_committee_gives_and_takes_roles() -> None:
    author = account("tacgia@example.vn")

    services.grant_role(author.id, Role.JUDGE, actor=committee(), now=NOW)
    services.grant_role(author.id, Role.UNIT, unit_id=unit_id(), actor=committee(), now=NOW)
    given = (sorted(author.roles), author.unit_id)
    services.revoke_role(author.id, Role.UNIT, actor=committee(), now=NOW)

    assert given == (["judge", "unit"], unit_id())
    assert (author.roles, author.unit_id) == (["judge"], None)
    assert [record.action for record in audit.records(subject=str(author.id))] == [
        "role.granted",
        "role.granted",
        "role.revoked",
    ]


def test_the_role_of_a_unit_needs_a_unit_of_this_tenant(tenant: World) -> None:
    with tenant_scope(tenant.second.id):
        foreign = unit_id()
    with tenant_scope(tenant.first.id):
        author = account("tacgia@example.vn")
        for chosen in (None, uuid7(), foreign):
            with pytest.raises(Invalid) as refused:
                services.grant_role(author.id, Role.UNIT, unit_id=chosen, actor=committee(), now=NOW)
            assert list(refused.value.errors) == ["unit"]


@pytest.mark.parametrize("email", ["tacgia@example.vn", "giamkhao@example.vn", "donvi@example.vn"])
def test_nobody_else_gives_roles(email: str) -> None:
    someone = actor_of(account(email))
    with pytest.raises(Forbidden):
        services.grant_role(account(email).id, Role.COMMITTEE, actor=someone, now=NOW)
    with pytest.raises(Forbidden):
        services.invite("x@example.vn", "X", Role.COMMITTEE, site="", actor=someone, now=NOW)


def test_the_last_committee_account_keeps_its_role() -> None:
    only = account("btc@example.vn")
    with pytest.raises(LastCommitteeAccount):
        services.revoke_role(only.id, Role.COMMITTEE, actor=committee(), now=NOW)
    second = make_account("btc2@example.vn", roles=[Role.COMMITTEE])

    services.revoke_role(only.id, Role.COMMITTEE, actor=actor_of(second), now=NOW)

    assert only.roles == []


def test_an_invited_person_comes_in_by_the_code_of_the_letter() -> None:
    account_id = services.invite(
        "moi@example.vn", "Vũ Thị Mới", Role.JUDGE, site="http://motmot.localhost", actor=SYSTEM, now=NOW
    )
    letter = last_letter("moi@example.vn")

    token = services.sign_in_by_code(
        "moi@example.vn", code_in(letter.body), place=Place("Firefox", None), now=NOW
    )

    view = account_of_token(token)
    assert view is not None
    assert (view.id, view.roles) == (account_id, frozenset({Role.JUDGE}))
    assert letter.subject == "Lời mời tham gia: Giám khảo"
    assert "http://motmot.localhost/tai-khoan/dang-nhap/ma" in letter.body


def test_inviting_somebody_who_has_an_account_keeps_their_name() -> None:
    services.invite("tacgia@example.vn", "Tên Khác", Role.JUDGE, site="", actor=SYSTEM, now=NOW)

    row = queries.account_by_email("tacgia@example.vn")

    assert row is not None
    assert (row.name, row.roles) == ("Tác giả Thử", (Role.JUDGE,))


def test_an_account_of_the_other_tenant_does_not_exist_here(tenant: World) -> None:
    with tenant_scope(tenant.second.id):
        foreign = account("tacgia@example.vn").id

    with tenant_scope(tenant.first.id):
        assert queries.account_by_id(foreign) is None
        with pytest.raises(NotFound):
            services.access_account(committee(), foreign)


def test_accounts_are_listed_by_given_name_in_pages() -> None:
    for number in range(70):
        make_account(f"a{number}@example.vn", name=f"Nguyễn Văn A{number:02d}")

    page = queries.accounts_page("nguyen van", page=3)

    assert (page.page, page.pages, page.total, len(page.rows)) == (3, 3, 70, 10)
    assert page.rows[0].name == "Nguyễn Văn A60"
    assert queries.accounts_page("nguyen van", page=99).page == 3
    assert [row.name for row in queries.accounts_with_role(Role.JUDGE)] == ["Giám khảo Thử"]
    assert queries.accounts_page("%").total == 0
