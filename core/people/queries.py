"""Reads of accounts, devices, consents and the demonstration's mailbox."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, exists, func, select

from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.db import session
from core.kernel.enclosures import file_name_of
from core.kernel.mail import Mail
from core.kernel.sms import Sms
from core.kernel.text import fold
from core.people.consents import PURPOSES, ConsentText
from core.people.models import Account, Consent, LinkedIdentity, Passkey, SecondFactor, SignIn
from core.people.phones import looks_like_phone, normal_phone, phone_digest, spoken_phone

PAGE = 30


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account in a list."""

    id: UUID
    name: str
    email: str | None
    phone: str | None
    roles: tuple[Role, ...]
    unit_id: UUID | None
    created_at: datetime
    is_verified: bool
    is_demonstration: bool
    language: str | None = None

    @property
    def reached_at(self) -> str:
        """Where the person is reached: the address of mail, else the telephone number as people write it."""
        return self.email or self.phone_text

    @property
    def phone_text(self) -> str:
        """The telephone number as people write it; "" for none."""
        return spoken_phone(self.phone or "")


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One page of a list of accounts; `pages` is at least 1."""

    rows: list[AccountRow]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What an account sees about itself."""

    name: str
    email: str | None
    phone: str | None
    has_password: bool
    created_at: datetime
    verified_at: datetime | None
    has_second_factor: bool
    signs_in_by_phone: bool
    passkeys: int

    @property
    def phone_text(self) -> str:
        """The number as people write it."""
        return spoken_phone(self.phone or "")

    @property
    def reached_at(self) -> str:
        """Where a code for the account goes, as people write it."""
        return self.email or spoken_phone(self.phone or "")


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device that is signed in now."""

    id: UUID
    device: str
    address: str | None
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """Another house's sign-in that opens the account."""

    id: UUID
    issuer: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A purpose with the consent that holds now: when it was given; None when it was not, or was withdrawn."""

    text: ConsentText
    version: str | None
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter kept by the demonstration; `file_name` is that of the file that would go with it, "" for none."""

    to: str
    name: str
    subject: str
    body: str
    at: datetime
    file_name: str = ""


_COLUMNS = (
    Account.id,
    Account.name,
    Account.email,
    Account.phone,
    Account.roles,
    Account.unit_id,
    Account.created_at,
    Account.verified_at.is_not(None),
    Account.is_demonstration,
    Account.language,
)


def accounts_page(words: str = "", role: Role | None = None, page: int = 1) -> AccountPage:
    """Accounts whose name or address holds every word typed, sorted by given name. Two queries."""
    matching = _matching(words, role)
    total = session().scalars(select(func.count()).select_from(Account).where(*matching)).one()
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    ask = select(*_COLUMNS).where(*matching).order_by(Account.name_key, Account.id)
    rows = session().execute(ask.limit(PAGE).offset((page - 1) * PAGE))
    return AccountPage([_row(row) for row in rows], page, pages, total)


def accounts_with_role(role: Role) -> list[AccountRow]:
    """Every account that holds `role`, sorted by given name. One query."""
    ask = select(*_COLUMNS).where(*_matching("", role)).order_by(Account.name_key, Account.id)
    return [_row(row) for row in session().execute(ask)]


def accounts_by_id(ids: Collection[UUID]) -> dict[UUID, AccountRow]:
    """The accounts with these ids. One query."""
    if not ids:
        return {}
    rows = session().execute(select(*_COLUMNS).where(Account.id.in_(ids)))
    return {row[0]: _row(row) for row in rows}


def account_by_id(account_id: UUID) -> AccountRow | None:
    """The tenant's account with this id."""
    return accounts_by_id([account_id]).get(account_id)


def account_by_email(email: str) -> AccountRow | None:
    """The tenant's account with this address."""
    row = session().execute(select(*_COLUMNS).where(Account.email == email)).one_or_none()
    return None if row is None else _row(row)


