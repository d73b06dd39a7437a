"""What an entrant has to do about a site visit: be there. Registered when it is imported."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _

from core.entries.states import State
from core.entries.todo import Mine, Todo, todo_of
from core.judging.meeting.visits import planned_for
from core.kernel.formats import datetime_
from core.kernel.i18n import locale


@todo_of
def visits_to_receive(mine: Mine) -> Iterable[Todo]:
    """Tell of each visit to come. One query; none where no dossier is accepted."""
    entries = {entry.id: entry for entry in mine.entries if entry.state == State.ACCEPTED}
    if not entries:
        return
    earliest = min(mine.edition(entry).now() for entry in entries.values())
    for visit in planned_for(list(entries), earliest):
        entry = entries[visit.entry_id]
        if visit.at <= mine.edition(entry).now():
            continue
        yield Todo(
            _("Đón đoàn thẩm định “%(title)s”", title=entry.title),
            url_for("entries.show", ref=entry.ref, _anchor="tham-dinh"),
            _("Lúc %(at)s, tại %(place)s.", at=datetime_(visit.at, locale()), place=visit.place),
            visit.at,
        )
