"""A stranger who guesses slows nobody down but the place they guess from."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.kernel.clock import real_now
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.security import keyed_digest
from core.people import passwords, services
from core.people.models import Account, FailedTry
from core.people.services import Asker, Place, Purpose, TooManyTries
from tests.support.factories import World, make_account
from tests.support.people import code_in, last_letter

NOW = real_now()
EMAIL, PASSWORD = "hoa@example.vn", "con trâu là đầu cơ nghiệp"
CAFE = "10.0.0.77"


@pytest.fixture
def hoa(tenant: World) -> Account:
    """An account with a password that never came in from anywhere."""
    account = make_account(EMAIL, name="Nguyễn Thị Hoa")
    account.password_hash = passwords.hash_password(PASSWORD)
    session().flush()
    return account


def own_device(hoa: Account, address: str = CAFE) -> Place:
    return Place("Chrome, Android", address, "the name of this browser", frozenset({hoa.id}))


def attacked(times: int = 1000, *, address: str | None = None, now: datetime = NOW) -> None:
    """Wrong passwords of strangers, from as many addresses or from one: the rows that so many tries leave."""
    subject = keyed_digest(EMAIL, "failed-try")
    for number in range(times):
        place = Place("curl", address or f"198.51.{number // 250}.{number % 250}")
        session().add(FailedTry(account_digest=subject, address_digest=place.key_for(None), at=now))
    session().flush()


def test_a_thousand_wrong_tries_from_everywhere_keep_no_owner_from_a_known_device(hoa: Account) -> None:
    attacked()

    assert services.sign_in(EMAIL, PASSWORD, place=own_device(hoa), now=NOW)


def test_a_thousand_wrong_tries_from_the_owners_own_net_keep_no_owner_from_a_known_device(
    hoa: Account,
) -> None:
    attacked(address=CAFE)

    assert services.sign_in(EMAIL, PASSWORD, place=own_device(hoa), now=NOW)


def test_elsewhere_the_right_password_waits_and_is_told_the_way_that_is_open(hoa: Account) -> None:
    attacked()

    with pytest.raises(TooManyTries) as refused:
        services.sign_in(EMAIL, PASSWORD, place=Place("Firefox", CAFE), now=NOW)

    assert "đăng nhập ngay bằng mã gửi qua thư" in refused.value.message
    assert services.sign_in(EMAIL, PASSWORD, place=Place("Firefox", CAFE), now=NOW + timedelta(minutes=15))


def test_a_thousand_wrong_codes_leave_the_owners_code_good(hoa: Account) -> None:
    asker = Asker("ticket of the owner's browser", Place("Firefox", CAFE))
    services.request_code(EMAIL, Purpose.SIGN_IN, now=NOW, asker=asker)
    code = code_in(last_letter(EMAIL).subject)
    wrong = "000000" if code != "000000" else "111111"
    for number in range(1000):
        with pytest.raises(Invalid):
            services.sign_in_by_code(
                EMAIL, wrong, place=Place("curl", f"198.51.100.{number % 250}"), now=NOW, ticket=f"t{number}"
            )

    assert services.sign_in_by_code(EMAIL, code, place=asker.place, now=NOW, ticket=asker.ticket)


def test_codes_that_strangers_ask_for_neither_replace_the_owners_nor_keep_one_from_being_sent(
    hoa: Account,
) -> None:
    for number in range(40):
        stranger = Asker(f"t{number}", Place("curl", f"198.51.100.{number}"))
        services.request_code(EMAIL, Purpose.SIGN_IN, now=NOW, asker=stranger)
    owner = Asker("owner", own_device(hoa))
    services.request_code(EMAIL, Purpose.SIGN_IN, now=NOW, asker=owner)
    code = code_in(last_letter(EMAIL).subject)
    services.request_code(
        EMAIL, Purpose.SIGN_IN, now=NOW + timedelta(minutes=1), asker=Asker("t", Place("curl", "203.0.113.9"))
    )

    assert services.sign_in_by_code(EMAIL, code, place=owner.place, now=NOW, ticket="owner")


def test_a_code_may_be_typed_in_another_browser_until_strangers_guessed_three_times(hoa: Account) -> None:
    asker = Asker("owner", Place("Firefox", CAFE))
    for minutes, wrong_tries, works in ((0, 2, True), (2, 3, False)):
        now = NOW + timedelta(minutes=minutes)
        services.request_code(EMAIL, Purpose.SIGN_IN, now=now, asker=asker)
        code = code_in(last_letter(EMAIL).subject)
        wrong = "000000" if code != "000000" else "111111"
        for _try in range(wrong_tries):
            with pytest.raises(Invalid):
                services.sign_in_by_code(EMAIL, wrong, place=asker.place, now=now)
        if works:
            assert services.sign_in_by_code(EMAIL, code, place=asker.place, now=now)
            continue
        with pytest.raises(Invalid):
            services.sign_in_by_code(EMAIL, code, place=asker.place, now=now)


def test_a_known_device_that_guesses_waits_like_any_other(hoa: Account) -> None:
    for _try in range(5):
        with pytest.raises(Invalid):
            services.sign_in(EMAIL, "sai rồi nhé bạn ơi", place=own_device(hoa), now=NOW)

    with pytest.raises(TooManyTries):
        services.sign_in(EMAIL, PASSWORD, place=own_device(hoa, "10.9.9.9"), now=NOW)


def test_a_device_known_to_another_account_is_a_strangers(hoa: Account) -> None:
    attacked()
    other = Place("Chrome", CAFE, "another browser", frozenset({make_account("x@example.vn").id}))

    with pytest.raises(TooManyTries):
        services.sign_in(EMAIL, PASSWORD, place=other, now=NOW)
    assert session().scalar(select(func.count()).select_from(FailedTry)) == 1000
