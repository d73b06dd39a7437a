"""What the committee decides about a dossier that was handed in."""

from __future__ import annotations

from datetime import datetime

from core.contests.values import EditionView
from core.entries import letters
from core.entries.events import EntryAccepted
from core.entries.models import Entry
from core.entries.services.moves import record, require_move
from core.entries.services.revising import settle
from core.entries.states import Move
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.events import emit
from core.kernel.text import clean


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
    actor: Actor,
    now: datetime,
) -> Entry:
    """Give the dossier back for completion; `reason` tells the entrant what to complete."""
    return _decide(entry, edition, Move.RETURN, clean(reason), clause or None, actor=actor, now=now)


def refuse(
    entry: Entry,
    edition: EditionView,
    *,
    reason: str,
    clause: str | None,
    actor: Actor,
    now: datetime,
) -> Entry:
    """Refuse the dossier under a clause of the rules."""
    return _decide(entry, edition, Move.REFUSE, clean(reason), clause or None, actor=actor, now=now)


def _decide(
    entry: Entry,
    edition: EditionView,
    move: Move,
    reason: str,
    clause: str | None,
    *,
    actor: Actor,
    now: datetime,
) -> Entry:
    settle(entry, edition, now=now)
    line = require_move(entry, edition, move, actor=actor, now=now, reason=reason, clause=clause)
    entry.state = str(line.target)
    entry.updated_at = now
    record(entry, str(move), reason, clause, actor=actor, now=now)
    session().flush()
    # The reason stays in the dossier: the log may be shown to strangers.
    data = {"version": entry.version, "clause": clause}
    audit.append(f"entry.{line.target}", entry.code or entry.ref, data, actor=actor, now=now)
    letters.send_outcome(entry, edition, move, reason, clause, now=now)
    return entry
