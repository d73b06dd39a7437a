"""Who judges an entry after a conflict turned out to be none: as many as the plan says, those who are furthest.

While a conflict stood its place may have been given to another, to a reserve or by a new plan. A reserve keeps it.
Where a round is planned and more would judge the entry than the plan says, the one whose sheet is further stays; with
nothing between them the newcomer does, who was told that the entry is his. A locked sheet never goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from core.contests.values import EditionView
from core.judging.assigning import Ending, end, is_running, of_sheet, resume, under_conflict
from core.judging.council_models import StandIn
from core.judging.letters import tell_assigned
from core.judging.models import Assignment, Sheet, SheetScore
from core.judging.setups import Assigned, stored_setup
from core.judging.states import SheetState
from core.kernel.db import session


def give_back(edition: EditionView, judge_id: UUID, entry_id: UUID, *, once: str, now: datetime) -> None:
    """Let the judge go on with the entry where his place was not given away meanwhile; who loses one is told."""
    ask = select(Assignment.round, Assignment.ended_at).where(
        Assignment.judge_id == judge_id, Assignment.entry_id == entry_id, under_conflict()
    )
    since = {key: at for key, at in session().execute(ask) if at is not None}
    resume(judge_id, entry_id, now=now)
    _leave_to_reserves(judge_id, entry_id, now)
    for key, at in sorted(since.items()):
        gone = _surplus(edition.id, key, judge_id, entry_id, at)
        for one in gone:
            end(Ending.MOVED, judge_id=one, entry_id=entry_id, round_key=key, now=now)
        others = set(gone) - {judge_id}
        if others:
            tell_assigned(edition, key, others, once=f"{once}-{key}", now=now)


def _leave_to_reserves(judge_id: UUID, entry_id: UUID, now: datetime) -> None:
    """What a reserve took over stays with the reserve."""
    ask = select(StandIn.round).where(StandIn.judge_id == judge_id, StandIn.entry_id == entry_id)
    for key in session().scalars(ask).all():
        end(Ending.MOVED, judge_id=judge_id, entry_id=entry_id, round_key=key, now=now)


def _surplus(edition_id: UUID, key: str, judge_id: UUID, entry_id: UUID, since: datetime) -> list[UUID]:
    """Of the judge and those who got the entry since then: who is one too many, by what each has done."""
    setup = stored_setup(edition_id, key)
    if setup is None or setup.way != Assigned.PLAN:
        return []
    ask = (
        select(Assignment.judge_id, Assignment.at, Sheet.id, Sheet.state)
        .outerjoin(Sheet, of_sheet())
        .where(Assignment.entry_id == entry_id, Assignment.round == key)
        .where(
            or_(
                and_(is_running(), or_(Sheet.state.is_(None), Sheet.state != SheetState.ABSTAINED)),
                and_(Sheet.state == SheetState.LOCKED, ~under_conflict()),
            )
        )
    )
    rows = list(session().execute(ask))
    done = _scores([row.id for row in rows if row.id is not None])
    loose = [
        row for row in rows if row.state != SheetState.LOCKED and (row.judge_id == judge_id or row.at > since)
    ]
    loose.sort(key=lambda row: (done.get(row.id, 0), row.judge_id != judge_id, row.judge_id))
    return [row.judge_id for row in loose[: max(len(rows) - setup.k, 0)]]


def _scores(sheets: list[UUID]) -> Mapping[UUID, int]:
    """How many criteria each sheet has points for."""
    ask = select(SheetScore.sheet_id, func.count()).where(SheetScore.sheet_id.in_(sheets))
    return {sheet: count for sheet, count in session().execute(ask.group_by(SheetScore.sheet_id))}  # noqa: C416
