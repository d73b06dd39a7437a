"""Reads over the whole council: progress for the office, locked sheets and abstentions for the results."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import counts_or_awaited, is_running, of_sheet, under_conflict
from core.judging.blind import waits_for_approval
from core.judging.models import Assignment, Judge, RoundEntry, Sheet, SheetScore
from core.judging.states import SheetState
from core.judging.totals_models import RoundTally
from core.judging.values import (
    Abstention,
    EntryProgress,
    JudgeProgress,
    LockedSheet,
    Passing,
    RoundStanding,
)
from core.kernel.db import session
from core.people.models import Account
from core.plugin_api import Round
from core.plugin_api import Sheet as RulesSheet

PER_PAGE = 50


def round_standings(edition: EditionView) -> tuple[RoundStanding, ...]:
    """Every round of the rules with its entries and sheets. Three queries."""
    entries = _entries_by_round(edition.id)
    judges = session().scalars(_active_judges(edition.id)).one()
    ask = _assigned(edition.id, Assignment.round, Sheet.state, func.count()).group_by(
        Assignment.round, Sheet.state
    )
    counts: dict[str, Counter[str | None]] = defaultdict(Counter)
    for key, state, number in session().execute(ask):
        counts[key][state] += number
    return tuple(
        RoundStanding(
            round=one,
            entries=entries.get(one.key, (0, 0, None))[0],
            unlike=entries.get(one.key, (0, 0, None))[1],
            false_line=entries.get(one.key, (0, 0, None))[2],
            locked=counts[one.key][SheetState.LOCKED],
            abstained=counts[one.key][SheetState.ABSTAINED],
            judges=judges,
            expected=counts[one.key].total(),
        )
        for one in edition.rules.rounds()
    )


def judge_progress(edition: EditionView, round_key: str) -> list[JudgeProgress]:
    """The council by number, with each one's sheets of a round by state. Two queries."""
    is_open = func.coalesce(Sheet.state, SheetState.DRAFT) == SheetState.DRAFT
    hidden = _number_of(and_(is_open, waits_for_approval(edition, round_key)))
    ask = _assigned(edition.id, Assignment.judge_id, Sheet.state, func.count(), hidden).where(
        Assignment.round == round_key
    )
    counts: dict[UUID, Counter[str | None]] = defaultdict(Counter)
    waiting: Counter[UUID] = Counter()
    for judge_id, state, number, unseen in session().execute(ask.group_by(Assignment.judge_id, Sheet.state)):
        counts[judge_id][state] += number
        waiting[judge_id] += unseen
    council = (
        select(Judge.id, Judge.number, Judge.is_active, Account.name, Account.email)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.edition_id == edition.id)
    )
    rows = [
        JudgeProgress(
            number=row.number,
            name=row.name,
            email=row.email,
            is_active=row.is_active,
            locked=counts[row.id][SheetState.LOCKED],
            drafts=counts[row.id][SheetState.DRAFT],
            abstained=counts[row.id][SheetState.ABSTAINED],
            total=counts[row.id].total(),
            waiting=waiting[row.id],
        )
        for row in session().execute(council)
    ]
    return sorted(rows, key=lambda row: int(row.number[1:]))


def outstanding_sheets(edition: EditionView, round_key: str) -> int:
    """How many sheets of a round the active judges have neither locked nor abstained from. Two queries."""
    return sum(row.total - row.done for row in judge_progress(edition, round_key) if row.is_active)


def entry_progress(
    edition: EditionView, round_key: str, *, page: int = 1, only_open: bool = False
) -> tuple[list[EntryProgress], int]:
    """One page of a round's entries with their sheets by state (never a score), and how many entries there are.

    `only_open` leaves out the complete ones. Two queries.
    """
    is_awaited = and_(is_running(), Judge.is_active.is_(True))
    sheets = (
        _assigned(
            edition.id,
            Assignment.entry_id,
            _number_of(Sheet.state == SheetState.LOCKED).label("locked"),
            _number_of(Sheet.state == SheetState.DRAFT).label("drafts"),
            _number_of(Sheet.state == SheetState.ABSTAINED).label("abstained"),
            _number_of(is_awaited).label("judges"),
            _number_of(
                and_(is_awaited, func.coalesce(Sheet.state, SheetState.DRAFT) == SheetState.DRAFT)
            ).label("awaited"),
        )
        .where(Assignment.round == round_key)
        .group_by(Assignment.entry_id)
        .subquery()
    )
    columns = ("locked", "drafts", "abstained", "judges", "awaited")
    locked, drafts, abstained, judges, awaited = (func.coalesce(sheets.c[one], 0) for one in columns)
    ask = (
        select(Entry.code, Entry.title, Entry.field, locked, drafts, abstained, judges, awaited)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .outerjoin(sheets, sheets.c.entry_id == Entry.id)
        .where(RoundEntry.edition_id == edition.id, RoundEntry.round == round_key)
        .where(Entry.state == State.ACCEPTED)
    )
    if only_open:
        ask = ask.where((awaited > 0) | (locked == 0))
    total = session().scalars(select(func.count()).select_from(ask.subquery())).one()
    paged = ask.order_by(Entry.code).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    rows = [EntryProgress(code or "", *rest) for code, *rest in session().execute(paged)]
    return rows, total


