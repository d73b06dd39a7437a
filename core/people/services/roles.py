"""Roles, given and taken by the committee; people it invites."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import String, cast, select

from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import DomainError, Invalid, NotFound
from core.people.models import Account
from core.people.policies import require_manager
from core.people.services import mails
from core.people.services.codes import INVITATION_LIFE, Purpose, make_code
from core.people.services.sign_up import find_or_add
from core.people.units import unit_choices


class LastCommitteeAccount(DomainError):
    """The deed would leave the tenant without anybody who may work in the office."""

    kind = "last-committee-account"


def grant_role(
    account_id: UUID, role: Role, *, unit_id: UUID | None = None, actor: Actor, now: datetime
) -> None:
    """Give an account a role; the role of a unit needs the unit. Raises Forbidden, NotFound, Invalid at `unit`."""
    require_manager(actor)
    _give(access_account(actor, account_id), role, unit_id, actor=actor, now=now)


def revoke_role(account_id: UUID, role: Role, *, actor: Actor, now: datetime) -> None:
    """Take a role away. The last committee account keeps its own: LastCommitteeAccount."""
    require_manager(actor)
    account = access_account(actor, account_id)
    if role not in account.roles:
        return
    if role is Role.COMMITTEE and committee_accounts() == [account.id]:
        raise LastCommitteeAccount(
            _(
                "Đây là tài khoản Ban Tổ chức duy nhất. Bạn hãy cấp quyền cho một người khác trước khi thu hồi."
            )
        )
    account.roles = [one for one in account.roles if one != role]
    if role is Role.UNIT:
        account.unit_id = None
    session().flush()
    audit.append("role.revoked", str(account.id), {"role": str(role)}, actor=actor, now=now)


def invite(
    email: str,
    name: str,
    role: Role | None,
    *,
    site: str,
    unit_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Make an account for a person (or take the one there is), give it the role, and mail it a code to come in.

    `site` is the address of the tenant's pages. Returns the account's id. Raises Forbidden, Invalid at `unit`.
    """
    require_manager(actor)
    account = find_or_add(email, name, now=now)
    if role is not None:
        _give(account, role, unit_id, actor=actor, now=now)
    code = make_code(account, Purpose.SIGN_IN, now=now, life=INVITATION_LIFE)
    if code is not None:
        # Who invites may read English; what the guest reads is not known yet.
        with force_locale("vi"):
            word = role_word(role) if role is not None else _("người tham gia")
            mails.send_invitation(account, code, role=word, site=site, now=now)
    audit.append("account.invited", str(account.id), {"role": str(role or "")}, actor=actor, now=now)
    return account.id


def access_account(actor: Actor, account_id: UUID) -> Account:
    """The tenant's account with this id, for who may manage accounts; locked until the transaction ends."""
    require_manager(actor)
    account = (
        session().scalars(select(Account).where(Account.id == account_id).with_for_update()).one_or_none()
    )
    if account is None:
        raise NotFound
    return account


def committee_accounts() -> list[UUID]:
    """The accounts that may work in the office, locked: two people cannot take each other's role at once."""
    holds = cast(Account.roles, String).contains(f'"{Role.COMMITTEE}"')
    ask = select(Account.id).where(holds, Account.verified_at.is_not(None)).order_by(Account.id)
    return list(session().scalars(ask.with_for_update()))


def role_word(role: Role) -> str:
    """A role as people read it."""
    words: dict[Role, str] = {
        Role.COMMITTEE: _("Ban Tổ chức"),
        Role.JUDGE: _("Giám khảo"),
        Role.UNIT: _("Đầu mối đơn vị"),
    }
    return words[role]


def _give(account: Account, role: Role, unit_id: UUID | None, *, actor: Actor, now: datetime) -> None:
    if role is Role.UNIT:
        if unit_id is None or unit_id not in {choice.id for choice in unit_choices()}:
            raise Invalid.one("unit", _("Bạn hãy chọn đơn vị mà tài khoản này làm đầu mối."))
        account.unit_id = unit_id
    elif role in account.roles:
        return  # given before: it is no new officer
    if role not in account.roles:
        account.roles = [*account.roles, str(role)]
    session().flush()
    data = {"role": str(role), "unit": str(unit_id) if role is Role.UNIT else ""}
    audit.append("role.granted", str(account.id), data, actor=actor, now=now)
