"""Reads of the outbox: for the committee, and for the person a letter was meant for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select

from core.kernel.db import session
from core.kernel.mail import UNDELIVERED, Mail, MailState
from core.kernel.suppression import suppression_of

PAGE = 30
MOST_MISSED = 50
UNDER_WAY = (MailState.QUEUED, MailState.SENDING)


@dataclass(frozen=True, slots=True)
class MailRow:
    """A message in a list, without its words: `subject` is empty where they are not the committee's.

    Where the words were removed after their time of keeping, so were the recipient's name and address.
    """

    id: UUID
    recipient: str
    recipient_name: str
    kind: str
    subject: str
    about: str | None
    state: MailState
    at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None
    error: str | None
    words_removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """One page of the outbox; `counts` of the whole outbox by state."""

    rows: tuple[MailRow, ...]
    counts: dict[MailState, int]
    page: int
    pages: int
    total: int


def outbox(states: Sequence[MailState] = (), words: str = "", page: int = 1) -> OutboxPage:
    """Messages in `states` (none named: all) whose recipient or dossier matches; what did not arrive and can be
    sent again first.

    Two queries.
    """
    found = session().execute(select(Mail.state, func.count()).group_by(Mail.state))
    counts = dict.fromkeys(MailState, 0) | {MailState(state): number for state, number in found}
    conditions = _matching(states, words)
    undelivered_first = case((Mail.state.in_(UNDELIVERED) & Mail.words_removed_at.is_(None), 0), else_=1)
    total = func.count().over()
    ask = select(*_COLUMNS, total).where(*conditions).order_by(undelivered_first, Mail.id.desc())
    rows = session().execute(ask.limit(PAGE).offset((max(page, 1) - 1) * PAGE)).all()
    matching = int(rows[0][-1]) if rows else 0  # type: ignore[arg-type]
    return OutboxPage(
        tuple(_row(row) for row in rows), counts, max(page, 1), max(1, -(-matching // PAGE)), matching
    )


def undelivered_count() -> int:
    """How many letters did not arrive, of those whose address still takes none. One query."""
    ask = select(func.count()).select_from(Mail).where(Mail.state.in_(UNDELIVERED))
    return session().scalars(ask).one()


def mail_by_id(mail_id: UUID) -> Mail | None:
    """The tenant's message with this id. One query."""
    return session().scalars(select(Mail).where(Mail.id == mail_id)).one_or_none()


def letters_to(address: str, limit: int = 20) -> list[MailRow]:
    """The newest letters to a person, newest first. One query."""
    ask = select(*_COLUMNS).where(Mail.recipient == address).order_by(Mail.id.desc()).limit(limit)
    return [_row(row) for row in session().execute(ask)]


def letters_about(names: Sequence[str]) -> list[MailRow]:
    """The letters about a dossier, by its code or ref, newest first. One query."""
    ask = select(*_COLUMNS).where(Mail.about.in_(names)).order_by(Mail.id.desc()).limit(50)
    return [_row(row) for row in session().execute(ask)]


def unreached(address: str) -> tuple[str | None, int]:
    """Why letters to `address` do not arrive (the server's words; None when they do), and how many did not since
    the last one that did.

    Two queries.
    """
    held = suppression_of(address)
    ask = select(Mail.state).where(Mail.recipient == address, Mail.state.not_in(UNDER_WAY))
    states = session().scalars(ask.order_by(Mail.id.desc()).limit(MOST_MISSED)).all()
    missed = sum(1 for _state in takewhile(lambda state: state in UNDELIVERED, states))
    return (None if held is None else held.words), missed


_COLUMNS = (
    Mail.id,
    Mail.recipient,
    Mail.recipient_name,
    Mail.kind,
    Mail.subject,
    Mail.about,
    Mail.state,
    Mail.at,
    Mail.sent_at,
    Mail.next_try_at,
    Mail.error,
    Mail.words_removed_at,
    Mail.is_open,
)


def _matching(states: Sequence[MailState], words: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if states:
        found.append(Mail.state.in_([str(one) for one in states]))
    if words:
        asked = words.lower()
        found.append(
            or_(
                func.lower(Mail.recipient).contains(asked, autoescape=True),
                func.lower(Mail.about).contains(asked, autoescape=True),
                Mail.recipient_name.contains(words, autoescape=True),
            )
        )
    return found


def _row(row: Any) -> MailRow:
    mail_id, recipient, name, kind, subject, about, state, at, sent, due, error, removed, is_open = row[:13]
    return MailRow(
        mail_id,
        recipient,
        name,
        kind,
        subject if is_open else "",
        about,
        MailState(state),
        at,
        sent,
        due,
        error,
        removed,
    )
