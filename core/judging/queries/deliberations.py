"""Reads about entries whose judges differ: the list, one deliberation's room, and what minutes and results tell of it.

Each is a fixed number of queries, whatever the number of entries and judges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import is_running, of_sheet, under_conflict
from core.judging.blind import title_shown
from core.judging.council_room import Attendee, attendee_title
from core.judging.deliberation_models import Deliberation, ScoreChange
from core.judging.deliberation_values import (
    Change,
    ChangedSheet,
    DeliberationRecord,
    DeliberationState,
    DeliberationView,
    DeviationRow,
    Points,
    Scope,
    Standing,
    as_points,
    in_order,
    total_of,
)
from core.judging.deviation import Divergence, divergences, to_deliberate
from core.judging.models import Assignment, Judge, RoundEntry, Sheet, SheetScore
from core.judging.own_sheets import own_state
from core.judging.queries.standings import locked_sheets
from core.judging.states import SheetState
from core.kernel.db import session
from core.plugin_api import Round
from core.plugin_host.core_settings import NAME as CORE


def deviation_percent(edition: EditionView) -> int:
    """From how many percent of the maximum on judges differ too much."""
    return edition.values.setting_as(CORE, "deviation_percent", int)


def deviations(edition: EditionView, attendee: Attendee) -> list[DeviationRow]:
    """Every entry of the round with two locked sheets or more that the attendee may see the points of: all that a
    leader has no sheet of his own to lock for, those that another judge has finished himself or was asked to talk
    about. What waits comes first, then the widest spread. Six queries.
    """
    sheets = locked_sheets(edition, round_key=attendee.round.key)
    titles = _titles(edition, attendee)
    awaited, own = _awaited(edition, attendee), _own(attendee)
    talks = {one.code: one for one in _newest(edition, attendee.round.key)}
    percent = deviation_percent(edition)
    by_entry: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for sheet in sheets:
        by_entry[sheet.entry][sheet.judge] = total_of(sheet.scores)
    rows = []
    for found in divergences(attendee.round, sheets):
        code = found.entry
        if code not in titles or not _may_see(attendee, code, own, talks.get(code)):
            continue
        rows.append(_row(found, titles[code], by_entry[code], awaited.get(code, 0), percent, talks.get(code)))
    first = {Standing.OPEN: 0, Standing.WAITING: 1, Standing.CHANGED: 2, Standing.KEPT: 2, Standing.CLOSE: 3}
    return sorted(rows, key=lambda one: (first[one.standing], -one.total.points, one.code))


def points_of_entry(edition_id: UUID, round_key: str, entry_id: UUID) -> Points:
    """The points on the locked sheets of an entry that count, judges in their order. One query."""
    ask = (
        select(Judge.number, SheetScore.criterion, SheetScore.points)
        .select_from(Sheet)
        .join(SheetScore, SheetScore.sheet_id == Sheet.id)
        .join(Judge, Judge.id == Sheet.judge_id)
        .join(Assignment, of_sheet())
        .where(Sheet.edition_id == edition_id, Sheet.round == round_key, Sheet.entry_id == entry_id)
        .where(Sheet.state == SheetState.LOCKED, ~under_conflict())
    )
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for number, criterion, points in session().execute(ask):
        found[number][criterion] = points
    return {number: found[number] for number in in_order(list(found))}


def remarks_of_entry(edition_id: UUID, round_key: str, entry_id: UUID) -> list[tuple[str, str]]:
    """Judge's number and remark of each locked sheet of an entry that has one. One query."""
    ask = (
        select(Judge.number, Sheet.remark)
        .join(Judge, Judge.id == Sheet.judge_id)
        .join(Assignment, of_sheet())
        .where(Sheet.edition_id == edition_id, Sheet.round == round_key, Sheet.entry_id == entry_id)
        .where(Sheet.state == SheetState.LOCKED, ~under_conflict(), Sheet.remark != "")
    )
    rows = {number: remark for number, remark in session().execute(ask)}  # noqa: C416
    return [(number, rows[number]) for number in in_order(list(rows))]


def records_of_entry(edition: EditionView, round_key: str, entry_id: UUID) -> list[DeliberationRecord]:
    """The deliberations of an entry with their changes, the newest first. Two queries."""
    ask = _deliberations(edition, round_key).where(Deliberation.entry_id == entry_id)
    return _with_changes(ask.order_by(Deliberation.number.desc()))


