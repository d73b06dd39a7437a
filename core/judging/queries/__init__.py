"""Reads of the room: a judge's own sheets, and the standings of the whole council."""

from core.judging.queries.conflicts import conflict_counts, conflict_page
from core.judging.queries.proofs import sheets_unlike_their_commitment
from core.judging.queries.sheets import (
    desk_queue,
    is_later_round_open,
    open_rounds,
    ready_sheets,
    reread_sheets,
    scores_of,
    sheet_of,
    view_of,
)
from core.judging.queries.standings import (
    abstentions,
    entry_progress,
    judge_progress,
    locked_sheets,
    outstanding_sheets,
    passing,
    round_standings,
    round_totals,
)

__all__ = [
    "abstentions",
    "conflict_counts",
    "conflict_page",
    "desk_queue",
    "entry_progress",
    "is_later_round_open",
    "judge_progress",
    "locked_sheets",
    "open_rounds",
    "outstanding_sheets",
    "passing",
    "ready_sheets",
    "reread_sheets",
    "round_standings",
    "round_totals",
    "scores_of",
    "sheet_of",
    "sheets_unlike_their_commitment",
    "view_of",
]
