"""Rescues of accounts: two officers, a wait, a way to stop it; and no way to take an account over by them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from pyotp import TOTP
from sqlalchemy import func, select

from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.jobs import Job
from core.kernel.mail import Mail
from core.kernel.proposals import Standing, standing
from core.people import passwords, services
from core.people.models import Account, RecoveryCode, SecondFactor
from core.people.rescue_models import AccountRescue
from core.people.services import Papers, Place, RescueKind, RescueRefused, SecondStepNeeded
from core.people.services.rescue_ends import carry_out, seal_of
from core.people.services.rescues import link_of
from core.people.sessions import account_of_token
from core.people.settings import change_rescue_wait, rescue_wait
from tests.support.factories import World, actor_of, make_account
from tests.support.people import code_in, last_letter

NOW = real_now().replace(second=10, microsecond=0)
DAY = timedelta(hours=24)
EMAIL, PASSWORD = "hoa@example.vn", "con trâu là đầu cơ nghiệp"
NEW = "hoa.moi@example.vn"
REASON = "Mất điện thoại khi đi đường, không cất mã dự phòng."
HERE = Place("Chrome, Windows", "10.0.0.1")


@dataclass(frozen=True)
class Office:
    """Two officers, and the person who comes to the counter."""

    first: Actor
    second: Actor
    hoa: Account

    def ask(self, kind: RescueKind = RescueKind.SECOND_FACTOR, *, at: datetime = NOW) -> AccountRescue:
        address = NEW if kind is RescueKind.ADDRESS else None
        return services.ask_rescue(
            self.hoa.id,
            kind,
            papers=Papers.CITIZEN_CARD,
            reason=REASON,
            address=address,
            actor=self.first,
            now=at,
        )

    def confirmed(self, kind: RescueKind = RescueKind.SECOND_FACTOR) -> AccountRescue:
        made = self.ask(kind)
        if kind is RescueKind.ADDRESS:
            code = code_in(last_letter(NEW).body)
            services.prove_rescue_address(made.id, code, actor=self.first, now=NOW)
        services.confirm_rescue(made.id, has_looked=True, actor=self.second, now=NOW)
        return made


@pytest.fixture
def office(tenant: World) -> Office:
    """Hoa has a password and a second factor; both officers were there from the beginning."""
    hoa = make_account(EMAIL, name="Nguyễn Thị Hoa")
    hoa.password_hash = passwords.hash_password(PASSWORD)
    session().flush()
    services.begin_second_factor(actor=actor_of(hoa), now=NOW - DAY)
    services.confirm_second_factor(
        shown(hoa, NOW - DAY), this_sign_in=None, actor=actor_of(hoa), now=NOW - DAY
    )
    first = session().scalars(select(Account).where(Account.email == "btc@example.vn")).one()
    second = make_account("btc2@example.vn", name="Cán bộ Hai", roles=[Role.COMMITTEE])
    return Office(actor_of(first), actor_of(second), hoa)


def shown(account: Account, at: datetime) -> str:
    ask = select(SecondFactor.secret).where(SecondFactor.account_id == account.id)
    return TOTP(session().scalars(ask).one()).at(at)


def come_in(account: Account, at: datetime) -> str:
    with pytest.raises(SecondStepNeeded) as needed:
        services.sign_in(EMAIL, PASSWORD, place=HERE, now=at)
    return services.finish_sign_in(needed.value.half, shown(account, at), place=HERE, now=at)


def letters_to(address: str) -> list[str | None]:
    ask = select(Mail.kind).where(Mail.recipient == address).order_by(Mail.id)
    return list(session().scalars(ask))


def actions(office: Office) -> list[str]:
    return [one.action for one in audit.records(subject=str(office.hoa.id)) if "rescue" in one.action]


# -- the way of it --------------------------------------------------------------------------------------------------


def test_asking_changes_nothing_and_the_owner_is_told_with_the_way_to_stop_it(office: Office) -> None:
    made = office.ask()

    assert standing(made, NOW) is Standing.PROPOSED
    assert services.second_factor_of(office.hoa.id) is not None
    letter = last_letter(EMAIL)
    assert letter.subject == "Có đề nghị gỡ bước xác thực thứ hai trong tài khoản của Quý vị"
    assert link_of(made) in letter.body
    assert "có hiệu lực sau đó 24 giờ" in letter.body


def test_the_log_keeps_what_papers_were_seen_and_no_word_of_the_reason(office: Office) -> None:
    office.confirmed()

    asked, confirmed = audit.records(subject=str(office.hoa.id))[-2:]
    assert (asked.action, asked.data) == (
        "rescue.asked",
        {"kind": "second_factor", "papers": "citizen_card"},
    )
    assert (confirmed.action, sorted(confirmed.data)) == (
        "rescue.confirmed",
        ["holds_from", "kind", "papers"],
    )


def test_confirmed_it_waits_and_then_takes_the_factor_and_every_device(office: Office) -> None:
    device = come_in(office.hoa, NOW - timedelta(hours=2))
    made = office.confirmed()

    early = carry_out(made.id, now=NOW + DAY - timedelta(seconds=1))
    before = account_of_token(device), services.second_factor_of(office.hoa.id)
    late = carry_out(made.id, now=NOW + DAY)

    assert (early, late) == (False, True)
    assert None not in before
    assert account_of_token(device) is None
    assert services.second_factor_of(office.hoa.id) is None
    assert session().scalars(select(func.count()).select_from(RecoveryCode)).one() == 0
    assert services.sign_in(EMAIL, PASSWORD, place=HERE, now=NOW + DAY)
    assert letters_to(EMAIL) == ["account-rescue", "account-rescue", "account-rescued"]
    assert actions(office) == ["rescue.asked", "rescue.confirmed", "account.rescued"]


def test_the_job_waits_for_its_time(office: Office) -> None:
    made = office.confirmed()

    job = session().scalars(select(Job).where(Job.kind == "people.carry_out_rescue")).one()
    assert (job.payload, job.run_at) == ({"rescue": str(made.id)}, NOW + DAY)


def test_it_takes_effect_once(office: Office) -> None:
    made = office.confirmed()

    assert [carry_out(made.id, now=NOW + DAY) for _time in range(2)] == [True, False]
    assert actions(office).count("account.rescued") == 1


def test_until_it_is_set_up_again_its_owner_is_told_to(office: Office) -> None:
    before = services.should_set_up_again(office.hoa.id, now=NOW)
    carry_out(office.confirmed().id, now=NOW + DAY)
    after = services.should_set_up_again(office.hoa.id, now=NOW + DAY)
    owner, later = actor_of(office.hoa), NOW + DAY
    services.begin_second_factor(actor=owner, now=later)
    services.confirm_second_factor(shown(office.hoa, later), this_sign_in=None, actor=owner, now=later)

    assert (before, after, services.should_set_up_again(office.hoa.id, now=later)) == (False, True, False)


def test_a_new_address_is_the_only_one_and_asks_the_second_factor_still(office: Office) -> None:
    made = office.confirmed(RescueKind.ADDRESS)

    carry_out(made.id, now=NOW + DAY)

    assert (office.hoa.email, office.hoa.phone, office.hoa.phone_digest) == (NEW, None, None)
    assert services.second_factor_of(office.hoa.id) is not None
    assert letters_to(EMAIL)[-1] == letters_to(NEW)[-1] == "account-rescued"
    assert made.address is None


def test_asking_twice_is_asking_once_and_another_waits_its_turn(office: Office) -> None:
    assert office.ask().id == office.ask().id
    assert letters_to(EMAIL) == ["account-rescue"]
    with pytest.raises(RescueRefused):
        office.ask(RescueKind.ADDRESS)


def test_confirming_twice_confirms_once(office: Office) -> None:
    made = office.ask()

    done = [
        services.confirm_rescue(made.id, has_looked=True, actor=office.second, now=NOW) for _time in range(2)
    ]

    assert done == [True, False]


def test_what_nobody_confirms_lapses(office: Office) -> None:
    made = office.ask()
    late = NOW + timedelta(days=7)

    with pytest.raises(RescueRefused) as refused:
        services.confirm_rescue(made.id, has_looked=True, actor=office.second, now=late)

    assert refused.value.message == "Đề nghị này đã quá bảy ngày: nếu vẫn cần, hãy đề nghị lại."
    assert office.ask(at=late).id != made.id


@pytest.mark.parametrize("how", ["declined", "withdrawn"])
@pytest.mark.parametrize("stage", ["proposed", "confirmed"])
def test_officers_end_it_before_it_takes_effect(office: Office, how: str, stage: str) -> None:
    made = office.ask() if stage == "proposed" else office.confirmed()
    if how == "declined":
        services.decline_rescue(made.id, "Ảnh không khớp", actor=office.second, now=NOW)
    else:
        services.withdraw_rescue(made.id, actor=office.first, now=NOW)

    assert (made.state, carry_out(made.id, now=NOW + DAY)) == (how, False)
    assert services.second_factor_of(office.hoa.id) is not None


@pytest.mark.parametrize(
    ("papers", "reason", "field"),
    [
        ("", REASON, "papers"),
        ("citizen_card", " ", "reason"),
        ("citizen_card", "x" * 501, "reason"),
        ("citizen_card", "Căn cước 0190 8500 1234", "reason"),
    ],
)
def test_a_reason_is_given_and_holds_no_number_of_papers(
    office: Office, papers: str, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.ask_rescue(
            office.hoa.id,
            RescueKind.SECOND_FACTOR,
            papers=papers,
            reason=reason,
            actor=office.first,
            now=NOW,
        )

    assert list(refused.value.errors) == [field]


def test_there_must_be_something_to_take(office: Office) -> None:
    services.end_second_factor(actor=actor_of(office.hoa), now=NOW)

    with pytest.raises(RescueRefused):
        office.ask()


# -- stopped --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(RescueKind))
@pytest.mark.parametrize("stage", ["proposed", "confirmed"])
def test_whoever_comes_in_stops_it(office: Office, kind: RescueKind, stage: str) -> None:
    made = office.ask(kind) if stage == "proposed" else office.confirmed(kind)

    come_in(office.hoa, NOW + timedelta(hours=1))

    assert (made.state, made.note, made.address) == ("stopped", "sign_in", None)
    assert carry_out(made.id, now=NOW + DAY) is False
    assert office.hoa.email == EMAIL
    assert actions(office)[-1] == "rescue.stopped"


def test_half_a_sign_in_stops_nothing(office: Office) -> None:
    made = office.confirmed()

    with pytest.raises(SecondStepNeeded):
        services.sign_in(EMAIL, PASSWORD, place=HERE, now=NOW)

    assert made.state == "confirmed"


def test_the_link_of_the_letter_stops_it_once_and_no_other_link_does(office: Office) -> None:
    made = office.confirmed()

    with pytest.raises(NotFound):
        services.access_rescue_by_link(made.id, "0" * 40)
    found = services.access_rescue_by_link(made.id, seal_of(made))
    assert [services.stop_by_link(found, now=NOW) for _time in range(2)] == [True, False]
    assert (made.state, made.note) == ("stopped", "link")


# -- not to take an account over ------------------------------------------------------------------------------------


def test_an_officer_alone_cannot(office: Office) -> None:
    made = office.ask()

    with pytest.raises(RescueRefused):
        services.confirm_rescue(made.id, has_looked=True, actor=office.first, now=NOW)
    assert carry_out(made.id, now=NOW + 30 * DAY) is False


def test_an_officer_with_a_second_self_cannot(office: Office) -> None:
    """Who may invite could invite another account of their own; it neither confirms nor asks for a week."""
    second = services.invite(
        "toi2@example.vn", "Bạn tôi", Role.COMMITTEE, site="", actor=office.first, now=NOW
    )
    shadow = Actor(id=second, name="Bạn tôi", roles=frozenset({Role.COMMITTEE}))
    made, soon = office.ask(), NOW + timedelta(days=6, hours=23)

    with pytest.raises(RescueRefused):
        services.confirm_rescue(made.id, has_looked=True, actor=shadow, now=soon)
    services.withdraw_rescue(made.id, actor=office.first, now=soon)
    with pytest.raises(RescueRefused):
        services.ask_rescue(
            office.hoa.id,
            RescueKind.SECOND_FACTOR,
            papers=Papers.PASSPORT,
            reason=REASON,
            actor=shadow,
            now=soon,
        )
    assert (services.is_settled(second, now=soon), services.is_settled(second, now=NOW + 7 * DAY)) == (
        False,
        True,
    )


def test_whom_the_operator_made_an_officer_need_not_wait(office: Office) -> None:
    made = services.invite("moi@example.vn", "Mới", Role.COMMITTEE, site="", actor=SYSTEM, now=NOW)

    assert services.is_settled(made, now=NOW)


@pytest.mark.parametrize("role", [Role.COMMITTEE, Role.JUDGE])
def test_nobody_helps_along_their_own(office: Office, role: Role) -> None:
    office.hoa.roles = [str(role), str(Role.COMMITTEE)]
    session().flush()
    own = actor_of(office.hoa)

    with pytest.raises(Forbidden):
        services.ask_rescue(
            own_id(own), RescueKind.SECOND_FACTOR, papers=Papers.PASSPORT, reason=REASON, actor=own, now=NOW
        )
    made = office.ask()
    with pytest.raises(Forbidden):
        services.confirm_rescue(made.id, has_looked=True, actor=own, now=NOW)


def own_id(actor: Actor) -> UUID:
    assert actor.id is not None
    return actor.id


@pytest.mark.parametrize("role", [None, Role.JUDGE, Role.UNIT])
def test_who_is_no_officer_can_do_nothing_of_it(office: Office, role: Role | None) -> None:
    made = office.ask()
    other = actor_of(make_account("ai@example.vn", roles=[role] if role else []))

    with pytest.raises(Forbidden):
        services.confirm_rescue(made.id, has_looked=True, actor=other, now=NOW)
    with pytest.raises(Forbidden):
        services.ask_rescue(
            office.hoa.id,
            RescueKind.SECOND_FACTOR,
            papers=Papers.PASSPORT,
            reason=REASON,
            actor=other,
            now=NOW,
        )


def test_an_officer_of_another_tenant_finds_nothing(office: Office, tenant: World) -> None:
    made = office.ask()
    rescue_id, seal, hoa_id = made.id, seal_of(made), office.hoa.id
    session().commit()

    with tenant_scope(tenant.second.id):
        twin = actor_of(session().scalars(select(Account).where(Account.email == "btc@example.vn")).one())
        with pytest.raises(NotFound):
            services.confirm_rescue(rescue_id, has_looked=True, actor=twin, now=NOW)
        with pytest.raises(NotFound):
            services.ask_rescue(
                hoa_id,
                RescueKind.SECOND_FACTOR,
                papers=Papers.PASSPORT,
                reason=REASON,
                actor=twin,
                now=NOW,
            )
        with pytest.raises(NotFound):
            services.access_rescue_by_link(rescue_id, seal)
        assert carry_out(rescue_id, now=NOW + DAY) is False


def test_the_second_officer_must_have_looked(office: Office) -> None:
    made = office.ask()

    with pytest.raises(Invalid) as refused:
        services.confirm_rescue(made.id, has_looked=False, actor=office.second, now=NOW)

    assert (list(refused.value.errors), made.state) == (["has_looked"], "proposed")


@pytest.mark.parametrize("who", ["first", "second"])
def test_an_officer_who_lost_the_role_meanwhile_has_helped_nobody(office: Office, who: str) -> None:
    made = office.confirmed()
    account = session().get_one(Account, (session().tenant_id, getattr(office, who).id))
    account.roles = []
    session().flush()

    assert carry_out(made.id, now=NOW + DAY) is False
    assert (made.state, made.note) == ("stopped", "refused")
    assert services.second_factor_of(office.hoa.id) is not None


def test_an_erased_account_is_not_brought_back(office: Office) -> None:
    made = office.confirmed(RescueKind.ADDRESS)
    office.hoa.email = office.hoa.verified_at = None
    session().flush()

    assert carry_out(made.id, now=NOW + DAY) is False
    assert office.hoa.email is None
    with pytest.raises(RescueRefused):
        office.ask(RescueKind.ADDRESS)


def test_a_rescue_that_went_with_its_account_is_no_fault(office: Office) -> None:
    made = office.confirmed()
    session().delete(made)
    session().flush()

    assert carry_out(made.id, now=NOW + DAY) is False


def test_a_new_address_is_confirmed_only_when_its_code_was_read_out(office: Office) -> None:
    made = office.ask(RescueKind.ADDRESS)

    with pytest.raises(RescueRefused):
        services.confirm_rescue(made.id, has_looked=True, actor=office.second, now=NOW)
    with pytest.raises(Invalid):
        services.prove_rescue_address(made.id, "000000", actor=office.first, now=NOW)
    assert made.reached_at is None


def test_a_code_of_an_earlier_rescue_proves_no_other_address(office: Office) -> None:
    first = office.ask(RescueKind.ADDRESS)
    code = code_in(last_letter(NEW).body)
    services.withdraw_rescue(first.id, actor=office.first, now=NOW)
    later = NOW + timedelta(minutes=2)
    second = services.ask_rescue(
        office.hoa.id,
        RescueKind.ADDRESS,
        papers=Papers.PASSPORT,
        reason=REASON,
        address="khac@example.vn",
        actor=office.first,
        now=later,
    )

    with pytest.raises(Invalid):
        services.prove_rescue_address(second.id, code, actor=office.first, now=later)


@pytest.mark.parametrize("taken", ["tacgia@example.vn", EMAIL])
def test_a_proved_address_is_not_taken_from_anybody(office: Office, taken: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.ask_rescue(
            office.hoa.id,
            RescueKind.ADDRESS,
            papers=Papers.PASSPORT,
            reason=REASON,
            address=taken,
            actor=office.first,
            now=NOW,
        )

    assert list(refused.value.errors) == ["email"]


def test_an_address_proved_elsewhere_while_it_waits_stays_there(office: Office) -> None:
    made = office.confirmed(RescueKind.ADDRESS)
    holder = make_account(NEW, name="Người khác")

    assert carry_out(made.id, now=NOW + DAY) is False
    assert (office.hoa.email, holder.email, made.state) == (EMAIL, NEW, "stopped")


def test_codes_on_their_way_to_the_lost_address_open_nothing_afterwards(office: Office) -> None:
    made = office.confirmed(RescueKind.ADDRESS)
    services.end_second_factor(actor=actor_of(office.hoa), now=NOW)
    at = NOW + DAY
    services.request_code(EMAIL, services.Purpose.SIGN_IN, now=at)
    code = code_in(last_letter(EMAIL).body)

    carry_out(made.id, now=at)

    with pytest.raises(Invalid):
        services.sign_in_by_code(NEW, code, place=HERE, now=at)


# -- the operator ---------------------------------------------------------------------------------------------------


def test_the_operator_helps_an_officer_whom_no_two_colleagues_can(office: Office) -> None:
    office.hoa.roles = [str(Role.COMMITTEE)]
    second = session().get_one(Account, (session().tenant_id, office.second.id))
    second.roles = []
    session().flush()

    made = services.rescue_by_operator(EMAIL, now=NOW)

    assert (made.state, made.holds_from, made.asked_by) == ("confirmed", NOW + DAY, None)
    assert letters_to(EMAIL) == ["account-rescue"]
    assert carry_out(made.id, now=NOW + DAY) is True
    assert services.second_factor_of(office.hoa.id) is None


def test_a_new_officer_is_none_who_could_help(office: Office) -> None:
    second = session().get_one(Account, (session().tenant_id, office.second.id))
    second.roles = []
    services.grant_role(second.id, Role.COMMITTEE, actor=office.first, now=NOW)

    made = services.rescue_by_operator(EMAIL, now=NOW)

    assert made.state == "confirmed"


def test_giving_a_role_again_makes_nobody_new(office: Office) -> None:
    services.grant_role(own_id(office.second), Role.COMMITTEE, actor=office.first, now=NOW)

    assert services.is_settled(own_id(office.second), now=NOW)


def test_the_operator_does_not_where_two_officers_can(office: Office) -> None:
    with pytest.raises(RescueRefused):
        services.rescue_by_operator(EMAIL, now=NOW)
    office.hoa.roles = [str(Role.COMMITTEE)]
    session().flush()
    with pytest.raises(RescueRefused):
        services.rescue_by_operator(EMAIL, now=NOW)
    with pytest.raises(NotFound):
        services.rescue_by_operator("khong@example.vn", now=NOW)


# -- the waiting time -----------------------------------------------------------------------------------------------


def test_the_waiting_time_is_an_illustration_until_the_committee_sets_it(office: Office) -> None:
    before = rescue_wait()
    changed = [change_rescue_wait("48", actor=office.first, now=NOW) for _time in range(2)]
    made = office.confirmed()

    assert (before.hours, before.is_decided) == (24, False)
    assert (changed, rescue_wait().hours, rescue_wait().is_decided) == ([True, False], 48, True)
    assert made.holds_from == NOW + timedelta(hours=48)


@pytest.mark.parametrize("typed", ["", "11", "169", "-5", "một ngày"])
def test_a_night_never_passes_unseen(office: Office, typed: str) -> None:
    with pytest.raises(Invalid):
        change_rescue_wait(typed, actor=office.first, now=NOW)
    with pytest.raises(Forbidden):
        change_rescue_wait("48", actor=actor_of(office.hoa), now=NOW)
