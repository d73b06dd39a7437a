"""The authenticator application and its recovery codes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pyotp import TOTP
from sqlalchemy import select, text

from core.kernel import audit
from core.kernel.clock import real_now
from core.kernel.db import ALL_TENANTS, session
from core.kernel.errors import Invalid
from core.people import passwords, services
from core.people.models import Account, RecoveryCode, SecondFactor
from core.people.services import HalfWay, Place, SecondFactorIsOn, SecondStepNeeded, TooManyTries
from core.people.sessions import account_of_token
from tests.support.factories import World, actor_of, make_account
from tests.support.people import last_letter

NOW = real_now().replace(second=10, microsecond=0)
EMAIL, PASSWORD = "hoa@example.vn", "con trâu là đầu cơ nghiệp"
HERE = Place("Chrome, Windows", "10.0.0.1")


@pytest.fixture
def hoa(tenant: World) -> Account:
    """An account with a password."""
    account = make_account(EMAIL, name="Nguyễn Thị Hoa")
    account.password_hash = passwords.hash_password(PASSWORD)
    session().flush()
    return account


def shown(hoa: Account, at: datetime) -> str:
    """What the owner's application shows."""
    secret = session().scalars(select(SecondFactor.secret).where(SecondFactor.account_id == hoa.id)).one()
    return TOTP(secret).at(at)


def turn_on(hoa: Account, at: datetime = NOW) -> list[str]:
    services.begin_second_factor(actor=actor_of(hoa), now=at)
    return services.confirm_second_factor(shown(hoa, at), this_sign_in=None, actor=actor_of(hoa), now=at)


def first_step(at: datetime = NOW) -> HalfWay:
    with pytest.raises(SecondStepNeeded) as needed:
        services.sign_in(EMAIL, PASSWORD, place=HERE, now=at)
    return needed.value.half


def test_the_first_code_turns_it_on_and_ends_other_devices(hoa: Account) -> None:
    elsewhere = services.sign_in(EMAIL, PASSWORD, place=HERE, now=NOW)

    codes = turn_on(hoa)

    assert account_of_token(elsewhere) is None
    assert (len(codes), len(set(codes)), {len(code) for code in codes}) == (10, 10, {11})
    assert "account.second_factor_on" in [one.action for one in audit.records(subject=str(hoa.id))]


def test_until_its_first_code_it_asks_for_nothing(hoa: Account) -> None:
    services.begin_second_factor(actor=actor_of(hoa), now=NOW)
    with pytest.raises(Invalid) as refused:
        services.confirm_second_factor("000000", this_sign_in=None, actor=actor_of(hoa), now=NOW)

    assert list(refused.value.errors) == ["code"]
    assert services.sign_in(EMAIL, PASSWORD, place=HERE, now=NOW)


def test_a_setup_that_was_left_is_begun_anew(hoa: Account) -> None:
    services.begin_second_factor(actor=actor_of(hoa), now=NOW)
    late = NOW + timedelta(minutes=30)

    assert services.waiting_secret(hoa.id, now=late) is None
    with pytest.raises(Invalid):
        services.confirm_second_factor(shown(hoa, late), this_sign_in=None, actor=actor_of(hoa), now=late)


def test_the_secret_lies_encrypted(hoa: Account) -> None:
    turn_on(hoa)
    secret = session().scalars(select(SecondFactor.secret)).one()

    raw = (
        session()
        .execute(text("select secret from second_factor"), execution_options=ALL_TENANTS)
        .scalar_one()
    )

    assert len(secret) == 32
    assert secret not in raw


@pytest.mark.parametrize("way", ["password", "code", "reset"])
def test_no_way_in_goes_around_it(hoa: Account, way: str) -> None:
    turn_on(hoa)
    account, later = hoa, NOW + timedelta(minutes=2)

    with pytest.raises(SecondStepNeeded) as needed:
        services.enter(account, way, place=HERE, now=later)

    token = services.finish_sign_in(needed.value.half, shown(hoa, later), place=HERE, now=later)
    view = account_of_token(token)
    assert view is not None
    assert view.id == hoa.id
    assert audit.records(subject=str(hoa.id))[-1].data == {"way": f"{way}+totp", "device": HERE.device}


def test_a_code_is_accepted_once(hoa: Account) -> None:
    turn_on(hoa)
    later = NOW + timedelta(minutes=2)
    code = shown(hoa, later)
    services.finish_sign_in(first_step(later), code, place=HERE, now=later)

    with pytest.raises(Invalid):
        services.finish_sign_in(first_step(later), code, place=HERE, now=later)


