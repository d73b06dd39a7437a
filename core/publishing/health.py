"""Is it alive, can it serve, what does it count: for operators and their machines, on any host."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from core.kernel.db import ALL_TENANTS, db, session
from core.kernel.migrate import is_newest
from core.kernel.web import Access, allows
from core.tenancy.models import Tenant

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

blueprint = Blueprint("health", __name__)

REQUESTS = Counter("bangvang_requests_total", "Answers by status class", ["status"])
SECONDS = Histogram("bangvang_request_seconds", "Time to answer")


def count_answers(app: Flask) -> None:
    """Count and time every answer of `app`, those given from kept pages too. Put it on after what keeps pages."""
    inner = app.wsgi_app

    def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begun = monotonic()

        def note(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            REQUESTS.labels(f"{status[:1]}xx").inc()
            SECONDS.observe(monotonic() - begun)
            return start_response(status, headers, exc_info)

        return inner(environ, note)

    app.wsgi_app = counted  # type: ignore[method-assign]


@blueprint.get("/healthz")
@allows(Access.ASSET)
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@allows(Access.ASSET)
def readyz() -> Response:
    """The database answers and is at the newest revision; else 503 with the reason."""
    session().execute(select(Tenant.id).limit(1), execution_options=ALL_TENANTS)
    with db.engine.connect() as connection:  # source-rule: reads the revision, which is no tenant's
        is_ready = is_newest(connection)
    if not is_ready:
        return Response("the database is not at the newest revision\n", 503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


@blueprint.get("/metrics")
@allows(Access.ASSET)
def metrics() -> Response:
    """Prometheus figures of this worker, for the machine itself and the addresses in METRICS_FROM."""
    allowed = current_app.config.get("METRICS_FROM", ())
    address = request.remote_addr or ""
    if not (address in allowed or (address and ip_address(address).is_loopback)):
        raise NotFound
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
