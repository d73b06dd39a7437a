"""The list people vote from, in an order of each voter's own.

The order is random and changes every day, so that no entry profits from its place; it is the same on every page and
every visit of a day, because it is drawn from the voter, the edition and the date. Counts are not shown while people
vote: those who lead early would gain votes for leading. They appear with the freeze, best first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.listing import cards_of, clamp, holding
from core.entries.models import Entry
from core.entries.states import State
from core.kernel.clock import local
from core.kernel.db import session
from core.voting.queries import votes_of
from core.voting.values import Ballot, BallotRow

PER_PAGE = 24


def ballot(
    edition: EditionView,
    *,
    account_id: UUID | None,
    now: datetime,
    words: str = "",
    field: str | None = None,
    only_mine: bool = False,
    page: int = 1,
    frozen: Mapping[str, int] | None = None,
) -> Ballot:
    """One page of the published entries, 24 a page; a page beyond the end is the last one.

    `frozen` are the frozen counts, when there are any. Six queries at most.
    """
    mine = {} if account_id is None else votes_of(account_id, edition.id)
    ask = select(Entry).where(
        Entry.edition_id == edition.id, Entry.state == State.ACCEPTED, Entry.published_at.is_not(None)
    )
    if field:
        ask = ask.where(Entry.field == field)
    asked = holding(ask, words).with_only_columns(Entry.id, Entry.code)
    found = [(row.id, row.code or "") for row in session().execute(asked)]
    if only_mine:
        found = [one for one in found if one[0] in mine]
    if frozen is None:
        found.sort(key=lambda one: draw(seed_of(edition, account_id, now), one[1]))
    else:
        found.sort(key=lambda one: (-frozen.get(one[1], 0), one[1]))
    page, pages = clamp(page, len(found), PER_PAGE)
    ids = [key for key, _code in found[(page - 1) * PER_PAGE : page * PER_PAGE]]
    entries = {one.id: one for one in session().scalars(select(Entry).where(Entry.id.in_(ids)))}
    rows = tuple(
        BallotRow(card, mine.get(card.id), None if frozen is None else frozen.get(card.code, 0))
        for card in cards_of([entries[key] for key in ids])
    )
    return Ballot(rows, len(found), page, pages, len(mine))


def seed_of(edition: EditionView, account_id: UUID | None, now: datetime) -> bytes:
    """The seed of a reader's order today; strangers share one."""
    text = f"{edition.id}:{account_id or ''}:{local(now).date().isoformat()}"
    return hashlib.sha256(text.encode()).digest()


def draw(seed: bytes, code: str) -> bytes:
    """The place of an entry in the order of `seed`: entries are sorted by it."""
    return hashlib.blake2b(code.encode(), key=seed, digest_size=16).digest()
