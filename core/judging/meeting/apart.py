"""Keeping the council's common papers apart from who has a conflict with a dossier that they name.

Rows that point at a dossier are left out by the session on pages that read. What is kept as a document (a drawn order,
the dossiers of a ballot, a text) is looked at here by name, on pages that write too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from flask import g, has_request_context
from sqlalchemy import select

from core.entries.barring import barred_entries, barred_names
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import stands
from core.judging.conflict_models import Conflict
from core.judging.models import RoundEntry
from core.kernel.actor import Actor
from core.kernel.db import session


def kept_from(actor: Actor) -> frozenset[str]:
    """Codes and refs of the dossiers that `actor` is kept from. No query in a request that asked already."""
    if has_request_context() and "barred" in g:
        return barred_names()
    return frozenset(
        name for one in barred_entries(actor) for name in (one.code, one.ref) if name is not None
    )


def kept_people(entry_id: UUID) -> frozenset[UUID]:
    """Accounts that have a conflict with a dossier or hold it. Two queries."""
    asks = (
        select(Conflict.account_id).where(Conflict.entry_id == entry_id, stands()),
        select(Entry.owner_id).where(Entry.id == entry_id),
    )
    return frozenset(one for ask in asks for one in session().scalars(ask))


def names_kept(actor: Actor, codes: Iterable[str]) -> bool:
    """Whether one of the dossiers `codes` is kept from `actor`."""
    return not kept_from(actor).isdisjoint(codes)


def entries_in_round(edition_id: UUID, round_key: str) -> list[tuple[UUID, str, str, str | None]]:
    """Id, code, title and field of the entries that are in a round and in the contest, by code. One query."""
    ask = (
        select(Entry.id, Entry.code, Entry.title, Entry.field)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .where(RoundEntry.edition_id == edition_id, RoundEntry.round == round_key)
        .where(Entry.state == State.ACCEPTED)
        .order_by(Entry.code)
    )
    return [(row.id, row.code or "", row.title, row.field) for row in session().execute(ask)]


def named_in(text: str, entries: Iterable[tuple[UUID, str, str, str | None]]) -> dict[str, UUID]:
    """Code → id of those of `entries` (as `entries_in_round` gives them) that a text names, by code or by title."""
    return {
        code: entry_id
        for entry_id, code, title, _field in entries
        if any(word and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) for word in (code, title))
    }
