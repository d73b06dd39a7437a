"""What the committee decides about a dossier that was handed in, and how that is undone."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries import letters
from core.entries.content import says_the_same, snapshot_of
from core.entries.errors import MoveRefused
from core.entries.events import EntryAccepted
from core.entries.models import Entry, EntryVersion
from core.entries.screening import claims
from core.entries.screening.due import default_due
from core.entries.screening.eligible import require_changeable
from core.entries.services.moves import fresh, record, require_move
from core.entries.services.revising import settle
from core.entries.states import Move, State
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.events import emit
from core.kernel.text import clean

LONGEST_DUE = timedelta(days=366)


def accept(entry: Entry, edition: EditionView, *, reason: str = "", actor: Actor, now: datetime) -> Entry:
    """Accept the dossier into the contest. A reason is needed outside the screening phase."""
    _decide(entry, edition, Move.ACCEPT, clean(reason), None, actor=actor, now=now)
    emit(EntryAccepted(edition.id, entry.id, entry.code or "", now))
    return entry


def return_(
    entry: Entry,
    edition: EditionView,
    *,
    reason: str,
    clause: str | None = None,
    due_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> Entry:
    """Give the dossier back for completion; `reason` tells the entrant what to complete.

    Until `due_at` (exclusive; default: the edition's setting) it can be handed in again, after every phase too.
    """
    due = default_due(edition, now) if due_at is None else due_at
    if not now < due <= now + LONGEST_DUE:
        raise Invalid.one("due", _("Hạn bổ sung phải từ hôm nay trở đi và trong vòng một năm."))
    return _decide(
        entry, edition, Move.RETURN, clean(reason), clause or None, actor=actor, now=now, due_at=due
    )


def refuse(
    entry: Entry,
    edition: EditionView,
    *,
    reason: str,
    clause: str | None,
    actor: Actor,
    now: datetime,
) -> Entry:
    """Refuse the dossier under a clause of the rules; also one that was returned and not completed."""
    return _decide(entry, edition, Move.REFUSE, clean(reason), clause or None, actor=actor, now=now)


def reopen(entry: Entry, edition: EditionView, *, reason: str, actor: Actor, now: datetime) -> Entry:
    """Undo an acceptance, refusal or return: the dossier waits for screening again, and its entrant is told why.

    Raises MoveRefused for what stands in the gallery, once judging has begun, or for a returned dossier in which
    something was changed since; ListDecided once the list of the eligible is decided and no amendment is open.
    """
    fresh(entry)
    if entry.published_at is not None:
        raise MoveRefused(
            _("Hồ sơ %(code)s đang ở trang công khai; bạn hãy gỡ xuống trước khi xét lại.", code=entry.code)
        )
    if edition.has_judging_begun:
        raise MoveRefused(_("Đã bắt đầu chấm điểm nên hồ sơ không xét lại được nữa."))
    if entry.state == State.RETURNED and not _is_as_handed_in(entry, edition):
        raise MoveRefused(
            _(
                "Người nộp đã sửa hồ sơ sau khi được trả lại; bạn hãy chờ nộp lại thay vì thu hồi việc trả lại."
            )
        )
    return _decide(entry, edition, Move.REOPEN, clean(reason), None, actor=actor, now=now)


def _is_as_handed_in(entry: Entry, edition: EditionView) -> bool:
    ask = select(EntryVersion).where(EntryVersion.entry_id == entry.id, EntryVersion.number == entry.version)
    version = session().scalars(ask).one()
    now_it_is = snapshot_of(entry, edition, number=version.number, at=version.at.isoformat())
    return says_the_same(now_it_is, version.snapshot)


def _decide(
    entry: Entry,
    edition: EditionView,
    move: Move,
    reason: str,
    clause: str | None,
    *,
    actor: Actor,
    now: datetime,
    due_at: datetime | None = None,
) -> Entry:
    settle(entry, edition, now=now)
    line = require_move(entry, edition, move, actor=actor, now=now, reason=reason, clause=clause)
    claims.require_free(entry, actor=actor, now=now)
    require_changeable(edition.id)
    entry.state = str(line.target)
    entry.updated_at = now
    record(entry, str(move), reason, clause, actor=actor, now=now, due_at=due_at)
    claims.drop(entry)
    session().flush()
    # The reason stays in the dossier: the log may be shown to strangers.
    data = {"version": entry.version, "clause": clause}
    if due_at is not None:
        data["due_at"] = due_at.isoformat()
    what = "reopened" if move is Move.REOPEN else str(line.target)
    audit.append(f"entry.{what}", entry.code or entry.ref, data, actor=actor, now=now)
    letters.send_outcome(entry, edition, move, reason, clause, now=now, due_at=due_at)
    return entry
