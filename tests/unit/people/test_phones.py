"""Telephone numbers: how they are written, kept, proved and signed in by."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from core.kernel.clock import real_now
from core.kernel.db import ALL_TENANTS, session, tenant_scope
from core.kernel.errors import Invalid
from core.kernel.mail import Mail
from core.kernel.sms import Sms
from core.people import queries, services
from core.people.models import Account
from core.people.phones import normal_phone, spoken_phone
from core.people.services import Place, Purpose
from core.people.sessions import account_of_token
from tests.support.factories import World, actor_of
from tests.support.people import code_in, last_letter

NOW = real_now()
NUMBER, PASSWORD = "+84912345678", "con trâu là đầu cơ nghiệp"
HERE = Place("Chrome, Android", "10.0.0.1")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0912 345 678", NUMBER),
        ("0912.345.678", NUMBER),
        ("(+84) 912-345-678", NUMBER),
        ("84912345678", NUMBER),
        ("0084 912 345 678", NUMBER),
        ("+66 81 234 5678", "+66812345678"),
        ("0208 385 5555", None),
        ("0912 345 67", None),
        ("912345678", None),
        ("09123456789", None),
        ("0912 345 67a", None),
        ("", None),
    ],
)
def test_one_number_has_one_way_of_writing(typed: str, number: str | None) -> None:
    assert normal_phone(typed) == number


def test_a_number_is_read_as_people_write_it() -> None:
    assert [spoken_phone(one) for one in (NUMBER, "+66812345678", "0912345678", "")] == [
        "0912 345 678",
        "+66812345678",
        "0912345678",
        "",
    ]


def sign_up(number: str = NUMBER) -> Account:
    ticket = services.sign_up(number, "Lò Thị Mai", PASSWORD, ["account"], address=None, now=NOW)
    return services.verify(number, newest_code(), ticket=ticket, address=None, now=NOW)


def newest_code() -> str:
    return code_in(session().scalars(select(Sms).order_by(Sms.id.desc()).limit(1)).one().text)


def account(email: str) -> Account:
    return session().scalars(select(Account).where(Account.email == email)).one()


@pytest.mark.usefixtures("tenant")
def test_an_account_without_mail_signs_up_by_a_short_message_and_in_by_password() -> None:
    made = sign_up()

    message = session().scalars(select(Sms)).one()
    assert (made.email, made.phone, message.recipient, message.state) == (None, NUMBER, NUMBER, "kept")
    assert message.text.endswith(
        "la ma xac nhan tai khoan tai Thu motmot, dung trong 15 phut. Khong dua ma nay cho ai."
    )
    assert len(message.text) <= 160
    view = account_of_token(services.sign_in(NUMBER, PASSWORD, place=HERE, now=NOW))
    assert view is not None
    assert (view.id, view.email) == (made.id, None)
    assert session().scalar(select(func.count()).select_from(Mail)) == 0


@pytest.mark.usefixtures("tenant")
def test_a_code_by_short_message_signs_in_and_sets_a_new_password() -> None:
    made = sign_up()
    later = NOW + timedelta(minutes=2)
    services.request_code(NUMBER, Purpose.SIGN_IN, now=later)
    assert services.sign_in_by_code(NUMBER, newest_code(), place=HERE, now=later)
    services.request_code(NUMBER, Purpose.RESET, now=later)

    services.reset_password(NUMBER, newest_code(), "mười hai con giáp ơi", place=HERE, now=later)

    assert services.sign_in(NUMBER, "mười hai con giáp ơi", place=HERE, now=later)
    assert queries.profile_of(made.id).reached_at == "0912 345 678"


@pytest.mark.usefixtures("tenant")
def test_the_database_holds_no_number_in_plain_text() -> None:
    sign_up()

    columns = ("account.phone", "account.folded", "sms.recipient", "sms.text", "one_time_code.pending")
    for column in columns:
        table, _dot, name = column.partition(".")
        words = text(f"select {name} from {table}")  # noqa: S608 - names from the line above
        rows = session().execute(words, execution_options=ALL_TENANTS)
        assert [row[0] for row in rows if "912345678" in str(row[0])] == [], column


@pytest.mark.usefixtures("tenant")
def test_a_number_is_added_by_the_code_sent_to_it_and_opens_the_account() -> None:
    author = account("tacgia@example.vn")
    services.ask_for_phone(NUMBER, actor=actor_of(author), now=NOW)
    before = author.phone_digest

    services.change_phone(newest_code(), this_sign_in=None, actor=actor_of(author), now=NOW)

    assert before is None
    services.request_code(NUMBER, Purpose.SIGN_IN, now=NOW)
    view = account_of_token(services.sign_in_by_code(NUMBER, newest_code(), place=HERE, now=NOW))
    assert view is not None
    assert view.id == author.id
    assert "cách đăng nhập" in last_letter("tacgia@example.vn").body.casefold()


@pytest.mark.usefixtures("tenant")
def test_a_number_of_somebody_else_is_not_taken() -> None:
    sign_up()
    author = account("tacgia@example.vn")
    services.ask_for_phone(NUMBER, actor=actor_of(author), now=NOW)

    message = session().scalars(select(Sms).order_by(Sms.id.desc()).limit(1)).one()

    assert message.text.startswith("So nay da co tai khoan")
    assert author.phone_digest is None


@pytest.mark.usefixtures("tenant")
def test_a_number_that_a_sign_up_never_proved_goes_to_who_proves_it() -> None:
    services.sign_up(NUMBER, "Người lạ", PASSWORD, ["account"], address=None, now=NOW)
    author = account("tacgia@example.vn")
    services.ask_for_phone(NUMBER, actor=actor_of(author), now=NOW)

    services.change_phone(newest_code(), this_sign_in=None, actor=actor_of(author), now=NOW)

    assert author.phone == NUMBER
    assert session().scalars(select(Account).where(Account.name == "Người lạ")).one().phone is None


@pytest.mark.usefixtures("tenant")
def test_the_only_way_in_is_not_dropped_and_another_is() -> None:
    made = sign_up()
    with pytest.raises(Invalid) as refused:
        services.drop_phone(actor=actor_of(made), now=NOW)
    assert list(refused.value.errors) == ["phone"]
    made.email = "mai@example.vn"

    services.drop_phone(actor=actor_of(made), now=NOW)

    assert (made.phone, made.phone_digest) == (None, None)


@pytest.mark.usefixtures("tenant")
def test_a_number_that_opens_the_account_is_not_changed_with_the_profile() -> None:
    made = sign_up()

    services.change_profile(name="Lò Thị Mai Hoa", phone="0987 654 321", actor=actor_of(made), now=NOW)

    assert (made.name, made.phone, made.folded) == ("Lò Thị Mai Hoa", NUMBER, "lo thi mai hoa")


@pytest.mark.usefixtures("tenant")
def test_the_office_finds_an_account_by_its_number() -> None:
    sign_up()

    assert [row.reached_at for row in queries.accounts_page("0912 345 678").rows] == ["0912 345 678"]
    assert queries.accounts_page("0912 345 679").rows == []


def test_the_same_number_at_the_other_tenant_is_another_person(tenant: World) -> None:
    sign_up()
    session().commit()

    with tenant_scope(tenant.second.id):
        assert queries.accounts_page("0912 345 678").rows == []
        other = sign_up().id
        session().commit()

    with tenant_scope(tenant.first.id):
        assert [row.id for row in queries.accounts_page("0912 345 678").rows] != [other]
