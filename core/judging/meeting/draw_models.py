"""Draws of the order in which entries are presented."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import JsonDoc, UtcInstant


class Draw(TenantOwned, Base):
    """A draw for a round, or for a part of it; `number` counts them in the round. Announced, then drawn; never changed.

    `scope` is "" for the whole round, `field:<key>` or `group:<id>` for a part; `scope_name` says it in words.
    `entries` are the codes that were fixed when it was announced, `log_size` and `log_head` the head of the audit log
    after the line of the announcement, which commits to them. `source` says beforehand which public value will be
    taken ("" for none), `said` is that value. `drawn` is the order, None until it is drawn. `reason` is why there is
    a draw after an earlier one. `shown` is who reads the order: all, or each entrant the own place.
    """

    __tablename__ = "council_draw"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "round", "number"),
        owned_key("edition_id", "edition"),
        owned_key("announced_by", "account"),
        owned_key("drawn_by", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(Integer)
    scope: Mapped[str] = mapped_column(String(60), default="")
    scope_name: Mapped[str] = mapped_column(String(200), default="")
    entries: Mapped[list[str]] = mapped_column(JsonDoc)
    source: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    log_size: Mapped[int] = mapped_column(Integer, default=0)
    log_head: Mapped[str] = mapped_column(String(64), default="")
    announced_by: Mapped[UUID | None] = mapped_column(Uuid)
    announced_name: Mapped[str] = mapped_column(String(200))
    announced_at: Mapped[datetime] = mapped_column(UtcInstant)
    said: Mapped[str] = mapped_column(String(200), default="")
    drawn: Mapped[list[str] | None] = mapped_column(JsonDoc(none_as_null=True))
    drawn_by: Mapped[UUID | None] = mapped_column(Uuid)
    drawn_name: Mapped[str] = mapped_column(String(200), default="")
    drawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    shown: Mapped[str] = mapped_column(String(10), default="own")