def counted() -> ColumnElement[bool]:
    """The criterion of locked sheets, outer joined to their assignment, that a result is made of."""
    return and_(Assignment.id.is_not(None), Sheet.locked_at.is_not(None), ~under_conflict())


def locked_sheets(edition: EditionView, *, round_key: str | None = None) -> list[LockedSheet]:
    """Every locked sheet of the edition (or of one round), by round, entry and judge. Two queries.

    A sheet under a conflict is not among them: it counts for nothing. Sheets of entries that left the contest are: the
    computation leaves those out itself.
    """
    ask = (
        select(Sheet, Judge.number, Entry.code)
        .join(Judge, Judge.id == Sheet.judge_id)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Assignment, of_sheet())
        .where(Sheet.edition_id == edition.id, Sheet.state == SheetState.LOCKED, counted())
    )
    points = (
        select(SheetScore.sheet_id, SheetScore.criterion, SheetScore.points)
        .join(Sheet, Sheet.id == SheetScore.sheet_id)
        .where(Sheet.edition_id == edition.id, Sheet.state == SheetState.LOCKED)
    )
    if round_key is not None:
        ask, points = ask.where(Sheet.round == round_key), points.where(Sheet.round == round_key)
    scores: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    for sheet_id, criterion, value in session().execute(points):
        scores[sheet_id][criterion] = value
    rows = [
        LockedSheet(
            round=sheet.round,
            judge=number,
            entry=code or "",
            scores=scores[sheet.id],
            locked_at=sheet.locked_at,
            nonce=sheet.nonce or "",
            commitment=sheet.commitment or "",
            remark=sheet.remark,
        )
        for sheet, number, code in session().execute(ask)
        if sheet.locked_at is not None  # as `counted` says; told to the type checker
    ]
    return sorted(rows, key=lambda row: (row.round, row.entry, int(row.judge[1:])))


def abstentions(edition: EditionView, *, round_key: str | None = None) -> list[Abstention]:
    """Who does not score what, and why, by round, entry and judge. One query."""
    ask = (
        select(Sheet.round, Judge.number, Entry.code, Sheet.reason)
        .join(Judge, Judge.id == Sheet.judge_id)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Assignment, of_sheet())
        .where(Sheet.edition_id == edition.id, Sheet.state == SheetState.ABSTAINED, ~under_conflict())
    )
    if round_key is not None:
        ask = ask.where(Sheet.round == round_key)
    rows = [Abstention(key, judge, code or "", reason) for key, judge, code, reason in session().execute(ask)]
    return sorted(rows, key=lambda row: (row.round, row.entry, int(row.judge[1:])))


def round_totals(edition: EditionView, judging_round: Round) -> Mapping[str, Decimal]:
    """Entry code → jury part in a round, by the rules' own aggregation of its locked sheets. Two queries."""
    sheets = [
        RulesSheet(row.round, row.judge, row.entry, row.scores)
        for row in locked_sheets(edition, round_key=judging_round.key)
    ]
    return edition.rules.aggregate_sheets(judging_round, sheets).totals


def passing(edition: EditionView, judging_round: Round) -> list[Passing]:
    """The entries of a round, best first, and who reaches the rules' threshold for the next. Three queries."""
    totals = round_totals(edition, judging_round)
    ask = (
        select(Entry.code, Entry.title)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .where(RoundEntry.edition_id == edition.id, RoundEntry.round == judging_round.key)
        .where(Entry.state == State.ACCEPTED)
    )
    least = judging_round.threshold
    rows = []
    for code, title in session().execute(ask):
        total = totals.get(code or "")
        rows.append(
            Passing(code or "", title, total, total is not None and (least is None or total >= least))
        )
    return sorted(rows, key=lambda row: (-(row.total if row.total is not None else Decimal(-1)), row.code))


def _assigned(edition_id: UUID, *shown: Any) -> Select[Any]:
    """The assignments of an edition that stand for something, each with its sheet where there is one: those that run,
    and those whose sheet is locked, save under a conflict; of entries in the contest."""
    return (
        select(*shown)
        .select_from(Assignment)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(Sheet, of_sheet())
        .where(Assignment.edition_id == edition_id, Entry.state == State.ACCEPTED, counts_or_awaited())
    )


def _number_of(criterion: ColumnElement[bool]) -> Any:
    return func.sum(case((criterion, 1), else_=0))


def _entries_by_round(edition_id: UUID) -> dict[str, tuple[int, int, int | None]]:
    """Round → how many entries it has, how many of its sheets were unlike the log, the log's first changed line."""
    tally = (RoundTally.edition_id == RoundEntry.edition_id) & (RoundTally.round == RoundEntry.round)
    unlike, false_line = func.coalesce(func.max(RoundTally.unlike), 0), func.min(RoundTally.false_line)
    ask = (
        select(RoundEntry.round, func.count(), unlike, false_line)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .outerjoin(RoundTally, tally)
        .where(RoundEntry.edition_id == edition_id, Entry.state == State.ACCEPTED)
        .group_by(RoundEntry.round)
    )
    return {key: (number, differing, line) for key, number, differing, line in session().execute(ask)}


def _active_judges(edition_id: UUID) -> Select[int]:
    return (
        select(func.count())
        .select_from(Judge)
        .where(Judge.edition_id == edition_id, Judge.is_active.is_(True))
    )
