"""Blind rounds: which rounds are, what was found in dossiers, what the committee chose, and what judges may read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import ContentDigest, JsonDoc, UtcInstant


class BlindRound(TenantOwned, Base):
    """The committee's choice for a round; `questions` are the keys of the answers that judges may read."""

    __tablename__ = "blind_round"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "edition_id", "round"), owned_key("edition_id", "edition")
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    is_on: Mapped[bool] = mapped_column(Boolean, default=False)
    questions: Mapped[list[str]] = mapped_column(JsonDoc, default=list)
    changed_at: Mapped[datetime] = mapped_column(UtcInstant)


class BlindScan(TenantOwned, Base):
    """The last look through a dossier for what tells who its authors are; `number` counts how often it was asked for.

    `state` is waiting or done; `version` is that of the dossier that was read. `findings` are as
    `blind_scan.Finding.kept`, `more` are words that the committee wants hidden beside those the software knows,
    `unread` tells by file what could not be read. `material` names the new material that was read with it
    (`blind_material.material_mark`).
    """

    __tablename__ = "blind_scan"
    __table_args__ = owned_args(UniqueConstraint("tenant_id", "entry_id"), owned_key("entry_id", "entry"))

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    version: Mapped[int] = mapped_column(Integer, default=0)
    more: Mapped[list[str]] = mapped_column(JsonDoc, default=list)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JsonDoc, default=list)
    unread: Mapped[dict[str, Any]] = mapped_column(JsonDoc, default=dict)
    done_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    material: Mapped[str] = mapped_column(String(64), default="")


class BlindChoice(TenantOwned, Base):
    """What the committee chose for a finding in place of hiding it: `dismiss` or `words`; `key` names the finding.

    Under the key "title" stand the words of a title that judges read in the place of the dossier's own.
    """

    __tablename__ = "blind_choice"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id", "key"), owned_key("entry_id", "entry")
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    key: Mapped[str] = mapped_column(String(40))
    choice: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(500), default="")


class BlindCopy(TenantOwned, Base):
    """The copy of a file that judges of a blind round read; the file itself is never touched.

    It is one of the dossier (`attachment_id`) or of its new material (`material_file_id`).
    `own` is a cleaned file that the committee sent in its place, `boxes` what it covers by hand ([page, left, top,
    right, bottom], in ten-thousandths of the page). `text` is the text copy of a Word or Excel file, a PDF of which the
    copy is drawn, and `left_out` counts by kind what it does not carry. `number` grows with each change; `state` is
    waiting, ready or failed, and `sha256` the copy once it is made.
    """

    __tablename__ = "blind_copy"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "attachment_id"),
        UniqueConstraint("tenant_id", "material_file_id"),
        Index("ix_blind_copy_entry", "tenant_id", "entry_id"),
        owned_key("entry_id", "entry"),
        owned_key("attachment_id", "attachment"),
        owned_key("material_file_id", "material_file"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    attachment_id: Mapped[UUID | None] = mapped_column(Uuid)
    material_file_id: Mapped[UUID | None] = mapped_column(Uuid)
    own: Mapped[str | None] = mapped_column(ContentDigest)
    own_type: Mapped[str] = mapped_column(String(100), default="")
    text: Mapped[str | None] = mapped_column(ContentDigest)
    left_out: Mapped[dict[str, int]] = mapped_column(JsonDoc, default=dict)
    boxes: Mapped[list[list[int]]] = mapped_column(JsonDoc, default=list)
    number: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    sha256: Mapped[str | None] = mapped_column(ContentDigest)
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(Integer, default=0)
    pages: Mapped[int | None] = mapped_column(Integer)

    @property
    def file_id(self) -> UUID:
        """The file that it is the copy of."""
        return cast(UUID, self.attachment_id or self.material_file_id)


class BlindDossier(TenantOwned, Base):
    """What the judges of a blind round read of a dossier, as an officer approved it: `shown` holds that and no more.

    It counts for the `version` of the dossier it was made from; without `approved_at` nobody reads it. `material` is
    the number of the receipt up to which new material was looked at: once more came, `shown["material"]` is not read.
    """

    __tablename__ = "blind_dossier"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "round", "entry_id"),
        Index("ix_blind_dossier_entry", "tenant_id", "entry_id"),
        owned_key("edition_id", "edition"),
        owned_key("entry_id", "entry"),
        owned_key("approved_by", "account"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    round: Mapped[str] = mapped_column(String(20))
    entry_id: Mapped[UUID] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(500))
    shown: Mapped[dict[str, Any]] = mapped_column(JsonDoc(names_contents=True), default=dict)
    material: Mapped[int] = mapped_column(Integer, default=0)
    approved_by: Mapped[UUID | None] = mapped_column(Uuid)
    approved_at: Mapped[datetime | None] = mapped_column(UtcInstant)
