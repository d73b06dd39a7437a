"""How a rescue of an account ends: it takes effect after its waiting time, or the account's owner stops it.

Any sign-in whose every step is done stops what is open: who can come in has lost nothing, and whoever asked in their
name was somebody else. The letters carry a link that stops it without signing in.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.clock import real_now
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.jobs import handler
from core.kernel.proposals import LASTS, Standing
from core.kernel.security import keyed_digest
from core.people.models import Account, OneTimeCode, SecondFactor, folded_of
from core.people.phones import is_phone, phone_digest
from core.people.rescue_models import AccountRescue
from core.people.services import rescue_letters
from core.people.services.addresses import free_way_in
from core.people.services.devices import end_all_sign_ins
from core.people.services.second_factor import take_second_factor

CARRY_OUT = "people.carry_out_rescue"
REMINDED_FOR = timedelta(days=30)


class RescueKind(StrEnum):
    """What was lost: the second factor, or every address that a code could go to."""

    SECOND_FACTOR = "second_factor"
    ADDRESS = "address"


def is_open(at: datetime) -> ColumnElement[bool]:
    """The condition that a rescue can still take effect: it waits for a second officer, or for its time."""
    waits = and_(AccountRescue.state == Standing.PROPOSED, AccountRescue.asked_at > at - LASTS)
    return or_(waits, AccountRescue.state == Standing.CONFIRMED)


def open_rescues(account_id: UUID, *, now: datetime) -> list[AccountRescue]:
    """The account's rescues that can still take effect. One query."""
    ask = select(AccountRescue).where(AccountRescue.account_id == account_id, is_open(now))
    return list(session().scalars(ask.order_by(AccountRescue.id)))


def stop_rescues(account_id: UUID, how: str, *, actor: Actor, now: datetime) -> int:
    """Stop what is open for the account, whose owner `actor` is; returns how many. `how` says by what, in the log."""
    if not open_rescues(account_id, now=now):
        return 0
    _lock_account(account_id)
    ask = select(AccountRescue).where(AccountRescue.account_id == account_id, is_open(now))
    found = list(session().scalars(ask.with_for_update()))
    for rescue in found:
        _stop(rescue, how, actor=actor, now=now)
    return len(found)


def stop_by_link(rescue: AccountRescue, *, now: datetime) -> bool:
    """Stop a rescue for who holds the link of its letter; returns whether this call did it."""
    _lock_account(rescue.account_id)
    session().refresh(rescue, with_for_update=True)
    if not _can_end(rescue, now):
        return False
    _stop(rescue, "link", actor=SYSTEM, now=now)
    return True


def access_rescue_by_link(rescue_id: UUID, seal: str) -> AccountRescue:
    """The rescue that a letter's link names; raises NotFound for a link that no letter carried. One query."""
    found = session().scalars(select(AccountRescue).where(AccountRescue.id == rescue_id)).one_or_none()
    if found is None or not hmac.compare_digest(seal.encode(), seal_of(found).encode()):
        raise NotFound
    return found


def seal_of(rescue: AccountRescue) -> str:
    """What makes the link of the letters: only this installation can tell it from the rescue."""
    return keyed_digest(f"{rescue.tenant_id}:{rescue.id}", "rescue-stop")[:40]


def should_set_up_again(account_id: UUID, *, now: datetime) -> bool:
    """Whether the account's second factor was taken by a rescue in the last month and is still off. One query."""
    has_factor = exists().where(
        SecondFactor.tenant_id == AccountRescue.tenant_id,
        SecondFactor.account_id == AccountRescue.account_id,
        SecondFactor.confirmed_at.is_not(None),
    )
    ask = select(AccountRescue.id).where(
        AccountRescue.account_id == account_id,
        AccountRescue.kind == RescueKind.SECOND_FACTOR,
        AccountRescue.state == Standing.DONE,
        AccountRescue.ended_at > now - REMINDED_FOR,
        ~has_factor,
    )
    return session().scalars(ask.limit(1)).first() is not None


@handler(CARRY_OUT)
def _carry_out(payload: Mapping[str, Any]) -> None:
    carry_out(UUID(payload["rescue"]), now=real_now())


def carry_out(rescue_id: UUID, *, now: datetime) -> bool:
    """Let a confirmed rescue whose time has come take effect; returns whether it did. Doing it twice does it once.

    One whose account was erased meanwhile, whose new address was proved for another account, or one of whose officers
    is no longer of the committee, is stopped instead.
    """
    held = session().scalars(select(AccountRescue).where(AccountRescue.id == rescue_id)).one_or_none()
    if held is None:
        return False
    account = _lock_account(held.account_id)
    session().refresh(held, with_for_update=True)
    if held.state != Standing.CONFIRMED or held.holds_from is None or now < held.holds_from:
        return False
    if account.verified_at is None or not _officers_stand(held):
        _stop(held, "refused", actor=SYSTEM, now=now)
        return False
    reached = rescue_letters.addresses_of(account)
    if held.kind == RescueKind.ADDRESS:
        if not _give_address(account, held):
            _stop(held, "address_taken", actor=SYSTEM, now=now)
            return False
    else:
        take_second_factor(account.id)
    end_all_sign_ins(account.id, now=now)
    codes = update(OneTimeCode).where(OneTimeCode.account_id == account.id, OneTimeCode.used_at.is_(None))
    session().execute(codes.values(used_at=now))
    end_rescue(held, Standing.DONE, now=now)
    audit.append("account.rescued", str(account.id), {"kind": held.kind}, actor=SYSTEM, now=now)
    rescue_letters.send_done(account, held.kind, reached, now=now)
    return True


def _give_address(account: Account, rescue: AccountRescue) -> bool:
    """Make the new address the only one: a lost telephone number may be somebody else's by now."""
    login = rescue.address or ""
    try:
        free_way_in(login, account)
    except Invalid:
        return False
    if is_phone(login):
        account.email, account.phone, account.phone_digest = None, login, phone_digest(login)
    else:
        account.email, account.phone, account.phone_digest = login, None, None
    account.folded = folded_of(account.name, account.email)
    session().flush()
    return True


def _officers_stand(rescue: AccountRescue) -> bool:
    """Whether both officers may still work in the office; the operator's own rescues name none."""
    wanted = {one for one in (rescue.asked_by, rescue.decided_by) if one is not None}
    rows = session().execute(select(Account.id, Account.roles).where(Account.id.in_(wanted)))
    return {account_id for account_id, roles in rows if Role.COMMITTEE in roles} == wanted


def _can_end(rescue: AccountRescue, now: datetime) -> bool:
    waits = rescue.state == Standing.PROPOSED and now < rescue.asked_at + LASTS
    return waits or rescue.state == Standing.CONFIRMED


def _stop(rescue: AccountRescue, how: str, *, actor: Actor, now: datetime) -> None:
    rescue.note = how
    end_rescue(rescue, Standing.STOPPED, now=now)
    data = {"kind": rescue.kind, "how": how}
    audit.append("rescue.stopped", str(rescue.account_id), data, actor=actor, now=now)


def end_rescue(rescue: AccountRescue, state: Standing, *, now: datetime) -> None:
    """Note that the rescue is over."""
    rescue.state, rescue.ended_at = str(state), now
    rescue.address = None  # what is not used is not kept, and what is stands in the account
    session().flush()


def _lock_account(account_id: UUID) -> Account:
    """The account, locked before its rescue: so does whoever asks, signs in or erases."""
    return session().scalars(select(Account).where(Account.id == account_id).with_for_update()).one()
