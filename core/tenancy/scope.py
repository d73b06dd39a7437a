"""Binds a request to its tenant before anything else reads the database."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app, g, request
from sqlalchemy import update
from werkzeug.exceptions import NotFound

from core.kernel.db import ALL_TENANTS, session, set_write_intent
from core.kernel.logs import bind_log
from core.kernel.prepared import Call
from core.kernel.web import Access, declared, is_platform_view
from core.tenancy.models import Tenant
from core.tenancy.resolver import PLATFORM, enter_tenant, slug_of


def init_tenancy(app: Flask, first_read: Callable[[], Call | None]) -> None:
    """Resolve the host of each request of `app`; unknown hosts and foreign pages are 404.

    `first_read` is what every request asks of its tenant next (who is it?): it travels with the tenant's own read,
    and its outcome is `g.first_read`, None where there was nothing to ask.
    """

    @app.before_request
    def enter() -> None:
        enter_request(first_read)


def enter_request(first_read: Callable[[], Call | None]) -> None:
    """Find the tenant of the request and bind the session to it."""
    g.tenant = g.first_read = None
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

    def then() -> list[Call]:
        call = first_read()
        return [] if call is None else [call]

    tenant, outcomes = enter_tenant(slug, then)
    if tenant is None:
        raise NotFound
    g.first_read = outcomes[0] if outcomes else None
    g.tenant = tenant
    bind_log(tenant=tenant.slug)
    if request.endpoint is not None and is_platform_view(app, request.endpoint):
        raise NotFound


def touch_public() -> None:
    """Say that something the public sees has changed: cached pages of this tenant are old from the commit on."""
    current = session()
    statement = update(Tenant).where(Tenant.id == current.tenant_id).values(version=Tenant.version + 1)
    current.execute(statement, execution_options={**ALL_TENANTS, "synchronize_session": False})
