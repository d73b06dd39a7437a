"""One import of a spreadsheet, and its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import ContentDigest, JsonDoc, UtcInstant


class ImportRun(TenantOwned, Base):
    """One uploaded workbook and what became of it; `state` as in `states.py`.

    The workbook lies in the file store under `sha256`. `owners` says whose the dossiers become: `invite` (the person
    in the row, invited by mail) or `paper` (handed in on paper, kept by the office). `done` of `total` rows have been
    read, imported or undone.
    """

    __tablename__ = "import_run"
    __table_args__ = owned_args(
        Index("ix_import_run_edition", "tenant_id", "edition_id", "at"),
        UniqueConstraint("tenant_id", "form_token"),
        owned_key("edition_id", "edition"),
    )

    edition_id: Mapped[UUID] = mapped_column(Uuid)
    form_token: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[UUID] = mapped_column(Uuid)
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcInstant)
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(ContentDigest)
    owners: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12))
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    problem: Mapped[str | None] = mapped_column(String(500))
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class ImportRow(TenantOwned, Base):
    """One row of the workbook: what it says as the dossier schema takes it, what is wrong, what became of it.

    `number` is the row's number in the sheet. `errors` is a list of {sheet, row, column, told}. `outcome` as in
    `states.Outcome`. `entry_ref` is the dossier, by name and not by key: who erases a dossier need not know of imports.
    `made_at` is when it was touched last by the import itself.
    """

    __tablename__ = "import_row"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "run_id", "number"),
        Index("ix_import_row_entry", "tenant_id", "entry_ref"),
        owned_key("run_id", "import_run"),
    )

    run_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    errors: Mapped[list[dict[str, Any]]] = mapped_column(JsonDoc, default=list)
    outcome: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(200), default="")
    entry_ref: Mapped[str | None] = mapped_column(String(20))
    made_at: Mapped[datetime | None] = mapped_column(UtcInstant)