def deliberations_of(edition: EditionView, round_key: str) -> list[DeliberationRecord]:
    """Every deliberation of a round with its changes, in the order of opening, for minutes. Two queries."""
    return _with_changes(_deliberations(edition, round_key).order_by(Deliberation.opened_at, Deliberation.id))


def other_rooms(edition: EditionView, round_key: str, but: UUID) -> list[DeliberationView]:
    """The open deliberations of a round besides that of the entry `but`, by code. One query."""
    rows = [one for one in _newest(edition, round_key) if one.is_open and one.entry_id != but]
    return sorted(rows, key=lambda one: one.code)


def open_deliberations(edition_id: UUID, round_key: str) -> int:
    """How many deliberations of a round are open, of the dossiers that the reader may see. One query."""
    ask = (
        select(func.count())
        .select_from(Deliberation)
        .join(Entry, Entry.id == Deliberation.entry_id)
        .where(Deliberation.edition_id == edition_id, Deliberation.round == round_key)
        .where(Deliberation.state == DeliberationState.OPEN, Entry.state == State.ACCEPTED)
    )
    return session().scalars(ask).one()


def not_deliberated(edition: EditionView, judging_round: Round) -> list[str]:
    """The codes of a round's entries whose judges differ too much and about whom nobody has talked since the last of
    them locked, by code. Four queries.
    """
    sheets = locked_sheets(edition, round_key=judging_round.key)
    talks = {one.code: one for one in _newest(edition, judging_round.key)}
    judges: dict[str, set[str]] = defaultdict(set)
    for sheet in sheets:
        judges[sheet.entry].add(sheet.judge)
    ask = (
        select(Entry.code)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .where(RoundEntry.edition_id == edition.id, RoundEntry.round == judging_round.key)
        .where(Entry.state == State.ACCEPTED)
    )
    inside = set(session().scalars(ask))
    apart = to_deliberate(divergences(judging_round, sheets), deviation_percent(edition))
    return sorted(
        one.entry for one in apart if one.entry in inside and _waits(talks.get(one.entry), judges[one.entry])
    )


def changed_sheets(edition: EditionView) -> list[ChangedSheet]:
    """Every change of a sheet that counts, by round, entry, judge and number. One query."""
    ask = (
        select(ScoreChange, Sheet.round, Sheet.remark, Judge.number, Entry.code)
        .select_from(ScoreChange)
        .join(Sheet, Sheet.id == ScoreChange.sheet_id)
        .join(Judge, Judge.id == ScoreChange.judge_id)
        .join(Entry, Entry.id == ScoreChange.entry_id)
        .join(Assignment, of_sheet())
        .where(Sheet.edition_id == edition.id, Sheet.state == SheetState.LOCKED, ~under_conflict())
    )
    rows = [
        ChangedSheet(
            round=round_key,
            judge=judge,
            entry=code or "",
            number=one.number,
            at=one.at,
            before=as_points(one.before),
            after=as_points(one.after),
            nonce=one.nonce,
            commitment=one.commitment,
            remark=remark,
        )
        for one, round_key, remark, judge, code in session().execute(ask)
    ]
    return sorted(rows, key=lambda row: (row.round, row.entry, int(row.judge[1:]), row.number))


def view_of_deliberation(row: Deliberation, code: str, title: str) -> DeliberationView:
    """The frozen view of a stored deliberation."""
    return DeliberationView(
        id=row.id,
        entry_id=row.entry_id,
        code=code,
        title=title,
        round=row.round,
        number=row.number,
        scope=Scope(row.scope),
        participants=tuple(row.participants),
        reason=row.reason,
        state=DeliberationState(row.state),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        before=_stored_points(row.before),
        after=_stored_points(row.after),
        criterion=row.criterion,
        leader_id=row.leader_id,
        version=row.version,
    )


def _stored_points(stored: Mapping[str, Mapping[str, str]]) -> Points:
    return {number: as_points(stored[number]) for number in in_order(list(stored))}


