"""The council's talk about an entry its judges see differently, and the points that were changed in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import JsonDoc, UtcInstant


class Deliberation(TenantOwned, Base):
    """One deliberation of an entry in a round, by number: opening it again after it was closed makes the next.

    `scope` is who takes part (`deliberation_values.Scope`), `participants` the numbers of the judges as it was opened
    (J1 …), `reason` why it was opened before all were done or again. `before` and `after` are the points at opening
    and closing: judge → criterion → points as text. `outcome` are the leaders' words; there are none where it ended
    because its entry left the contest.

    What the screens follow: `criterion` (a key, or "" for none), `next_entry_id` (another dossier the room went to),
    `leader_id` who leads, and `version`, which grows with whatever the screens must learn of.
    """

    __tablename__ = "deliberation"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "round", "entry_id", "number"),
        Index("ix_deliberation_edition", "tenant_id", "edition_id", "round"),
        owned_key("edition_id", "edition"),
        owned_key("entry_id", "entry"),
        owned_key("next_entry_id", "entry"),
        owned_key("opened_by", "account"),
        owned_key("closed_by", "account"),
        owned_key("leader_id", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    scope: Mapped[str] = mapped_column(String(10))
    participants: Mapped[list[str]] = mapped_column(JsonDoc, default=list)
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    before: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
    opened_at: Mapped[datetime] = mapped_column(UtcInstant)
    opened_by: Mapped[UUID | None] = mapped_column(Uuid)
    after: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
    outcome: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    closed_by: Mapped[UUID | None] = mapped_column(Uuid)
    criterion: Mapped[str] = mapped_column(String(40), default="")
    next_entry_id: Mapped[UUID | None] = mapped_column(Uuid)
    leader_id: Mapped[UUID | None] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(Integer, default=1)


class ScoreChange(TenantOwned, Base):
    """A judge changed the points of his own locked sheet in a deliberation; `number` counts the changes of a sheet.

    `before` and `after` are criterion → points as text. `nonce` and `commitment` are those that the sheet had before:
    with them the earlier line of the log is opened too.
    """

    __tablename__ = "score_change"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "sheet_id", "number"),
        Index("ix_score_change_deliberation", "tenant_id", "deliberation_id"),
        owned_key("deliberation_id", "deliberation"),
        owned_key("sheet_id", "sheet"),
        owned_key("entry_id", "entry"),
        owned_key("judge_id", "judge"),
    )

    deliberation_id: Mapped[UUID] = mapped_column(Uuid)
    sheet_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    judge_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    before: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    after: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    nonce: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[str] = mapped_column(String(64))
