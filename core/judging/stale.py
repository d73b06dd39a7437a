"""Which kept totals a unit of work has made stale. They are made again as the last thing before its commit.

Nobody who changes a locked sheet has to remember this: a sheet that is, or was, locked, an assignment whose ending
changed and an entry that comes or goes are noticed when they are flushed. Only a bulk update says it itself, by
`touch`. What is last holds its locks shortest and always in the same order, after that of the log, so two who lock
sheets of one entry wait for one another and never crosswise.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect, select

from core.entries.models import Entry
from core.entries.states import State
from core.judging.models import Assignment, RoundEntry, Sheet
from core.judging.states import SheetState
from core.kernel.db import TenantSession, session

Key = tuple[UUID, str]
_STALE, _ENTRIES = "stale_totals", "stale_entries"


def touch(edition_id: UUID, places: Iterable[tuple[str, UUID]]) -> None:
    """Say that what counts for these (round, entry) has changed."""
    _note(session(), edition_id, places)


def touch_locked(judge_id: UUID | None, entry_id: UUID | None, round_key: str | None = None) -> None:
    """Say it of every locked sheet of a judge, of an entry, or of both. One query."""
    ask = select(Sheet.edition_id, Sheet.round, Sheet.entry_id).where(Sheet.state == SheetState.LOCKED)
    for column, value in ((Sheet.judge_id, judge_id), (Sheet.entry_id, entry_id), (Sheet.round, round_key)):
        if value is not None:
            ask = ask.where(column == value)
    for edition_id, key, entry in session().execute(ask.distinct()):
        touch(edition_id, [(key, entry)])


def taken(current: TenantSession) -> dict[Key, set[UUID]]:
    """What has become stale since it was last asked: (edition, round) → entries. One query where entries moved."""
    found: dict[Key, set[UUID]] = current.info.pop(_STALE, {})
    moved = current.info.pop(_ENTRIES, set())
    if moved:
        ask = select(RoundEntry.edition_id, RoundEntry.round, RoundEntry.entry_id)
        for edition_id, key, entry in current.execute(ask.where(RoundEntry.entry_id.in_(moved))):
            found.setdefault((edition_id, key), set()).add(entry)
    return found


def is_stale(current: TenantSession) -> bool:
    """Whether anything waits to be made again."""
    return _STALE in current.info or _ENTRIES in current.info


def _note(current: Any, edition_id: UUID, places: Iterable[tuple[str, UUID]]) -> None:
    held: dict[Key, set[UUID]] = current.info.setdefault(_STALE, {})
    for key, entry in places:
        held.setdefault((edition_id, key), set()).add(entry)


@event.listens_for(TenantSession, "after_flush")
def _notice(current: Any, context: Any) -> None:
    for item in (*current.new, *current.dirty):
        if isinstance(item, Sheet):
            changed = _is_or_was(item, "state", SheetState.LOCKED)
        elif isinstance(item, Assignment):
            changed = inspect(item).attrs.why.history.has_changes()
        else:
            changed = False
            if isinstance(item, Entry) and item in current.dirty and _has_come_or_gone(item):
                current.info.setdefault(_ENTRIES, set()).add(item.id)
        if changed:
            _note(current, item.edition_id, [(item.round, item.entry_id)])


def _has_come_or_gone(entry: Entry) -> bool:
    """Or is called otherwise: what is drawn of an order is kept as long as its revision."""
    if not _is_or_was(entry, "state", State.ACCEPTED):
        return False
    attributes = inspect(entry).attrs
    return any(attributes[one].history.has_changes() for one in ("state", "title", "field"))


def _is_or_was(item: Any, column: str, value: str) -> bool:
    history = inspect(item).attrs[column].history
    return value in (*(history.added or ()), *(history.unchanged or ()), *(history.deleted or ()))


@event.listens_for(TenantSession, "before_commit")
def _make_again(current: Any) -> None:
    if "tenant_id" not in current.info:
        return
    if current.new or current.dirty or current.deleted:
        current.flush()
    if is_stale(current):
        from core.judging.totals import (
            settle,  # it reads through the room's queries, which stand on this module
        )

        settle()


@event.listens_for(TenantSession, "after_rollback")
def _forget(current: Any) -> None:
    current.info.pop(_STALE, None)
    current.info.pop(_ENTRIES, None)
