"""The list of authors as rows: put in order, changed in place, so that who has confirmed stays who has confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from core.entries.content import authors_of
from core.entries.models import AuthorInvitation, Entry, EntryAuthor, EntryRight
from core.entries.policies import email_digest, is_owner
from core.kernel.actor import Actor
from core.kernel.canonical import sha256_of
from core.kernel.db import session
from core.kernel.text import fold
from core.people.models import Account
from core.plugin_api import AuthorRole

BY_ACCOUNT, ON_PAPER = "account", "paper"
_TERMS = ("name", "role", "share")
_PARTS = (*_TERMS, "birth_year", "workplace")


@dataclass(frozen=True, slots=True)
class AuthorLine:
    """One author as wanted; `id` names the row that it changes, None makes a new one. `share` in percent."""

    name: str
    role: str
    birth_year: int | None = None
    workplace: str = ""
    share: Decimal | None = None
    email: str = ""
    id: UUID | None = None


def invitations_of(entry: Entry) -> dict[UUID, AuthorInvitation]:
    """Where each author of the dossier is reached, by author. One query."""
    ask = select(AuthorInvitation).where(AuthorInvitation.entry_id == entry.id)
    return {one.author_id: one for one in session().scalars(ask)}


def lines_of(entry: Entry) -> list[AuthorLine]:
    """The list as it stands, addresses too. Two queries."""
    return lines_with(authors_of([entry.id])[entry.id], invitations_of(entry))


def lines_with(authors: Iterable[EntryAuthor], reached: Mapping[UUID, AuthorInvitation]) -> list[AuthorLine]:
    """The list as it stands, from what was read already."""
    return [_line(row, reached.get(row.id)) for row in authors]


def stamp_of(lines: Iterable[AuthorLine]) -> str:
    """What a page carries to tell whether the list was changed since: a digest of all of it."""
    return sha256_of(
        [
            {
                "id": "" if one.id is None else str(one.id),
                "name": one.name,
                "role": one.role,
                "birth_year": one.birth_year,
                "workplace": one.workplace,
                "share": None if one.share is None else format(one.share.normalize(), "f"),
                "email": email_digest(one.email) if one.email else "",
            }
            for one in lines
        ]
    )


def terms_of(author: EntryAuthor) -> str:
    """A digest of what an author confirms: name, role and share."""
    share = None if author.share is None else format(author.share.normalize(), "f")
    return sha256_of({"name": author.name, "role": author.role, "share": share})


def lines_from(rows: Sequence[Mapping[str, Any]], current: Sequence[AuthorLine]) -> list[AuthorLine]:
    """Rows that name no ids (the API, the plain form) as lines, each joined to the author that it most likely is.

    The same name and year of birth, else the same name, else the same place in a list of the same length. What a row
    does not say (share, address) stays as it is.
    """
    left = list(current)
    found: dict[int, AuthorLine] = {}
    for is_same in (_same_person, _same_name):
        for place, row in enumerate(rows):
            same = next((one for one in left if is_same(row, one)), None) if place not in found else None
            if same is not None:
                found[place] = same
                left.remove(same)
    if len(rows) == len(current):
        for place in range(len(rows)):
            if place not in found and current[place] in left:
                found[place] = current[place]
    return [_merged(row, found.get(place)) for place, row in enumerate(rows)]


def apply_lines(
    entry: Entry, wanted: Sequence[AuthorLine], *, actor: Actor, now: datetime
) -> tuple[EntryAuthor, ...]:
    """Make the list of authors `wanted`; returns those whose confirmation with an account no longer fits.

    A change of name, role or share takes an author's confirmation away and ends the link sent before; a new address
    also unties the account. Who leaves the list by the owner's hand loses the right to the dossier. What somebody
    changes in the line of their own is confirmed by it. The dossier's row must be locked.
    """
    current = {row.id: row for row in authors_of([entry.id])[entry.id]}
    reached = invitations_of(entry)
    kept = [(current.pop(line.id) if line.id in current else None, line) for line in wanted]
    for row in current.values():
        _remove(entry, row, reached.get(row.id), actor)
    _set_addresses(entry, [(row, line) for row, line in kept if row is not None], reached, actor)
    rows = _placed(entry, kept)
    session().add_all(
        _reached(entry, row, line.email)
        for row, (before, line) in zip(rows, kept, strict=True)
        if before is None and line.email
    )
    session().flush()
    changed = {
        row.id: row.confirmed_how
        for (before, line), row in zip(kept, rows, strict=True)
        if _change(row, line, before)
    }
    _confirm_own(entry, rows, changed.keys(), actor=actor, now=now)
    again = tuple(row for row in rows if changed.get(row.id) == BY_ACCOUNT and row.confirmed_at is None)
    for author_id, held in invitations_of(entry).items():
        if author_id in changed:
            held.digest = held.expires_at = None
            held.asked_again = held.asked_again or author_id in {row.id for row in again}
    session().flush()
    return again


def _line(row: EntryAuthor, reached: AuthorInvitation | None) -> AuthorLine:
    email = "" if reached is None else reached.email
    return AuthorLine(row.name, row.role, row.birth_year, row.workplace, row.share, email, row.id)


def _same_person(row: Mapping[str, Any], line: AuthorLine) -> bool:
    return _same_name(row, line) and row.get("birth_year") == line.birth_year


def _same_name(row: Mapping[str, Any], line: AuthorLine) -> bool:
    return fold(row["name"]) == fold(line.name)


def _merged(row: Mapping[str, Any], before: AuthorLine | None) -> AuthorLine:
    return AuthorLine(
        name=row["name"],
        role=row.get("role") or str(AuthorRole.MEMBER),
        birth_year=row.get("birth_year"),
        workplace=row.get("workplace") or "",
        share=row.get("share", before.share if before else None),
        email=before.email if before else "",
        id=before.id if before else None,
    )


def _remove(entry: Entry, row: EntryAuthor, reached: AuthorInvitation | None, actor: Actor) -> None:
    if reached is not None:
        session().delete(reached)
    _untie(entry, row, actor)
    session().flush()
    session().delete(row)
    session().flush()


def _untie(entry: Entry, row: EntryAuthor, actor: Actor) -> None:
    """The account has no part in this line any more, nor a right by it when the owner says so."""
    if row.account_id is not None and is_owner(actor, entry):
        session().execute(
            delete(EntryRight).where(EntryRight.entry_id == entry.id, EntryRight.account_id == row.account_id)
        )
    row.account_id = None
    _unconfirm(row)


def _unconfirm(row: EntryAuthor) -> None:
    row.confirmed_at = row.confirmed_how = row.declined_at = None
    row.decline_reason = ""


def _set_addresses(
    entry: Entry,
    kept: Iterable[tuple[EntryAuthor, AuthorLine]],
    reached: Mapping[UUID, AuthorInvitation],
    actor: Actor,
) -> None:
    """Old addresses go before new ones come: two authors may have exchanged theirs."""
    coming = []
    for row, line in kept:
        held = reached.get(row.id)
        if (held.email if held else "") == line.email:
            continue
        if held is not None:
            session().delete(held)
            if row.account_id != entry.owner_id:
                _untie(entry, row, actor)
        if line.email:
            coming.append(_reached(entry, row, line.email))
    session().flush()
    session().add_all(coming)


def _reached(entry: Entry, row: EntryAuthor, email: str) -> AuthorInvitation:
    return AuthorInvitation(
        entry_id=entry.id, author_id=row.id, email=email, email_digest=email_digest(email), asked_again=False
    )


def _placed(entry: Entry, kept: Sequence[tuple[EntryAuthor | None, AuthorLine]]) -> list[EntryAuthor]:
    """The rows in their order, places numbered from 1; moved ones pass through a free number first."""
    moved = [
        (row, place)
        for place, (row, _line_) in enumerate(kept, 1)
        if row is not None and row.position != place
    ]
    for row, place in moved:
        row.position = -place
    session().flush()
    for row, place in moved:
        row.position = place
    rows = []
    for place, (before, line) in enumerate(kept, 1):
        rows.append(before or _new(entry, line, place))
    session().flush()
    return rows


def _new(entry: Entry, line: AuthorLine, place: int) -> EntryAuthor:
    parts = {part: getattr(line, part) for part in _PARTS}
    row = EntryAuthor(entry_id=entry.id, position=place, decline_reason="", **parts)
    session().add(row)
    return row


def _change(row: EntryAuthor, line: AuthorLine, before: EntryAuthor | None) -> bool:
    """Put the line into its row; whether what an author confirms was changed by it."""
    changed = before is not None and any(getattr(row, part) != getattr(line, part) for part in _TERMS)
    for part in _PARTS:
        setattr(row, part, getattr(line, part))
    return changed


def _confirm_own(
    entry: Entry, rows: Sequence[EntryAuthor], changed: Iterable[UUID], *, actor: Actor, now: datetime
) -> None:
    """Take away what was confirmed of `changed` lines, then take the actor's own line as confirmed by the change.

    An owner's own line is found by name; once it bears another name than its owner's it is somebody else's.
    """
    named = set(changed)
    for row in rows:
        if row.id in named:
            _unconfirm(row)
    if actor.id is None:
        return
    own = next((row for row in rows if row.account_id == actor.id), None)
    if is_owner(actor, entry):
        name = fold(session().get_one(Account, (session().tenant_id, actor.id)).name)
        if own is not None and fold(own.name) != name:
            own.account_id = None
            own = None
        if own is None:
            own = _line_of_owner(entry, rows, name)
            named |= {own.id} if own is not None else set()
    if own is None or own.id not in named:
        return
    own.account_id = actor.id
    _unconfirm(own)
    own.confirmed_at, own.confirmed_how = now, BY_ACCOUNT


def _line_of_owner(entry: Entry, rows: Sequence[EntryAuthor], name: str) -> EntryAuthor | None:
    """The one line with the owner's name that is nobody's yet and that nobody else was asked to confirm."""
    reached = invitations_of(entry)
    same = [
        row for row in rows if row.account_id is None and fold(row.name) == name and row.id not in reached
    ]
    return same[0] if len(same) == 1 else None
