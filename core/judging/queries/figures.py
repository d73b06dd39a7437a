"""What the statistics of a round are made from, and all of them together; a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import of_sheet, under_conflict
from core.judging.models import Assignment, Judge, Sheet, SheetScore
from core.judging.noise import Noise
from core.judging.pace import Pace, first_openings, paces
from core.judging.paper_models import PaperSheet
from core.judging.queries.ranking import RankRow, ranking
from core.judging.states import SheetState
from core.judging.statistics import (
    Band,
    EntryFigures,
    JudgeFigures,
    Mark,
    bands,
    entry_figures,
    judge_figures,
    noise_of_marks,
)
from core.kernel.db import session
from core.people.models import Account
from core.plugin_api import Round


@dataclass(frozen=True, slots=True)
class Statistics:
    """A round in figures. `names`: judge's number → name; `own`: entry → its row of the rules' own order.

    `noise` is None while the sheets do not tell it; there are no `bands` then.
    """

    sheets: int
    judges: tuple[JudgeFigures, ...]
    entries: tuple[EntryFigures, ...]
    bands: tuple[Band, ...]
    paces: tuple[Pace, ...]
    own: Mapping[str, RankRow]
    names: Mapping[str, str]
    noise: Noise | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A locked sheet with what is kept of how it came about: whose, when it was locked, and since when the round's
    dossiers lay before judges. `on_paper`: it was keyed in, and its instants are those of the keying."""

    mark: Mark
    account: UUID
    entry: UUID
    locked_at: datetime
    since: datetime
    on_paper: bool


def kept_sheets(edition: EditionView, round_key: str) -> list[Kept]:
    """Every sheet of a round that counts, of entries in the contest. One query."""
    others = aliased(Assignment)
    since = (
        select(func.min(others.at))
        .where(others.edition_id == edition.id, others.round == round_key)
        .scalar_subquery()
    )
    paper = (
        select(PaperSheet.id)
        .where(
            PaperSheet.judge_id == Sheet.judge_id,
            PaperSheet.entry_id == Sheet.entry_id,
            PaperSheet.round == Sheet.round,
            PaperSheet.locked_at.is_not(None),
        )
        .exists()
    )
    columns = (
        Judge.number,
        Entry.code,
        Sheet.begun_at,
        Judge.account_id,
        Entry.id,
        Sheet.locked_at,
    )
    ask = (
        select(
            *columns, func.sum(SheetScore.points).label("total"), since.label("since"), paper.label("paper")
        )
        .select_from(Sheet)
        .join(Judge, Judge.id == Sheet.judge_id)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Assignment, of_sheet())
        .join(SheetScore, SheetScore.sheet_id == Sheet.id)
        .where(Sheet.edition_id == edition.id, Sheet.round == round_key)
        .where(Sheet.state == SheetState.LOCKED, ~under_conflict(), Entry.state == State.ACCEPTED)
        .group_by(Sheet.tenant_id, Sheet.id, *columns)
    )
    return [
        Kept(
            mark=Mark(row.number, row.code or "", row.total, None if row.paper else row.begun_at),
            account=row.account_id,
            entry=row.id,
            locked_at=row.locked_at,
            since=row.since,
            on_paper=row.paper,
        )
        for row in session().execute(ask)
        if row.locked_at is not None
    ]


def statistics_of(edition: EditionView, judging_round: Round, *, hides: bool = False) -> Statistics:
    """All figures of a round. `hides` says that the session leaves out entries for the reader. Six queries at most."""
    found = kept_sheets(edition, judging_round.key)
    marks = [one.mark for one in found]
    noise = noise_of_marks(marks)
    figures = entry_figures(marks, noise)
    own = ranking(edition, judging_round, hides=hides, per_page=None)
    return Statistics(
        sheets=len(marks),
        judges=tuple(judge_figures(marks, noise)),
        entries=tuple(figures),
        bands=() if noise is None else tuple(bands(figures, noise)),
        paces=tuple(paces(_times(found))),
        own={row.code: row for row in own.rows},
        names=_names(edition.id),
        noise=noise,
    )


def _times(found: Iterable[Kept]) -> dict[str, list[timedelta]]:
    """Judge → the time from the first opening in this round to the locking of each sheet of which both are known."""
    read = [one for one in found if not one.on_paper]
    opened = first_openings({one.account for one in read}, min((one.since for one in read), default=None))
    times: dict[str, list[timedelta]] = defaultdict(list)
    for one in read:
        at = opened.get((one.account, one.entry))
        if at is not None and at <= one.locked_at:
            times[one.mark.judge].append(one.locked_at - at)
    return times


def _names(edition_id: UUID) -> dict[str, str]:
    ask = select(Judge.number, Account.name).join(Account, Account.id == Judge.account_id)
    return {row[0]: row[1] for row in session().execute(ask.where(Judge.edition_id == edition_id))}
