"""The public gallery, page by page, and what lists of dossiers share. Fixed numbers of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import defer

from core.contests.values import EditionView
from core.entries.content import authors_of, units_of
from core.entries.models import Entry, PublicPicture
from core.entries.states import State
from core.kernel.db import session
from core.kernel.text import fold

GALLERY_SIZE = 24
MAX_WORDS = 8

# A list shows no answers, and a dossier may hold a hundred thousand characters of them.
_HEAVY = (defer(Entry.facts), defer(Entry.folded))


@dataclass(frozen=True, slots=True)
class Card:
    """A published entry as the gallery shows it. `cover` is its first picture, small."""

    id: UUID
    code: str
    title: str
    field: str | None
    authors: tuple[str, ...]
    unit: str | None
    cover: PublicPicture | None
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """One page of the gallery; `total` counts what matches, `pages` is at least 1."""

    cards: tuple[Card, ...]
    page: int
    pages: int
    total: int


def gallery_page(
    edition: EditionView, words: str = "", field: str | None = None, page: int = 1
) -> GalleryPage:
    """The published entries of an edition by code, 24 a page; a page beyond the end is the last one.

    `words` must all stand in title, authors, code or unit, whatever their marks and case. Five queries.
    """
    ask = _published(edition)
    if field:
        ask = ask.where(Entry.field == field)
    ask = holding(ask, words)
    total = count_of(ask)
    page, pages = clamp(page, total, GALLERY_SIZE)
    rows = session().scalars(ask.order_by(Entry.code).limit(GALLERY_SIZE).offset((page - 1) * GALLERY_SIZE))
    return GalleryPage(cards_of(list(rows)), page, pages, total)


def newest_cards(edition: EditionView, limit: int = 6) -> tuple[Card, ...]:
    """The entries that came into the gallery last. Four queries."""
    rows = session().scalars(
        _published(edition).order_by(Entry.published_at.desc(), Entry.code.desc()).limit(limit)
    )
    return cards_of(list(rows))


def cards_of(entries: Sequence[Entry]) -> tuple[Card, ...]:
    """The cards of published entries, in the order given. Three queries."""
    ids = [entry.id for entry in entries]
    authors, units = authors_of(ids), units_of(entry.unit_id for entry in entries)
    asked = select(PublicPicture).where(
        PublicPicture.entry_id.in_(ids), PublicPicture.variant == "card", PublicPicture.position == 1
    )
    covers = {one.entry_id: one for one in session().scalars(asked)}
    return tuple(
        Card(
            id=entry.id,
            code=entry.code or "",
            title=entry.title,
            field=entry.field,
            authors=tuple(one.name for one in authors[entry.id]),
            unit=units[entry.unit_id].name if entry.unit_id in units else None,
            cover=covers.get(entry.id),
            is_demonstration=entry.is_demonstration,
        )
        for entry in entries
    )


def published_fields(edition: EditionView) -> dict[str, int]:
    """How many published entries each field has, by field key. One query."""
    ask = _published(edition).with_only_columns(Entry.field, func.count()).group_by(Entry.field)
    return {field: number for field, number in session().execute(ask) if field is not None}


def pictures_of(entry: Entry, variant: str = "page") -> list[PublicPicture]:
    """The public pictures of a published entry in their order. One query."""
    ask = select(PublicPicture).where(PublicPicture.entry_id == entry.id, PublicPicture.variant == variant)
    return list(session().scalars(ask.order_by(PublicPicture.position)))


def picture_by_digits(entry: Entry, sha8: str) -> PublicPicture | None:
    """A public picture of an entry by the first eight digits of its SHA-256. One query."""
    if len(sha8) != 8:
        return None
    ask = select(PublicPicture).where(PublicPicture.entry_id == entry.id)
    ask = ask.where(PublicPicture.sha256.startswith(sha8, autoescape=True)).order_by(PublicPicture.id)
    return session().scalars(ask).first()


def holding(ask: Select[Any], words: str) -> Select[Any]:
    """`ask` narrowed to entries whose folded text holds every word."""
    for word in fold(words[:200]).split()[:MAX_WORDS]:
        ask = ask.where(Entry.folded.contains(word, autoescape=True))
    return ask


def count_of(ask: Select[Any]) -> int:
    """How many entries `ask` finds. One query."""
    return session().scalars(ask.with_only_columns(func.count()).order_by(None)).one()


def clamp(page: int, total: int, size: int) -> tuple[int, int]:
    """The page within what there is, and how many pages there are (at least 1)."""
    pages = max(1, -(-total // size))
    return min(max(page, 1), pages), pages


def _published(edition: EditionView) -> Select[Any]:
    return (
        select(Entry)
        .options(*_HEAVY)
        .where(Entry.edition_id == edition.id, Entry.state == State.ACCEPTED, Entry.published_at.is_not(None))
    )
