"""Logs: one JSON line an event on standard error, each with the request id and the tenant."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
from flask import Flask, Response, g, request

from core.kernel.ids import uuid7

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def configure_logs(*, level: str = "INFO") -> None:
    """Set up structlog for the process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.WriteLogger(
            sys.stderr
        ),  # as it is now, which a test may have changed
        cache_logger_on_first_use=False,
    )


def init_logs(app: Flask) -> None:
    """Give every request of `app` an id, bind it to the log, and answer it in `X-Request-Id`."""

    @app.before_request
    def bind() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid7().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def answer(response: Response) -> Response:
        response.headers["X-Request-Id"] = getattr(g, "request_id", "-")
        return response


def bind_log(**values: Any) -> None:
    """Add to the log context of this request or job."""
    structlog.contextvars.bind_contextvars(**values)
