"""Builders for the authors of a dossier: lines as the page sends them, an invited author, the token of a letter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.contests.models import Edition
from core.contests.values import EditionView
from core.entries.content import authors_of
from core.entries.models import Entry, EntryAuthor
from core.entries.services import invite_author, save_authors
from core.entries.services.author_rows import lines_of, stamp_of
from core.kernel.actor import Actor
from core.kernel.db import session
from core.people.models import Account
from tests.support.factories import NOW, make_account
from tests.support.people import last_letter

INVITED = "hoa@example.vn"


def row(name: str, **parts: Any) -> dict[str, Any]:
    """One author as the page sends it."""
    empty = {"id": "", "role": "member", "birth_year": "", "workplace": "", "share": "", "email": ""}
    return {**empty, "name": name, **parts}


def rows_of(entry: Entry) -> list[dict[str, Any]]:
    """The list as the page would send it back unchanged."""
    return [
        row(
            one.name,
            id=str(one.id),
            role=one.role,
            birth_year=str(one.birth_year or ""),
            workplace=one.workplace,
            share="" if one.share is None else str(one.share),
            email=one.email,
        )
        for one in lines_of(entry)
    ]


def put_authors(
    entry: Entry, edition: EditionView, rows: Sequence[Mapping[str, Any]], actor: Actor
) -> list[EntryAuthor]:
    """Save the list on top of what stands, and give it back in order."""
    save_authors(entry, edition, rows, stamp=stamp_of(lines_of(entry)), actor=actor, now=NOW)
    return authors_of([entry.id])[entry.id]


def invited_author(
    entry: Entry, edition: EditionView, actor: Actor, *, email: str = INVITED, share: str = ""
) -> tuple[EntryAuthor, str]:
    """One more author who was sent an invitation, and the token in the letter."""
    added = row("Trần Thị Hoa", email=email, share=share)
    author = put_authors(entry, edition, [*rows_of(entry), added], actor)[-1]
    invite_author(entry, edition, author.id, actor=actor, now=NOW)
    return author, token_to(email)


def token_to(email: str) -> str:
    """The token in the newest letter to this address."""
    session().flush()
    found = re.search(r"/du-thi/loi-moi/([A-Za-z0-9_-]+)", last_letter(email).body)
    assert found is not None, "the letter has no link"
    return found[1]


def co_author(email: str = INVITED) -> Account:
    """An account of the invited."""
    return make_account(email, name="Trần Thị Hoa")


def ask_for_shares(edition: Edition, *, confirmation: str = "nhắc") -> None:
    """Let the edition ask the shares of authors."""
    settings = {"author_shares": True, "author_confirmation": confirmation}
    edition.settings = {**edition.settings, "core": settings}
    session().flush()
