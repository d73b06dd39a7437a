"""The office's way back into an account whose owner lost what opens it, and what a tenant decided about accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, owned_key
from core.kernel.proposals import Proposal
from core.kernel.types import EncryptedText, JsonDoc, UtcInstant


class AccountRescue(Proposal, TenantOwned, Base):
    """A rescue of an account: `kind` and `papers` as in `services.rescues`; states are those of a proposal.

    Once confirmed it waits until `holds_from`; then it is done, unless the account's owner stopped it. `address` is
    the new address of mail or telephone number (E.164) while the rescue is open, `reached_at` when a code that went
    there was read out.
    """

    __tablename__ = "account_rescue"
    __table_args__ = owned_args(
        Index("ix_account_rescue_account", "tenant_id", "account_id"),
        Index("ix_account_rescue_state", "tenant_id", "state", "asked_at"),
        owned_key("account_id", "account"),
        owned_key("asked_by", "account"),
        owned_key("decided_by", "account"),
    )

    account_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(20))
    papers: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(EncryptedText("rescue"))
    address: Mapped[str | None] = mapped_column(EncryptedText("rescue"))
    reached_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    holds_from: Mapped[datetime | None] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class AccountSettings(TenantOwned, Base):
    """What a tenant decided about accounts; what it did not decide is the default of `settings.py`."""

    __tablename__ = "account_settings"
    __table_args__ = owned_args(UniqueConstraint("tenant_id"))

    values: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
