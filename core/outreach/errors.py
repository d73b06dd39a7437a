"""What goes wrong in this room."""

from __future__ import annotations

from core.kernel.errors import DomainError


class ReportFixed(DomainError):
    """The report was sent and does not change until it is reopened."""

    kind = "report-fixed"


class NotReopenable(DomainError):
    """There is nothing to reopen, or the time in which the unit itself may is over."""

    kind = "report-not-reopenable"
