"""Minutes of a council: a draft in sections, then fixed for good with its papers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import ContentDigest, JsonDoc, UtcInstant


class Minutes(TenantOwned, Base):
    """Minutes of a round's council; `number` counts them there. `state` is draft or fixed.

    `corrects` is the number of the minutes that these correct, None for none. `people` are the seats as they were:
    [{"seat", "name", "role", "here"}]. `revision` grows with each change of place, time and people. Once fixed,
    `sha256` is over the content in canonical form, `pdf` and `docx` are the papers, and `log_size` and `log_head` the
    head of the audit log that stands on them.
    """

    __tablename__ = "council_minutes"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "round", "number"),
        owned_key("edition_id", "edition"),
        owned_key("drafted_by", "account"),
        owned_key("fixed_by", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    corrects: Mapped[int | None] = mapped_column(Integer)
    place: Mapped[str] = mapped_column(String(200), default="")
    held_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    people: Mapped[list[dict[str, Any]]] = mapped_column(JsonDoc)
    revision: Mapped[int] = mapped_column(Integer, default=0)
    drafted_by: Mapped[UUID | None] = mapped_column(Uuid)
    drafted_name: Mapped[str] = mapped_column(String(200))
    drafted_at: Mapped[datetime] = mapped_column(UtcInstant)
    fixed_by: Mapped[UUID | None] = mapped_column(Uuid)
    fixed_name: Mapped[str] = mapped_column(String(200), default="")
    fixed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    log_size: Mapped[int] = mapped_column(Integer, default=0)
    log_head: Mapped[str] = mapped_column(String(64), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    pdf: Mapped[str | None] = mapped_column(ContentDigest)
    pdf_size: Mapped[int] = mapped_column(Integer, default=0)
    docx: Mapped[str | None] = mapped_column(ContentDigest)
    docx_size: Mapped[int] = mapped_column(Integer, default=0)


class MinutesSection(TenantOwned, Base):
    """A section of minutes: one paragraph a line of `body`. `key` is that of the part it was drafted from.

    `entries` are the codes of the dossiers that it names; `tells_points` and `by_line` as in `MinutesPart`.
    `is_edited`: somebody wrote in it, so that it is not drafted anew; `told` is the SHA-256 of what was told of its
    part when that was last taken in or passed over ("" in sections older than that). `revision` grows with each change.
    """

    __tablename__ = "council_minutes_section"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "minutes_id", "key"), owned_key("minutes_id", "council_minutes")
    )

    minutes_id: Mapped[UUID] = mapped_column(Uuid)
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(Integer)
    heading: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    entries: Mapped[list[str]] = mapped_column(JsonDoc, default=list)
    tells_points: Mapped[bool] = mapped_column(Boolean, default=False)
    by_line: Mapped[bool] = mapped_column(Boolean, default=False)
    is_edited: Mapped[bool] = mapped_column(Boolean, default=False)
    told: Mapped[str] = mapped_column(String(64), default="")
    revision: Mapped[int] = mapped_column(Integer, default=0)
    changed_name: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime] = mapped_column(UtcInstant)


class MinutesScan(TenantOwned, Base):
    """A scan of the minutes as they were signed on paper."""

    __tablename__ = "council_minutes_scan"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "minutes_id", "sha256"), owned_key("minutes_id", "council_minutes")
    )

    minutes_id: Mapped[UUID] = mapped_column(Uuid)
    sha256: Mapped[str] = mapped_column(ContentDigest)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    by_name: Mapped[str] = mapped_column(String(200))
