"""Accounts of invented people, for demonstrations and rehearsals: verified at once, and marked for what they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.people.consents import CONSENTS
from core.people.models import Account, Consent
from core.people.policies import require_manager


def demonstration_account(
    email: str,
    name: str,
    *,
    roles: Collection[Role] = (),
    unit_id: UUID | None = None,
    password_hash: str | None = None,
    actor: Actor,
    now: datetime,
) -> Account:
    """The account of an invented person, made unless there is one: verified, with the consents an account needs.

    Without a password hash nobody can sign in by password. Raises Forbidden for who may not manage accounts.
    """
    require_manager(actor)
    found = session().scalars(select(Account).where(Account.email == email)).one_or_none()
    if found is not None:
        return found
    account = Account(
        email=email,
        name=name,
        roles=sorted(str(role) for role in roles),
        unit_id=unit_id,
        password_hash=password_hash,
        created_at=now,
        verified_at=now,
        is_demonstration=True,
    )
    session().add(account)
    for text in CONSENTS:
        if text.required:
            session().add(
                Consent(account_id=account.id, purpose=text.purpose, text_version=text.version, given_at=now)
            )
    session().flush()
    data = {"roles": list(account.roles)}
    audit.append("account.demonstration", str(account.id), data, actor=actor, now=now)
    return account
