"""Reads of the receiving office: how every dossier stands on paper, and one dossier's arrivals and scans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, select

from core.contests.values import EditionView, PhaseKind
from core.entries.listing import holding
from core.entries.models import Entry
from core.entries.paperwork import expected_papers
from core.entries.states import State
from core.intake.models import FiledFor, PaperArrival, PaperScan
from core.intake.values import Arrived, Reconciled, Standing, Timeliness, reconcile, timeliness
from core.kernel.db import session

PAGE_SIZE = 50
_ON_PAPER = (State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.REFUSED)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A dossier in the receiving office's list; `timely` is that of its newest arrival, None without one."""

    entry_id: UUID
    code: str
    title: str
    version: int
    submitted_at: datetime | None
    reconciled: Reconciled
    timely: Timeliness | None
    filed_for: str | None
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One page of that list, and how many dossiers stand how in all that the words let through."""

    rows: tuple[PaperRow, ...]
    page: int
    pages: int
    total: int
    counts: dict[Standing, int]


def paper_page(edition: EditionView, standing: Standing | None, words: str = "", page: int = 1) -> PaperPage:
    """The edition's handed-in dossiers by how they stand on paper, by code. Three queries, whatever the rows."""
    columns = (Entry.id, Entry.code, Entry.title, Entry.version, Entry.submitted_at, Entry.is_demonstration)
    ask = cast("Select[Any]", select(*columns))
    ask = ask.where(Entry.edition_id == edition.id, Entry.version > 0, Entry.state.in_(_ON_PAPER))
    found = session().execute(holding(ask, words).order_by(Entry.code)).all()
    arrivals = _arrivals_of_edition(edition)
    people = _people_of_edition(edition)
    keys = [one.key for one in expected_papers(edition)]
    closes = _deadline(edition)
    rows = [
        PaperRow(
            entry_id=row.id,
            code=row.code,
            title=row.title,
            version=row.version,
            submitted_at=row.submitted_at,
            reconciled=reconcile(keys, row.version, _counted(arrivals[row.id])),
            timely=_newest_timeliness(arrivals[row.id], closes),
            filed_for=people.get(row.id),
            is_demonstration=row.is_demonstration,
        )
        for row in found
    ]
    counts = {one: sum(row.reconciled.standing is one for row in rows) for one in Standing}
    chosen = [row for row in rows if standing is None or row.reconciled.standing is standing]
    pages = max(1, -(-len(chosen) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = tuple(chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    return PaperPage(shown, page, pages, len(chosen), counts)


def arrivals_of(entry: Entry) -> list[PaperArrival]:
    """Every arrival of a dossier, undone ones too, newest first. One query."""
    ask = select(PaperArrival).where(PaperArrival.entry_id == entry.id)
    return list(session().scalars(ask.order_by(PaperArrival.at.desc(), PaperArrival.id.desc())))


def scans_of(entry: Entry) -> list[PaperScan]:
    """The scans of a dossier's papers in the order they came. One query."""
    ask = select(PaperScan).where(PaperScan.entry_id == entry.id)
    return list(session().scalars(ask.order_by(PaperScan.added_at, PaperScan.id)))


def filed_for(entry: Entry) -> FiledFor | None:
    """For whom an officer filed the dossier; None when its owner did. One query."""
    return session().scalars(select(FiledFor).where(FiledFor.entry_id == entry.id)).one_or_none()


def arrived_of(ids: Collection[UUID]) -> dict[UUID, list[Arrived]]:
    """What arrived of each of these dossiers and was not undone, by dossier. One query."""
    ask = select(PaperArrival).where(PaperArrival.entry_id.in_(ids), PaperArrival.undone_at.is_(None))
    found: dict[UUID, list[Arrived]] = defaultdict(list)
    for one in session().scalars(ask):
        found[one.entry_id].extend(_counted([one]))
    return found


def keyed_in(ids: Collection[UUID]) -> set[UUID]:
    """Which of these dossiers an officer keyed in from paper. One query."""
    return set(session().scalars(select(FiledFor.entry_id).where(FiledFor.entry_id.in_(ids))))


def standing_of(entry: Entry, edition: EditionView, arrivals: Iterable[PaperArrival]) -> Reconciled:
    """How one dossier stands on paper."""
    keys = [one.key for one in expected_papers(edition)]
    return reconcile(keys, entry.version, _counted(arrivals))


def timeliness_of(arrival: PaperArrival, edition: EditionView) -> Timeliness | None:
    """Where an arrival lies to the edition's deadline; None where the edition takes no dossiers."""
    closes = _deadline(edition)
    return None if closes is None else timeliness(arrival.arrived_on, arrival.postmarked_on, closes)


def _deadline(edition: EditionView) -> datetime | None:
    phase = edition.phase(PhaseKind.SUBMISSION)
    return None if phase is None else phase.closes_at


def _arrivals_of_edition(edition: EditionView) -> dict[UUID, list[PaperArrival]]:
    found: dict[UUID, list[PaperArrival]] = defaultdict(list)
    ask = select(PaperArrival).join(Entry, Entry.id == PaperArrival.entry_id)
    ask = ask.where(Entry.edition_id == edition.id, PaperArrival.undone_at.is_(None))
    for one in session().scalars(ask.order_by(PaperArrival.at, PaperArrival.id)):
        found[one.entry_id].append(one)
    return found


def _people_of_edition(edition: EditionView) -> dict[UUID, str]:
    ask = select(FiledFor.entry_id, FiledFor.person).join(Entry, Entry.id == FiledFor.entry_id)
    return {row.entry_id: row.person for row in session().execute(ask.where(Entry.edition_id == edition.id))}


def _counted(arrivals: Iterable[PaperArrival]) -> list[Arrived]:
    return [Arrived(one.version, frozenset(one.items)) for one in arrivals if one.undone_at is None]


def _newest_timeliness(arrivals: list[PaperArrival], closes: datetime | None) -> Timeliness | None:
    if not arrivals or closes is None:
        return None
    return timeliness(arrivals[-1].arrived_on, arrivals[-1].postmarked_on, closes)