def _row(  # noqa: PLR0917 - the parts of one row
    found: Divergence,
    title: str,
    totals: Mapping[str, Decimal],
    awaited: int,
    percent: int,
    talk: DeliberationView | None,
) -> DeviationRow:
    over = found.over(percent)
    is_far = bool(over) or found.total.exceeds(percent)
    if talk is not None and talk.is_open:
        standing = Standing.OPEN
    elif is_far and _waits(talk, totals):
        standing = Standing.WAITING
    elif talk is None:
        standing = Standing.CLOSE
    else:
        standing = Standing.CHANGED if _differs(talk) else Standing.KEPT
    return DeviationRow(
        code=found.entry,
        title=title,
        total=found.total,
        totals=tuple(sorted(totals.values())),
        criteria={key: found.criteria[key] for key in over},
        over=over,
        awaited=awaited,
        standing=standing,
        number=0 if talk is None else talk.number,
        is_back=standing is Standing.WAITING and talk is not None,
    )


def _waits(talk: DeliberationView | None, judges: Iterable[str]) -> bool:
    """Whether an entry whose judges differ too much is still to be talked about; `judges` are whose sheets count."""
    return talk is None or bool(talk.unknown_to(judges))


def _differs(talk: DeliberationView) -> bool:
    """Whether a judge's points at the closing are others than at the opening; who locked meanwhile changed nothing."""
    return any(talk.after.get(judge, points) != points for judge, points in talk.before.items())


def _may_see(
    attendee: Attendee, code: str, own: Mapping[str, SheetState], talk: DeliberationView | None
) -> bool:
    mine = own.get(code)
    if mine is not None:
        return mine is not SheetState.DRAFT
    is_asked = attendee.judge is not None and talk is not None and attendee.judge.number in talk.participants
    return attendee.leads or is_asked


def _titles(edition: EditionView, attendee: Attendee) -> dict[str, str]:
    round_key = attendee.round.key
    ask = (
        select(Entry.code, attendee_title(edition, attendee))
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .where(RoundEntry.edition_id == edition.id, RoundEntry.round == round_key)
        .where(Entry.state == State.ACCEPTED)
    )
    return {code or "": title for code, title in session().execute(ask)}


def _awaited(edition: EditionView, attendee: Attendee) -> dict[str, int]:
    """Entry code → how many judges have not finished it."""
    ask = (
        select(Entry.code, func.count())
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .outerjoin(Sheet, of_sheet())
        .where(Assignment.edition_id == edition.id, Assignment.round == attendee.round.key, is_running())
        .where(Judge.is_active.is_(True), func.coalesce(Sheet.state, SheetState.DRAFT) == SheetState.DRAFT)
        .group_by(Entry.code)
    )
    return {code or "": number for code, number in session().execute(ask)}


def _own(attendee: Attendee) -> dict[str, SheetState]:
    """Entry code → the state of the attendee's own sheet, of what he judges (`own_state`)."""
    if attendee.judge is None:
        return {}
    ask = (
        select(Entry.code, own_state())
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(Sheet, of_sheet())
        .where(Assignment.judge_id == attendee.judge.id, Assignment.round == attendee.round.key)
        .where(is_running())
    )
    return {code or "": SheetState(state) for code, state in session().execute(ask)}


def _newest(edition: EditionView, round_key: str) -> list[DeliberationView]:
    """The newest deliberation of each entry of the round. One query."""
    ask = _deliberations(edition, round_key).order_by(Deliberation.number)
    newest = {row.code: row for row in _views(ask)}
    return list(newest.values())


def _deliberations(edition: EditionView, round_key: str) -> Any:
    return (
        select(Deliberation, Entry.code, title_shown(edition, round_key))
        .join(Entry, Entry.id == Deliberation.entry_id)
        .where(Deliberation.edition_id == edition.id, Deliberation.round == round_key)
        .execution_options(populate_existing=True)
    )


def _views(ask: Any) -> Iterable[DeliberationView]:
    for row, code, title in session().execute(ask):
        yield view_of_deliberation(row, code or "", title)


def _with_changes(ask: Any) -> list[DeliberationRecord]:
    found = list(_views(ask))
    changes: dict[UUID, list[Change]] = defaultdict(list)
    made = (
        select(ScoreChange, Judge.number)
        .join(Judge, Judge.id == ScoreChange.judge_id)
        .where(ScoreChange.deliberation_id.in_([one.id for one in found]))
        .order_by(ScoreChange.at, ScoreChange.id)
    )
    for one, judge in session().execute(made):
        changes[one.deliberation_id].append(
            Change(judge, one.number, as_points(one.before), as_points(one.after), one.reason, one.at)
        )
    return [DeliberationRecord(one, tuple(changes[one.id])) for one in found]
