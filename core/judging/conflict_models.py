"""Who has a stake in which dossier: declared by the person, or suspected from data and then confirmed or dismissed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import JsonDoc, UtcInstant


class Conflict(TenantOwned, Base):
    """A person (judge, chair, secretary, officer) and a dossier; at most one row for both.

    What the person declared and what the data say stand apart: `declared` are kinds (`conflict_values.Kind`) with the
    person's own `words`; `evidence` is a list of {"code", "what"} (`conflict_values.Evidence`), and `covered` what of
    it a dismissal was about, so that it does not open the conflict again. `how` says which of the two it stands for:
    declared or suspected. `state` is open, confirmed or dismissed; `reason`, `decided_by` and `decided_at` are of the
    last decision, also when it opened again since.
    `uncounted`: how many locked sheets count no more since it stands. `revision` grows with each change, so that
    nobody decides on what he did not read.
    """

    __tablename__ = "conflict"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "account_id", "entry_id"),
        Index("ix_conflict_edition", "tenant_id", "edition_id", "state"),
        Index("ix_conflict_entry", "tenant_id", "entry_id"),
        owned_key("edition_id", "edition"),
        owned_key("account_id", "account"),
        owned_key("entry_id", "entry"),
        owned_key("decided_by", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    how: Mapped[str] = mapped_column(String(10))
    declared: Mapped[list[str]] = mapped_column(JsonDoc, default=list)
    evidence: Mapped[list[dict[str, str]]] = mapped_column(JsonDoc, default=list)
    covered: Mapped[list[dict[str, str]]] = mapped_column(JsonDoc, default=list)
    words: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    at: Mapped[datetime] = mapped_column(UtcInstant)
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    uncounted: Mapped[int] = mapped_column(Integer, default=0)
    revision: Mapped[int] = mapped_column(Integer, default=1)


class Affiliation(TenantOwned, Base):
    """Where somebody of a council or the office works, as he says himself: for finding conflicts and nothing else.

    `unit_id` is one of the tenant's units, `workplace` in his own words; either may be left out. The unit that an
    account works for in the contest (`account.unit_id`) is another matter: that opens pages.
    """

    __tablename__ = "affiliation"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "account_id"),
        owned_key("account_id", "account"),
        owned_key("unit_id", "unit"),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    workplace: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(UtcInstant)


class ConflictSettings(TenantOwned, Base):
    """What a tenant decided about the search for conflicts; one row at most.

    `shared_domains`: domains of mail that many houses of the province share, so that they tie nobody to anybody.
    """

    __tablename__ = "conflict_settings"
    __table_args__ = owned_args(UniqueConstraint("tenant_id"))

    shared_domains: Mapped[list[str]] = mapped_column(JsonDoc, default=list)
