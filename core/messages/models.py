"""Secret addresses of people's calendars."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, Uuid
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
