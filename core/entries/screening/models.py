"""What screening keeps beside its outcomes: claims, ticks, likenesses, saved views, bulk runs, the eligible list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import JsonDoc, UtcInstant


class ScreeningClaim(TenantOwned, Base):
    """The officer who has a dossier in hand since `since`; it lapses at `until` when nothing is done."""

    __tablename__ = "screening_claim"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id"),
        owned_key("entry_id", "entry"),
        owned_key("officer_id", "account"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    officer_id: Mapped[UUID] = mapped_column(Uuid)
    officer_name: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime] = mapped_column(UtcInstant)
    until: Mapped[datetime] = mapped_column(UtcInstant)


class ChecklistMark(TenantOwned, Base):
    """What an officer said to one item about one version (`round`) of a dossier: yes, no or na.

    `label` is the item's Vietnamese name at that time. `details` belongs to an item that asks for evidence:
    {"files": [names], "confirmed_by": words, "since": words}.
    """

    __tablename__ = "checklist_mark"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id", "round", "item"), owned_key("entry_id", "entry")
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[int] = mapped_column(Integer)
    item: Mapped[str] = mapped_column(String(160))
    label: Mapped[str] = mapped_column(Text)
    clause: Mapped[str | None] = mapped_column(String(80))
    answer: Mapped[str] = mapped_column(String(5))
    remark: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class ScreeningDigest(TenantOwned, Base):
    """What the list needs to know of a dossier's newest version without asking the rules: how many warnings."""

    __tablename__ = "screening_digest"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id"),
        owned_key("edition_id", "edition"),
        owned_key("entry_id", "entry"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(Integer)
    warnings: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcInstant)


class EntryPrint(TenantOwned, Base):
    """One fingerprint of a dossier's text: dossiers that share some are compared word for word."""

    __tablename__ = "entry_print"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id", "print"),
        Index("ix_entry_print_print", "tenant_id", "print"),
        owned_key("entry_id", "entry"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    print: Mapped[int] = mapped_column(BigInteger)


class SimilarPair(TenantOwned, Base):
    """Two dossiers of the tenant that read alike; `first_id` is the smaller id.

    `text_percent`: how much of one stands in the other; `title_percent`: how alike the titles are. A dismissal says
    why they are not the same after all.
    """

    __tablename__ = "similar_pair"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "first_id", "second_id"),
        Index("ix_similar_pair_second", "tenant_id", "second_id"),
        owned_key("first_id", "entry"),
        owned_key("second_id", "entry"),
    )

    first_id: Mapped[UUID] = mapped_column(Uuid)
    second_id: Mapped[UUID] = mapped_column(Uuid)
    text_percent: Mapped[int] = mapped_column(Integer)
    title_percent: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    dismissal: Mapped[str] = mapped_column(Text, default="")
    dismissed_name: Mapped[str] = mapped_column(String(200), default="")
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class SavedView(TenantOwned, Base):
    """Filters of the list that an officer gave a name; `query` is the part of the address after "?"."""

    __tablename__ = "saved_view"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "account_id", "name"), owned_key("account_id", "account")
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(800))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class BulkRun(TenantOwned, Base):
    """One deed for many dossiers: `names` in order, `outcomes` name → {"ok", "said"} of those that are done.

    Each dossier is done in a transaction of its own which writes its outcome too, so a run that stops goes on where
    it stopped.
    """

    __tablename__ = "bulk_run"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "token"),
        owned_key("edition_id", "edition"),
        owned_key("officer_id", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    officer_id: Mapped[UUID] = mapped_column(Uuid)
    token: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(20))
    names: Mapped[list[str]] = mapped_column(JsonDoc)
    reason: Mapped[str] = mapped_column(Text, default="")
    due_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    outcomes: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
    at: Mapped[datetime] = mapped_column(UtcInstant)


class EligibleList(TenantOwned, Base):
    """The dossiers that take part, as an annex of a decision. Number 1 is the list, later ones amend it.

    States: draft → decided; a draft that is dropped is gone. `rows` and their SHA-256 are fixed when another officer
    than the drafter decides; number and day of the official decision are written in when it was issued.
    """

    __tablename__ = "eligible_list"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "number"),
        owned_key("edition_id", "edition"),
        owned_key("drafted_by", "account"),
        owned_key("decided_by", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    reason: Mapped[str] = mapped_column(Text, default="")
    drafted_by: Mapped[UUID] = mapped_column(Uuid)
    drafted_name: Mapped[str] = mapped_column(String(200))
    drafted_at: Mapped[datetime] = mapped_column(UtcInstant)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JsonDoc, default=list)
    sha256: Mapped[str | None] = mapped_column(String(64))
    document_number: Mapped[str] = mapped_column(String(60), default="")
    document_day: Mapped[date | None] = mapped_column(Date)
