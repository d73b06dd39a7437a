"""What the public pages say besides the contest itself: news, pages, documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args
from core.kernel.types import JsonDoc, UtcInstant


class Content(TenantOwned, Base):
    """A news item, page or document. Words are `{"vi": …, "en": …}`; HTML is made and cleaned once, when saved."""

    __tablename__ = "content"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "kind", "key"), Index("ix_content_at", "tenant_id", "kind", "at")
    )

    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80))
    title: Mapped[dict[str, str]] = mapped_column(JsonDoc)
    body: Mapped[dict[str, str]] = mapped_column(JsonDoc)
    html: Mapped[dict[str, str]] = mapped_column(JsonDoc)
    data: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
    synced: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
    at: Mapped[datetime] = mapped_column(UtcInstant)
