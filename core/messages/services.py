"""What the committee and a letter's reader can do about letters that do not arrive."""

from __future__ import annotations

from datetime import datetime

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.mail import UNDELIVERED, Mail, send_again
from core.kernel.suppression import lift, suppression_of
from core.letters.services import require_officer
from core.people.models import Account
from core.people.services.accounts import own_account


def may_resend(mail: Mail) -> bool:
    """Whether the committee may send it again: its own letter, which did not arrive and still has its words."""
    return mail.is_open and mail.state in UNDELIVERED and mail.words_removed_at is None


def resend(mail: Mail, *, actor: Actor, now: datetime) -> bool:
    """Put a letter that did not arrive into the queue again. Returns whether it was; a second press changes nothing."""
    require_officer(actor)
    if not may_resend(mail):
        return False
    address = mail.recipient
    if not send_again(mail):
        return False
    lift(address, now=now)
    audit.append("letter.sent_again", str(mail.id), {"letter": mail.kind}, actor=actor, now=now)
    return True


def say_address_works(address: str, *, actor: Actor, now: datetime) -> bool:
    """Let letters go to an address that bounced again, by the committee's word. Returns whether it was held."""
    require_officer(actor)
    return _lift(address, actor=actor, now=now)


def lift_own_address(account: Account, *, actor: Actor, now: datetime) -> bool:
    """The same by the word of the address's owner."""
    return bool(account.email) and _lift(account.email or "", actor=actor, now=now)


def choose_language(language: str, *, actor: Actor, now: datetime) -> None:
    """Set the language of letters to the actor ("vi" or "en")."""
    account = own_account(actor)
    if account.language == language:
        return
    account.language = language
    session().flush()
    audit.append("account.changed", str(account.id), {"fields": ["language"]}, actor=actor, now=now)


def _lift(address: str, *, actor: Actor, now: datetime) -> bool:
    held = suppression_of(address)
    if held is None:
        return False
    lift(address, now=now)
    audit.append("letter.address_lifted", str(held.id), {}, actor=actor, now=now)
    return True
