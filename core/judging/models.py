"""Judges of an edition, who is to judge what in which round, and the score sheets."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import ExactDecimal, UtcInstant


class Judge(TenantOwned, Base):
    """An account appointed to an edition's council; `number` (J1, J2 …) stands for it in inputs and bundles."""

    __tablename__ = "judge"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "account_id"),
        UniqueConstraint("tenant_id", "edition_id", "number"),
        owned_key("edition_id", "edition"),
        owned_key("account_id", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[str] = mapped_column(String(10))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)


class RoundEntry(TenantOwned, Base):
    """An entry that is judged in a round of its edition."""

    __tablename__ = "round_entry"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "round", "entry_id"),
        Index("ix_round_entry_edition", "tenant_id", "edition_id", "round"),
        owned_key("edition_id", "edition"),
        owned_key("entry_id", "entry"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    entry_id: Mapped[UUID] = mapped_column(Uuid)


class Assignment(TenantOwned, Base):
    """A judge who is to judge an entry in a round; `way` is how it came about, `why` it ended if it did.

    `put_off_at` is when the judge laid it behind the others of his list, for himself alone.
    `core.judging.assigning` has the values and all that is done with it.
    """

    __tablename__ = "assignment"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "judge_id", "entry_id", "round"),
        Index("ix_assignment_edition", "tenant_id", "edition_id", "round"),
        Index("ix_assignment_entry", "tenant_id", "entry_id"),
        owned_key("edition_id", "edition"),
        owned_key("judge_id", "judge"),
        owned_key("entry_id", "entry"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    judge_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    why: Mapped[str] = mapped_column(String(10), default="")
    put_off_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Sheet(TenantOwned, Base):
    """One judge's sheet for one entry in one round: draft, locked, or abstained (with a reason).

    Locking fixes it: `commitment`, over whose sheet it is, its scores and its remark, goes into the audit log; `nonce`
    is the secret that `core.judging.commitments` makes its salts of. `begun_at` is when its first points were given;
    None of one that was keyed in from paper, and of those from before this was kept. `final_at` is when the judge said
    that he does not take his abstention back; others' points for the entry are closed to him until then.
    """

    __tablename__ = "sheet"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "judge_id", "entry_id", "round"),
        Index("ix_sheet_edition", "tenant_id", "edition_id", "round", "state"),
        Index("ix_sheet_entry", "tenant_id", "entry_id"),
        owned_key("edition_id", "edition"),
        owned_key("judge_id", "judge"),
        owned_key("entry_id", "entry"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    judge_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    remark: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(Integer, default=0)
    nonce: Mapped[str | None] = mapped_column(String(64))
    commitment: Mapped[str | None] = mapped_column(String(64))
    begun_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    updated_at: Mapped[datetime] = mapped_column(UtcInstant)
    locked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    final_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class SheetScore(TenantOwned, Base):
    """The points of one criterion on a sheet."""

    __tablename__ = "sheet_score"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "sheet_id", "criterion"), owned_key("sheet_id", "sheet")
    )

    sheet_id: Mapped[UUID] = mapped_column(Uuid)
    criterion: Mapped[str] = mapped_column(String(40))
    points: Mapped[Decimal] = mapped_column(ExactDecimal(2))
