"""The jobs of plugins: done by the worker in the scope of one tenant, given values and that tenant's stores.

A job is done only for a tenant whose present edition has the plugin; for another it ends at once. What it stores is
stored when it ends well; a job that raises is undone, recorded with plugin and tenant, and tried again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog
from sqlalchemy import select

from core.contests.queries import editions
from core.contests.values import EditionView
from core.extensions.tables import stores_of
from core.kernel.clock import local
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.jobs import enqueue, handler, periodic
from core.kernel.uow import unit_of_work
from core.plugin_api import Job, JobQueue, JobRequest, Plugin, Value
from core.plugin_host import default_host
from core.plugin_host.parts import job_kind
from core.tenancy.models import Tenant
from core.tenancy.resolver import CurrentTenant, all_tenants

LONGEST_ONCE = 50
log = structlog.get_logger(__name__)


def queue_of(plugin: Plugin) -> JobQueue:
    """What the plugin's pages and jobs ask for its own jobs with, in the tenant that this context is bound to."""
    return _Queue(plugin)


def register_jobs(plugins: Iterable[Plugin] | None = None) -> None:
    """Let the worker know the jobs of `plugins` (default: of all that are installed and can be used)."""
    for plugin in _usable() if plugins is None else plugins:
        for job in plugin.jobs:
            handler(job_kind(plugin.info.name, job.name))(_runner(plugin, job))


@periodic
def ask_for_recurring_jobs(now: datetime, plugins: Iterable[Plugin] | None = None) -> None:
    """Ask for each job that goes by itself, once a period and tenant; real time, by days of Viet Nam.

    Of `plugins` (default: of all that are installed and can be used). A tenant whose editions cannot be read is
    recorded, and the others go on.
    """
    given = _usable() if plugins is None else plugins
    recurring = [plugin for plugin in given if any(job.every for job in plugin.jobs)]
    if not recurring:
        return
    with platform_scope():
        tenants = all_tenants()
    for tenant in tenants:
        try:
            _ask_for(tenant, recurring, now)
        except Exception:
            # A tenant that lacks a plugin, say: the next one is none of its business.
            log.exception("plugin_jobs_not_asked", tenant=tenant.slug)


class _Queue:
    """`JobQueue` over the kernel's jobs."""

    def __init__(self, plugin: Plugin) -> None:
        self._plugin = plugin

    def add(self, job: str, payload: Mapping[str, Value] | None = None, *, once: str | None = None) -> bool:
        """Ask for a job; ValueError for one that the plugin does not declare or a value that no payload holds."""
        name = self._plugin.info.name
        if job not in {one.name for one in self._plugin.jobs}:
            raise ValueError(f"Plugin {name} không có việc {job}.")
        carried = {str(key): _carried(value) for key, value in (payload or {}).items()}
        return enqueue(job_kind(name, job), carried, dedupe=None if once is None else _short(once))


def _runner(plugin: Plugin, job: Job) -> Callable[[Mapping[str, Any]], None]:
    def run(payload: Mapping[str, Any]) -> None:
        name = plugin.info.name
        tenant = _tenant()
        edition = _present_edition(tenant)
        if edition is None or name not in {ref.name for ref in edition.values.plugins}:
            log.info("plugin_job_left_out", plugin=name, job=job.name, tenant=tenant.slug)
            return
        request = JobRequest(
            edition=edition.values,
            now=edition.now(),
            payload={key: _value(carried) for key, carried in payload.items()},
            tables=stores_of(plugin),
            jobs=queue_of(plugin),
        )
        try:
            job.run(request)
        except Exception:
            log.exception("plugin_job_failed", plugin=name, job=job.name, tenant=tenant.slug)
            raise

    return run


def _ask_for(tenant: CurrentTenant, plugins: list[Plugin], now: datetime) -> None:
    with tenant_scope(tenant.id), unit_of_work():
        edition = _present_edition(tenant)
        enabled = {ref.name for ref in edition.values.plugins} if edition else set()
        for plugin in plugins:
            if plugin.info.name in enabled:
                _ask_for_jobs(plugin, now)


def _ask_for_jobs(plugin: Plugin, now: datetime) -> None:
    for job in plugin.jobs:
        if job.every is not None:
            enqueue(job_kind(plugin.info.name, job.name), {}, dedupe=f"every:{_period(job.every, now)}")


def _period(every: timedelta, now: datetime) -> int:
    """The number of the period `now` is in, counted from a midnight of Viet Nam: a day's begins with the day."""
    offset = local(now).utcoffset() or timedelta()
    return (now - datetime(1970, 1, 1, tzinfo=UTC) + offset) // every


def _tenant() -> CurrentTenant:
    ask = select(Tenant.id, Tenant.slug, Tenant.profile, Tenant.version).where(
        Tenant.id == session().tenant_id
    )
    return CurrentTenant(*session().execute(ask, execution_options=ALL_TENANTS).one())


def _present_edition(tenant: CurrentTenant) -> EditionView | None:
    """The edition that visitors of the tenant see first; None before there is one."""
    found = editions(tenant.slug)
    wanted = tenant.profile.get("current_edition")
    return next((one for one in found if one.key == wanted), found[0] if found else None)


def _usable() -> tuple[Plugin, ...]:
    found = (one for one in default_host().installed() if one.error is None)
    return tuple(one.plugin for one in found if one.plugin is not None)


def _short(once: str) -> str:
    """`once` as a part of the job's key, which has a length."""
    if len(once) <= LONGEST_ONCE:
        return once
    return hashlib.sha256(once.encode()).hexdigest()[:LONGEST_ONCE]


def _carried(value: Value) -> Any:
    """A value as JSON keeps it: decimals and instants as a pair of their kind and their words."""
    if isinstance(value, Decimal):
        return ["exact", str(value)]
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise ValueError(f"Thời điểm {value} cần múi giờ.")
        return ["instant", value.astimezone(UTC).isoformat()]
    if value is None or isinstance(value, (str, int)):
        return value
    raise ValueError(f"Việc không mang được giá trị kiểu {type(value).__name__}.")


def _value(carried: Any) -> Value:
    if isinstance(carried, list):
        kind, words = carried
        return Decimal(words) if kind == "exact" else datetime.fromisoformat(words)
    value: Value = carried
    return value
