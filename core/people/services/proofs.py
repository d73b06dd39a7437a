"""Proving again who one is, on a device that is signed in: by the password or by a code sent to the account."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.people import passwords
from core.people.models import SignIn
from core.people.services import mails
from core.people.services.accounts import own_account
from core.people.services.codes import Asker, Purpose, make_code, use_code
from core.people.services.devices import access_sign_in
from core.people.services.tries import Place, count_wrong_try, forget_wrong_tries, require_may_try

FRESH_FOR = timedelta(minutes=10)


def has_fresh_proof(sign_in_id: UUID, *, now: datetime) -> bool:
    """Whether the owner of this sign-in proved within ten minutes who they are. One query."""
    proved_at = session().scalars(select(SignIn.proved_at).where(SignIn.id == sign_in_id)).one_or_none()
    return proved_at is not None and timedelta() <= now - proved_at < FRESH_FOR


def send_proof_code(sign_in_id: UUID, *, place: Place, actor: Actor, now: datetime) -> None:
    """Send the owner a code that proves them on this sign-in alone."""
    account = own_account(actor)
    code = make_code(account, Purpose.PROOF, now=now, asker=Asker(str(sign_in_id), place))
    if code is not None:
        mails.send_code(account, code, what=_("xác nhận thay đổi"), name=account.name, now=now)


def prove(sign_in_id: UUID, *, password: str, code: str, place: Place, actor: Actor, now: datetime) -> None:
    """Note that the owner proved who they are, by `code` when one is typed, else by `password`.

    Raises Invalid at `proof_code` or `proof_password`, TooManyTries.
    """
    row, account = access_sign_in(actor, sign_in_id), own_account(actor)
    if code:
        try:
            use_code(account, Purpose.PROOF, code, now=now, ticket=str(sign_in_id))
        except Invalid as error:
            raise Invalid({"proof_code": error.errors["code"]}) from error
    else:
        subject = f"proof:{account.id}"
        require_may_try(subject, account, place, now=now)
        if not passwords.matches(account.password_hash, password):
            count_wrong_try(subject, account, place, now=now)
            raise Invalid.one("proof_password", _("Mật khẩu chưa đúng."))
        forget_wrong_tries(subject, account, place, now=now)
    note_proof(row.id, "code" if code else "password", actor=actor, now=now)


def note_proof(sign_in_id: UUID, way: str, *, actor: Actor, now: datetime) -> None:
    """Note that the owner of this sign-in proved now, by `way`, who they are."""
    row = access_sign_in(actor, sign_in_id)
    row.proved_at = now
    session().flush()
    audit.append("account.proved", str(row.account_id), {"way": way}, actor=actor, now=now)
