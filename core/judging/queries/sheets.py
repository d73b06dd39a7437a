"""Reads of a judge's desk: the queue and single sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import is_running, of_sheet
from core.judging.blind import approved_title, blind_by_rules, reads_blind
from core.judging.models import Assignment, RoundEntry, Sheet, SheetScore
from core.judging.setups import finished_sheets
from core.judging.states import SheetState
from core.judging.values import JudgeView, Queue, QueueRow, SheetPlace, SheetView
from core.kernel.db import session
from core.plugin_api import Round


def open_rounds(edition: EditionView) -> tuple[Round, ...]:
    """The rounds of the rules that have entries, in the rules' order. One query."""
    ask = select(RoundEntry.round).where(RoundEntry.edition_id == edition.id).distinct()
    found = set(session().scalars(ask))
    return tuple(one for one in edition.rules.rounds() if one.key in found)


def is_later_round_open(edition: EditionView, round_key: str) -> bool:
    """Whether a round after `round_key` has been opened. No query for the last round."""
    keys = [one.key for one in edition.rules.rounds()]
    later = keys[keys.index(round_key) + 1 :]
    if not later:
        return False
    ask = select(RoundEntry.id).where(RoundEntry.edition_id == edition.id, RoundEntry.round.in_(later))
    return session().scalars(ask.limit(1)).first() is not None


def desk_queue(edition: EditionView, judge: JudgeView, judging_round: Round) -> Queue:
    """What the judge is to judge in a round, by code, each with the state of his own sheet. One query.

    Where the round is set so, what comes next is what the fewest have finished; among equals each judge has an order
    of his own, so that they do not all turn to the same entry. What he put off stands behind the others, the first that
    he put off first. In a blind round what is not approved is left out, and the titles are those that were approved.
    """
    points = (
        select(
            SheetScore.sheet_id,
            func.count().label("scored"),
            func.sum(SheetScore.points).label("total"),
        )
        .join(Sheet, Sheet.id == SheetScore.sheet_id)
        .where(Sheet.judge_id == judge.id, Sheet.round == judging_round.key)
        .group_by(SheetScore.sheet_id)
        .subquery()
    )
    own = (Sheet.entry_id == Entry.id) & (Sheet.judge_id == judge.id) & (Sheet.round == judging_round.key)
    ask = (
        select(
            Entry.code,
            Entry.title,
            Entry.field,
            func.coalesce(Sheet.state, SheetState.DRAFT.value),
            func.coalesce(points.c.scored, 0),
            points.c.total,
            func.coalesce(Sheet.revision, 0),
            Assignment.put_off_at,
            Sheet.final_at.is_not(None),
            finished_sheets(judging_round.key),
            reads_blind([judge.id], blind_by_rules(edition), judging_round.key),
            approved_title(judging_round.key),
        )
        .select_from(Assignment)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(Sheet, own)
        .outerjoin(points, points.c.sheet_id == Sheet.id)
        .where(Assignment.judge_id == judge.id, Assignment.round == judging_round.key, is_running())
        .where(Entry.state == State.ACCEPTED)
        .order_by(Entry.code)
    )
    criteria = len(judging_round.criteria)
    rows, finished, hidden = [], {}, 0
    for (
        code,
        own_title,
        field,
        state,
        scored,
        total,
        revision,
        put_off_at,
        is_final,
        others,
        is_blind,
        approved,
    ) in session().execute(ask):
        if is_blind and approved is None:
            hidden += 1
            continue
        row = QueueRow(
            code,
            approved if is_blind else own_title,
            field,
            SheetState(state),
            scored,
            criteria,
            total or Decimal(0),
            revision,
            put_off_at,
            is_final,
        )
        rows.append(row)
        finished[code] = others
    rows.sort(key=_put_off_last)
    order = list(rows)
    if any(others is not None for others in finished.values()):
        order.sort(
            key=lambda row: (finished[row.code], sha256(f"{judge.number}/{row.code}".encode()).digest())
        )
        order.sort(key=_put_off_last)
    return Queue(judging_round, tuple(rows), tuple(row.code for row in order), hidden)


def _put_off_last(row: QueueRow) -> tuple[bool, float]:
    put_off_at = row.put_off_at if row.is_put_off else None
    return put_off_at is not None, put_off_at.timestamp() if put_off_at else 0.0


