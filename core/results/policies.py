"""Who may compute, decide and publish, and when the time for it has come."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from core.contests.values import EditionView, PhaseKind
from core.kernel.actor import Actor, Role
from core.kernel.errors import Forbidden


def may_manage(actor: Actor) -> bool:
    """Whether `actor` looks after the results: the committee, or the platform itself."""
    return actor.id is None or actor.is_(Role.COMMITTEE)


def require_manager(actor: Actor) -> None:
    """Raise Forbidden unless `actor` looks after the results."""
    if not may_manage(actor):
        raise Forbidden(_("Chỉ Ban Tổ chức được làm việc này."))


def is_over(edition: EditionView, kind: PhaseKind, now: datetime) -> bool:
    """Whether the phase has ended, or the edition has none of that kind."""
    phase = edition.phase(kind)
    return phase is None or now >= phase.closes_at
