"""Saving one part of one's own dossier in two prepared statements: it happens every few seconds while people type.

The dossier is read and locked by one statement and written by another; the object between them is a plain value that
no session holds. Whoever works on somebody else's dossier goes the way of `access_entry` and `save_part`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, Uuid, bindparam, select, update

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.parts import Saving
from core.entries.services.drafts import require_editable
from core.entries.services.parts import SavedPart, put_typed
from core.kernel.actor import Actor
from core.kernel.prepared import Prepared, together

_WRITTEN = ("title", "field", "unit_id", "folded", "facts", "parts", "unsaved", "updated_at")
_READ = ("id", "edition_id", "owner_id", "ref", "code", "state", "version", *_WRITTEN)
_TABLE = cast(Table, Entry.__table__)
_COLUMNS = _TABLE.c

_read = Prepared(
    lambda tenant: (
        select(*(_COLUMNS[name] for name in _READ))
        .where(_COLUMNS.tenant_id == tenant, _COLUMNS.ref == bindparam("ref"))
        .where(_COLUMNS.owner_id == bindparam("owner", type_=Uuid()))
        .with_for_update()
    )
)
_write = Prepared(
    lambda tenant: (
        update(_TABLE)
        .where(_COLUMNS.tenant_id == tenant, _COLUMNS.id == bindparam("entry", type_=Uuid()))
        .values({name: bindparam(f"new_{name}", type_=_COLUMNS[name].type) for name in _WRITTEN})
    )
)


def own_draft(actor: Actor, ref: str) -> Entry | None:
    """The actor's own dossier, locked until the transaction ends; None when there is none. In no session."""
    if actor.id is None:
        return None
    rows = _read.rows(ref=ref, owner=actor.id)
    return Entry(**dict(zip(_READ, rows[0], strict=True))) if rows else None


def save_own_part(
    own: Entry,
    edition: EditionView,
    path: str,
    typed: Any,
    *,
    saving: Saving,
    actor: Actor,
    now: datetime,
) -> SavedPart:
    """`save_part` for what `own_draft` gave."""
    require_editable(own, actor)
    before = own.parts
    saved = put_typed(own, edition, path, typed, saving=saving, actor=actor, now=now)
    if own.parts is not before:
        together(_write.given(entry=own.id, **{f"new_{name}": getattr(own, name) for name in _WRITTEN}))
    return saved
