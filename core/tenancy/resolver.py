"""From a Host header to a tenant: exact match or nothing.

`<slug>.<base host>` is a tenant, `<base host>` is the platform. Upper case and one trailing dot name the same host
(RFC 4343, RFC 1034); a port is allowed and ignored; anything else is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flask import Flask
from sqlalchemy import bindparam, select

from core.kernel.db import ALL_TENANTS, read_platform, scalar_reader, session
from core.kernel.held import Held
from core.tenancy.models import Tenant

PLATFORM = ""
_HOST = re.compile(r"([a-z0-9.-]{1,253})(?::[0-9]{1,5})?")
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}")
_BY_SLUG = select(Tenant.id, Tenant.version).where(Tenant.slug == bindparam("slug"))
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
    row = read_platform(_BY_SLUG, {"slug": slug}).one_or_none()
    if row is None:
        return None
    profile = _profiles.get(row.id, row.version, lambda: _profile(row.id))
    return CurrentTenant(row.id, slug, profile, row.version)


def _profile(tenant_id: UUID) -> dict[str, Any]:
    ask = select(Tenant.profile).where(Tenant.id == tenant_id)
    profile: dict[str, Any] = session().scalars(ask, execution_options=ALL_TENANTS).one()
    return profile


def version_reader(app: Flask) -> Callable[[str], int | None]:
    """A quick way to read a tenant's version now, outside any request's session."""
    with app.app_context():
        read = scalar_reader("version", "tenant", "slug")
    return cast("Callable[[str], int | None]", read)


def all_tenants() -> list[CurrentTenant]:
    """Every tenant of the installation, by slug; for the platform's own pages and for commands."""
    ask = select(Tenant.id, Tenant.slug, Tenant.profile, Tenant.version).order_by(Tenant.slug)
    rows = session().execute(ask, execution_options=ALL_TENANTS)
    return [CurrentTenant(row.id, row.slug, row.profile, row.version) for row in rows]
