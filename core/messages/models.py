"""Calendar feeds, and when an event of one was changed last."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import UtcInstant


class CalendarFeed(TenantOwned, Base):
    """A person's secret calendar address: only a keyed digest of its token is stored; ended when it is renewed."""

    __tablename__ = "calendar_feed"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "digest"),
        Index("ix_calendar_feed_account", "tenant_id", "account_id"),
        owned_key("account_id", "account"),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class CalendarEvent(TenantOwned, Base):
    """The newest state of an event that a calendar file told: `sequence` grows when what it says changes (RFC 5545)."""

    __tablename__ = "calendar_event"
    __table_args__ = owned_args(UniqueConstraint("tenant_id", "uid"))

    uid: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    changed_at: Mapped[datetime] = mapped_column(UtcInstant)
