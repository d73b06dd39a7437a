"""Score sheets on paper: printed with a code, keyed in twice by two people, locked when both agree."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import ContentDigest, JsonDoc, UtcInstant


class PaperSheet(TenantOwned, Base):
    """The printed sheet of one judge for one entry. `code` stands on it, says nothing of either, and is typed back.

    `locked_at` is set when the sheet was locked from it; `objection` is what the judge said against that last, at
    `objected_at`; it waits while `settled_at` is empty. What was answered is kept (`PaperAnswer`).
    """

    __tablename__ = "paper_sheet"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "judge_id", "entry_id", "round"),
        UniqueConstraint("tenant_id", "code"),
        Index("ix_paper_sheet_edition", "tenant_id", "edition_id", "round"),
        owned_key("edition_id", "edition"),
        owned_key("judge_id", "judge"),
        owned_key("entry_id", "entry"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    judge_id: Mapped[UUID] = mapped_column(Uuid)
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(10))
    printed_at: Mapped[datetime] = mapped_column(UtcInstant)
    scan_sha256: Mapped[str | None] = mapped_column(ContentDigest)
    scan_name: Mapped[str] = mapped_column(String(255), default="")
    scan_type: Mapped[str] = mapped_column(String(100), default="")
    scan_size: Mapped[int] = mapped_column(Integer, default=0)
    locked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    objected_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    objection: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class PaperKeying(TenantOwned, Base):
    """What one person keyed in from a paper sheet: `turn` 1 is the first, 2 who checks by keying in again.

    `scores` are points as text by criterion; `is_done` says that the person holds it for whole and true.
    """

    __tablename__ = "paper_keying"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "paper_id", "turn"),
        owned_key("paper_id", "paper_sheet"),
        owned_key("account_id", "account"),
    )

    paper_id: Mapped[UUID] = mapped_column(Uuid)
    turn: Mapped[int] = mapped_column(Integer)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    scores: Mapped[dict[str, str]] = mapped_column(JsonDoc)
    remark: Mapped[str] = mapped_column(Text, default="")
    is_done: Mapped[bool] = mapped_column(Boolean, default=False)
    at: Mapped[datetime] = mapped_column(UtcInstant)


class PaperAnswer(TenantOwned, Base):
    """What a leader or an officer answered to a judge's objection; `objection` are the words that are answered."""

    __tablename__ = "paper_answer"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "paper_id", "at"),
        owned_key("paper_id", "paper_sheet"),
        owned_key("account_id", "account"),
    )

    paper_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    objection: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
