"""Laying a dossier behind the others of one's own list, and taking it up again. A judge's own order, nobody else's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from core.judging.assigning import is_running
from core.judging.models import Assignment
from core.judging.services.sheets import require_own
from core.judging.values import SheetPlace
from core.kernel.actor import Actor
from core.kernel.db import session


def put_off(place: SheetPlace, *, actor: Actor, now: datetime) -> None:
    """Lay the entry behind all others that lack points. It says nothing of the sheet, so it leaves no line in the log.

    Done again, it goes behind what was put off meanwhile. Raises Forbidden for another's.
    """
    _set(place, now, actor)


def take_up(place: SheetPlace, *, actor: Actor) -> None:
    """Give the entry its place in the list again. Raises Forbidden for another's."""
    _set(place, None, actor)


def _set(place: SheetPlace, at: datetime | None, actor: Actor) -> None:
    require_own(place.judge, actor)
    session().execute(
        update(Assignment)
        .where(
            Assignment.judge_id == place.judge.id,
            Assignment.entry_id == place.entry_id,
            Assignment.round == place.round.key,
            is_running(),
        )
        .values(put_off_at=at),
        execution_options={"synchronize_session": False},
    )
    session().expire_all()
