"""What arrived on paper, scans of it, and for whom an officer filed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import ContentDigest, EncryptedText, JsonDoc, UtcInstant


class PaperArrival(TenantOwned, Base):
    """One envelope or visit: what was in it, when it came, what the postmark says. Never changed; it can be undone.

    `version` is the handed-in version that the papers belong to, 0 when nothing on them tells. `items` are the keys
    of `paperwork.expected_papers` that were ticked. `way` is post, hand or unit.
    """

    __tablename__ = "paper_arrival"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "form_token"),
        Index("ix_paper_arrival_entry", "tenant_id", "entry_id"),
        owned_key("entry_id", "entry"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    form_token: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    arrived_on: Mapped[date] = mapped_column(Date)
    postmarked_on: Mapped[date | None] = mapped_column(Date)
    way: Mapped[str] = mapped_column(String(10))
    items: Mapped[list[str]] = mapped_column(JsonDoc)
    remark: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    undone_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    undone_by: Mapped[str] = mapped_column(String(200), default="")
    undone_why: Mapped[str] = mapped_column(Text, default="")


class PaperScan(TenantOwned, Base):
    """A scan of what arrived, stored under its SHA-256."""

    __tablename__ = "paper_scan"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id", "sha256"), owned_key("entry_id", "entry")
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    sha256: Mapped[str] = mapped_column(ContentDigest)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    by_name: Mapped[str] = mapped_column(String(200))


class FiledFor(TenantOwned, Base):
    """An officer keys in the dossier of a citizen: who that is, how the citizen agreed, when the papers came.

    `contact` is a telephone number or an address, encrypted. `consent` is signed (on paper, scanned) or spoken (at
    the counter, before a witness, who is named).
    """

    __tablename__ = "filed_for"
    __table_args__ = owned_args(UniqueConstraint("tenant_id", "entry_id"), owned_key("entry_id", "entry"))

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    person: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(EncryptedText("filed_for.contact"))
    consent: Mapped[str] = mapped_column(String(10))
    witness: Mapped[str] = mapped_column(String(200), default="")
    consent_version: Mapped[str] = mapped_column(String(20))
    arrived_on: Mapped[date] = mapped_column(Date)
    postmarked_on: Mapped[date | None] = mapped_column(Date)
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcInstant)
