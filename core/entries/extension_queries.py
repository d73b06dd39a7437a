"""Reads of extensions, for the office's page and its list of things to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.models import Entry, Extension
from core.kernel.db import session
from core.kernel.proposals import LASTS, Standing, standing
from core.people.models import Account

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Subject:
    """The dossier that an extension is for, as the office may know it: a draft only by its ref and its entrant."""

    name: str
    title: str
    owner: str


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """A proposal with what became of it; `subject` is None for all dossiers."""

    extension: Extension
    standing: Standing
    subject: Subject | None

    @property
    def lapses_at(self) -> datetime:
        """Until when it can be confirmed."""
        return self.extension.asked_at + LASTS


def extensions_of(edition: EditionView, now: datetime) -> list[ExtensionRow]:
    """The newest proposals of an edition, those that wait first. Two queries."""
    ask = select(Extension).where(Extension.edition_id == edition.id)
    found = list(session().scalars(ask.order_by(Extension.asked_at.desc(), Extension.id.desc()).limit(SHOWN)))
    subjects = _subjects_of(found)
    rows = [
        ExtensionRow(one, standing(one, now), subjects.get(one.entry_id) if one.entry_id else None)
        for one in found
    ]
    return sorted(rows, key=lambda row: row.standing is not Standing.PROPOSED)


def waiting_extensions(edition: EditionView, now: datetime) -> int:
    """How many proposals wait to be confirmed. One query."""
    ask = select(func.count()).where(
        Extension.edition_id == edition.id,
        Extension.state == Standing.PROPOSED,
        Extension.asked_at > now - LASTS,
    )
    return session().scalars(ask).one()


def subject_of(entry: Entry) -> Subject:
    """The dossier as the office may know it. One query."""
    owner = session().scalars(select(Account.name).where(Account.id == entry.owner_id)).one()
    return _subject(entry, owner)


def _subjects_of(found: Sequence[Extension]) -> dict[object, Subject]:
    wanted = {one.entry_id for one in found if one.entry_id is not None}
    ask = select(Entry, Account.name).join(Account, Account.id == Entry.owner_id).where(Entry.id.in_(wanted))
    return {entry.id: _subject(entry, owner) for entry, owner in session().execute(ask)}


def _subject(entry: Entry, owner: str) -> Subject:
    return Subject(entry.code or entry.ref, entry.title if entry.version else "", owner)
