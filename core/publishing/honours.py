"""The honours board of a published edition."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from core.contests.models import Unit
from core.contests.values import EditionView
from core.entries.content import authors_of
from core.entries.models import Entry
from core.kernel.db import session
from core.results.models import Decision, DecisionItem, Publication


@dataclass(frozen=True, slots=True)
class Honours:
    """The tiers from the highest down, each with its laureates, as macros/honours.html takes them."""

    tiers: tuple[dict[str, Any], ...]
    number: str


def is_published(edition: EditionView) -> bool:
    """Whether the edition's result is public. One query."""
    ask = select(Publication.id).where(Publication.edition_id == edition.id)
    return session().execute(ask).first() is not None


def honours_of(edition: EditionView) -> Honours:
    """Who was honoured, by the committee's decision. Three queries."""
    ask = (
        select(
            DecisionItem.kind,
            DecisionItem.tier,
            Entry.id,
            Entry.code,
            Entry.title,
            Unit.name,
            Decision.number,
        )
        .join(Decision, Decision.id == DecisionItem.decision_id)
        .join(Entry, Entry.id == DecisionItem.entry_id)
        .outerjoin(Unit, Unit.id == Entry.unit_id)
        .where(Decision.edition_id == edition.id, DecisionItem.tier.is_not(None))
        .order_by(Entry.code)
    )
    rows = list(session().execute(ask))
    authors = authors_of([row.id for row in rows])
    won: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        laureate = {
            "names": [author.name for author in authors[row.id]],
            "title": row.title,
            "unit": row.name,
            "href": url_for("gallery.entry", code=row.code),
        }
        won[row.tier].append(laureate)
    scheme = edition.rules.award_scheme()
    named = [(tier.key, tier.name) for tier in scheme.tiers]
    named += [(special.key, special.name) for special in scheme.specials]
    tiers = tuple({"name": name, "note": None, "laureates": won[key]} for key, name in named if won.get(key))
    return Honours(tiers, rows[0].number if rows else "")
