"""Who opened a dossier: each opening by somebody other than its owner leaves a line that its owner can read.

A page that only reads is rolled back, so the line is written in a short transaction of its own, after that of the
request has ended and before the answer leaves: what is shown has its line, and when the line cannot be written nothing
is shown. A job would be a row as well, with more to do later; a list in memory would be lost with its process. What it
costs is one insert that does nothing when the line of this person, dossier and hour stands already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from flask import Flask, Response, g, has_request_context
from sqlalchemy import and_, func, select

from core.entries.events import DossierOpened
from core.entries.models import Entry
from core.judging.pace import tells_openings
from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.db import session, set_write_intent
from core.kernel.events import listens_to
from core.kernel.prepared import insert_once
from core.kernel.uow import unit_of_work
from core.people.models import Account
from core.privacy.models import DossierOpening

SHOWS = frozenset({200, 206, 304, 409, 422})
"""Answers that show something of a dossier; a refusal does not."""
LEADS = frozenset({302, 303})
"""Answers that hand out an address: that of a file's content opens it, wherever the content lies."""
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class Opening:
    """A person's openings of a dossier within an hour; `name` is empty for who may not be named."""

    at: datetime
    role: str
    name: str
    has_files: bool


@listens_to(DossierOpened)
def note_opening(event: DossierOpened) -> None:
    """Remember it until the answer is ready; nothing is recorded of an owner, or outside a request."""
    if has_request_context() and event.account_id not in (None, event.owner_id):
        g.setdefault("openings", set()).add(event)


def init_openings(app: Flask) -> None:
    """Record what each request of `app` opened. Registered before what ends the unit of work, so it runs after it."""

    @app.after_request
    def record(response: Response) -> Response:
        noted = g.pop("openings", None)
        if noted and response.status_code in LEADS:
            noted = {one for one in noted if one.what == "file"}
        if noted and response.status_code in SHOWS | LEADS:
            set_write_intent(writes=True)
            with unit_of_work():
                record_openings(noted, now=g.get("now") or real_now())  # the edition's clock, as beside it
        return response


def record_openings(noted: Iterable[DossierOpened], *, now: datetime) -> int:
    """Write a line for each, unless its hour has one; returns how many are new."""
    hour = _hour_of(now)
    unique = ("entry_id", "account_id", "what", "hour")
    new = 0
    for one in sorted(noted, key=lambda event: (event.entry_id, event.what)):
        values = {
            "entry_id": one.entry_id,
            "account_id": one.account_id,
            "role": one.role,
            "what": one.what,
            "hour": hour,
            "at": now,
        }
        new += insert_once(DossierOpening, unique, values)
    return new


def openings_of(entry: Entry) -> list[Opening]:
    """Who opened the dossier, newest first: judges by their part alone, officers by name. One query."""
    ask = (
        select(DossierOpening, Account.name)
        .join(
            Account,
            and_(Account.tenant_id == DossierOpening.tenant_id, Account.id == DossierOpening.account_id),
        )
        .where(DossierOpening.entry_id == entry.id)
        .order_by(DossierOpening.hour.desc(), DossierOpening.account_id, DossierOpening.at)
        .limit(2 * MOST_LINES)
    )
    rows = session().execute(ask).all()
    folded = [
        _folded([row[0] for row in found], name)
        for (_hour, _account, name), found in groupby(
            rows, key=lambda row: (row[0].hour, row[0].account_id, row[1])
        )
    ]
    return folded[:MOST_LINES]


def _folded(lines: list[DossierOpening], name: str) -> Opening:
    first = lines[0]
    hidden = any(line.role == Role.JUDGE for line in lines)
    return Opening(
        at=min(line.at for line in lines),
        role=str(Role.JUDGE) if hidden else first.role,
        name="" if hidden else name,
        has_files=any(line.what == "file" for line in lines),
    )


@tells_openings
def first_openings_of(accounts: Iterable[UUID], since: datetime) -> dict[tuple[UUID, UUID], datetime]:
    """When each of these accounts first opened each dossier since an instant. One query.

    A line tells of the first opening in an hour alone. One in the hour of `since`, but before it, is taken for an
    opening at `since`: who opened the dossier again within that hour left no line of it, and must not look quicker
    than he was.
    """
    first = func.min(DossierOpening.at)
    ask = (
        select(DossierOpening.account_id, DossierOpening.entry_id, first)
        .where(DossierOpening.account_id.in_(tuple(accounts)), DossierOpening.hour >= _hour_of(since))
        .group_by(DossierOpening.account_id, DossierOpening.entry_id)
    )
    return {(row[0], row[1]): max(row[2], since) for row in session().execute(ask)}


def _hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
