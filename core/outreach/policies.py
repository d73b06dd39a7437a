"""Who may do what, and the only ways from a name in an address to a unit.

What the actor may not see does not exist: NotFound.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from core.contests.models import Unit
from core.contests.queries import UnitRow
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.clock import local
from core.kernel.db import session
from core.kernel.errors import Forbidden, NotFound
from core.kernel.i18n import N_
from core.people.queries import account_by_id

NO_UNIT = N_("Không tìm thấy đơn vị này.")


def may_oversee(actor: Actor) -> bool:
    """Whether the actor may read every unit's work, remind units and correct attributions: the committee."""
    return actor is SYSTEM or actor.is_(Role.COMMITTEE)


def require_committee(actor: Actor) -> None:
    """Raise Forbidden unless `may_oversee`."""
    if not may_oversee(actor):
        raise Forbidden(_("Chỉ Ban Tổ chức được làm việc này."))


def own_unit(actor: Actor) -> UnitRow:
    """The unit the actor speaks for; raises Forbidden when it speaks for none. Two queries."""
    account = account_by_id(actor.id) if actor.id is not None and actor.is_(Role.UNIT) else None
    unit = None if account is None or account.unit_id is None else _unit(Unit.id == account.unit_id)
    if unit is None:
        raise Forbidden(_("Tài khoản của bạn chưa gắn với đơn vị nào. Xin liên hệ Ban Tổ chức."))
    return unit


def require_speaks_for(actor: Actor, unit_id: UUID) -> None:
    """Raise NotFound unless the actor speaks for this unit."""
    if own_unit(actor).id != unit_id:
        raise NotFound(_(NO_UNIT))


def access_public_unit(code: str, now: datetime) -> UnitRow:
    """The unit with this code, if it exists on the day of `now`; raises NotFound. One query."""
    today = local(now).date()
    unit = _unit(
        Unit.code == code,
        Unit.is_active.is_(True),
        Unit.since.is_(None) | (Unit.since <= today),
        Unit.until.is_(None) | (Unit.until > today),
    )
    if unit is None:
        raise NotFound(_(NO_UNIT))
    return unit


def access_unit(actor: Actor, code: str) -> UnitRow:
    """Any unit of the tenant by its code, for the committee; raises NotFound. One query."""
    unit = _unit(Unit.code == code) if may_oversee(actor) else None
    if unit is None:
        raise NotFound(_(NO_UNIT))
    return unit


def _unit(*conditions: ColumnElement[bool]) -> UnitRow | None:
    ask = select(Unit.id, Unit.code, Unit.name, Unit.kind).where(*conditions)
    row = session().execute(ask).one_or_none()
    return None if row is None else UnitRow(*row)
