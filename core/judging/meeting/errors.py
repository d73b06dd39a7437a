"""What is refused in the council's common work, each with what happened and what to do."""

from __future__ import annotations

from core.kernel.errors import DomainError


class MeetingRefused(DomainError):
    """What was asked does not fit how the draw, ballot, visit or minutes stand."""

    kind = "meeting-refused"
