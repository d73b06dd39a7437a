"""What the statistics of a round are made from, and all of them together; a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import of_sheet, under_conflict
from core.judging.models import Assignment, Judge, Sheet, SheetScore
from core.judging.pace import Pace, first_openings, paces
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
    noise_of_a_sheet,
)
from core.kernel.db import session
from core.people.models import Account
from core.plugin_api import Round


@dataclass(frozen=True, slots=True)
class Statistics:
    """A round in figures. `names`: judge's number → name; `own`: entry → its row of the rules' own order.

    `noise` is the variance of one sheet around its entry's mean; None while no entry has two sheets.
    """

    sheets: int
    judges: tuple[JudgeFigures, ...]
    entries: tuple[EntryFigures, ...]
    bands: tuple[Band, ...]
    paces: tuple[Pace, ...]
    own: Mapping[str, RankRow]
    names: Mapping[str, str]
    noise: Decimal | None


def marks_of(edition: EditionView, round_key: str) -> list[tuple[Mark, UUID, UUID]]:
    """Every sheet of a round that counts, of entries in the contest: with the account and the entry. One query."""
    ask = (
        select(
            Judge.number,
            Entry.code,
            func.sum(SheetScore.points),
            Sheet.locked_at,
            Judge.account_id,
            Entry.id,
        )
        .select_from(Sheet)
        .join(Judge, Judge.id == Sheet.judge_id)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Assignment, of_sheet())
        .join(SheetScore, SheetScore.sheet_id == Sheet.id)
        .where(Sheet.edition_id == edition.id, Sheet.round == round_key)
        .where(Sheet.state == SheetState.LOCKED, ~under_conflict(), Entry.state == State.ACCEPTED)
        .group_by(Sheet.id, Judge.number, Entry.code, Sheet.locked_at, Judge.account_id, Entry.id)
    )
    return [
        (Mark(number, code or "", total, at), account, entry)
        for number, code, total, at, account, entry in session().execute(ask)
        if at is not None
    ]


def statistics_of(edition: EditionView, judging_round: Round, *, hides: bool = False) -> Statistics:
    """All figures of a round. `hides` says that the session leaves out entries for the reader. Six queries at most."""
    found = marks_of(edition, judging_round.key)
    marks = [mark for mark, _account, _entry in found]
    figures = entry_figures(marks)
    accounts = {account for _mark, account, _entry in found}
    opened = first_openings(accounts)
    times: dict[str, list[timedelta]] = defaultdict(list)
    for mark, account, entry in found:
        at = opened.get((account, entry))
        if at is not None and at <= mark.locked_at:
            times[mark.judge].append(mark.locked_at - at)
    own = ranking(edition, judging_round, hides=hides, per_page=None)
    variance = noise_of_a_sheet(marks)
    return Statistics(
        sheets=len(marks),
        judges=tuple(judge_figures(marks)),
        entries=tuple(figures),
        bands=tuple(bands(figures)),
        paces=tuple(paces(times)),
        own={row.code: row for row in own.rows},
        names=_names(edition.id),
        noise=None if variance is None else Decimal(variance.numerator) / Decimal(variance.denominator),
    )


def _names(edition_id: UUID) -> dict[str, str]:
    ask = select(Judge.number, Account.name).join(Account, Account.id == Judge.account_id)
    return {row[0]: row[1] for row in session().execute(ask.where(Judge.edition_id == edition_id))}
