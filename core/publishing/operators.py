"""The operator of the installation: who that is, what is watched over all tenants, and the one deed: run jobs again."""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from flask import current_app, g, request
from flask import session as cookie
from flask.sansio.app import App
from flask_babel import gettext as _
from sqlalchemy import func, select, update

from core.contests.models import Edition
from core.contests.queries import settings_in, view_of, words
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.clock import real_now
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.errors import NotFound
from core.kernel.jobs import Job, wake
from core.kernel.security import keyed_digest
from core.kernel.uow import after_commit, unit_of_work
from core.kernel.web import guard
from core.plugin_api import Text
from core.plugin_host import InstalledPlugin, PluginError, PluginUnavailable, installed_plugins, plugin_refs
from core.tenancy.profile import text_of
from core.tenancy.resolver import CurrentTenant, all_tenants

OPERATOR = Actor(id=None, name="Người vận hành")
SESSION_LIFE = timedelta(hours=8)
PURPOSE = "operator-console"
JOB_STATES = ("queued", "running", "done", "failed")


@dataclass(frozen=True, slots=True)
class TenantRow:
    """A tenant as the console lists it; `troubles` say why its site is paused: an edition's plugins cannot run."""

    slug: str
    name: Text
    version: int
    editions: int
    jobs: Mapping[str, int]
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PluginRow:
    """A plugin that is installed, or that an edition needs, with the tenants that need it.

    `error` says why it cannot be used; None when it can.
    """

    name: str
    version: str | None
    source: str
    error: str | None
    tenants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition as the console shows it; `drift` names plugins whose installed version is another than frozen.

    `error` says why its rules cannot be asked; None when they can.
    """

    key: str
    name: Text
    plugins: tuple[str, ...]
    is_frozen: bool
    drift: tuple[str, ...]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class TenantDetail:
    """One tenant for the operator: editions, its log's head, and jobs that failed."""

    slug: str
    name: Text
    version: int
    editions: tuple[EditionRow, ...]
    log_size: int
    log_root: str
    jobs: Mapping[str, int]
    failed: tuple[Job, ...]


def recognise_operator(app: App) -> None:
    """Let each request of `app` to the bare host know its operator.

    Runs right before the guard, which asks for an actor: the actor of a tenant's page is found earlier, and there is
    none on the bare host.
    """
    steps = app.before_request_funcs.setdefault(None, [])
    steps.insert(steps.index(guard), _find_operator)


def _find_operator() -> None:
    if g.get("tenant") is not None or not request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]):
        return
    if is_operator():
        g.actor = OPERATOR


def password_is_set() -> bool:
    """Whether this installation has an operator's password at all."""
    return bool(current_app.config.get("OPERATOR_PASSWORD"))


def matches(password: str) -> bool:
    """Whether `password` is the operator's; takes as long for a wrong one as for the right one."""
    wanted: str = current_app.config.get("OPERATOR_PASSWORD") or ""
    return bool(wanted) and hmac.compare_digest(password.encode(), wanted.encode())


def begin(now: datetime) -> None:
    """Give this browser the operator's cookie; it ends after eight hours, and when the password is changed."""
    cookie.clear()
    cookie["operator"] = _token()
    cookie["operator_until"] = (now + SESSION_LIFE).isoformat()


def end() -> None:
    """Take the operator's cookie away."""
    cookie.clear()


def is_operator() -> bool:
    """Whether this browser holds a valid operator's cookie."""
    held, until = cookie.get("operator"), cookie.get("operator_until")
    if not password_is_set() or not isinstance(held, str) or not isinstance(until, str):
        return False
    return hmac.compare_digest(held, _token()) and real_now() < datetime.fromisoformat(until)


def _token() -> str:
    return keyed_digest(current_app.config["OPERATOR_PASSWORD"], PURPOSE)


def tenant_rows() -> list[TenantRow]:
    """Every tenant with its jobs by state. Three queries, whatever the number of tenants."""
    with platform_scope() as current:
        tenants = all_tenants()
        ask = select(Job.tenant_id, Job.state, func.count()).group_by(Job.tenant_id, Job.state)
        jobs: dict[UUID, dict[str, int]] = defaultdict(dict)
        for tenant_id, state, number in current.execute(ask, execution_options=ALL_TENANTS):
            jobs[tenant_id][state] = number
        lists = _plugin_lists()
    return [
        TenantRow(
            one.slug,
            _name(one),
            one.version,
            len(lists[one.id]),
            _by_state(jobs[one.id]),
            _troubles(lists[one.id]),
        )
        for one in tenants
    ]


