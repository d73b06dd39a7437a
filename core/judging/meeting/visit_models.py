"""Site visits of a council: the appointment, who goes, what was seen, and who signed it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Integer, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import ContentDigest, UtcInstant


class SiteVisit(TenantOwned, Base):
    """A visit to what an entry is about; `number` counts them in the round.

    `state`: planned, held (what was seen is written, and signed by those who were there), fixed (the papers are kept),
    or cancelled with `reason`. `revision` grows with each change of `found`, the places and the files.
    """

    __tablename__ = "site_visit"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "round", "number"),
        UniqueConstraint("tenant_id", "form_token"),
        owned_key("edition_id", "edition"),
        owned_key("entry_id", "entry"),
        owned_key("planned_by", "account"),
        owned_key("fixed_by", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(Integer)
    form_token: Mapped[str] = mapped_column(String(64))
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(10), default="planned")
    at: Mapped[datetime] = mapped_column(UtcInstant)
    place: Mapped[str] = mapped_column(String(300))
    found: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    planned_by: Mapped[UUID | None] = mapped_column(Uuid)
    planned_name: Mapped[str] = mapped_column(String(200))
    planned_at: Mapped[datetime] = mapped_column(UtcInstant)
    fixed_by: Mapped[UUID | None] = mapped_column(Uuid)
    fixed_name: Mapped[str] = mapped_column(String(200), default="")
    fixed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    log_size: Mapped[int] = mapped_column(Integer, default=0)
    log_head: Mapped[str] = mapped_column(String(64), default="")
    pdf: Mapped[str | None] = mapped_column(ContentDigest)
    pdf_size: Mapped[int] = mapped_column(Integer, default=0)
    docx: Mapped[str | None] = mapped_column(ContentDigest)
    docx_size: Mapped[int] = mapped_column(Integer, default=0)


class VisitMove(TenantOwned, Base):
    """A planned visit was moved: when and where it was to be before, and why. `number` counts the moves of a visit."""

    __tablename__ = "site_visit_move"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "visit_id", "number"),
        owned_key("visit_id", "site_visit"),
        owned_key("moved_by", "account"),
    )

    visit_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    was_at: Mapped[datetime] = mapped_column(UtcInstant)
    was_place: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(Text)
    moved_by: Mapped[UUID | None] = mapped_column(Uuid)
    moved_name: Mapped[str] = mapped_column(String(200))
    moved_at: Mapped[datetime] = mapped_column(UtcInstant)


class VisitMember(TenantOwned, Base):
    """Somebody of the council who goes; `was_there` once it was held. `signed` is the revision that he signed.

    `waived` is the revision of which a leader noted that he does not sign it, with `waived_why`: what was written
    after that is his to sign again.
    """

    __tablename__ = "site_visit_member"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "visit_id", "account_id"),
        owned_key("visit_id", "site_visit"),
        owned_key("account_id", "account"),
        owned_key("waived_by", "account"),
    )

    visit_id: Mapped[UUID] = mapped_column(Uuid)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(12), default="")
    was_there: Mapped[bool] = mapped_column(Boolean, default=True)
    signed: Mapped[int | None] = mapped_column(Integer)
    signed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    waived: Mapped[int | None] = mapped_column(Integer)
    waived_why: Mapped[str] = mapped_column(Text, default="")
    waived_by: Mapped[UUID | None] = mapped_column(Uuid)
    waived_name: Mapped[str] = mapped_column(String(200), default="")
    waived_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class VisitFile(TenantOwned, Base):
    """A picture or paper of a visit."""

    __tablename__ = "site_visit_file"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "visit_id", "sha256"), owned_key("visit_id", "site_visit")
    )

    visit_id: Mapped[UUID] = mapped_column(Uuid)
    sha256: Mapped[str] = mapped_column(ContentDigest)
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    added_at: Mapped[datetime] = mapped_column(UtcInstant)
    by_name: Mapped[str] = mapped_column(String(200))
