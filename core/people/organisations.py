"""Organisations as other rooms ask about them: who is an officer of which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from core.kernel.actor import Actor
from core.kernel.clock import real_now
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.people.models import Account, Membership, OfficerInvitation, Organisation


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation of an account, and whether the account is a steward of it."""

    id: UUID
    name: str
    is_steward: bool


@dataclass(frozen=True, slots=True)
class MemberRow:
    """An officer of an organisation."""

    account_id: UUID
    name: str
    email: str | None
    is_steward: bool
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that waits: to whom, of which organisation, until when."""

    id: UUID
    organisation_id: UUID
    organisation: str
    email: str
    expires_at: datetime


def organisations_of(account_id: UUID) -> list[OrganisationRow]:
    """The organisations that the account is an officer of now, by name. One query."""
    ask = (
        select(Organisation.id, Organisation.name, Membership.is_steward)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.account_id == account_id, Membership.left_at.is_(None))
        .order_by(Organisation.name, Organisation.id)
    )
    return [OrganisationRow(*row) for row in session().execute(ask)]


def members_of(organisation_id: UUID) -> list[MemberRow]:
    """The officers of an organisation now, stewards first, then by given name. One query."""
    ask = (
        select(Account.id, Account.name, Account.email, Membership.is_steward, Membership.joined_at)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.organisation_id == organisation_id, Membership.left_at.is_(None))
        .order_by(Membership.is_steward.desc(), Account.name_key, Account.id)
    )
    return [MemberRow(*row) for row in session().execute(ask)]


def access_organisation(actor: Actor, organisation_id: UUID) -> OrganisationRow:
    """The organisation with this id, for its officers; NotFound for everybody else. One query."""
    if actor.id is not None:
        found = [one for one in organisations_of(actor.id) if one.id == organisation_id]
        if found:
            return found[0]
    raise NotFound


def invitations_to(email: str | None) -> list[InvitationRow]:
    """The invitations that wait for who has proved this address. One query."""
    return [] if email is None else _invitations(OfficerInvitation.email == email)


def invitations_of(organisation_id: UUID) -> list[InvitationRow]:
    """The invitations of an organisation that wait. One query."""
    return _invitations(OfficerInvitation.organisation_id == organisation_id)


def _invitations(which: ColumnElement[bool]) -> list[InvitationRow]:
    ask = (
        select(
            OfficerInvitation.id,
            Organisation.id,
            Organisation.name,
            OfficerInvitation.email,
            OfficerInvitation.expires_at,
        )
        .join(Organisation, Organisation.id == OfficerInvitation.organisation_id)
        .where(which, OfficerInvitation.used_at.is_(None), OfficerInvitation.expires_at > real_now())
        .order_by(OfficerInvitation.id)
    )
    return [InvitationRow(*row) for row in session().execute(ask)]
