"""Accounts of invented people, for demonstrations and rehearsals: verified at once, and marked for what they are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.ids import uuid7
from core.kernel.prepared import insert_once
from core.kernel.text import given_name_key
from core.people.consents import CONSENTS
from core.people.models import Account, Consent, folded_of
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
) -> UUID:
    """The id of an invented person's account, made unless there is one: verified, with the consents it needs.

    Without a password hash nobody can sign in by password. Raises Forbidden for who may not manage accounts.
    """
    require_manager(actor)
    held = sorted(str(role) for role in roles)
    account_id = uuid7()
    values = {
        "id": account_id,
        "email": email,
        "name": name,
        "name_key": given_name_key(name),
        "folded": folded_of(name, email),
        "roles": held,
        "unit_id": unit_id,
        "password_hash": password_hash,
        "created_at": now,
        "verified_at": now,
        "is_demonstration": True,
    }
    if not insert_once(Account, ("email",), values):
        return session().scalars(select(Account.id).where(Account.email == email)).one()
    for text in CONSENTS:
        if text.required:
            given = {"account_id": account_id, "purpose": text.purpose, "text_version": text.version}
            insert_once(Consent, ("id",), {**given, "given_at": now})
    audit.append("account.demonstration", str(account_id), {"roles": held}, actor=actor, now=now)
    return account_id
