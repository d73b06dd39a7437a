"""What belongs to the rounds of an edition: who goes on to the next, and the versions of the criteria."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import JsonDoc, UtcInstant


class FinalistRule(TenantOwned, Base):
    """Who goes on to `round` beyond the rules' threshold; a round without a row takes all who reach it.

    `basis` is the document that says so; empty, it is shown with "minh họa".
    """

    __tablename__ = "finalist_rule"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "round"), owned_key("edition_id", "edition")
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    most: Mapped[int | None] = mapped_column(Integer)
    by_field: Mapped[bool] = mapped_column(Boolean, default=False)
    ties: Mapped[str] = mapped_column(String(10), default="all")
    sheets: Mapped[int] = mapped_column(Integer, default=1)
    basis: Mapped[str] = mapped_column(String(300), default="")
    revision: Mapped[int] = mapped_column(Integer, default=0)


class FinalistChoice(TenantOwned, Base):
    """The committee lets an entry go on to `round` or not, whatever the rules say; `verdict` "rules" takes it back."""

    __tablename__ = "finalist_choice"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "round", "entry_id"),
        owned_key("edition_id", "edition"),
        owned_key("entry_id", "entry"),
        owned_key("by_id", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    verdict: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    revision: Mapped[int] = mapped_column(Integer, default=0)


class CriteriaVersion(TenantOwned, Base):
    """The criteria of an edition's rounds as they became by a change; number 1 is what they were at first.

    `criteria` and `changes` are as `core.judging.criteria` writes them; `told` are the numbers of the judges to whom
    the change was announced.
    """

    __tablename__ = "criteria_version"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "number"),
        owned_key("edition_id", "edition"),
        owned_key("by_id", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    criteria: Mapped[list[Any]] = mapped_column(JsonDoc)
    changes: Mapped[list[Any]] = mapped_column(JsonDoc)
    told: Mapped[list[Any]] = mapped_column(JsonDoc)
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcInstant)


class CriteriaSeen(TenantOwned, Base):
    """A judge has said that he read a version of the criteria, and so all before it."""

    __tablename__ = "criteria_seen"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "version_id", "judge_id"),
        owned_key("version_id", "criteria_version"),
        owned_key("judge_id", "judge"),
    )

    version_id: Mapped[UUID] = mapped_column(Uuid)
    judge_id: Mapped[UUID] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcInstant)


class RoundEnd(TenantOwned, Base):
    """Until when a round should be judged; a round without a row has the end of the judging phase.

    `basis` is the document that says so; empty, it is shown with "minh họa".
    """

    __tablename__ = "round_end"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "round"), owned_key("edition_id", "edition")
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    closes_at: Mapped[datetime] = mapped_column(UtcInstant)
    basis: Mapped[str] = mapped_column(String(300), default="")


class ReminderRule(TenantOwned, Base):
    """On which days before the end of a round who is not done is reminded by itself; "" is never.

    `basis` is the document that says so; empty, it is shown with "minh họa".
    """

    __tablename__ = "judge_reminder_rule"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id"), owned_key("edition_id", "edition")
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    days: Mapped[str] = mapped_column(String(60))
    basis: Mapped[str] = mapped_column(String(300), default="")


class JudgeReminder(TenantOwned, Base):
    """A judge was reminded of a round, once a day at most; `way` is "hand" or "auto"."""

    __tablename__ = "judge_reminder"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "judge_id", "round", "day"), owned_key("judge_id", "judge")
    )

    judge_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    day: Mapped[str] = mapped_column(String(10))
    way: Mapped[str] = mapped_column(String(10))
    left: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcInstant)
