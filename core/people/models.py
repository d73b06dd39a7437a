"""Accounts of a tenant and what hangs on them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import JsonDoc, UtcInstant


class Account(TenantOwned, Base):
    """A person known to one tenant by a verified e-mail address. `roles` as in `kernel.actor.Role`."""

    __tablename__ = "account"
    __table_args__ = owned_args(UniqueConstraint("tenant_id", "email"), owned_key("unit_id", "unit"))

    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(20))
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
        UniqueConstraint("tenant_id", "digest"), owned_key("account_id", "account")
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class OneTimeCode(TenantOwned, Base):
    """A code sent by mail for one purpose: stored as a digest, few tries, short life, used once."""

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
