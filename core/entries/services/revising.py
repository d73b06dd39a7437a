"""Taking a dossier back to edit it, without losing what was handed in.

The last version counts all the while. A new one takes its place when it is handed in; when the entrant gives up, or
the time is over, the dossier is put back to the last version, and what was not handed in is kept to be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, select

from core.contests.queries import editions, unit_by_code
from core.contests.values import EditionView
from core.entries import letters
from core.entries.content import files_of, says_the_same, snapshot_of
from core.entries.deadlines import grace_ends
from core.entries.events import FilesLeaving
from core.entries.models import Attachment, Entry, EntryVersion, UnsentRevision
from core.entries.parts import bump
from core.entries.services.author_rows import apply_lines, lines_from, lines_of
from core.entries.services.drafts import refold
from core.entries.services.moves import fresh, require_move
from core.entries.states import Move, Scan, State
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.events import emit
from core.kernel.jobs import periodic
from core.kernel.prepared import insert_once
from core.kernel.uow import unit_of_work
from core.tenancy.models import Tenant

log = structlog.get_logger(__name__)


def revise(entry: Entry, edition: EditionView, *, actor: Actor, now: datetime) -> Entry:
    """Take a dossier that was handed in back to edit it; its last version counts until a new one is handed in.

    Doing it twice changes nothing more. Raises PhaseClosed after the deadline, MoveRefused once the screening decided.
    """
    fresh(entry)
    if entry.state == State.REVISING and entry.owner_id == actor.id:
        return entry
    line = require_move(entry, edition, Move.REVISE, actor=actor, now=now)
    entry.state = str(line.target)
    entry.updated_at = now
    session().flush()
    data = {"version": entry.version}
    audit.append("entry.revising", entry.code or entry.ref, data, actor=actor, now=now)
    return entry


def keep(entry: Entry, edition: EditionView, *, actor: Actor, now: datetime) -> Entry:
    """Give up a revision: the dossier says again what its last version says, and stays handed in.

    What was changed is kept to be read. Doing it twice changes nothing more. Raises MoveRefused from another state.
    """
    fresh(entry)
    if entry.state == State.SUBMITTED and entry.owner_id == actor.id:
        return entry
    require_move(entry, edition, Move.KEEP, actor=actor, now=now)
    _put_back(entry, edition, now)
    data = {"version": entry.version}
    audit.append("entry.kept", entry.code or entry.ref, data, actor=actor, now=now)
    return entry


def settle(entry: Entry, edition: EditionView, *, now: datetime) -> bool:
    """Put a dossier that is still being revised when its time is over back to its last version; whether it was.

    The time is over when the minutes for files under way are over too. The entrant is told by letter.
    """
    fresh(entry)
    ends = grace_ends(entry, edition)
    if entry.state != State.REVISING or ends is None or now < ends:
        return False
    has_changed = _put_back(entry, edition, now)
    data = {"version": entry.version}
    audit.append("entry.revision_lapsed", entry.code or entry.ref, data, actor=SYSTEM, now=now)
    letters.send_revision_lapsed(entry, edition, has_changed=has_changed, now=now)
    return True


@periodic
def settle_due(now: datetime) -> None:
    """Settle every dossier whose time of revising is over on the clock of its edition."""
    ask = select(Entry.tenant_id).where(Entry.state == State.REVISING).distinct()
    with platform_scope() as current:
        tenants = list(current.scalars(ask, execution_options=ALL_TENANTS))
    for tenant_id in tenants:
        try:
            with tenant_scope(tenant_id), unit_of_work():
                _settle_all()
        except Exception:
            # A tenant that lacks a plugin, say: the next one is none of its business.
            log.exception("revisions_not_settled", tenant=str(tenant_id))


def _settle_all() -> None:
    slug = (
        session()
        .scalars(select(Tenant.slug).where(Tenant.id == session().tenant_id), execution_options=ALL_TENANTS)
        .one()
    )
    by_id = {edition.id: edition for edition in editions(slug)}
    waiting = session().scalars(select(Entry).where(Entry.state == State.REVISING).order_by(Entry.id)).all()
    for entry in waiting:
        edition = by_id[entry.edition_id]
        settle(entry, edition, now=edition.now())


def _put_back(entry: Entry, edition: EditionView, now: datetime) -> bool:
    """Put the content back to the last version; whether it differed. What differed is kept."""
    ask = select(EntryVersion).where(EntryVersion.entry_id == entry.id, EntryVersion.number == entry.version)
    version = session().scalars(ask).one()
    draft = snapshot_of(entry, edition, number=version.number, at=version.at.isoformat())
    has_changed = not says_the_same(draft, version.snapshot)
    if has_changed:
        session().add(UnsentRevision(entry_id=entry.id, number=version.number, snapshot=draft, at=now))
        _restore(entry, edition, version.snapshot, now)
    entry.state = str(State.SUBMITTED)
    entry.updated_at = now
    refold(entry)
    session().flush()
    return has_changed


def _restore(entry: Entry, edition: EditionView, said: Mapping[str, Any], now: datetime) -> None:
    unit = said.get("unit")
    entry.title = said["title"]
    entry.field = said.get("field")
    was = set(entry.facts)
    entry.facts = dict(said["facts"])
    if unit is None:
        entry.unit_id = None
    elif (found := unit_by_code(unit["code"])) is not None:
        entry.unit_id = found.id
    entry.unsaved = {}
    for path in ("title", "field", "unit", *(f"facts.{key}" for key in sorted(was | set(entry.facts)))):
        bump(entry, path, actor=SYSTEM, now=now)
    _restore_authors(entry, said.get("authors") or (), now)
    _restore_files(entry, edition, said.get("files") or (), now)


def _restore_authors(entry: Entry, said: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """The authors as they were; who is still there keeps the row, and with it all that hangs on it."""
    rows = [
        {part: one.get(part) for part in ("name", "role", "birth_year", "workplace")}
        | {"share": None if one.get("share") is None else Decimal(one["share"])}
        for one in said
    ]
    apply_lines(entry, lines_from(rows, lines_of(entry)), actor=SYSTEM, now=now)


def _restore_files(
    entry: Entry, edition: EditionView, said: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """The files as they were. One that comes back waits for the scanner again: what it said of it went with the row."""
    wanted = {(one["field"], one["sha256"]) for one in said}
    held = files_of([entry.id])[entry.id]
    gone: list[UUID] = [one.id for one in held if (one.field, one.sha256) not in wanted]
    if gone:
        emit(FilesLeaving(tuple(gone)))
        session().execute(delete(Attachment).where(Attachment.id.in_(gone)))
    for one in said:
        asked = edition.rules.form_field(one["field"])
        values = {
            "entry_id": entry.id,
            **{part: one[part] for part in ("field", "sha256", "name", "media_type", "size")},
            "is_public": asked is not None and asked.public,
            "added_at": now,
            "scan": str(Scan.WAITING),
        }
        insert_once(Attachment, ("entry_id", "field", "sha256"), values)
