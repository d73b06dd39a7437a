"""Which dossiers are an organisation's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.types import UtcInstant


class EntryOrganisation(TenantOwned, Base):
    """A dossier that is filed for an organisation: its owner is the officer in charge, every officer may take over."""

    __tablename__ = "entry_organisation"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "entry_id"),
        Index("ix_entry_organisation_organisation", "tenant_id", "organisation_id"),
        owned_key("entry_id", "entry"),
        owned_key("organisation_id", "organisation"),
    )

    entry_id: Mapped[UUID] = mapped_column(Uuid)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    since: Mapped[datetime] = mapped_column(UtcInstant)
