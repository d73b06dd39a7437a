"""Who may do what to accounts."""

from __future__ import annotations

from flask_babel import gettext as _

from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.errors import Forbidden


def may_manage_accounts(actor: Actor) -> bool:
    """Whether the actor may invite people and give or take roles: the committee, and the platform itself."""
    return actor is SYSTEM or actor.is_(Role.COMMITTEE)


def require_manager(actor: Actor) -> None:
    """Raise Forbidden unless `may_manage_accounts`."""
    if not may_manage_accounts(actor):
        raise Forbidden(_("Chỉ Ban Tổ chức được làm việc này."))
