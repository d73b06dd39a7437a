"""Binds a request to its tenant before anything else reads the database."""

from __future__ import annotations

from flask import Flask, current_app, g, request
from sqlalchemy import update
from werkzeug.exceptions import NotFound

from core.kernel.db import ALL_TENANTS, bind_tenant, session, set_write_intent
from core.kernel.logs import bind_log
from core.kernel.web import Access, declared, is_platform_view
from core.tenancy.models import Tenant
from core.tenancy.resolver import PLATFORM, find_tenant, slug_of


def init_tenancy(app: Flask) -> None:
    """Resolve the host of each request of `app`; unknown hosts and foreign pages are 404."""
    app.before_request(enter_request)


def enter_request() -> None:
    """Find the tenant of the request and bind the session to it."""
    g.tenant = None
    set_write_intent(writes=request.method not in ("GET", "HEAD", "OPTIONS"))
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if request.endpoint is not None and declared(app, request.endpoint) is Access.ASSET:
        return
    slug = slug_of(request.host, app.config["BANGVANG"].base_host)
    if slug is None:
        raise NotFound
    if slug == PLATFORM:
        if request.endpoint is not None and not is_platform_view(app, request.endpoint):
            raise NotFound
        return
    tenant = find_tenant(slug)
    if tenant is None:
        raise NotFound
    bind_tenant(session(), tenant.id)
    g.tenant = tenant
    bind_log(tenant=tenant.slug)
    if request.endpoint is not None and is_platform_view(app, request.endpoint):
        raise NotFound


def touch_public() -> None:
    """Say that something the public sees has changed: cached pages of this tenant are old from the commit on."""
    current = session()
    statement = update(Tenant).where(Tenant.id == current.tenant_id).values(version=Tenant.version + 1)
    current.execute(statement, execution_options={**ALL_TENANTS, "synchronize_session": False})
