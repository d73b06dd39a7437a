"""Reads of imports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import case, or_, select

from core.contests.values import EditionView
from core.entries.barring import barred_names
from core.entries.models import Entry
from core.imports.models import ImportRow, ImportRun
from core.imports.services import outcome_counts
from core.imports.states import Outcome
from core.kernel.db import everything_found, session

PAGE = 100
MOST_ERRORS = 200


@dataclass(frozen=True, slots=True)
class RunPage:
    """An import as its page shows it: counts by outcome, the first errors, one page of rows."""

    counts: dict[Outcome, int]
    errors: list[dict[str, Any]]
    error_total: int
    rows: list[tuple[ImportRow, str | None]]
    page: int
    pages: int


def runs_of(edition: EditionView, limit: int = 20) -> list[ImportRun]:
    """The newest imports of an edition. One query."""
    ask = select(ImportRun).where(ImportRun.edition_id == edition.id)
    return list(session().scalars(ask.order_by(ImportRun.at.desc(), ImportRun.id.desc()).limit(limit)))


def run_page(run: ImportRun, page: int = 1) -> RunPage:
    """What an import's page shows, what has errors first. Three queries."""
    counts = outcome_counts(run.id)
    total = sum(counts.values())
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    bad_first = case((ImportRow.outcome == Outcome.BAD, 0), else_=1)
    ask = (
        select(ImportRow, Entry.code)
        .outerjoin(Entry, Entry.ref == ImportRow.entry_ref)
        .where(ImportRow.run_id == run.id, ImportRow.note.not_in(barred_names()))
        .order_by(bad_first, ImportRow.number)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    rows = [(row, code) for row, code in session().execute(ask)]
    errors = errors_of(run.id)
    return RunPage(counts, errors[:MOST_ERRORS], len(errors), rows, page, pages)


def errors_of(run_id: UUID) -> list[dict[str, Any]]:
    """Every error of an import in the order of the sheet. One query."""
    ask = select(ImportRow.errors).where(ImportRow.run_id == run_id, ImportRow.outcome == Outcome.BAD)
    return [one for errors in session().scalars(ask.order_by(ImportRow.number)) for one in errors]


def closed_rows(run_id: UUID) -> dict[int, str]:
    """Number → key of the rows that became, or already were, a dossier this request's actor is kept from.

    One query, and none for who is kept from nothing.
    """
    names = barred_names()
    if not names:
        return {}
    ask = select(ImportRow.number, ImportRow.key).where(ImportRow.run_id == run_id)
    with everything_found(session()):
        rows = session().execute(ask.where(or_(ImportRow.entry_ref.in_(names), ImportRow.note.in_(names))))
        return {number: key for number, key in rows}  # noqa: C416
