"""Work after the request: rows of a `job` table, written in the transaction that asks for them; huey only wakes.

At least once: a worker that dies leaves its lease to run out, and the relay wakes the job again. Handlers are
idempotent, run in the scope of their tenant, and commit once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy import Index, Integer, String, UniqueConstraint, and_, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.clock import real_now
from core.kernel.db import (
    ALL_TENANTS,
    Base,
    TenantOwned,
    owned_args,
    platform_scope,
    session,
    tenant_scope,
)
from core.kernel.ids import uuid7
from core.kernel.prepared import insert_once
from core.kernel.types import JsonDoc, UtcInstant
from core.kernel.uow import after_commit, unit_of_work

Handler = Callable[[Mapping[str, Any]], None]
Periodic = TypeVar("Periodic", bound=Callable[[datetime], None])

LEASE = timedelta(minutes=5)
MAX_TRIES = 8
log = structlog.get_logger(__name__)
_handlers: dict[str, Handler] = {}
_periodic: list[Callable[[datetime], None]] = []


class Job(TenantOwned, Base):
    """One piece of work. States: queued → running → done, or failed after MAX_TRIES."""

    __tablename__ = "job"
    __table_args__ = owned_args(
        UniqueConstraint("tenant_id", "dedupe"), Index("ix_job_due", "state", "run_at")
    )

    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonDoc)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    dedupe: Mapped[str] = mapped_column(String(120))
    run_at: Mapped[datetime] = mapped_column(UtcInstant)
    lease_until: Mapped[datetime | None] = mapped_column(UtcInstant)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str | None] = mapped_column(String(500))


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of `kind`."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def periodic(function: Periodic) -> Periodic:
    """Register what asks for work that nobody asks for: called each minute, outside any tenant, with real time."""
    _periodic.append(function)
    return function


def enqueue(
    kind: str, payload: Mapping[str, Any], *, dedupe: str | None = None, run_at: datetime | None = None
) -> bool:
    """Ask for work once this unit of work is stored. A second job with the same `dedupe` is not made.

    `run_at` is real time, not a demonstration clock's. Returns whether the job is new.
    """
    if kind not in _handlers:
        raise LookupError(f"no handler does jobs of kind {kind!r}")
    key = f"{kind}:{dedupe or uuid7().hex}"
    values = {
        "kind": kind,
        "payload": dict(payload),
        "state": "queued",
        "dedupe": key,
        "run_at": run_at or real_now(),
        "tries": 0,
    }
    is_new = insert_once(Job, ("dedupe",), values)
    if is_new and run_at is None:
        tenant_id = session().tenant_id
        after_commit(lambda: wake(tenant_id, key))
    return is_new


def wake(tenant_id: UUID, dedupe: str) -> None:
    """Tell a worker that a job waits. Losing this call loses nothing: the relay finds the job."""
    queue = current_app.extensions.get("queue")
    if queue is None:
        return
    try:
        queue.announce(tenant_id, dedupe)
    except Exception as error:  # noqa: BLE001 - the deed is stored; only the hint failed, and the relay will see the row
        log.warning("job_wake_failed", job=dedupe, error=repr(error))


def run_job(tenant_id: UUID, dedupe: str) -> bool:
    """Claim and run one job; False when another worker has it, it is done, or it is not yet due."""
    now = real_now()
    with tenant_scope(tenant_id) as current:
        claimable = or_(Job.state == "queued", and_(Job.state == "running", Job.lease_until < now))
        claim = (
            update(Job)
            .where(Job.dedupe == dedupe, Job.run_at <= now, claimable)
            .values(state="running", lease_until=now + LEASE, tries=Job.tries + 1)
            .execution_options(synchronize_session=False)
        )
        with unit_of_work():
            claimed = current.execute(claim).rowcount  # type: ignore[attr-defined]
        if not claimed:
            return False
        job = current.scalars(select(Job).where(Job.dedupe == dedupe)).one()
        kind, payload, tries = job.kind, dict(job.payload), job.tries
        current.rollback()
        try:
            with unit_of_work():
                _handlers[kind](payload)
                _set(dedupe, state="done", error=None, lease_until=None)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is kept with the job and tried again
            log.warning("job_failed", job=dedupe, tries=tries, error=repr(error))
            with unit_of_work():
                _set(
                    dedupe,
                    state="failed" if tries >= MAX_TRIES else "queued",
                    error=repr(error)[:500],
                    lease_until=None,
                    run_at=real_now() + timedelta(seconds=min(5 * 2**tries, 3600)),
                )
    return True


def _set(dedupe: str, **values: Any) -> None:
    statement = update(Job).where(Job.dedupe == dedupe).values(**values)
    session().execute(statement.execution_options(synchronize_session=False))


def due_jobs(now: datetime, limit: int = 500) -> list[tuple[UUID, str]]:
    """Jobs of all tenants that should run now: due ones, and those whose worker died."""
    ask = (
        select(Job.tenant_id, Job.dedupe)
        .where(
            Job.run_at <= now,
            or_(Job.state == "queued", and_(Job.state == "running", Job.lease_until < now)),
        )
        .order_by(Job.run_at)
        .limit(limit)
    )
    with platform_scope() as current:
        return [(row[0], row[1]) for row in current.execute(ask, execution_options=ALL_TENANTS)]


def ask_periodic(now: datetime) -> None:
    """Let each registered function ask for what is due at `now`; one that fails keeps no other from it."""
    for function in _periodic:
        try:
            function(now)
        except Exception as error:  # noqa: BLE001 - it is asked again in a minute
            log.warning("periodic_failed", function=function.__qualname__, error=repr(error))


def relay() -> int:
    """What the worker does each minute: ask for periodic work, then run what is due. Returns how many ran."""
    ask_periodic(real_now())
    return run_due_jobs()


def run_due_jobs(*, limit: int = 500) -> int:
    """Run what is due, here and now; the relay's and the tests' way. Returns how many ran."""
    return sum(run_job(tenant_id, dedupe) for tenant_id, dedupe in due_jobs(real_now(), limit))