def profile_of(account_id: UUID) -> Profile:
    """What the account sees about itself. One query."""
    ask = select(
        Account.name,
        Account.email,
        Account.phone,
        Account.password_hash.is_not(None),
        Account.created_at,
        Account.verified_at,
        exists().where(
            SecondFactor.tenant_id == Account.tenant_id,
            SecondFactor.account_id == Account.id,
            SecondFactor.confirmed_at.is_not(None),
        ),
        Account.phone_digest.is_not(None),
        select(func.count(Passkey.id))
        .where(Passkey.tenant_id == Account.tenant_id, Passkey.account_id == Account.id)
        .scalar_subquery(),
    ).where(Account.id == account_id)
    return Profile(*session().execute(ask).one())


def devices_of(account_id: UUID) -> list[DeviceRow]:
    """The account's devices that are signed in, newest first. One query."""
    ask = (
        select(SignIn.id, SignIn.device, SignIn.address, SignIn.created_at, SignIn.expires_at)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.expires_at > real_now())
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
        .limit(50)
    )
    return [DeviceRow(*row) for row in session().execute(ask)]


def identities_of(account_id: UUID) -> list[IdentityRow]:
    """Other houses' sign-ins that open the account, oldest first. One query."""
    ask = select(LinkedIdentity.id, LinkedIdentity.issuer, LinkedIdentity.linked_at)
    rows = session().execute(ask.where(LinkedIdentity.account_id == account_id).order_by(LinkedIdentity.id))
    return [IdentityRow(*row) for row in rows]


def consents_of(account_id: UUID) -> list[ConsentRow]:
    """Every purpose with what the account agreed to. One query."""
    ask = (
        select(Consent.purpose, Consent.text_version, Consent.given_at)
        .where(Consent.account_id == account_id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.given_at)
    )
    held = {row.purpose: row for row in session().execute(ask)}
    rows = []
    for text in PURPOSES:
        row = held.get(text.purpose)
        rows.append(ConsentRow(text, row.text_version if row else None, row.given_at if row else None))
    return rows


def newest_messages(number: str = "", limit: int = 30) -> list[Letter]:
    """The newest short messages kept here, to everybody or to one number (E.164). One query."""
    ask = select(Sms).where(Sms.state == "kept").order_by(Sms.id.desc()).limit(limit)
    found = [one for one in session().scalars(ask) if number in ("", one.recipient)]
    return [Letter(one.recipient, spoken_phone(one.recipient), "", one.text, one.at) for one in found]


def newest_letters(to: str = "", limit: int = 30) -> list[Letter]:
    """The newest letters kept here, in the order they were written. One query."""
    columns = (Mail.recipient, Mail.recipient_name, Mail.subject, Mail.body, Mail.at, Mail.enclosed)
    ask = select(*columns).where(Mail.state == "kept", Mail.words_removed_at.is_(None))
    if to:
        ask = ask.where(Mail.recipient == to)
    # Keys grow with the machine's time; `at` may be a demonstration clock's.
    rows = session().execute(ask.order_by(Mail.id.desc()).limit(limit))
    return [
        Letter(row.recipient, row.recipient_name, row.subject, row.body, row.at, file_name_of(row.enclosed))
        for row in rows
    ]


def _matching(words: str, role: Role | None) -> list[ColumnElement[bool]]:
    number = normal_phone(words) if looks_like_phone(words) else None
    found: list[ColumnElement[bool]]
    if number is not None:
        found = [Account.phone_digest == phone_digest(number)]
    else:
        found = [Account.folded.contains(word, autoescape=True) for word in fold(words).split()[:8]]
    if role is not None:
        found.append(cast(Account.roles, String).contains(f'"{role}"'))
    return found


def _row(row: Any) -> AccountRow:
    account_id, name, email, phone, roles, unit_id, created_at, is_verified, is_demonstration, language = row
    return AccountRow(
        account_id,
        name,
        email,
        phone,
        tuple(Role(role) for role in roles),
        unit_id,
        created_at,
        bool(is_verified),
        is_demonstration,
        language,
    )
