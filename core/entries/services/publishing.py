"""The public gallery: which accepted entries stand in it, and the public copies of their pictures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete

from core.entries.content import files_of
from core.entries.errors import MoveRefused
from core.entries.events import EntryPublished, EntryUnpublished
from core.entries.models import Entry, PublicPicture
from core.entries.pictures import make_pictures
from core.entries.services.moves import fresh
from core.entries.states import State
from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Forbidden
from core.kernel.events import emit
from core.tenancy.scope import touch_public


def publish(entries: Iterable[Entry], *, actor: Actor, now: datetime) -> int:
    """Put accepted entries into the public gallery and say how many are new there.

    Makes the public copies of their pictures. One that already stands there keeps its place; one that is not
    accepted stops all (MoveRefused).
    """
    _require_committee(actor)
    chosen = [fresh(entry) for entry in entries]
    for entry in chosen:
        if entry.state != State.ACCEPTED:
            raise MoveRefused(
                _("Hồ sơ %(code)s chưa được chấp nhận nên chưa công bố được.", code=entry.code or entry.ref)
            )
    new = [entry for entry in chosen if entry.published_at is None]
    files = files_of(entry.id for entry in new)
    for entry in new:
        entry.published_at = now
        session().execute(delete(PublicPicture).where(PublicPicture.entry_id == entry.id))
        session().add_all(make_pictures(entry, [one for one in files[entry.id] if one.is_public]))
        session().flush()
        audit.append("entry.published", _code(entry), {"version": entry.version}, actor=actor, now=now)
        emit(EntryPublished(entry.edition_id, entry.id, _code(entry), now))
    if new:
        touch_public()
    return len(new)


def unpublish(entries: Iterable[Entry], *, actor: Actor, now: datetime) -> int:
    """Take entries out of the public gallery and say how many stood there; they stay accepted."""
    _require_committee(actor)
    public = [entry for entry in map(fresh, entries) if entry.published_at is not None]
    for entry in public:
        entry.published_at = None
        session().flush()
        audit.append("entry.unpublished", _code(entry), {}, actor=actor, now=now)
        emit(EntryUnpublished(entry.edition_id, entry.id, _code(entry), now))
    if public:
        touch_public()
    return len(public)


def _require_committee(actor: Actor) -> None:
    if not actor.is_(Role.COMMITTEE):
        raise Forbidden(_("Chỉ Ban Tổ chức công bố bài dự thi."))


def _code(entry: Entry) -> str:
    return entry.code or entry.ref