def test_the_code_of_the_setup_is_not_accepted_for_coming_in(hoa: Account) -> None:
    turn_on(hoa)

    with pytest.raises(Invalid):
        services.finish_sign_in(first_step(), shown(hoa, NOW), place=HERE, now=NOW)


@pytest.mark.parametrize(
    ("seconds", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_half_a_minute_off(hoa: Account, seconds: int, accepted: bool) -> None:
    turn_on(hoa)
    later = NOW + timedelta(minutes=10)
    code = shown(hoa, later + timedelta(seconds=seconds))
    if accepted:
        assert services.finish_sign_in(first_step(later), code, place=HERE, now=later)
        return
    with pytest.raises(Invalid):
        services.finish_sign_in(first_step(later), code, place=HERE, now=later)


def test_a_recovery_code_opens_once_and_its_owner_is_told(hoa: Account) -> None:
    codes = turn_on(hoa)

    assert services.finish_sign_in(first_step(), f" {codes[3].lower()} ", place=HERE, now=NOW)

    assert services.recovery_codes_left(hoa.id) == 9
    assert last_letter(EMAIL).subject == "Đã đăng nhập bằng mã dự phòng"
    with pytest.raises(Invalid):
        services.finish_sign_in(first_step(), codes[3], place=HERE, now=NOW)


def test_recovery_codes_are_kept_as_digests_and_new_ones_replace_old_ones(hoa: Account) -> None:
    old = turn_on(hoa)
    kept = set(session().scalars(select(RecoveryCode.digest)))

    new = services.renew_recovery_codes(actor=actor_of(hoa), now=NOW)

    assert not kept & {code.replace("-", "") for code in old}
    assert not set(old) & set(new)
    with pytest.raises(Invalid):
        services.finish_sign_in(first_step(), old[0], place=HERE, now=NOW)
    assert services.finish_sign_in(first_step(), new[0], place=HERE, now=NOW)


@pytest.mark.parametrize("spoilt", ["too old", "new password", "gone"])
def test_a_half_done_sign_in_is_good_for_ten_minutes_and_one_password(hoa: Account, spoilt: str) -> None:
    turn_on(hoa)
    half, later = first_step(), NOW + timedelta(minutes=9, seconds=50)
    if spoilt == "too old":
        later = NOW + timedelta(minutes=10)
    if spoilt == "new password":
        hoa.password_hash = passwords.hash_password("mười hai con giáp ơi")
    if spoilt == "gone":
        hoa.verified_at = None
    session().flush()

    with pytest.raises(Invalid) as refused:
        services.finish_sign_in(half, shown(hoa, later), place=HERE, now=later)

    assert list(refused.value.errors) == [""]


def test_wrong_second_steps_are_slowed_down_and_a_known_device_is_not_by_others(hoa: Account) -> None:
    turn_on(hoa)
    later = NOW + timedelta(minutes=2)
    half = first_step(later)
    for _try in range(5):
        with pytest.raises(Invalid):
            services.finish_sign_in(half, "000000", place=HERE, now=later)

    with pytest.raises(TooManyTries):
        services.finish_sign_in(half, shown(hoa, later), place=HERE, now=later)
    own = Place("Chrome", HERE.address, "own browser", frozenset({hoa.id}))
    assert services.finish_sign_in(half, shown(hoa, later), place=own, now=later)


def test_turned_off_it_asks_for_nothing_and_leaves_nothing(hoa: Account) -> None:
    turn_on(hoa)

    services.end_second_factor(actor=actor_of(hoa), now=NOW)
    services.end_second_factor(actor=actor_of(hoa), now=NOW)

    assert services.sign_in(EMAIL, PASSWORD, place=HERE, now=NOW)
    assert list(session().scalars(select(RecoveryCode))) == []
    assert [one.action for one in audit.records(subject=str(hoa.id))].count("account.second_factor_off") == 1


def test_it_is_not_set_up_twice(hoa: Account) -> None:
    turn_on(hoa)

    with pytest.raises(SecondFactorIsOn):
        services.begin_second_factor(actor=actor_of(hoa), now=NOW)


def test_the_address_of_the_qr_code_names_contest_and_account() -> None:
    address = services.setup_address("ABCDEFGH", account="hoa@example.vn", issuer="Thái Nguyên")

    assert address == (
        "otpauth://totp/Th%C3%A1i%20Nguy%C3%AAn%3Ahoa%40example.vn?secret=ABCDEFGH&issuer=Th%C3%A1i%20Nguy%C3%AAn"
    )
    assert services.secret_in_words("ABCDEFGHIJ") == "ABCD EFGH IJ"
