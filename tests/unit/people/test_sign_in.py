"""Coming in by password and by code, and what slows guessing down."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.kernel import audit, uow
from core.kernel.clock import real_now
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.people import passwords, services
from core.people.models import Account, FailedTry, SignIn
from core.people.queries import devices_of
from core.people.services import Place, Purpose, TooManyTries
from core.people.sessions import account_of_token
from tests.support.factories import World, actor_of, make_account
from tests.support.people import code_in, last_letter

NOW = real_now()
EMAIL, PASSWORD = "hoa@example.vn", "con trâu là đầu cơ nghiệp"
HERE, THERE = Place("Chrome, Windows", "10.0.0.1"), Place("Firefox, Linux", "10.9.9.9")


@pytest.fixture
def hoa(tenant: World) -> Account:
    """An account with a password."""
    account = make_account(EMAIL, name="Nguyễn Thị Hoa")
    account.password_hash = passwords.hash_password(PASSWORD)
    session().flush()
    return account


def come_in(password: str = PASSWORD, *, email: str = EMAIL, place: Place = HERE, now: datetime = NOW) -> str:
    return services.sign_in(email, password, place=place, now=now)


def guess(times: int, *, email: str = EMAIL, place: Place = HERE, now: datetime = NOW) -> None:
    for _time in range(times):
        with pytest.raises(Invalid):
            come_in("sai rồi nhé bạn ơi", email=email, place=place, now=now)


def test_the_right_password_begins_a_sign_in_with_a_new_token(hoa: Account) -> None:
    first, second = come_in(), come_in()

    assert first != second
    view = account_of_token(first)
    assert view is not None
    assert (view.id, view.name, view.email) == (hoa.id, "Nguyễn Thị Hoa", EMAIL)
    assert session().scalar(select(func.count()).select_from(SignIn)) == 2
    assert [record.data for record in audit.records(subject=str(hoa.id))] == [
        {"way": "password", "device": "Chrome, Windows"}
    ] * 2


def test_the_token_itself_is_not_stored(hoa: Account) -> None:
    token = come_in()

    assert session().scalars(select(SignIn.digest)).one() != token


@pytest.mark.parametrize(
    "email", [EMAIL, "ai.do@example.vn", "tacgia@example.vn"], ids=["known", "nobody", "no password"]
)
def test_a_wrong_password_is_answered_alike_and_counted(hoa: Account, email: str) -> None:
    with pytest.raises(Invalid) as refused:
        come_in("sai rồi nhé bạn ơi", email=email)

    assert refused.value.errors == {
        "password": [
            "Địa chỉ thư hoặc mật khẩu chưa đúng. Nếu vừa đăng ký, bạn hãy nhập mã xác nhận trong thư trước."
        ]
    }
    assert session().scalar(select(func.count()).select_from(FailedTry)) == 1


def test_the_wrong_try_is_stored_although_the_answer_is_a_refusal(hoa: Account) -> None:
    uow.commit()
    guess(1)

    uow.finish(ok=False)

    assert session().scalar(select(func.count()).select_from(FailedTry)) == 1


def test_an_account_that_is_not_verified_cannot_come_in_by_password(hoa: Account) -> None:
    hoa.verified_at = None
    session().flush()

    guess(1)


@pytest.mark.parametrize(
    ("wrong", "after", "open_again"),
    [(4, 0, True), (5, 29, False), (5, 30, True), (6, 59, False), (6, 60, True)],
)
def test_after_five_wrong_tries_this_place_waits_ever_longer(
    hoa: Account, wrong: int, after: int, open_again: bool
) -> None:
    guess(min(wrong, 5))
    at = NOW
    for extra in range(wrong - 5):
        at += timedelta(seconds=30 * 2**extra)
        guess(1, now=at)
    at += timedelta(seconds=after)
    if open_again:
        assert come_in(now=at)
        return
    with pytest.raises(TooManyTries) as refused:
        come_in(now=at)
    assert "đăng nhập ngay bằng mã gửi qua thư" in refused.value.message


def test_a_stranger_who_guesses_locks_nobody_else_out(hoa: Account) -> None:
    come_in()
    guess(5, place=THERE)
    for time in range(6):
        with pytest.raises(TooManyTries):
            come_in(place=THERE, now=NOW + timedelta(seconds=time))

    assert come_in()


def test_many_places_guessing_one_password_are_stopped_and_known_places_are_not(hoa: Account) -> None:
    come_in()
    for number in range(20):
        guess(1, place=Place("Chrome", f"10.1.1.{number}"))

    with pytest.raises(TooManyTries):
        come_in(place=THERE)
    assert come_in()


def test_a_code_still_lets_the_owner_in_from_anywhere(hoa: Account) -> None:
    for number in range(20):
        guess(1, place=Place("Chrome", f"10.1.1.{number}"))
    services.request_code(EMAIL, Purpose.SIGN_IN, now=NOW)

    token = services.sign_in_by_code(EMAIL, code_in(last_letter(EMAIL).subject), place=THERE, now=NOW)

    view = account_of_token(token)
    assert view is not None
    assert view.id == hoa.id


def test_a_right_password_forgets_the_wrong_ones_of_this_place(hoa: Account) -> None:
    guess(4)
    come_in()
    guess(4)

    assert come_in()


def test_asking_for_a_code_for_an_unknown_address_is_silent(tenant: World) -> None:
    services.request_code("ai.do@example.vn", Purpose.SIGN_IN, now=NOW)
    services.request_code("ai.do@example.vn", Purpose.RESET, now=NOW)
    services.request_code("ai.do@example.vn", Purpose.SIGN_UP, now=NOW)


def test_a_reset_sets_the_password_and_ends_every_other_device(hoa: Account) -> None:
    old = come_in(place=THERE)
    services.request_code(EMAIL, Purpose.RESET, now=NOW)
    code = code_in(last_letter(EMAIL).subject)

    token = services.reset_password(EMAIL, code, "mười hai con giáp ơi", place=HERE, now=NOW)

    assert account_of_token(old) is None
    assert account_of_token(token) is not None
    assert passwords.matches(hoa.password_hash, "mười hai con giáp ơi")
    guess(1)


def test_a_reset_with_an_easy_password_does_not_use_the_code_up(hoa: Account) -> None:
    services.request_code(EMAIL, Purpose.RESET, now=NOW)
    code = code_in(last_letter(EMAIL).subject)
    with pytest.raises(Invalid) as refused:
        services.reset_password(EMAIL, code, "1234567890", place=HERE, now=NOW)

    assert list(refused.value.errors) == ["password"]
    assert services.reset_password(EMAIL, code, "mười hai con giáp ơi", place=HERE, now=NOW)


def test_a_device_is_listed_until_it_is_signed_out(hoa: Account) -> None:
    token = come_in()
    come_in(place=THERE, now=NOW + timedelta(seconds=1))
    view = account_of_token(token)
    assert view is not None
    assert [(row.device, row.address) for row in devices_of(hoa.id)] == [
        ("Firefox, Linux", "10.9.9.9"),
        ("Chrome, Windows", "10.0.0.1"),
    ]

    services.sign_out(view.sign_in_id, actor=actor_of(hoa), now=NOW)

    assert account_of_token(token) is None
    assert [row.device for row in devices_of(hoa.id)] == ["Firefox, Linux"]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537.36 Edg/130", "Edge, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/120 Chrome/114 Safari/537.36", "Cốc Cốc, Windows"),
        ("curl/8", "Thiết bị khác"),
        ("", "Thiết bị khác"),
    ],
)
def test_a_device_is_named_as_its_owner_knows_it(agent: str, name: str) -> None:
    assert services.device_name(agent) == name