def sheet_of(place: SheetPlace) -> SheetView:
    """The judge's own sheet at this place; an empty draft when it was never saved. One query."""
    ask = (
        select(Sheet, SheetScore.criterion, SheetScore.points)
        .outerjoin(SheetScore, SheetScore.sheet_id == Sheet.id)
        .where(
            Sheet.judge_id == place.judge.id,
            Sheet.entry_id == place.entry_id,
            Sheet.round == place.round.key,
        )
    )
    rows = session().execute(ask).all()
    if not rows:
        return SheetView(place.round.key, place.entry_code, SheetState.DRAFT, {}, "", "", 0, None, None, None)
    scores = {criterion: points for _sheet, criterion, points in rows if criterion}
    return view_of(rows[0][0], place.entry_code, scores)


def reread_sheets(judge: JudgeView, judging_round: Round) -> dict[str, SheetView]:
    """The judge's drafts of a round by code, whole ones and others, to be read again before locking. Two queries."""
    ask = (
        select(Sheet, Entry.code)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Assignment, of_sheet())
        .where(Sheet.judge_id == judge.id, Sheet.round == judging_round.key, is_running())
        .where(Sheet.state == SheetState.DRAFT, Entry.state == State.ACCEPTED)
    )
    drafts = [(row[0], row[1] or "") for row in session().execute(ask)]
    points = (
        select(SheetScore.sheet_id, SheetScore.criterion, SheetScore.points)
        .join(Sheet, Sheet.id == SheetScore.sheet_id)
        .where(Sheet.judge_id == judge.id, Sheet.round == judging_round.key)
    )
    scores: dict[UUID, dict[str, Decimal]] = {}
    for sheet_id, criterion, value in session().execute(points):
        scores.setdefault(sheet_id, {})[criterion] = value
    return {code: view_of(sheet, code, scores.get(sheet.id, {})) for sheet, code in drafts}


def scores_of(sheet_id: UUID) -> dict[str, Decimal]:
    """Criterion → points of one sheet. One query."""
    ask = select(SheetScore.criterion, SheetScore.points).where(SheetScore.sheet_id == sheet_id)
    return {row.criterion: row.points for row in session().execute(ask)}


def view_of(sheet: Sheet, entry_code: str, scores: Mapping[str, Decimal]) -> SheetView:
    """The frozen view of a stored sheet."""
    return SheetView(
        round=sheet.round,
        entry=entry_code,
        state=SheetState(sheet.state),
        scores=dict(scores),
        remark=sheet.remark,
        reason=sheet.reason,
        revision=sheet.revision,
        updated_at=sheet.updated_at,
        locked_at=sheet.locked_at,
        commitment=sheet.commitment,
        final_at=sheet.final_at,
    )


def ready_sheets(
    edition_id: UUID, judge_id: UUID, judging_round: Round
) -> Iterator[tuple[str, Sheet, dict[str, Decimal]]]:
    """The judge's whole drafts of a round by entry code, each held until the transaction ends. Two queries.

    What is no longer his to judge is not among them: it may be somebody else's now.
    """
    ask = (
        select(Sheet, Entry.code)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Assignment, of_sheet())
        .where(Sheet.edition_id == edition_id, Sheet.judge_id == judge_id, is_running())
        .where(Sheet.round == judging_round.key, Sheet.state == SheetState.DRAFT)
        .where(Entry.state == State.ACCEPTED)
        .order_by(Entry.code)
        .with_for_update(of=Sheet, key_share=True)
        .execution_options(populate_existing=True)
    )
    drafts = [(row[0], row[1]) for row in session().execute(ask)]
    scores: dict[UUID, dict[str, Decimal]] = {sheet.id: {} for sheet, _code in drafts}
    asked = (
        select(SheetScore.sheet_id, SheetScore.criterion, SheetScore.points)
        .join(Sheet, Sheet.id == SheetScore.sheet_id)
        .where(Sheet.judge_id == judge_id, Sheet.round == judging_round.key)
    )
    for sheet_id, criterion, points in session().execute(asked):
        if sheet_id in scores:
            scores[sheet_id][criterion] = points
    wanted = {one.key for one in judging_round.criteria}
    for sheet, code in drafts:
        if set(scores[sheet.id]) >= wanted:
            yield code or "", sheet, scores[sheet.id]
