"""Keeping the council's common papers apart from who has a conflict with a dossier that they name.

Rows that point at a dossier are left out by the session on pages that read. What is kept as a document (a drawn order,
the dossiers of a ballot, a text) is looked at here by name, on pages that write too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask import g, has_request_context
from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.barring import barred_entries, barred_names
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import stands
from core.judging.blind import title_shown
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


@dataclass(frozen=True, slots=True)
class InRound:
    """An entry of a round: `title` as its council may read it, `own_title` as the entrant wrote it, never shown."""

    id: UUID
    code: str
    title: str
    own_title: str
    field: str | None


def entries_in_round(edition: EditionView, round_key: str) -> list[InRound]:
    """The entries that are in a round and in the contest, by code. One query."""
    ask = (
        select(Entry.id, Entry.code, title_shown(edition, round_key), Entry.title, Entry.field)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .where(RoundEntry.edition_id == edition.id, RoundEntry.round == round_key)
        .where(Entry.state == State.ACCEPTED)
        .order_by(Entry.code)
    )
    return [
        InRound(id_, code or "", title, own, field) for id_, code, title, own, field in session().execute(ask)
    ]


def named_in(text: str, entries: Iterable[InRound]) -> dict[str, UUID]:
    """Code → id of those of `entries` that a text names, by code or by title."""
    return {one.code: one.id for one in entries if _stands_in(text, one.code, one.title, one.own_title)}


def told_titles(text: str, entries: Iterable[InRound]) -> list[str]:
    """Codes of those of `entries` that a text names by a title which their council does not read."""
    return [one.code for one in entries if one.own_title != one.title and _stands_in(text, one.own_title)]


def say_the_code(codes: Iterable[str]) -> str:
    """What is said to who wrote a title that the council of a blind round does not read."""
    told: str = _(
        "Vòng này chấm ẩn danh nên không ghi tên hồ sơ theo lời tác giả: bạn hãy ghi mã %(codes)s thay cho tên.",
        codes=", ".join(codes),
    )
    return told


def _stands_in(text: str, *words: str) -> bool:
    return any(word and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) for word in words)
