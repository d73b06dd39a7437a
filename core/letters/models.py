"""A committee's own wording of letters, every version kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args
from core.kernel.types import UtcInstant


class LetterText(TenantOwned, Base):
    """One version of the wording of a letter in one language; the highest number holds.

    A version without words (`text` empty) takes the committee's wording back: the default holds again.
    """

    __tablename__ = "letter_text"
    __table_args__ = owned_args(UniqueConstraint("tenant_id", "key", "language", "number"))

    key: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(5))
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[UUID | None] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcInstant)
