"""Dossiers: the entry, its authors, files, versions, and what the screening said."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.proposals import Proposal
from core.kernel.types import ContentDigest, EncryptedText, ExactDecimal, JsonDoc, UtcInstant


class Entry(TenantOwned, Base):
    """One dossier. `ref` names it in its owner's addresses; `code` (TN-2025-0042) is given at first submission.

    `facts` holds the answers to the plugins' form, field key → plain JSON value. `state` as in `states.py`.

    `parts` tells of each part that is saved by itself how often it was, by its path (see `parts.py`). `unsaved` keeps,
    by path, what was typed last where it did not pass: it is shown again and stops handing in, and is no answer.
    `extended_until`: two officers let this dossier be handed in until then, whatever the phase.
    """

    __tablename__ = "entry"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "ref"),
        UniqueConstraint("tenant_id", "code"),
        UniqueConstraint("tenant_id", "form_token"),
        Index("ix_entry_gallery", "tenant_id", "edition_id", "published_at", "code"),
        Index("ix_entry_state", "tenant_id", "edition_id", "state"),
        Index("ix_entry_owner", "tenant_id", "owner_id"),
        Index("ix_entry_unit", "tenant_id", "edition_id", "unit_id"),
        owned_key("edition_id", "edition"),
        owned_key("owner_id", "account"),
        owned_key("unit_id", "unit"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    owner_id: Mapped[UUID] = mapped_column(Uuid)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    ref: Mapped[str] = mapped_column(String(20))
    form_token: Mapped[str] = mapped_column(String(64))
    code: Mapped[str | None] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(500))
    folded: Mapped[str] = mapped_column(Text, default="")
    field: Mapped[str | None] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
    parts: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict, server_default="{}")
    unsaved: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict, server_default="{}")
    state: Mapped[str] = mapped_column(String(20), default="draft")
    version: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    updated_at: Mapped[datetime] = mapped_column(UtcInstant)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    published_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    extended_until: Mapped[datetime | None] = mapped_column(UtcInstant)
    is_demonstration: Mapped[bool] = mapped_column(Boolean, default=False)


class EntryAuthor(TenantOwned, Base):
    """One author; `role` is chief, co_chief or member; `share` in percent, when the edition asks for shares.

    `account_id` is the account that the author has confirmed with. `confirmed_how` is "account" or "paper"; a change
    of name, role or share takes confirmation and refusal away.
    """

    __tablename__ = "entry_author"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id", "position"),
        Index("ix_entry_author_account", "tenant_id", "account_id"),
        owned_key("entry_id", "entry"),
        owned_key("account_id", "account"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    birth_year: Mapped[int | None] = mapped_column(Integer)
    workplace: Mapped[str] = mapped_column(String(300), default="")
    share: Mapped[Decimal | None] = mapped_column(ExactDecimal(2))
    account_id: Mapped[UUID | None] = mapped_column(Uuid)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    confirmed_how: Mapped[str | None] = mapped_column(String(10))
    declined_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decline_reason: Mapped[str] = mapped_column(Text, default="")


class AuthorInvitation(TenantOwned, Base):
    """How an author is reached, and the link last sent: its token as a keyed digest, None when none holds.

    The address is read by who may write the dossier and by nobody else; `email_digest` finds it again. `asked_again`
    says that a confirmation given before no longer fits what stands in the list.
    """

    __tablename__ = "author_invitation"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "author_id"),
        UniqueConstraint("tenant_id", "digest"),
        UniqueConstraint("tenant_id", "entry_id", "email_digest"),
        owned_key("entry_id", "entry"),
        owned_key("author_id", "entry_author"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    author_id: Mapped[UUID] = mapped_column(Uuid)
    email: Mapped[str] = mapped_column(EncryptedText("author_invitation.email"))
    email_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    asked_again: Mapped[bool] = mapped_column(Boolean, default=False)


class EntryRight(TenantOwned, Base):
    """What an account that does not own a dossier may do with it: view, edit or submit (see `rights.Right`)."""

    __tablename__ = "entry_right"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id", "account_id"),
        Index("ix_entry_right_account", "tenant_id", "account_id"),
        owned_key("entry_id", "entry"),
        owned_key("account_id", "account"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    level: Mapped[str] = mapped_column(String(10))
    given_by: Mapped[UUID] = mapped_column(Uuid)
    given_at: Mapped[datetime] = mapped_column(UtcInstant)


class Attachment(TenantOwned, Base):
    """A file of a dossier, stored under its SHA-256. `field` is the form field it answers.

    `begun_at` is when its sending began on the edition's clock; None: with the request that added it. `scan` says
    whether it may be opened (`states.Scan`).
    `pages` counts the pages of a PDF; `preview` is the SHA-256 of a small picture of it, once one was drawn.
    """

    __tablename__ = "attachment"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id", "field", "sha256"), owned_key("entry_id", "entry")
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    field: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(ContentDigest)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    is_public: Mapped[bool] = mapped_column(Boolean, default=False)
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    begun_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    scan: Mapped[str] = mapped_column(String(10), default="clean")
    pages: Mapped[int | None] = mapped_column(Integer)
    preview: Mapped[str | None] = mapped_column(ContentDigest)


class Upload(TenantOwned, Base):
    """A file on its way to a dossier, in pieces (tus 1.0.0); the bytes lie in the spool under this row's id.

    `place` names where it lands (see `services.upload_places`), `field` what it answers there. `received` of `length`
    bytes were told to be safe. `begun_at` is on the edition's clock; `expires_at` is real time. It is `done` once the
    file has landed, under the content `sha256`.
    """

    __tablename__ = "upload"
    __table_args__ = owned_args(
        Index("ix_upload_expiry", "tenant_id", "expires_at"),
        Index("ix_upload_entry", "tenant_id", "entry_id"),
        owned_key("entry_id", "entry"),
        owned_key("account_id", "account"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    place: Mapped[str] = mapped_column(String(40), default="dossier", server_default="dossier")
    field: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(255))
    length: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    begun_at: Mapped[datetime] = mapped_column(UtcInstant)
    expires_at: Mapped[datetime] = mapped_column(UtcInstant)
    done: Mapped[bool] = mapped_column(Boolean, default=False)
    sha256: Mapped[str | None] = mapped_column(ContentDigest)


class EntryVersion(TenantOwned, Base):
    """A submitted state of a dossier, never changed: the snapshot, its SHA-256, and the receipt code given for it."""

    __tablename__ = "entry_version"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id", "number"),
        UniqueConstraint("tenant_id", "receipt"),
        owned_key("entry_id", "entry"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JsonDoc(names_contents=True))
    sha256: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class UnsentRevision(TenantOwned, Base):
    """What an entrant had changed since version `number` and not handed in, when the dossier went back to it."""

    __tablename__ = "unsent_revision"
    __table_args__ = owned_args(
        Index("ix_unsent_revision_entry", "tenant_id", "entry_id", "at"), owned_key("entry_id", "entry")
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JsonDoc(names_contents=True))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class Extension(Proposal, TenantOwned, Base):
    """A later end of handing in, for one dossier or (no `entry_id`) for all: one officer proposes, another confirms.

    `ended` was the end when it was proposed, `until` the new one. States: proposed → confirmed, declined or withdrawn.
    """

    __tablename__ = "extension"
    __table_args__ = owned_args(
        Index("ix_extension_edition", "tenant_id", "edition_id", "asked_at"),
        owned_key("edition_id", "edition"),
        owned_key("entry_id", "entry"),
        owned_key("asked_by", "account"),
        owned_key("decided_by", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID | None] = mapped_column(Uuid)
    ended: Mapped[datetime] = mapped_column(UtcInstant)
    until: Mapped[datetime] = mapped_column(UtcInstant)
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[UUID] = mapped_column(Uuid)


class Screening(TenantOwned, Base):
    """One outcome of screening: accept, return (with what to complete) or refuse (with the clause).

    `version` is the handed-in version that was screened; `due_at` until when a return is to be completed (exclusive),
    and `reminded` how many reminders of it went out.
    """

    __tablename__ = "screening"
    __table_args__ = owned_args(
        Index("ix_screening_entry", "tenant_id", "entry_id"),
        Index("ix_screening_due", "due_at"),
        owned_key("entry_id", "entry"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    clause: Mapped[str | None] = mapped_column(String(80))
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    version: Mapped[int | None] = mapped_column(Integer)
    due_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    reminded: Mapped[int] = mapped_column(Integer, default=0)


class PublicPicture(TenantOwned, Base):
    """A picture of a published entry, made anew without metadata; `variant` is "card" (small) or "page".

    `attachment_id` tells which file it was made from; `sha256` and the sizes in pixels are of the made one.
    """

    __tablename__ = "public_picture"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id", "position", "variant"),
        owned_key("entry_id", "entry"),
        owned_key("attachment_id", "attachment"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    attachment_id: Mapped[UUID] = mapped_column(Uuid)
    position: Mapped[int] = mapped_column(Integer)
    variant: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(ContentDigest)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
