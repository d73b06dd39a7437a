"""How a round goes on: what each judge has left, when he was last at it and last reminded, and when he will be done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import counts_or_awaited, of_sheet
from core.judging.blind import reads_its_judge_blind, waits_for_approval
from core.judging.forecast import Forecast, Work, common_pace, foretell, of_round
from core.judging.models import Assignment, Judge, Sheet
from core.judging.round_ends import EndOfRound, end_of_round
from core.judging.round_models import JudgeReminder
from core.judging.states import SheetState
from core.kernel.clock import local
from core.kernel.db import session
from core.people.models import Account

CHART_DAYS = 14


@dataclass(frozen=True, slots=True)
class JudgeOutlook:
    """An active judge in a round: sheets left that he can do, those whose dossier he cannot open yet, all, his last
    activity and reminder, and the forecast."""

    number: str
    name: str
    left: int
    waiting: int
    total: int
    last_at: datetime | None
    reminded_at: datetime | None
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class RoundOutlook:
    """A round: its judges by number, the forecast, what is left and can be done, what waits for the approval of a blind
    dossier, days left until its end, and how many sheets were done each day."""

    judges: tuple[JudgeOutlook, ...]
    forecast: Forecast
    left: int
    waiting: int
    days_left: int
    end: EndOfRound
    by_day: tuple[tuple[date, int], ...]


def round_outlook(edition: EditionView, round_key: str, now: datetime) -> RoundOutlook:
    """How a round goes on at `now`. Four queries."""
    end = end_of_round(edition, round_key)
    today, last_day = local(now).date(), end.last_day
    totals: Counter[UUID] = Counter()
    waiting: Counter[UUID] = Counter()
    finished: dict[UUID, list[date]] = defaultdict(list)
    since: dict[UUID, date] = {}
    last_at: dict[UUID, datetime] = {}
    for row in session().execute(_sheets(edition, round_key)):
        totals[row.judge_id] += 1
        if row.state in {SheetState.LOCKED, SheetState.ABSTAINED}:
            finished[row.judge_id].append(local(row.done_at).date())
        elif row.waits:
            waiting[row.judge_id] += 1
        elif not row.blind:  # since when a judge of a blind round could read it is not looked for
            assigned = local(row.at).date()
            since[row.judge_id] = min(assigned, since.get(row.judge_id, assigned))
        if row.updated_at is not None:
            last_at[row.judge_id] = max(row.updated_at, last_at.get(row.judge_id, row.updated_at))
    reminded = _reminded(edition.id, round_key)
    council = (
        select(Judge.id, Judge.number, Account.name)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.edition_id == edition.id, Judge.is_active.is_(True))
    )
    people = [row for row in session().execute(council) if totals[row.id]]
    works = {
        row.id: Work(
            left=totals[row.id] - len(finished[row.id]) - waiting[row.id],
            finished=tuple(finished[row.id]),
            waiting=waiting[row.id],
            since=since.get(row.id),
        )
        for row in people
    }
    common = common_pace(works.values(), today)
    rows = [
        JudgeOutlook(
            number=row.number,
            name=row.name,
            left=works[row.id].left,
            waiting=waiting[row.id],
            total=totals[row.id],
            last_at=last_at.get(row.id),
            reminded_at=reminded.get(row.id),
            forecast=foretell(works[row.id], today, last_day, common),
        )
        for row in people
    ]
    days_left = 0 if last_day is None else max(0, (last_day - today).days + 1)
    return RoundOutlook(
        judges=tuple(sorted(rows, key=lambda one: int(one.number[1:]))),
        forecast=of_round(one.forecast for one in rows),
        left=sum(one.left for one in rows),
        waiting=sum(one.waiting for one in rows),
        days_left=days_left,
        end=end,
        by_day=_by_day([day for days in finished.values() for day in days], today),
    )


def _sheets(edition: EditionView, round_key: str) -> Select[Any]:
    done_at = case((Sheet.state == SheetState.LOCKED, Sheet.locked_at), else_=Sheet.updated_at)
    return (
        select(
            Assignment.judge_id,
            Assignment.at,
            Sheet.state,
            done_at.label("done_at"),
            Sheet.updated_at,
            reads_its_judge_blind(edition, round_key).label("blind"),
            waits_for_approval(edition, round_key).label("waits"),
        )
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(Sheet, of_sheet())
        .where(Assignment.edition_id == edition.id, Assignment.round == round_key)
        .where(Entry.state == State.ACCEPTED, counts_or_awaited())
    )


def _reminded(edition_id: UUID, round_key: str) -> Mapping[UUID, datetime]:
    ask = (
        select(JudgeReminder.judge_id, func.max(JudgeReminder.at).label("at"))
        .join(Judge, Judge.id == JudgeReminder.judge_id)
        .where(Judge.edition_id == edition_id, JudgeReminder.round == round_key)
        .group_by(JudgeReminder.judge_id)
    )
    return {row.judge_id: row.at for row in session().execute(ask)}


def _by_day(days: list[date], today: date) -> tuple[tuple[date, int], ...]:
    """The last fortnight, each day with the sheets finished on it."""
    counted = Counter(days)
    shown = [today - timedelta(days=back) for back in range(CHART_DAYS - 1, -1, -1)]
    return tuple((day, counted[day]) for day in shown)
