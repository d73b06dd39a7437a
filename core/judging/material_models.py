"""New material that the committee asks of the entries of a round, and what their entrants sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import ContentDigest, JsonDoc, UtcInstant


class MaterialCall(TenantOwned, Base):
    """The window in which entrants of a round send more, [opens_at, closes_at); `note` is what they are told."""

    __tablename__ = "material_call"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "round"), owned_key("edition_id", "edition")
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    opens_at: Mapped[datetime] = mapped_column(UtcInstant)
    closes_at: Mapped[datetime] = mapped_column(UtcInstant)
    note: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(Integer, default=0)


class MaterialQuestion(TenantOwned, Base):
    """One thing that is asked for: a text, or files (`kind`)."""

    __tablename__ = "material_question"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "call_id", "position"), owned_key("call_id", "material_call")
    )

    call_id: Mapped[UUID] = mapped_column(Uuid)
    position: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    help: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(10))
    max_files: Mapped[int] = mapped_column(Integer, default=1)
    is_required: Mapped[bool] = mapped_column(Boolean, default=False)


class MaterialText(TenantOwned, Base):
    """What was written to a question for an entry."""

    __tablename__ = "material_text"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "question_id", "entry_id"),
        owned_key("question_id", "material_question"),
        owned_key("entry_id", "entry"),
    )

    question_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    text: Mapped[str] = mapped_column(Text)


class MaterialFile(TenantOwned, Base):
    """A file sent to a question for an entry; one that was replaced stays, with `removed_at`."""

    __tablename__ = "material_file"
    __table_args__ = owned_args(
        Index("ix_material_file_entry", "tenant_id", "entry_id"),
        owned_key("question_id", "material_question"),
        owned_key("entry_id", "entry"),
    )

    question_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    sha256: Mapped[str] = mapped_column(ContentDigest)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    pages: Mapped[int | None] = mapped_column(Integer)
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    removed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class MaterialReceipt(TenantOwned, Base):
    """What had come from an entry at `at`, each time something changed: the document, its SHA-256 and a code."""

    __tablename__ = "material_receipt"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "call_id", "entry_id", "number"),
        UniqueConstraint("tenant_id", "code"),
        owned_key("call_id", "material_call"),
        owned_key("entry_id", "entry"),
        owned_key("by_id", "account"),
    )

    call_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    code: Mapped[str] = mapped_column(String(20))
    document: Mapped[dict[str, Any]] = mapped_column(JsonDoc(names_contents=True))
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
