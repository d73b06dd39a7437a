"""The audit log: who did what to what, when, from where. Append-only; per tenant a Merkle log (RFC 6962).

A record is written in the transaction of the deed itself: if the deed is rolled back, so is its record. What must
stay secret until later (a score sheet, a vote) enters the log as a commitment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, String, UniqueConstraint, Uuid, bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import merkle
from core.kernel.actor import Actor
from core.kernel.canonical import canonical_bytes
from core.kernel.db import Base, Prepared, TenantOwned, insert_once, owned_args, session
from core.kernel.types import JsonDoc, UtcInstant


class AuditRecord(TenantOwned, Base):
    """One line of the log. `seq` counts from 0 in each tenant; `leaf` is the hash of the canonical line."""

    __tablename__ = "audit_record"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "seq"), Index("ix_audit_record_subject", "tenant_id", "subject")
    )

    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    data: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    actor_id: Mapped[Any | None] = mapped_column(Uuid)
    actor_name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(64))
    leaf: Mapped[str] = mapped_column(String(64))


class AuditHead(TenantOwned, Base):
    """The state of a tenant's log: its size and the roots of its perfect subtrees, joined by blanks."""

    __tablename__ = "audit_head"
    __table_args__ = owned_args(UniqueConstraint("tenant_id"))

    size: Mapped[int] = mapped_column(Integer)
    frontier: Mapped[str] = mapped_column(String(4000))


@dataclass(frozen=True, slots=True)
class LogHead:
    """A tree head: how many records, and the root over them (hexadecimal)."""

    size: int
    root: str


def line_bytes(*, seq: int, at: datetime, action: str, subject: str, data: Mapping[str, Any]) -> bytes:
    """What is hashed of a record: everything a stranger may be shown. Names and addresses of people are not in it."""
    return canonical_bytes(
        {"action": action, "at": at.isoformat(), "data": dict(data), "seq": seq, "subject": subject}
    )


_read_head = Prepared(
    lambda tenant: (
        select(AuditHead.size, AuditHead.frontier).where(AuditHead.tenant_id == tenant).with_for_update()
    )
)
_move_head = Prepared(
    lambda tenant: (
        update(AuditHead)
        .where(AuditHead.tenant_id == tenant)
        .values(size=bindparam("new_size"), frontier=bindparam("new_frontier"))
    )
)


def append(action: str, subject: str, data: Mapping[str, Any], *, actor: Actor, now: datetime) -> int:
    """Add a record to the tenant's log and return its number. `data` must be plain JSON without floats."""
    head = _read_head().one_or_none()
    if head is None:
        insert_once(AuditHead, (), {"size": 0, "frontier": ""})
        head = _read_head().one()
    size: int = head.size
    leaf = merkle.leaf_hash(line_bytes(seq=size, at=now, action=action, subject=subject, data=data))
    frontier = merkle.extend_frontier([bytes.fromhex(x) for x in head.frontier.split()], size, leaf)
    insert_once(
        AuditRecord,
        ("seq",),
        {
            "seq": size,
            "at": now,
            "action": action,
            "subject": subject,
            "data": dict(data),
            "actor_id": actor.id,
            "actor_name": actor.name,
            "address": actor.address,
            "leaf": leaf.hex(),
        },
    )
    _move_head(new_size=size + 1, new_frontier=" ".join(x.hex() for x in frontier))
    return size


def log_head() -> LogHead:
    """The tenant's tree head now."""
    row = session().scalars(select(AuditHead)).one_or_none()
    if row is None:
        return LogHead(0, merkle.EMPTY_ROOT.hex())
    return LogHead(row.size, merkle.frontier_root([bytes.fromhex(x) for x in row.frontier.split()]).hex())


def records(*, subject: str | None = None, actions: Sequence[str] = ()) -> list[AuditRecord]:
    """The tenant's records in log order, of one subject or of some actions."""
    ask = select(AuditRecord).order_by(AuditRecord.seq)
    if subject is not None:
        ask = ask.where(AuditRecord.subject == subject)
    if actions:
        ask = ask.where(AuditRecord.action.in_(actions))
    return list(session().scalars(ask))


def leaves() -> list[bytes]:
    """All leaf hashes of the tenant's log, in order."""
    return [bytes.fromhex(x) for x in session().scalars(select(AuditRecord.leaf).order_by(AuditRecord.seq))]


def first_false_record() -> int | None:
    """The number of the first record whose content or place was changed behind our back; None when all holds."""
    frontier: list[bytes] = []
    expected = 0
    for record in records():
        line = line_bytes(
            seq=record.seq, at=record.at, action=record.action, subject=record.subject, data=record.data
        )
        if record.seq != expected or merkle.leaf_hash(line).hex() != record.leaf:
            return expected
        frontier = merkle.extend_frontier(frontier, expected, bytes.fromhex(record.leaf))
        expected += 1
    head = log_head()
    return None if head == LogHead(expected, merkle.frontier_root(frontier).hex()) else expected


def commitment(secret: str, parts: Iterable[str]) -> str:
    """A hiding commitment: SHA-256 over a random `secret` and the parts, one a line."""
    return hashlib.sha256("\n".join([secret, *parts]).encode()).hexdigest()
