"""What is kept about requests of people, their copies and erasure, guardians, and openings of dossiers.

What people write in their own words here lies encrypted (`EncryptedText`): who gets hold of the database file alone
reads no request and no guardian's address.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import ContentDigest, EncryptedText, JsonDoc, UtcInstant


class DataRequest(TenantOwned, Base):
    """What a person asks about their own data. `kind` and `state` as in `states.py`; `code` names it everywhere.

    `answer` is what the office said at the end: what was done, or why not. `purpose` is set where a withdrawn consent
    made the request by itself. `due_at` (exclusive, real time) moves once, when the office extends it.
    """

    __tablename__ = "data_request"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "code"),
        UniqueConstraint("tenant_id", "form_token"),
        Index("ix_data_request_account", "tenant_id", "account_id"),
        Index("ix_data_request_due", "tenant_id", "closed_at", "due_at"),
        owned_key("account_id", "account"),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    code: Mapped[str] = mapped_column(String(20))
    form_token: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(EncryptedText("data-request"))
    state: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(UtcInstant)
    acknowledge_by: Mapped[datetime] = mapped_column(UtcInstant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    due_at: Mapped[datetime] = mapped_column(UtcInstant)
    extended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    extended_why: Mapped[str | None] = mapped_column(EncryptedText("data-request"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    answer: Mapped[str | None] = mapped_column(EncryptedText("data-request"))


class Erasure(TenantOwned, Base):
    """The erasure of an account: one officer proposes it, another confirms it, or it is withdrawn.

    `summary` counts what was deleted and what was kept; it holds no personal data.
    """

    __tablename__ = "erasure"
    __table_args__ = owned_args(
        Index("ix_erasure_request", "tenant_id", "request_id"),
        owned_key("account_id", "account"),
        owned_key("request_id", "data_request"),
        owned_key("proposed_by", "account"),
        owned_key("confirmed_by", "account"),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    request_id: Mapped[UUID] = mapped_column(Uuid)
    proposed_by: Mapped[UUID] = mapped_column(Uuid)
    proposed_name: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime] = mapped_column(UtcInstant)
    confirmed_by: Mapped[UUID | None] = mapped_column(Uuid)
    confirmed_name: Mapped[str] = mapped_column(String(200), default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    summary: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)


class PersonalExport(TenantOwned, Base):
    """A copy of all that is held about a person, as a zip in the file store. States: queued → ready → removed.

    `done` of `total` parts are gathered. It can be fetched until `expires_at`, by its person alone.
    """

    __tablename__ = "personal_export"
    __table_args__ = owned_args(
        Index("ix_personal_export_account", "tenant_id", "account_id"), owned_key("account_id", "account")
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(10))
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    ready_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sha256: Mapped[str | None] = mapped_column(ContentDigest)
    size: Mapped[int | None] = mapped_column(BigInteger)


class Guardian(TenantOwned, Base):
    """Who acts for an author under 16, and what both agreed to.

    `author` is a keyed digest of the author's name in this dossier: the rows of authors are written anew whenever the
    dossier is saved. `child_agreed` is asked from the age of seven on.
    """

    __tablename__ = "guardian"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id", "author"),
        owned_key("entry_id", "entry"),
        owned_key("recorded_by", "account"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    author: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(EncryptedText("guardian"))
    relation: Mapped[str] = mapped_column(String(20))
    contact: Mapped[str] = mapped_column(EncryptedText("guardian"))
    text_version: Mapped[str] = mapped_column(String(20))
    child_agreed: Mapped[bool] = mapped_column(Boolean)
    given_at: Mapped[datetime] = mapped_column(UtcInstant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    recorded_by: Mapped[UUID] = mapped_column(Uuid)


class DossierOpening(TenantOwned, Base):
    """Somebody other than its owner opened a dossier (`what` = "dossier") or a file of it ("file").

    One line a person, dossier, kind and hour: `hour` is the whole hour (UTC), `at` the first instant in it.
    """

    __tablename__ = "dossier_opening"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id", "account_id", "what", "hour"),
        Index("ix_dossier_opening_at", "tenant_id", "at"),
        owned_key("entry_id", "entry"),
        owned_key("account_id", "account"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(10))
    hour: Mapped[datetime] = mapped_column(UtcInstant)
    at: Mapped[datetime] = mapped_column(UtcInstant)


class PrivacySettings(TenantOwned, Base):
    """What a tenant decided about personal data; what it did not decide is the default of `settings.py`."""

    __tablename__ = "privacy_settings"
    __table_args__ = owned_args(UniqueConstraint("tenant_id"))

    values: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
