"""From a Host header to a tenant: exact match or nothing.

`<slug>.<base host>` is a tenant, `<base host>` is the platform. Upper case and one trailing dot name the same host
(RFC 4343, RFC 1034); a port is allowed and ignored; anything else is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import BindParameter, Executable, Text, bindparam, cast, func, select

from core.kernel.db import ALL_TENANTS, bind_tenant, scalar_reader, session, unbind_tenant
from core.kernel.held import Held
from core.kernel.prepared import Call, Outcome, PreparedFor, together
from core.tenancy.models import Tenant

PLATFORM = ""
_HOST = re.compile(r"([a-z0-9.-]{1,253})(?::[0-9]{1,5})?")
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}")


def _version_telling(tenant: BindParameter[UUID], dialect: str) -> Executable:
    """The tenant's version; on PostgreSQL the row-level policies are told of the tenant by the same statement."""
    ask = select(Tenant.version).where(Tenant.id == tenant, Tenant.slug == bindparam("slug"))
    told = func.set_config("app.tenant", cast(Tenant.id, Text), True)
    return ask.add_columns(told) if dialect == "postgresql" else ask


_entering = PreparedFor(_version_telling)
_ids: dict[str, UUID] = {}
_profiles: Held[dict[str, Any]] = Held()


@dataclass(frozen=True, slots=True)
class CurrentTenant:
    """The tenant of a request: what its folder and its office say of it, and the version of its public pages."""

    id: UUID
    slug: str
    profile: dict[str, Any]
    version: int


def slug_of(host: str, base_host: str) -> str | None:
    """The tenant's slug in `host`, PLATFORM for the bare host, None for a host that is not ours."""
    match = _HOST.fullmatch(host.lower())
    if match is None:
        return None
    name = match[1].removesuffix(".")
    if name == base_host:
        return PLATFORM
    label, dot, rest = name.partition(".")
    if not dot or rest != base_host or not _SLUG.fullmatch(label):
        return None
    return label


def find_tenant(slug: str) -> CurrentTenant | None:
    """The tenant named `slug`, or None."""
    ask = select(Tenant.id, Tenant.version).where(Tenant.slug == slug)
    row = session().execute(ask, execution_options=ALL_TENANTS).one_or_none()
    return None if row is None else _current(slug, *row)


def enter_tenant(slug: str, then: Callable[[], Sequence[Call]]) -> tuple[CurrentTenant | None, list[Outcome]]:
    """The tenant named `slug` with the session bound to it, and the outcomes of the calls that `then` gives.

    None leaves the session unbound. A worker remembers the ids it has seen, so that all this is one round trip; what
    it remembers is asked for with the slug, so a tenant made anew is found all the same.
    """
    known = _ids.get(slug)
    if known is not None:
        entered = _enter(slug, known, then)
        if entered is not None:
            return entered
        unbind_tenant(session())
        _ids.pop(slug, None)
    tenant = find_tenant(slug)
    if tenant is None:
        return None, []
    _ids[slug] = tenant.id
    return _enter(slug, tenant.id, then) or (None, [])


def _enter(
    slug: str, tenant_id: UUID, then: Callable[[], Sequence[Call]]
) -> tuple[CurrentTenant | None, list[Outcome]] | None:
    bind_tenant(session(), tenant_id, told=True)
    entered, *outcomes = together(_entering.given(slug=slug), *then())
    return (_current(slug, tenant_id, entered.rows[0][0]), outcomes) if entered.rows else None


def _current(slug: str, tenant_id: UUID, version: int) -> CurrentTenant:
    profile = _profiles.get(tenant_id, version, lambda: _profile(tenant_id))
    return CurrentTenant(tenant_id, slug, profile, version)


def _profile(tenant_id: UUID) -> dict[str, Any]:
    ask = select(Tenant.profile).where(Tenant.id == tenant_id)
    profile: dict[str, Any] = session().scalars(ask, execution_options=ALL_TENANTS).one()
    return profile


def version_reader(app: Flask) -> Callable[[str], int | None]:
    """A quick way to read a tenant's version now, outside any request's session."""
    with app.app_context():
        return scalar_reader("version", "tenant", "slug")


def all_tenants() -> list[CurrentTenant]:
    """Every tenant of the installation, by slug; for the platform's own pages and for commands."""
    ask = select(Tenant.id, Tenant.slug, Tenant.profile, Tenant.version).order_by(Tenant.slug)
    rows = session().execute(ask, execution_options=ALL_TENANTS)
    return [CurrentTenant(row.id, row.slug, row.profile, row.version) for row in rows]
