"""Addresses that bounced for good: nothing is sent there until a person says that the address works again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, TenantOwned, owned_args, session
from core.kernel.prepared import insert_once
from core.kernel.types import UtcInstant


class SuppressedAddress(TenantOwned, Base):
    """One address of one tenant, since when, and in the words of which server; `lifted_at` when it works again."""

    __tablename__ = "suppressed_address"
    __table_args__ = owned_args(UniqueConstraint("tenant_id", "address"))

    address: Mapped[str] = mapped_column(String(254))
    since: Mapped[datetime] = mapped_column(UtcInstant)
    words: Mapped[str] = mapped_column(String(500))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcInstant)


def suppression_of(address: str) -> SuppressedAddress | None:
    """Why nothing is sent to `address`; None when mail goes there. One query."""
    ask = select(SuppressedAddress).where(
        SuppressedAddress.address == address.lower(), SuppressedAddress.lifted_at.is_(None)
    )
    return session().scalars(ask).one_or_none()


def is_suppressed(address: str) -> bool:
    """Whether nothing is sent to `address` now. One query."""
    ask = select(SuppressedAddress.id).where(
        SuppressedAddress.address == address.lower(), SuppressedAddress.lifted_at.is_(None)
    )
    return session().scalars(ask).one_or_none() is not None


def suppressed_addresses(limit: int = 200) -> list[SuppressedAddress]:
    """The addresses nothing is sent to, the newest first. One query."""
    ask = select(SuppressedAddress).where(SuppressedAddress.lifted_at.is_(None))
    return list(session().scalars(ask.order_by(SuppressedAddress.since.desc()).limit(limit)))


def suppress(address: str, words: str, *, now: datetime) -> None:
    """Send nothing to `address` from now on; `words` are the server's own."""
    values = {"address": address.lower(), "since": now, "words": words[:500]}
    if insert_once(SuppressedAddress, ("address",), values):
        return
    ask = select(SuppressedAddress).where(SuppressedAddress.address == address.lower()).with_for_update()
    held = session().scalars(ask).one()
    held.since, held.words, held.lifted_at = now, words[:500], None
    session().flush()


def lift(address: str, *, now: datetime) -> bool:
    """Let mail go to `address` again. Returns whether it was held."""
    held = suppression_of(address)
    if held is None:
        return False
    held.lifted_at = now
    session().flush()
    return True
