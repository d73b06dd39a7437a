"""Computations, the committee's decision, the publication, and the key that signs it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, Integer, LargeBinary, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import ContentDigest, UtcInstant


class Computation(TenantOwned, Base):
    """One run of the pure computation. Inputs and outputs are kept as the exact canonical JSON text."""

    __tablename__ = "computation"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "number"), owned_key("edition_id", "edition")
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    inputs: Mapped[str] = mapped_column(Text)
    inputs_sha256: Mapped[str] = mapped_column(String(64))
    outputs: Mapped[str] = mapped_column(Text)
    outputs_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    by_name: Mapped[str] = mapped_column(String(200))


class Decision(TenantOwned, Base):
    """The committee's decision on an edition's awards: the meeting and its vote. One an edition, until published."""

    __tablename__ = "decision"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id"),
        owned_key("edition_id", "edition"),
        owned_key("computation_id", "computation"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    computation_id: Mapped[UUID] = mapped_column(Uuid)
    held_on: Mapped[date] = mapped_column(Date)
    number: Mapped[str] = mapped_column(String(80), default="")
    members: Mapped[int] = mapped_column(Integer)
    agreed: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    by_name: Mapped[str] = mapped_column(String(200))


class DecisionItem(TenantOwned, Base):
    """What an entry gets. Where `tier` departs from `proposed`, `reason` says why and stays visible."""

    __tablename__ = "decision_item"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "decision_id", "entry_id", "kind"),
        owned_key("decision_id", "decision"),
        owned_key("entry_id", "entry"),
    )

    decision_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(40), default="tier")
    tier: Mapped[str | None] = mapped_column(String(40))
    proposed: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")


class Publication(TenantOwned, Base):
    """The published result of an edition and its bundle in the file store."""

    __tablename__ = "publication"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id"),
        owned_key("edition_id", "edition"),
        owned_key("computation_id", "computation"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    computation_id: Mapped[UUID] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    by_name: Mapped[str] = mapped_column(String(200))
    bundle_sha256: Mapped[str] = mapped_column(ContentDigest)
    bundle_size: Mapped[int] = mapped_column(Integer)


class SigningKey(TenantOwned, Base):
    """The tenant's Ed25519 key; the private half is encrypted with a key derived from the installation's secret."""

    __tablename__ = "signing_key"
    __table_args__ = owned_args(UniqueConstraint("tenant_id"))

    public: Mapped[str] = mapped_column(String(64))
    private: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
