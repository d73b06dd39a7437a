"""New accounts: from the form to a verified address of mail.

What a sign-up typed (name, password, consents) waits with its code and is set only when the code is used. The
password is kept only for the browser that typed it (its ticket): else a stranger could sign up with somebody's
address, wait for its owner to enter the code, and know the password.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.ids import token as new_token
from core.kernel.prepared import insert_once
from core.kernel.security import keyed_digest
from core.kernel.text import given_name_key
from core.people import passwords
from core.people.consents import CONSENTS, consent_text
from core.people.models import Account, Consent, folded_of
from core.people.phones import is_phone, phone_digest
from core.people.services import mails
from core.people.services.codes import NOBODY, Asker, Purpose, make_code, newest_code, use_code
from core.people.services.tries import Place


def sign_up(
    email: str, name: str, password: str, consents: Collection[str], *, address: str | None, now: datetime
) -> str:
    """Ask for an account: a code goes to `email`. Returns the ticket that `verify` wants from the same browser.

    Nothing here tells whether the address has an account already; the letter does. Raises Invalid.
    """
    require_consents(consents)
    wrong = passwords.faults(password, email=email, name=name)
    if wrong:
        raise Invalid({"password": wrong})
    ticket = new_token()
    pending = {
        "name": name,
        "password_hash": passwords.hash_password(password),
        "consents": sorted(set(consents)),
        "ticket": _ticket_digest(ticket),
    }
    account = find_or_add(email, name, now=now)
    if account.verified_at is not None:
        if make_code(account, Purpose.KNOWN, now=now) is not None:
            mails.send_known(account, now=now, to=email)
        return ticket
    asker = Asker(ticket, Place("", address))
    code = make_code(account, Purpose.SIGN_UP, now=now, pending=pending, asker=asker)
    if code is not None:
        mails.send_code(account, code, what=_("xác nhận tài khoản"), name=name, now=now, to=email)
        actor = Actor(id=account.id, name=name, address=address)
        audit.append("account.signed_up", str(account.id), {}, actor=actor, now=now)
    return ticket


def resend_sign_up_code(email: str, *, now: datetime, asker: Asker = NOBODY) -> None:
    """Send the code of a sign-up again, with what it was to set; silent when there is nothing to send."""
    account = account_with(email)
    if account is None or account.verified_at is not None:
        return
    held = newest_code(account.id, Purpose.SIGN_UP)
    pending = None if held is None else held.pending
    code = make_code(account, Purpose.SIGN_UP, now=now, pending=pending, asker=asker)
    if code is not None:
        name = pending["name"] if pending else account.name
        mails.send_code(account, code, what=_("xác nhận tài khoản"), name=name, now=now, to=email)


def verify(email: str, code: str, *, ticket: str | None, address: str | None, now: datetime) -> Account:
    """Use the code of a sign-up: the address is the account's from now on. Raises Invalid at `code`.

    Without the right `ticket` the account has no password yet: its owner signs in by code and sets one.
    """
    used = use_code(account_with(email), Purpose.SIGN_UP, code, now=now, ticket=ticket)
    account, pending = used.account, used.pending
    is_same_browser = hmac.compare_digest(pending.get("ticket", "-"), _ticket_digest(ticket or ""))
    set_name(account, pending.get("name", account.name))
    account.password_hash = pending.get("password_hash") if is_same_browser else None
    account.verified_at = now
    for purpose in pending.get("consents", ()):
        give_consent(account, purpose, now=used.sent_at)
    session().flush()
    actor = Actor(id=account.id, name=account.name, address=address)
    audit.append("account.verified", str(account.id), {}, actor=actor, now=now)
    return account


def find_or_add(email: str, name: str, *, now: datetime) -> Account:
    """The account with this address; an unverified one is added when there is none. Safe against a double click."""
    account = account_with(email)
    if account is not None:
        return account
    known_by = ("phone_digest",) if is_phone(email) else ("email",)
    values = {
        **_way_of(email),
        "name": name,
        "name_key": given_name_key(name),
        "folded": folded_of(name, None if is_phone(email) else email),
        "roles": [],
        "created_at": now,
        "is_demonstration": False,
    }
    insert_once(Account, known_by, values)
    found = account_with(email)
    if found is None:
        raise RuntimeError("an account just added is not found")
    return found


def account_with(login: str) -> Account | None:
    """The tenant's account with this address of mail or telephone number (E.164), locked until the transaction ends."""
    return session().scalars(_known_as(login).with_for_update()).one_or_none()


def account_seen(login: str) -> Account | None:
    """The same without the lock: whoever guesses at a password holds nobody's row meanwhile."""
    return session().scalars(_known_as(login)).one_or_none()


def _known_as(login: str) -> Select[Account]:
    known = Account.phone_digest == phone_digest(login) if is_phone(login) else Account.email == login
    return select(Account).where(known)


def _way_of(login: str) -> dict[str, str]:
    return {"phone": login, "phone_digest": phone_digest(login)} if is_phone(login) else {"email": login}


def set_name(account: Account, name: str) -> None:
    """Change the name with all that is made from it."""
    account.name = name
    account.name_key = given_name_key(name)
    account.folded = folded_of(name, account.email)


def require_consents(given: Collection[str]) -> None:
    """Raise Invalid at the box of each required consent that is missing."""
    missing = [one.purpose for one in CONSENTS if one.required and one.purpose not in given]
    if missing:
        sentence = _("Không có sự đồng ý này, Ban Tổ chức không được phép lập tài khoản cho bạn.")
        raise Invalid({f"consent_{purpose}": [sentence] for purpose in missing})


def give_consent(account: Account, purpose: str, *, now: datetime) -> None:
    """Store that the account agreed to the present text of `purpose`; giving it again changes nothing."""
    text = consent_text(purpose)
    if text is None:
        return
    ask = select(Consent.id).where(
        Consent.account_id == account.id,
        Consent.purpose == purpose,
        Consent.text_version == text.version,
        Consent.withdrawn_at.is_(None),
    )
    if session().scalars(ask).first() is not None:
        return
    session().add(Consent(account_id=account.id, purpose=purpose, text_version=text.version, given_at=now))


def _ticket_digest(ticket: str) -> str:
    return keyed_digest(ticket, "sign-up-ticket")
