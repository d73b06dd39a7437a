"""Writes of the room: the council and its rounds, and the score sheets."""

from core.judging.services.conflicts import decide, declare, suspect
from core.judging.services.council import appoint_judge, open_round, withdraw_judge
from core.judging.services.sheets import (
    abstain,
    lock_all_ready,
    lock_sheet,
    save_scores,
    take_back_abstention,
)

__all__ = [
    "abstain",
    "appoint_judge",
    "decide",
    "declare",
    "lock_all_ready",
    "lock_sheet",
    "open_round",
    "save_scores",
    "suspect",
    "take_back_abstention",
    "withdraw_judge",
]
