"""Editions, their phases, and the units that take part."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import JsonDoc, UtcInstant


class Edition(TenantOwned, Base):
    """One holding of a contest. Names are `{"vi": …, "en": …}`.

    `settings` is what this edition gives its plugins (plugin → setting → value); `frozen` holds plugin versions and
    resolved settings from the moment judging starts, and `reopened_at` says since when two officers have them open
    again. `clock_offset` (seconds) is the demonstration clock. `synced` is
    what the tenant's folder last said, `notes` what it says for readers:

        {"lead": words, "committee": {"mark", "source"}, "report": {"before_day", "mark", "source"} | null,
         "demonstration": {"starts_at": ISO instant, "shows": words, "entries", "judges", "voters", "seed"}}
    """

    __tablename__ = "edition"
    __table_args__ = owned_args(UniqueConstraint("tenant_id", "key"))

    key: Mapped[str] = mapped_column(String(20))
    ordinal: Mapped[int] = mapped_column(Integer)
    name: Mapped[dict[str, str]] = mapped_column(JsonDoc)
    short_name: Mapped[dict[str, str]] = mapped_column(JsonDoc)
    years: Mapped[list[int]] = mapped_column(JsonDoc)
    code_prefix: Mapped[str] = mapped_column(String(20))
    plugins: Mapped[list[str]] = mapped_column(JsonDoc)
    settings: Mapped[dict[str, dict[str, Any]]] = mapped_column(JsonDoc)
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JsonDoc)
    reopened_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    committee_size: Mapped[int] = mapped_column(Integer, default=0)
    notes: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
    synced: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
    clock_offset: Mapped[int] = mapped_column(Integer, default=0)
    next_number: Mapped[int] = mapped_column(Integer, default=1)
    next_judge: Mapped[int] = mapped_column(Integer, default=1)


class Phase(TenantOwned, Base):
    """When a part of an edition runs: the half-open span [opens_at, closes_at).

    `facts` tells of each end ("opens", "closes") its mark (exact, inferred, illustration) and its source.
    """

    __tablename__ = "phase"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "kind"), owned_key("edition_id", "edition")
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(20))
    opens_at: Mapped[datetime] = mapped_column(UtcInstant)
    closes_at: Mapped[datetime] = mapped_column(UtcInstant)
    name: Mapped[dict[str, str]] = mapped_column(JsonDoc)
    facts: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)


class RulesReopening(TenantOwned, Base):
    """A request to open the frozen rules of an edition: one officer asks, another agrees, or it is withdrawn."""

    __tablename__ = "rules_reopening"
    __table_args__ = owned_args(
        Index("ix_rules_reopening_edition", "tenant_id", "edition_id", "asked_at"),
        owned_key("edition_id", "edition"),
        owned_key("asked_by", "account"),
        owned_key("agreed_by", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    asked_by: Mapped[UUID] = mapped_column(Uuid)
    asked_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    reason: Mapped[str] = mapped_column(Text)
    agreed_by: Mapped[UUID | None] = mapped_column(Uuid)
    agreed_name: Mapped[str] = mapped_column(String(200), default="")
    agreed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Unit(TenantOwned, Base):
    """A department, commune, association or school of the tenant; dated, because units are merged and renamed.

    It exists from `since` up to, not including, `until`. `synced` is what the tenant's folder last said of it.
    """

    __tablename__ = "unit"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "code"), Index("ix_unit_name_key", "tenant_id", "name_key")
    )

    code: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(700))
    folded: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    synced: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
