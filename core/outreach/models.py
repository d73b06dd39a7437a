"""Targets of an edition and the units' monthly reports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import JsonDoc, UtcInstant


class Target(TenantOwned, Base):
    """The least number of entries a unit, or several units together (`group`), should bring in an edition."""

    __tablename__ = "target"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "unit_id"),
        owned_key("edition_id", "edition"),
        owned_key("unit_id", "unit"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    unit_id: Mapped[UUID] = mapped_column(Uuid)
    group: Mapped[str] = mapped_column(String(40))
    minimum: Mapped[int | None] = mapped_column(Integer)
    joint: Mapped[int | None] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(Text, default="")


class UnitReport(TenantOwned, Base):
    """A unit's report on its outreach in a month (`2026-05`); `figures` are plain counts by key."""

    __tablename__ = "unit_report"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "unit_id", "month"),
        owned_key("edition_id", "edition"),
        owned_key("unit_id", "unit"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    unit_id: Mapped[UUID] = mapped_column(Uuid)
    month: Mapped[str] = mapped_column(String(7))
    figures: Mapped[dict[str, int]] = mapped_column(JsonDoc, default=dict)
    activities: Mapped[str] = mapped_column(Text, default="")
    difficulties: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sent_by: Mapped[str] = mapped_column(String(200), default="")
    updated_at: Mapped[datetime] = mapped_column(UtcInstant)
