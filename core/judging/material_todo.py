"""What an entrant has to do about new material: registered when it is imported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from core.entries.rights import Right
from core.entries.states import State
from core.entries.todo import Mine, Todo, todo_of
from core.judging.material_models import MaterialCall, MaterialReceipt
from core.judging.models import RoundEntry
from core.kernel.db import session
from core.kernel.formats import datetime_
from core.kernel.i18n import locale


@todo_of
def material_to_send(mine: Mine) -> Iterable[Todo]:
    """Each dossier of which more is asked now, also when something came already: it may be replaced. Two queries."""
    own = {one.id: one for one in mine.entries if one.state == State.ACCEPTED and _may_send(mine, one.id)}
    if not own:
        return
    ask = (
        select(RoundEntry.entry_id, MaterialCall)
        .join(
            MaterialCall,
            (MaterialCall.round == RoundEntry.round) & (MaterialCall.edition_id == RoundEntry.edition_id),
        )
        .where(RoundEntry.entry_id.in_(list(own)))
    )
    calls = [(row[0], row[1]) for row in session().execute(ask)]
    if not calls:
        return
    came = _came([entry_id for entry_id, _call in calls])
    for entry_id, call in calls:
        entry = own[entry_id]
        now = mine.edition(entry).now()
        if not call.opens_at <= now < call.closes_at:
            continue
        at = came.get((call.id, entry_id))
        note = _("Đã gửi lúc %(at)s; bạn còn thay được.", at=datetime_(at, locale())) if at else ""
        yield Todo(
            _("Nộp tài liệu bổ sung cho “%(title)s”", title=entry.title),
            url_for("material.page", ref=entry.ref),
            note,
            call.closes_at,
        )


def _may_send(mine: Mine, entry_id: UUID) -> bool:
    right = mine.rights.get(entry_id)
    return right is None or right.covers(Right.EDIT)


def _came(ids: list[UUID]) -> dict[tuple[UUID, UUID], datetime]:
    ask = (
        select(MaterialReceipt.call_id, MaterialReceipt.entry_id, func.max(MaterialReceipt.at))
        .where(MaterialReceipt.entry_id.in_(ids))
        .group_by(MaterialReceipt.call_id, MaterialReceipt.entry_id)
    )
    return {(row[0], row[1]): row[2] for row in session().execute(ask)}
