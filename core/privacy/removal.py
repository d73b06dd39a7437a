"""Deleting rows with all that hangs on them, and stored contents that nothing names any longer.

What hangs on a row is read from the foreign keys, so a table that a later room or a plugin adds is not forgotten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Table, delete, select

from core.kernel.contents import named_among, named_by
from core.kernel.db import Base, TenantOwned, session
from core.kernel.files import file_key, file_store
from core.kernel.ids import token
from core.kernel.jobs import enqueue, handler

FORGET = "privacy.forget_files"


def delete_with_dependants(model: type[Any], ids: Collection[UUID]) -> int:
    """Delete the rows of `model` with these ids and every row that points at them; returns how many of `model`.

    The contents that they name are forgotten after the unit of work, where no other row names them.
    """
    wanted = list(ids)
    if not wanted:
        return 0
    for child, column in pointing_at(model.__tablename__):
        found = select(child.id).where(getattr(child, column).in_(wanted))
        delete_with_dependants(child, list(session().scalars(found)))
    forget_files(named_by(model, model.id.in_(wanted)))
    deleted: int = session().execute(delete(model).where(model.id.in_(wanted))).rowcount  # type: ignore[attr-defined]
    return deleted


def pointing_at(table: str) -> Iterator[tuple[type[Any], str]]:
    """The models that point at `table`, each with the column that does."""
    for mapper in Base.registry.mappers:
        if not issubclass(mapper.class_, TenantOwned) or not isinstance(mapper.local_table, Table):
            continue
        for key in mapper.local_table.constraints:
            if isinstance(key, ForeignKeyConstraint) and key.referred_table.name == table:
                yield mapper.class_, next(name for name in key.column_keys if name != "tenant_id")


def forget_files(digests: Collection[str]) -> None:
    """Delete stored contents after this unit of work, each only if no row names it by then."""
    wanted = sorted(set(digests))
    if wanted:
        enqueue(FORGET, {"sha256": wanted}, dedupe=token())


@handler(FORGET)
def _forget(payload: Mapping[str, Any]) -> None:
    asked = payload["sha256"]
    for digest in set(asked) - named_among(asked):
        file_store().delete(file_key(session().tenant_id, digest))
