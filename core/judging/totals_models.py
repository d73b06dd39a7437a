"""What the sheets of a round add up to, kept beside them so that a ranking is read and not computed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import ExactDecimal, UtcInstant

PLACES = 6


class RoundTally(TenantOwned, Base):
    """That the totals of a round are kept: how many entries have one, and a number that grows with each change.

    `is_kept` False: the rules look at several entries at once, so that an entry has no total of its own to keep.
    `checked_at` and `differing`: when the totals were last compared with the sheets, and how many were not theirs.
    `unlike`: how many locked sheets were not what the audit log says when they were last compared with it; `false_line`
    is the first line of the log that was changed itself, None when it held.
    """

    __tablename__ = "round_tally"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "round"), owned_key("edition_id", "edition")
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    entries: Mapped[int] = mapped_column(Integer, default=0)
    revision: Mapped[int] = mapped_column(Integer, default=0)
    is_kept: Mapped[bool] = mapped_column(Boolean, default=True)
    checked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    differing: Mapped[int] = mapped_column(Integer, default=0)
    unlike: Mapped[int] = mapped_column(Integer, default=0)
    false_line: Mapped[int | None] = mapped_column(Integer)


class RoundTotal(TenantOwned, Base):
    """One entry of a round with locked sheets that count: their number, `total` by the rules, and of the sheets' own
    totals the sum, the least and the most."""

    __tablename__ = "round_total"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "round", "entry_id"),
        Index("ix_round_total_rank", "tenant_id", "edition_id", "round", "total", "entry_id"),
        owned_key("edition_id", "edition"),
        owned_key("entry_id", "entry"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    sheets: Mapped[int] = mapped_column(Integer)
    total: Mapped[Decimal] = mapped_column(ExactDecimal(PLACES))
    sum: Mapped[Decimal] = mapped_column(ExactDecimal(2))
    least: Mapped[Decimal] = mapped_column(ExactDecimal(2))
    most: Mapped[Decimal] = mapped_column(ExactDecimal(2))
