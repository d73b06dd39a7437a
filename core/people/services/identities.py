"""Accounts opened by another house's sign-in: linked by issuer and subject, after the account's own proof."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.prepared import insert_once
from core.kernel.security import keyed_digest
from core.people.models import Account, LinkedIdentity, folded_of
from core.people.services.accounts import own_account
from core.people.services.proofs import note_proof
from core.people.services.sign_in import account_by_key, enter
from core.people.services.sign_up import give_consent, require_consents
from core.people.services.tries import Place


class LinkedElsewhere(DomainError):
    """This identity opens another account of the tenant already."""

    status = 409
    kind = "linked-elsewhere"


def account_of_identity(issuer: str, subject: str) -> UUID | None:
    """The account that this identity opens; None when it opens none. One query."""
    ask = select(LinkedIdentity.account_id).where(LinkedIdentity.digest == _digest(issuer, subject))
    return session().scalars(ask).one_or_none()


def enter_by_identity(issuer: str, subject: str, *, place: Place, now: datetime) -> str:
    """The token of a new sign-in. Raises NotFound for an identity that opens nothing, SecondStepNeeded."""
    account_id = account_of_identity(issuer, subject)
    account = None if account_id is None else account_by_key(account_id)
    if account is None:
        raise NotFound
    return enter(account, "oidc", place=place, now=now)


def link_identity(issuer: str, subject: str, *, actor: Actor, now: datetime) -> None:
    """Let an identity open the actor's account; linking it twice changes nothing. Raises LinkedElsewhere.

    The caller has asked for a fresh proof of the account.
    """
    account = own_account(actor)
    values = {
        "account_id": account.id,
        "issuer": issuer,
        "digest": _digest(issuer, subject),
        "linked_at": now,
    }
    if insert_once(LinkedIdentity, ("digest",), values):
        audit.append("account.identity_linked", str(account.id), {"issuer": issuer}, actor=actor, now=now)
    elif account_of_identity(issuer, subject) != account.id:
        raise LinkedElsewhere(_("Tài khoản bên ngoài này đang mở một tài khoản khác ở đây."))


def account_for_identity(
    issuer: str, subject: str, name: str, consents: Collection[str], *, place: Place, now: datetime
) -> str:
    """A new account that this identity opens, and the token of its first sign-in.

    The address of mail that the provider claims is not taken over: its owner proves it by a code afterwards. Asked for
    twice, it is the same account. Raises Invalid.
    """
    require_consents(consents)
    if account_of_identity(issuer, subject) is None:
        account = Account(name=name, folded=folded_of(name, None), created_at=now, verified_at=now)
        session().add(account)
        session().flush()
        for purpose in consents:
            give_consent(account, purpose, now=now)
        actor = Actor(id=account.id, name=name, address=place.address)
        audit.append("account.signed_up", str(account.id), {"way": "oidc"}, actor=actor, now=now)
        link_identity(issuer, subject, actor=actor, now=now)
    return enter_by_identity(issuer, subject, place=place, now=now)


def unlink_identity(identity_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a link of the actor's own account away. Raises NotFound, Invalid when it is the only way in."""
    account = own_account(actor)
    ask = select(LinkedIdentity).where(LinkedIdentity.account_id == account.id).order_by(LinkedIdentity.id)
    links = list(session().scalars(ask.with_for_update()))
    link = next((one for one in links if one.id == identity_id), None)
    if link is None:
        raise NotFound
    if account.email is None and account.phone_digest is None and len(links) == 1:
        raise Invalid.one(
            "", _("Đây là cách vào duy nhất của tài khoản. Bạn hãy thêm địa chỉ thư trước khi bỏ.")
        )
    session().delete(link)
    session().flush()
    audit.append("account.identity_unlinked", str(account.id), {"issuer": link.issuer}, actor=actor, now=now)


def prove_by_identity(issuer: str, subject: str, sign_in_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Note a fresh proof: the provider just told that it is the actor. Raises NotFound for anybody else's identity."""
    if account_of_identity(issuer, subject) != actor.id:
        raise NotFound
    note_proof(sign_in_id, "oidc", actor=actor, now=now)


def _digest(issuer: str, subject: str) -> str:
    return keyed_digest(f"{issuer}\n{subject}", "oidc-identity")
