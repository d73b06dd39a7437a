"""The audit log: who did what to what, when, from where. Append-only; per tenant a Merkle log (RFC 6962).

A record is written in the transaction of the deed itself: if the deed is rolled back, so is its record. What must
stay secret until later (a score sheet, a vote) enters the log as a commitment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Executable,
    Index,
    Insert,
    Integer,
    Select,
    String,
    UniqueConstraint,
    Uuid,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel import merkle
from core.kernel.actor import Actor
from core.kernel.canonical import canonical_bytes
from core.kernel.db import Base, TenantOwned, is_postgresql, owned_args, session
from core.kernel.ids import uuid7
from core.kernel.prepared import Call, Outcome, Prepared, PreparedFor, insert_once, together
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
_LINE = ("id", "seq", "at", "action", "subject", "data", "actor_id", "actor_name", "address", "leaf")


def take_head() -> Call:
    """What holds the tenant's log from now to the end of the transaction; its outcome is for `Appender`."""
    return _read_head.given()


class Appender:
    """Adds records to the tenant's log, for a deed that takes the head together with its own statements.

    `question` is given the tenant and makes a select of one row: what is asked once the record stands, while the head
    is still held. On PostgreSQL record, head and question are one statement.
    """

    def __init__(self, question: Callable[[BindParameter[UUID]], Select[Any]]) -> None:
        self._question = question
        self._add = Prepared(_adding)
        self._move = PreparedFor(self._moving)
        self._ask = Prepared(question)

    def append(
        self,
        held: Outcome,
        action: str,
        subject: str,
        data: Mapping[str, Any],
        *,
        actor: Actor,
        now: datetime,
        **asked: Any,
    ) -> tuple[int, Any]:
        """Add a record where `held` says the log ends; `asked` are the question's parameters.

        Returns the record's number and the answer.
        """
        size, roots = held.rows[0] if held.rows else _first_head()
        leaf = merkle.leaf_hash(line_bytes(seq=size, at=now, action=action, subject=subject, data=data))
        frontier = merkle.extend_frontier([bytes.fromhex(x) for x in roots.split()], size, leaf)
        values = {
            "id": uuid7(),
            "seq": size,
            "at": now,
            "action": action,
            "subject": subject,
            "data": dict(data),
            "actor_id": actor.id,
            "actor_name": actor.name,
            "address": actor.address,
            "leaf": leaf.hex(),
        }
        line = {f"line_{name}": value for name, value in values.items()}
        moved = {"new_size": size + 1, "new_frontier": " ".join(x.hex() for x in frontier)}
        if is_postgresql():
            outcomes = together(self._move.given(**line, **moved, **asked))
        else:
            outcomes = together(self._add.given(**line), self._move.given(**moved), self._ask.given(**asked))
        return size, outcomes[-1].rows[0][0]

    def _moving(self, tenant: BindParameter[UUID], dialect: str) -> Executable:
        head = update(AuditHead).where(AuditHead.tenant_id == tenant)
        moved = head.values(size=bindparam("new_size"), frontier=bindparam("new_frontier"))
        if dialect != "postgresql":
            return moved
        return moved.add_cte(_adding(tenant).cte("line")).returning(self._question(tenant).scalar_subquery())


def _adding(tenant: BindParameter[UUID]) -> Insert:
    """Adds a record; each value is a parameter named after its column, with `line_` before it."""
    columns = AuditRecord.__table__.c
    line = {name: bindparam(f"line_{name}", type_=columns[name].type) for name in _LINE}
    return insert(AuditRecord).values(tenant_id=tenant, **line)


_appender = Appender(select)


def append(action: str, subject: str, data: Mapping[str, Any], *, actor: Actor, now: datetime) -> int:
    """Add a record to the tenant's log and return its number. `data` must be plain JSON without floats."""
    (held,) = together(take_head())
    return _appender.append(held, action, subject, data, actor=actor, now=now)[0]


def _first_head() -> tuple[int, str]:
    insert_once(AuditHead, (), {"size": 0, "frontier": ""})
    (held,) = together(take_head())
    size, frontier = held.rows[0]
    return size, frontier


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


@dataclass(frozen=True, slots=True)
class Line:
    """A record as it is hashed, and the leaf that is stored beside it."""

    seq: int
    at: datetime
    action: str
    subject: str
    data: Mapping[str, Any]
    leaf: str

    @property
    def holds(self) -> bool:
        """Whether the stored leaf is the hash of what the record says."""
        said = line_bytes(seq=self.seq, at=self.at, action=self.action, subject=self.subject, data=self.data)
        return merkle.leaf_hash(said).hex() == self.leaf


_AT_ONCE = 5_000


def lines(*, actions: Sequence[str] = ()) -> Iterator[Line]:
    """The tenant's records as they are hashed, in log order, of all or of some actions: one query, some thousand rows
    in memory at a time."""
    ask = select(
        AuditRecord.seq,
        AuditRecord.at,
        AuditRecord.action,
        AuditRecord.subject,
        AuditRecord.data,
        AuditRecord.leaf,
    ).order_by(AuditRecord.seq)
    if actions:
        ask = ask.where(AuditRecord.action.in_(actions))
    for row in session().execute(ask, execution_options={"yield_per": _AT_ONCE}):
        yield Line(*row)


def first_false_record() -> int | None:
    """The number of the first record whose content or place was changed behind our back; None when all holds.

    Reads the whole log: some seconds for each hundred thousand lines.
    """
    return first_false_line(lines())


def first_false_line(some: Iterable[Line]) -> int | None:
    """The same as far as these lines go, in log order: each is what was hashed of it, and the hashes of all lines give
    the head. What other lines say is not looked at. Two queries.

    Where the hashes alone are not those of the head, the line from which on that is so.
    """
    false = None
    for line in some:  # to the end: what is read on the server's side is let go of only then
        if false is None and not line.holds:
            false = line.seq
    numbers, hashes = [], []
    for seq, leaf in session().execute(select(AuditRecord.seq, AuditRecord.leaf).order_by(AuditRecord.seq)):
        numbers.append(seq)
        hashes.append(bytes.fromhex(leaf))
    for number, seq in enumerate(numbers):
        if seq != number:
            return number if false is None else min(false, number)
    missing = _first_unlike_head(hashes)
    return min((one for one in (false, missing) if one is not None), default=None)


def _first_unlike_head(hashes: Sequence[bytes]) -> int | None:
    """The first of the head's perfect subtrees that these hashes do not give; None when they give them all."""
    row = session().execute(select(AuditHead.size, AuditHead.frontier)).one_or_none()
    size, roots = (0, []) if row is None else (row.size, [bytes.fromhex(x) for x in row.frontier.split()])
    start = 0
    for root in roots:
        end = start + (1 << (size - start).bit_length() - 1)
        if end > len(hashes):
            return len(hashes)
        if merkle.root(hashes[start:end]) != root:
            return start
        start = end
    return None if len(hashes) == size else start


def commitment(secret: str, parts: Iterable[str]) -> str:
    """A hiding commitment: SHA-256 over a random `secret` and the parts, one a line."""
    return hashlib.sha256("\n".join([secret, *parts]).encode()).hexdigest()
