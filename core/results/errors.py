"""What is refused in this room, each with what happened and what to do."""

from __future__ import annotations

from core.kernel.errors import DomainError


class NotReady(DomainError):
    """An earlier step of the pipeline is missing; the sentence says which."""

    kind = "not-ready"


class AlreadyPublished(DomainError):
    """The result is published; nothing of it changes any more."""

    kind = "already-published"


class InputsChanged(DomainError):
    """What the computation was made from has changed since: compute again, decide again."""

    kind = "inputs-changed"


class NotVerifiable(DomainError):
    """The bundle did not pass its own verification, so it was not published."""

    status = 500
    kind = "not-verifiable"
