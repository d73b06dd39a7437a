"""Organisations: made, officers invited, taken in, and handing over to each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import lock_row, session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.events import emit
from core.kernel.mail import send_mail
from core.kernel.prepared import insert_once
from core.people.events import OfficerJoined, OfficerLeft
from core.people.models import Account, Membership, OfficerInvitation, Organisation
from core.people.organisations import OrganisationRow, access_organisation, members_of
from core.people.services import mails
from core.people.services.accounts import own_account

INVITATION_LIFE = timedelta(days=14)
MOST_OFFICERS = 50


def make_organisation(name: str, *, actor: Actor, now: datetime) -> UUID:
    """A new organisation with the actor as its steward. Raises Invalid at `name`."""
    account = own_account(actor)
    if len(name) < 3:
        raise Invalid.one("name", _("Bạn hãy nhập tên đầy đủ của tổ chức."))
    made = Organisation(name=name, made_at=now)
    session().add(made)
    session().flush()
    session().add(Membership(organisation_id=made.id, account_id=account.id, is_steward=True, joined_at=now))
    session().flush()
    audit.append("organisation.made", str(made.id), {}, actor=actor, now=now)
    return made.id


def invite_officer(organisation_id: UUID, email: str, *, site: str, actor: Actor, now: datetime) -> None:
    """Invite whoever proves `email`; inviting again sends the letter again at most once an hour.

    Raises NotFound, Forbidden for who is no steward, Invalid at `email`.
    """
    found = _require_steward(organisation_id, actor)
    members = members_of(organisation_id)
    if any(one.email == email for one in members):
        raise Invalid.one("email", _("Người này đã là cán bộ của tổ chức."))
    if len(members) >= MOST_OFFICERS:
        raise Invalid.one("email", _("Tổ chức đã có %(most)s cán bộ.", most=MOST_OFFICERS))
    values = {
        "organisation_id": organisation_id,
        "email": email,
        "sent_at": now,
        "expires_at": now + INVITATION_LIFE,
    }
    if not insert_once(OfficerInvitation, ("organisation_id", "email"), values):
        held = lock_row(
            OfficerInvitation,
            OfficerInvitation.organisation_id == organisation_id,
            OfficerInvitation.email == email,
        )
        if held.used_at is None and now - held.sent_at < timedelta(hours=1):
            raise Invalid.one("email", _("Vừa gửi lời mời đến địa chỉ này. Bạn hãy đợi một giờ rồi gửi lại."))
        held.sent_at, held.expires_at, held.used_at = now, now + INVITATION_LIFE, None
    own = mails.sender()
    body = _(
        "Kính gửi Quý vị,\n\n"
        "%(who)s mời Quý vị làm cán bộ của “%(organisation)s” để cùng nộp và theo dõi hồ sơ.\n\n"
        "Cách nhận lời: đăng nhập (hoặc đăng ký) bằng đúng địa chỉ thư này, rồi mở\n%(site)s/tai-khoan/to-chuc\n\n"
        "Lời mời có hiệu lực trong 14 ngày. Nếu không muốn nhận, xin bỏ qua thư này.\n\n%(sender)s\n",
        who=actor.name,
        organisation=found.name,
        site=site,
        sender=own,
    )
    subject = _("Lời mời làm cán bộ của %(organisation)s", organisation=found.name)
    send_mail(to=email, name=email, sender=own, subject=subject[:300], body=body, now=now)
    audit.append("organisation.invited", str(organisation_id), {}, actor=actor, now=now)


def accept_invitation(invitation_id: UUID, *, actor: Actor, now: datetime) -> UUID:
    """Become an officer; the invitation must be to the actor's own proved address. Returns the organisation's id.

    Accepting twice changes nothing. Raises NotFound.
    """
    account = own_account(actor)
    held = lock_row(OfficerInvitation, OfficerInvitation.id == invitation_id)
    if held is None or account.email is None or held.email != account.email or held.expires_at <= now:
        raise NotFound
    organisation_id: UUID = held.organisation_id
    if held.used_at is not None:
        return access_organisation(actor, organisation_id).id
    held.used_at = now
    values = {
        "organisation_id": organisation_id,
        "account_id": account.id,
        "is_steward": False,
        "joined_at": now,
    }
    if not insert_once(Membership, ("organisation_id", "account_id"), values):
        member = _member(organisation_id, account.id)
        if member.left_at is not None:
            member.left_at, member.joined_at, member.is_steward = None, now, False
    session().flush()
    audit.append("organisation.joined", str(organisation_id), {}, actor=actor, now=now)
    emit(OfficerJoined(organisation_id, account.id, now))
    return organisation_id


def hand_over(
    organisation_id: UUID, successor_id: UUID, *, leaver_id: UUID | None = None, actor: Actor, now: datetime
) -> None:
    """Leave the organisation, or as its steward take `leaver_id` out: the successor takes over what they had in hand.

    A steward who leaves makes the successor a steward. Leaving twice is NotFound. Raises NotFound, Forbidden, Invalid
    at `successor`. The caller has asked for a fresh proof.
    """
    account = own_account(actor)
    if leaver_id is not None and leaver_id != account.id:
        _require_steward(organisation_id, actor)
    else:
        access_organisation(actor, organisation_id)
        leaver_id = account.id
    _lock(organisation_id)
    leaver = _member(organisation_id, leaver_id)
    if leaver.left_at is not None:
        raise NotFound
    if successor_id == leaver_id or successor_id not in {
        one.account_id for one in members_of(organisation_id)
    }:
        raise Invalid.one("successor", _("Bạn hãy chọn một cán bộ khác của tổ chức để nhận bàn giao."))
    leaver.left_at = now
    if leaver.is_steward:
        leaver.is_steward = False
        _member(organisation_id, successor_id).is_steward = True
    session().flush()
    data = {"from": str(leaver_id), "to": str(successor_id)}
    audit.append("organisation.handed_over", str(organisation_id), data, actor=actor, now=now)
    emit(OfficerLeft(organisation_id, leaver_id, successor_id, actor, now))
    successor = session().scalars(select(Account).where(Account.id == successor_id)).one()
    mails.send_notice(
        successor,
        subject=_("Quý vị nhận bàn giao hồ sơ của tổ chức"),
        text=_(
            "Một cán bộ đã thôi làm việc cho tổ chức; các hồ sơ người đó phụ trách nay do Quý vị phụ trách."
        ),
        now=now,
    )


def _require_steward(organisation_id: UUID, actor: Actor) -> OrganisationRow:
    found = access_organisation(actor, organisation_id)
    if not found.is_steward:
        raise Forbidden(_("Chỉ người quản lý của tổ chức được làm việc này."))
    return found


def _lock(organisation_id: UUID) -> None:
    """Two officers cannot hand over to each other at once, and leave nobody."""
    lock_row(Organisation, Organisation.id == organisation_id)


def _member(organisation_id: UUID, account_id: UUID) -> Membership:
    ask = select(Membership).where(
        Membership.organisation_id == organisation_id, Membership.account_id == account_id
    )
    row = session().scalars(ask.with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    return row
