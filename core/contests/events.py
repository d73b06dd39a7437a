"""What this room tells the later ones through `core.kernel.events`."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.tenancy.package_values import TenantPackage


@dataclass(frozen=True, slots=True)
class TenantSynced:
    """A tenant's folder was loaded; the session is bound to the tenant and later rooms take over their parts."""

    tenant_id: UUID
    slug: str
    package: TenantPackage
