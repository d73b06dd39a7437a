"""The tenants themselves: the one table that belongs to the platform."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base
from core.kernel.ids import uuid7
from core.kernel.types import JsonDoc


class Tenant(Base):
    """A province's committee on this installation. `version` grows when anything public changes (cache key)."""

    __tablename__ = "tenant"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    profile: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    profile_synced: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    version: Mapped[int] = mapped_column(Integer, default=1)
