"""Accounts of a tenant and what hangs on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.text import fold, given_name_key
from core.kernel.types import JsonDoc, UtcInstant


def folded_of(name: str, email: str) -> str:
    """What a search for an account looks in."""
    return fold(f"{name} {email}")


def _folded(context: Any) -> str:
    values = context.get_current_parameters()
    return folded_of(values["name"], values["email"])


def _name_key(context: Any) -> str:
    return given_name_key(context.get_current_parameters()["name"])


class Account(TenantOwned, Base):
    """A person known to one tenant by a verified e-mail address. `roles` as in `kernel.actor.Role`.

    `name_key` sorts by given name, as officials do; `folded` is for search. Both are made from the name when the row
    is added; who changes the name changes them too (`services.accounts`). `language` is that of letters to this person;
    None: the contest's own.
    """

    __tablename__ = "account"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "email"),
        Index("ix_account_name_key", "tenant_id", "name_key"),
        owned_key("unit_id", "unit"),
    )

    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(500), default=_name_key)
    folded: Mapped[str] = mapped_column(String(500), default=_folded)
    phone: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str | None] = mapped_column(String(5))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JsonDoc, default=list)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    verified_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_demonstration: Mapped[bool] = mapped_column(Boolean, default=False)


class SignIn(TenantOwned, Base):
    """A signed-in device. The cookie holds a token; only its keyed digest is stored."""

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


class OneTimeCode(TenantOwned, Base):
    """A code sent by mail for one purpose: stored as a digest, few tries, short life, used once.

    `pending` is what a sign-up will set when its code is used: name, password hash, consents, and the digest of the
    ticket that its browser holds.
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


class FailedTry(TenantOwned, Base):
    """A wrong password: for which address of mail and from which address of the net, both as keyed digests."""

    __tablename__ = "failed_try"
    __table_args__ = owned_args(
        Index("ix_failed_try_account", "tenant_id", "account_digest", "at"),
        Index("ix_failed_try_address", "tenant_id", "address_digest", "at"),
    )

    account_digest: Mapped[str] = mapped_column(String(64))
    address_digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcInstant)
