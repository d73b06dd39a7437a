"""How a round is assigned: its setup, the proposals made for it, and the fields that judges know."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import JsonDoc, UtcInstant


class RoundSetup(TenantOwned, Base):
    """The committee's choices for a round; a round without a row is put before the whole council.

    `way` is "whole" or "plan"; the figures are those of `core.judging.plan`. `next_by` orders what a judge is given
    next: "code" or "least".
    """

    __tablename__ = "round_setup"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "round"), owned_key("edition_id", "edition")
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(10), default="whole")
    k: Mapped[int] = mapped_column(Integer)
    least: Mapped[int] = mapped_column(Integer)
    most: Mapped[int | None] = mapped_column(Integer)
    seed: Mapped[int] = mapped_column(Integer)
    near: Mapped[int] = mapped_column(Integer)
    none: Mapped[int] = mapped_column(Integer)
    load: Mapped[int] = mapped_column(Integer)
    spread: Mapped[int] = mapped_column(Integer)
    next_by: Mapped[str] = mapped_column(String(10), default="code")


class PlanProposal(TenantOwned, Base):
    """A proposal for a round, by number; the newest is the one in hand, issued ones are kept as they were issued.

    `pairs` and `by_hand` are lists of [code, number]; `inputs` is the digest of what it was made from, `revision`
    counts changes by hand, `digest` is that of the issued plan in the audit log.
    """

    __tablename__ = "plan_proposal"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "round", "number"), owned_key("edition_id", "edition")
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int] = mapped_column(Integer, default=0)
    inputs: Mapped[str] = mapped_column(String(64), default="")
    pairs: Mapped[list[Any]] = mapped_column(JsonDoc, default=list)
    by_hand: Mapped[list[Any]] = mapped_column(JsonDoc, default=list)
    made_at: Mapped[datetime] = mapped_column(UtcInstant)
    issued_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    digest: Mapped[str | None] = mapped_column(String(64))


class JudgeField(TenantOwned, Base):
    """A field that a judge knows ("match") or is near to ("near"); without a row he does not know it."""

    __tablename__ = "judge_field"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "judge_id", "field"), owned_key("judge_id", "judge")
    )

    judge_id: Mapped[UUID] = mapped_column(Uuid)
    field: Mapped[str] = mapped_column(String(40))
    fit: Mapped[str] = mapped_column(String(10))
