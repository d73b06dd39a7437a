"""New accounts, from the form to a verified address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.kernel import audit
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Invalid
from core.people import services
from core.people.models import Account, Consent, OneTimeCode
from core.people.passwords import matches
from core.people.services import Asker, Place, Purpose
from tests.support.factories import World
from tests.support.people import code_in, last_letter

pytestmark = pytest.mark.usefixtures("tenant")

NOW = real_now()
EMAIL, NAME, PASSWORD = "hoa@example.vn", "Nguyễn Thị Hoa", "con trâu là đầu cơ nghiệp"
WRONG = (
    "Mã chưa đúng hoặc đã hết hạn. Mỗi mã dùng một lần, trong 15 phút, nhập sai tối đa 5 lần; "
    "bạn có thể yêu cầu mã mới."
)


def sign_up(email: str = EMAIL, *, name: str = NAME, password: str = PASSWORD, after: float = 0) -> str:
    return services.sign_up(
        email, name, password, ["account"], address="10.0.0.1", now=NOW + timedelta(seconds=after)
    )


def verify(code: str, *, ticket: str | None, after: float = 1) -> Account:
    now = NOW + timedelta(seconds=after)
    return services.verify(EMAIL, code, ticket=ticket, address="10.0.0.1", now=now)


def account(email: str = EMAIL) -> Account:
    return session().scalars(select(Account).where(Account.email == email)).one()


HERE = Asker(place=Place("", "10.0.0.1"))


def other_than(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def test_a_sign_up_mails_a_code_and_the_code_verifies_the_address() -> None:
    ticket = sign_up()
    letter = last_letter(EMAIL)
    assert account().verified_at is None

    made = verify(code_in(letter.subject), ticket=ticket)

    assert letter.body.startswith("Kính gửi Nguyễn Thị Hoa,\n")
    assert letter.sender_name == "Thử motmot"
    assert made.verified_at == NOW + timedelta(seconds=1)
    assert matches(made.password_hash, PASSWORD)
    assert [record.action for record in audit.records(subject=str(made.id))] == [
        "account.signed_up",
        "account.verified",
    ]


def test_neither_the_code_nor_the_password_lies_in_the_database() -> None:
    sign_up()
    code = code_in(last_letter(EMAIL).subject)

    held = session().scalars(select(OneTimeCode)).one()

    assert code not in held.digest
    assert len(held.digest) == 64
    assert held.pending is not None
    assert PASSWORD not in str(held.pending)
    assert held.pending["password_hash"].startswith("$argon2id$")


def test_consents_are_stored_with_text_version_and_the_time_of_ticking() -> None:
    ticket = services.sign_up(EMAIL, NAME, PASSWORD, ["account", "news"], address=None, now=NOW)
    verify(code_in(last_letter(EMAIL).subject), ticket=ticket, after=90)

    rows = session().execute(
        select(Consent.purpose, Consent.text_version, Consent.given_at).order_by(Consent.purpose)
    )

    assert [tuple(row) for row in rows] == [("account", "2026-01", NOW), ("news", "2026-01", NOW)]


def test_without_the_required_consent_there_is_no_account() -> None:
    with pytest.raises(Invalid) as refused:
        services.sign_up(EMAIL, NAME, PASSWORD, ["news"], address=None, now=NOW)

    assert list(refused.value.errors) == ["consent_account"]
    assert session().scalars(select(Account).where(Account.email == EMAIL)).one_or_none() is None


def test_signing_up_with_a_known_address_tells_only_its_owner() -> None:
    before = account("btc@example.vn")
    name, kept = before.name, before.password_hash

    sign_up("btc@example.vn", name="Người lạ")

    letter = last_letter("btc@example.vn")
    assert letter.subject == "Quý vị đã có tài khoản"
    assert "không có gì thay đổi" in letter.body
    assert (account("btc@example.vn").name, account("btc@example.vn").password_hash) == (name, kept)


@pytest.mark.parametrize("wrong", [None, "another ticket"])
def test_a_password_counts_only_for_the_browser_that_typed_it(wrong: str | None) -> None:
    sign_up(password="mật khẩu của kẻ lạ nào đó")
    code = code_in(last_letter(EMAIL).subject)

    made = verify(code, ticket=wrong)

    assert made.verified_at is not None
    assert made.password_hash is None


def test_a_wrong_code_is_refused_and_the_right_one_still_works() -> None:
    ticket = sign_up()
    code = code_in(last_letter(EMAIL).subject)
    with pytest.raises(Invalid) as refused:
        verify(other_than(code), ticket=ticket)

    assert refused.value.errors == {"code": [WRONG]}
    assert verify(code, ticket=ticket).verified_at is not None


def test_after_five_wrong_tries_the_right_code_is_refused_too() -> None:
    ticket = sign_up()
    code = code_in(last_letter(EMAIL).subject)
    for _try in range(5):
        with pytest.raises(Invalid):
            verify(other_than(code), ticket=ticket)

    with pytest.raises(Invalid) as refused:
        verify(code, ticket=ticket)
    assert refused.value.errors == {"code": [WRONG]}


@pytest.mark.parametrize(("after", "works"), [(899, True), (900, False)])
def test_a_code_lives_for_fifteen_minutes(after: float, works: bool) -> None:
    ticket = sign_up()
    code = code_in(last_letter(EMAIL).subject)
    if works:
        assert verify(code, ticket=ticket, after=after).verified_at is not None
        return
    with pytest.raises(Invalid):
        verify(code, ticket=ticket, after=after)


def test_a_code_works_once_and_only_for_its_purpose() -> None:
    ticket = sign_up()
    code = code_in(last_letter(EMAIL).subject)
    place = services.Place("Firefox", "10.0.0.1")
    with pytest.raises(Invalid):
        services.sign_in_by_code(EMAIL, code, place=place, now=NOW)
    verify(code, ticket=ticket)

    with pytest.raises(Invalid):
        verify(code, ticket=ticket)


def test_an_unknown_address_is_answered_as_a_wrong_code() -> None:
    with pytest.raises(Invalid) as refused:
        services.verify("ai@example.vn", "123456", ticket=None, address=None, now=NOW)

    assert refused.value.errors == {"code": [WRONG]}


@pytest.mark.parametrize(("after", "codes"), [(59, 1), (60, 2)])
def test_a_code_is_sent_again_after_a_minute_at_the_earliest(after: float, codes: int) -> None:
    sign_up()

    services.request_code(EMAIL, Purpose.SIGN_UP, now=NOW + timedelta(seconds=after), asker=HERE)

    assert session().scalar(select(func.count()).select_from(OneTimeCode)) == codes


def test_the_code_sent_again_sets_what_was_typed_at_sign_up() -> None:
    ticket = sign_up()
    services.request_code(EMAIL, Purpose.SIGN_UP, now=NOW + timedelta(seconds=61))

    made = verify(code_in(last_letter(EMAIL).subject), ticket=ticket, after=70)

    assert matches(made.password_hash, PASSWORD)


def test_one_place_gets_at_most_ten_codes_an_hour_sent_to_one_address() -> None:
    sign_up()
    for minute in range(1, 30):
        services.request_code(EMAIL, Purpose.SIGN_UP, now=NOW + timedelta(minutes=minute), asker=HERE)

    assert session().scalar(select(func.count()).select_from(OneTimeCode)) == 10


def test_all_strangers_together_get_at_most_twenty_codes_an_hour_sent() -> None:
    for number in range(30):
        asker = Asker(place=Place("", f"10.1.1.{number}"))
        sign_up() if number == 0 else services.request_code(EMAIL, Purpose.SIGN_UP, now=NOW, asker=asker)

    assert session().scalar(select(func.count()).select_from(OneTimeCode)) == 20


def test_the_same_address_at_the_other_tenant_is_another_person(tenant: World) -> None:
    ticket = sign_up()
    code = code_in(last_letter(EMAIL).subject)
    session().commit()
    with tenant_scope(tenant.second.id):
        with pytest.raises(Invalid):
            verify(code, ticket=ticket)
        assert session().scalars(select(Account).where(Account.email == EMAIL)).one_or_none() is None
