"""Reads of imports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import case, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.imports.models import ImportRow, ImportRun
from core.imports.services import outcome_counts
from core.imports.states import Outcome
from core.kernel.db import session

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
        .where(ImportRow.run_id == run.id)
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
