"""The list of authors of a dossier, saved as a whole; and what its rules ask of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.author_schema import load_lines
from core.entries.content import authors_of
from core.entries.models import Entry
from core.entries.services.author_invitations import invite_author, send_invitation
from core.entries.services.author_rows import AuthorLine, apply_lines, invitations_of, lines_of, stamp_of
from core.entries.services.drafts import refold, require_editable
from core.entries.services.moves import fresh
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import DomainError

WHOLE = Decimal(100)
_CENT = Decimal("0.01")


class ListChanged(DomainError):
    """The list was changed since the page was opened; `current` is how it stands now."""

    kind = "list-changed"

    def __init__(self, current: Sequence[AuthorLine]) -> None:
        super().__init__(
            _(
                "Danh sách tác giả vừa được sửa ở một cửa sổ hoặc bởi một người khác. Những gì bạn vừa gõ vẫn còn đây: "
                "bạn hãy so với danh sách đã lưu rồi lưu lại nếu vẫn muốn thay."
            )
        )
        self.current = tuple(current)


def save_authors(
    entry: Entry,
    edition: EditionView,
    rows: Sequence[Mapping[str, Any]],
    *,
    stamp: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Make the list of authors what was typed, all or nothing; returns how many got a letter to confirm again.

    `rows` as `author_schema` takes them; empty ones are left out. `stamp` is `stamp_of` the list that the page showed.
    Saving the same twice changes nothing. Raises Forbidden, MoveRefused, Invalid (`authors.<row>.<part>`) and
    ListChanged when another save came between.
    """
    require_editable(fresh(entry), actor)
    session().expire_all()
    wanted = load_lines(rows)
    current = lines_of(entry)
    if _bare(wanted) == _bare(current):
        return 0
    if stamp != stamp_of(current):
        raise ListChanged(current)
    again = apply_lines(entry, wanted, actor=actor, now=now)
    entry.updated_at = now
    refold(entry)
    session().flush()
    data = {"authors": len(wanted)}
    audit.append("entry.authors_changed", entry.code or entry.ref, data, actor=actor, now=now)
    return sum(send_invitation(entry, edition, author, actor=actor, now=now) for author in again)


def invite_all(entry: Entry, edition: EditionView, *, actor: Actor, now: datetime) -> int:
    """Invite every author who has an address and has neither confirmed nor a link that holds; how many letters went."""
    sent = 0
    for author_id in _waiting(entry, now):
        sent += invite_author(entry, edition, author_id, actor=actor, now=now)
    return sent


def equal_shares(count: int) -> list[Decimal]:
    """100 % in `count` parts of two decimals that add up exactly; the first ones take the odd hundredths."""
    if count < 1:
        return []
    low = (WHOLE / count).quantize(_CENT, ROUND_DOWN)
    odd = int((WHOLE - low * count) / _CENT)
    return [low + _CENT if place < odd else low for place in range(count)]


def _bare(lines: Sequence[AuthorLine]) -> list[tuple[Any, ...]]:
    """The lines without their ids: a second press sends a new author without one."""
    return [(one.name, one.role, one.birth_year, one.workplace, one.share, one.email) for one in lines]


def _waiting(entry: Entry, now: datetime) -> Iterator[UUID]:
    reached = invitations_of(entry)
    for author in authors_of([entry.id])[entry.id]:
        held = reached.get(author.id)
        if held is None or author.confirmed_at is not None or author.declined_at is not None:
            continue
        if held.digest is None or held.expires_at is None or held.expires_at <= now:
            yield author.id
