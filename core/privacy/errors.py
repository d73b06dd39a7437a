"""What goes wrong here in ways we expect."""

from __future__ import annotations

from core.kernel.errors import DomainError


class RequestMoved(DomainError):
    """The request stands elsewhere by now; the message says where."""

    kind = "request-moved"


class ErasureRefused(DomainError):
    """The account cannot be erased now; the message says what stands against it."""

    kind = "erasure-refused"