def tenant_detail(slug: str) -> TenantDetail:
    """One tenant; raises NotFound."""
    tenant = tenant_named(slug)
    with tenant_scope(tenant.id) as current:
        head = audit.log_head()
        states = select(Job.state, func.count()).group_by(Job.state)
        found = {row[0]: row[1] for row in current.execute(states)}
        failed = list(
            current.scalars(select(Job).where(Job.state == "failed").order_by(Job.run_at.desc()).limit(50))
        )
        for job in failed:
            current.expunge(job)
        given = settings_in(tenant.profile)
        stored = current.scalars(select(Edition).order_by(Edition.ordinal.desc()))
        rows = tuple(_edition_row(one, slug, given) for one in stored)
    return TenantDetail(
        slug, _name(tenant), tenant.version, rows, head.size, head.root, _by_state(found), tuple(failed)
    )


def first_false_record(slug: str) -> int | None:
    """The first record of the tenant's log that does not hold, or None; reads the whole log."""
    with tenant_scope(tenant_named(slug).id):
        return audit.first_false_record()


def retry_failed_jobs(slug: str, *, actor: Actor, now: datetime) -> int:
    """Let the tenant's failed jobs run again from their first try; returns how many."""
    tenant = tenant_named(slug)
    with tenant_scope(tenant.id) as current, unit_of_work():
        keys = list(current.scalars(select(Job.dedupe).where(Job.state == "failed")))
        if not keys:
            return 0
        change = update(Job).where(Job.dedupe.in_(keys)).values(state="queued", tries=0, run_at=now)
        current.execute(change.execution_options(synchronize_session=False))
        audit.append("jobs.retried", slug, {"count": len(keys)}, actor=actor, now=now)
        for key in keys:
            after_commit(_waker(tenant.id, key))
    return len(keys)


def plugin_rows() -> list[PluginRow]:
    """The plugins that are installed and those that editions need, by name. Two queries."""
    with platform_scope():
        slugs = {tenant.id: tenant.slug for tenant in all_tenants()}
        lists = _plugin_lists()
    needed: dict[str, set[str]] = defaultdict(set)
    for tenant_id, tenant_lists in lists.items():
        for name in chain.from_iterable(tenant_lists):
            needed[name].add(slugs.get(tenant_id, str(tenant_id)))
    rows = {one.name: _installed_row(one, needed) for one in installed_plugins()}
    for name in needed.keys() - rows.keys():
        error = _("chưa được cài đặt")
        rows[name] = PluginRow(name, None, "–", error, tuple(sorted(needed[name])))
    return [rows[name] for name in sorted(rows)]


def _installed_row(one: InstalledPlugin, needed: Mapping[str, set[str]]) -> PluginRow:
    version = one.info.version if one.info is not None else None
    return PluginRow(one.name, version, one.source, one.error, tuple(sorted(needed.get(one.name, ()))))


def _plugin_lists() -> dict[UUID, list[tuple[str, ...]]]:
    """The plugins of each edition by tenant, as frozen where they are. One query."""
    ask = select(Edition.tenant_id, Edition.plugins, Edition.frozen)
    lists: dict[UUID, list[tuple[str, ...]]] = defaultdict(list)
    for tenant_id, names, frozen in session().execute(ask, execution_options=ALL_TENANTS):
        lists[tenant_id].append(_plugin_names(names, frozen))
    return lists


def _plugin_names(names: Sequence[str], frozen: Mapping[str, Any] | None) -> tuple[str, ...]:
    return tuple(names) if frozen is None else tuple(one["name"] for one in frozen["plugins"])


def _troubles(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    found = []
    for names in lists:
        try:
            plugin_refs(names)
        except PluginUnavailable as error:
            found.append(error.message)
    return tuple(dict.fromkeys(found))


def _edition_row(row: Edition, slug: str, given: Mapping[str, Mapping[str, Any]]) -> EditionRow:
    is_frozen = row.frozen is not None
    try:
        view = view_of(row, slug, (), given)
        drift = view.rules.version_drift()
    except PluginError as error:
        names = _plugin_names(row.plugins, row.frozen)
        return EditionRow(row.key, words(row.short_name), names, is_frozen, (), error.message)
    return EditionRow(
        key=row.key,
        name=view.short_name,
        plugins=tuple(f"{ref.name} {ref.version}" for ref in view.values.plugins),
        is_frozen=is_frozen,
        drift=tuple(f"{ref.name} {ref.version} ≠ {installed}" for ref, installed in drift),
    )


def _waker(tenant_id: UUID, key: str) -> Any:
    return lambda: wake(tenant_id, key)


def tenant_named(slug: str) -> CurrentTenant:
    """The tenant `slug`; raises NotFound."""
    with platform_scope():
        for tenant in all_tenants():
            if tenant.slug == slug:
                return tenant
    raise NotFound(_("Không có cuộc thi này."))


def _name(tenant: CurrentTenant) -> Text:
    return text_of(tenant.profile.get("name"))


def _by_state(found: Mapping[str, int]) -> dict[str, int]:
    return {state: found.get(state, 0) for state in JOB_STATES}
