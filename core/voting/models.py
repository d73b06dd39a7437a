"""Votes, their kept counts, and the freeze that ends them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import JsonDoc, UtcInstant


class Vote(TenantOwned, Base):
    """One account's vote for one entry. The log holds its commitment; a cancelled vote stays, with the reason."""

    __tablename__ = "vote"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id", "account_id"),
        UniqueConstraint("tenant_id", "receipt"),
        Index("ix_vote_account", "tenant_id", "account_id", "edition_id"),
        owned_key("edition_id", "edition"),
        owned_key("entry_id", "entry"),
        owned_key("account_id", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    cast_at: Mapped[datetime] = mapped_column(UtcInstant)
    receipt: Mapped[str] = mapped_column(String(20))
    nonce: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[str] = mapped_column(String(64))
    address_digest: Mapped[str | None] = mapped_column(String(64))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    cancel_reason: Mapped[str | None] = mapped_column(Text)


class VoteTally(TenantOwned, Base):
    """The kept count of an entry's standing votes; changed in the transaction of each vote."""

    __tablename__ = "vote_tally"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id"),
        Index("ix_vote_tally_edition", "tenant_id", "edition_id", "votes"),
        owned_key("edition_id", "edition"),
        owned_key("entry_id", "entry"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    votes: Mapped[int] = mapped_column(Integer)


class VoteFreeze(TenantOwned, Base):
    """The end of an edition's vote: entry code → votes, counted from the votes themselves. After it none is taken."""

    __tablename__ = "vote_freeze"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id"), owned_key("edition_id", "edition")
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    by_name: Mapped[str] = mapped_column(String(200))
    votes: Mapped[dict[str, int]] = mapped_column(JsonDoc)
    sha256: Mapped[str] = mapped_column(String(64))
