"""Targets of an edition and the units' monthly reports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import JsonDoc, UtcInstant


class Target(TenantOwned, Base):
    """The least number of entries a unit is asked to bring in an edition, as the tenant's folder says it.

    A unit has either a `minimum` of its own, or a part in the `joint` minimum of its whole group. `mark` says where
    the number comes from (exact, inferred, illustration); names, source and note are `{"vi": …, "en": …}`.
    """

    __tablename__ = "target"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "unit_id"),
        owned_key("edition_id", "edition"),
        owned_key("unit_id", "unit"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    unit_id: Mapped[UUID] = mapped_column(Uuid)
    group: Mapped[str] = mapped_column(String(40))
    group_name: Mapped[dict[str, str]] = mapped_column(JsonDoc)
    group_order: Mapped[int] = mapped_column(Integer)
    minimum: Mapped[int | None] = mapped_column(Integer)
    joint: Mapped[int | None] = mapped_column(Integer)
    mark: Mapped[str] = mapped_column(String(20))
    source: Mapped[dict[str, str]] = mapped_column(JsonDoc)
    note: Mapped[dict[str, str] | None] = mapped_column(JsonDoc)


class UnitReport(TenantOwned, Base):
    """A unit's report on its outreach in a month (`2026-05`).

    `events`, `news` (articles and broadcasts) and `people` (reached) are what the unit typed. `figures` are counts of
    dossiers by key, taken from the database when the report was sent, and not there before; and what the unit typed
    for the figures that plugins ask for, under `values.typed_key`. `version` counts the sendings.
    """

    __tablename__ = "unit_report"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "unit_id", "month"),
        owned_key("edition_id", "edition"),
        owned_key("unit_id", "unit"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    unit_id: Mapped[UUID] = mapped_column(Uuid)
    month: Mapped[str] = mapped_column(String(7))
    events: Mapped[int | None] = mapped_column(Integer)
    news: Mapped[int | None] = mapped_column(Integer)
    people: Mapped[int | None] = mapped_column(Integer)
    activities: Mapped[str] = mapped_column(Text, default="")
    difficulties: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[dict[str, int]] = mapped_column(JsonDoc, default=dict)
    version: Mapped[int] = mapped_column(Integer, default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sent_by: Mapped[str] = mapped_column(String(200), default="")
    updated_at: Mapped[datetime] = mapped_column(UtcInstant)
