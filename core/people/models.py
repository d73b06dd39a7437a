"""Accounts of a tenant and what hangs on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.text import fold, given_name_key
from core.kernel.types import EncryptedText, JsonDoc, UtcInstant


def folded_of(name: str, email: str | None) -> str:
    """What a search for an account looks in."""
    return fold(f"{name} {email or ''}").strip()


def _folded(context: Any) -> str:
    values = context.get_current_parameters()
    return folded_of(values["name"], values.get("email"))


def _name_key(context: Any) -> str:
    return given_name_key(context.get_current_parameters()["name"])


class Account(TenantOwned, Base):
    """A person known to one tenant by a verified e-mail address or telephone number. `roles` as in `kernel.actor.Role`.

    `phone_digest` stands beside a number that its owner proved (or is proving by a sign-up) and signs in by; a number
    without it is only for being called.

    `name_key` sorts by given name, as officials do; `folded` is for search. Both are made from the name when the row
    is added; who changes the name changes them too (`services.accounts`). `language` is that of letters to this person;
    None: the contest's own.
    """

    __tablename__ = "account"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "email"),
        Index("ux_account_phone_digest", "tenant_id", "phone_digest", unique=True),
        Index("ix_account_name_key", "tenant_id", "name_key"),
        owned_key("unit_id", "unit"),
    )

    email: Mapped[str | None] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(500), default=_name_key)
    folded: Mapped[str] = mapped_column(String(500), default=_folded)
    phone: Mapped[str | None] = mapped_column(EncryptedText("phone"))
    phone_digest: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str | None] = mapped_column(String(5))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JsonDoc, default=list)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    verified_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_demonstration: Mapped[bool] = mapped_column(Boolean, default=False)


class SignIn(TenantOwned, Base):
    """A signed-in device. The cookie holds a token; only its keyed digest is stored.

    `proved_at`: when its owner last proved on it who they are; sensitive changes ask again after ten minutes.
    """

    __tablename__ = "sign_in"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "digest"),
        Index("ix_sign_in_account", "tenant_id", "account_id"),
        owned_key("account_id", "account"),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    proved_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class OneTimeCode(TenantOwned, Base):
    """A code sent by mail for one purpose: stored as a digest, few tries, short life, used once.

    `pending` is what a sign-up will set when its code is used: name, password hash, consents, and the digest of the
    ticket that its browser holds. `asked_by` is the digest of the ticket of the browser that asked, whose tries are
    counted apart from everybody else's (`tries_elsewhere`): a stranger cannot use up the owner's. `asked_from` is a
    digest of the place that asked.
    """

    __tablename__ = "one_time_code"
    __table_args__ = owned_args(
        Index("ix_one_time_code_account", "tenant_id", "account_id", "purpose"),
        owned_key("account_id", "account"),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    purpose: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    tries_left: Mapped[int] = mapped_column(Integer)
    tries_elsewhere: Mapped[int] = mapped_column(Integer, default=0)
    asked_by: Mapped[str | None] = mapped_column(String(64))
    asked_from: Mapped[str] = mapped_column(String(70), default="")
    pending: Mapped[dict[str, Any] | None] = mapped_column(JsonDoc)
    used_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Consent(TenantOwned, Base):
    """A consent given by ticking an unticked box: for what, under which text, when; and when it was withdrawn."""

    __tablename__ = "consent"
    __table_args__ = owned_args(
        Index("ix_consent_account", "tenant_id", "account_id"), owned_key("account_id", "account")
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    purpose: Mapped[str] = mapped_column(String(40))
    text_version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(UtcInstant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class SecondFactor(TenantOwned, Base):
    """An authenticator application (TOTP, RFC 6238) of an account; asked at every sign-in once it is confirmed.

    `last_step` is the number of the 30-second step whose code was accepted last: none up to it is accepted again.
    """

    __tablename__ = "second_factor"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "account_id"), owned_key("account_id", "account")
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    secret: Mapped[str] = mapped_column(EncryptedText("second-factor"))
    started_at: Mapped[datetime] = mapped_column(UtcInstant)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(TenantOwned, Base):
    """A code that stands in for the authenticator application once; only its keyed digest is stored."""

    __tablename__ = "recovery_code"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "account_id", "digest"), owned_key("account_id", "account")
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    used_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class LinkedIdentity(TenantOwned, Base):
    """A sign-in of another house (OpenID Connect) that opens the account: a keyed digest of issuer and subject."""

    __tablename__ = "linked_identity"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "digest"),
        Index("ix_linked_identity_account", "tenant_id", "account_id"),
        owned_key("account_id", "account"),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    issuer: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(String(64))
    linked_at: Mapped[datetime] = mapped_column(UtcInstant)


class Passkey(TenantOwned, Base):
    """A passkey (WebAuthn level 3) of the account: what its authenticator keeps the other half of.

    `digest` finds it, `credential_id` (base64url) is told to the account's own browser when another is added.
    """

    __tablename__ = "passkey"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "digest"),
        Index("ix_passkey_account", "tenant_id", "account_id"),
        owned_key("account_id", "account"),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64))
    credential_id: Mapped[str] = mapped_column(Text)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    used_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Organisation(TenantOwned, Base):
    """A house that files dossiers by several officers, each with an account of their own."""

    __tablename__ = "organisation"
    __table_args__ = owned_args()

    name: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(UtcInstant)


class Membership(TenantOwned, Base):
    """An officer of an organisation; a steward also invites and removes officers. `left_at` ends it."""

    __tablename__ = "membership"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "organisation_id", "account_id"),
        Index("ix_membership_account", "tenant_id", "account_id"),
        owned_key("organisation_id", "organisation"),
        owned_key("account_id", "account"),
    )

    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    is_steward: Mapped[bool] = mapped_column(Boolean, default=False)
    joined_at: Mapped[datetime] = mapped_column(UtcInstant)
    left_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class OfficerInvitation(TenantOwned, Base):
    """An address of mail that may become an officer: whoever proves the address accepts it in their own account."""

    __tablename__ = "officer_invitation"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "organisation_id", "email"),
        Index("ix_officer_invitation_email", "tenant_id", "email"),
        owned_key("organisation_id", "organisation"),
    )

    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    email: Mapped[str] = mapped_column(String(254))
    sent_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    used_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class FailedTry(TenantOwned, Base):
    """A wrong password, code or proof: for what and from which address of the net or known device, as keyed digests."""

    __tablename__ = "failed_try"
    __table_args__ = owned_args(
        Index("ix_failed_try_account", "tenant_id", "account_digest", "at"),
        Index("ix_failed_try_address", "tenant_id", "address_digest", "at"),
    )

    account_digest: Mapped[str] = mapped_column(String(64))
    address_digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcInstant)
